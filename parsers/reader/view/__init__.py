"""The view of a page: the places that may hold a value, JSON-LD, and the record of the places that did."""
