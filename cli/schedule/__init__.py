"""The command `thinker schedule` and its parts."""
