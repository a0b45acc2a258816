"""The grammar of a query, and the characters that a search takes for the same."""
