"""The terminal: tables, progress, marked changes, and completion of words."""
