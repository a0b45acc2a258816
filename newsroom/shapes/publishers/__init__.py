"""Shapes of real publishers, one per file."""
