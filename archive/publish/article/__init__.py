"""Shows one article: its text, history, versions, captures, diffs and citations."""
