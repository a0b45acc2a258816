"""The commands, by theme: each opens, calls and echoes."""
