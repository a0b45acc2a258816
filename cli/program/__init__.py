"""The start and end of the program, the helpers that commands share, and its child processes."""
