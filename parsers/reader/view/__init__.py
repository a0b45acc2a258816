"""The view of a page: candidates for its values, JSON-LD, and the record of where each value was found."""
