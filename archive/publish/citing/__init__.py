"""Cites an exact version: one Citation, and a writer for each format that reference managers read."""
