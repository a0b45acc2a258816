"""Lists articles and events: the front page, changes and removals."""
