"""Shapes of real publishers, one a file."""
