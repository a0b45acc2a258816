"""Shows search results and the history of a phrase."""
