"""Turns values into text, links, marks, charts and CSV cells."""
