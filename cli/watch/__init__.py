"""The command `thinker watch` and its parts."""
