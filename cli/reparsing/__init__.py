"""The command `thinker reparse` and its parts."""
