"""Markup to lines: elements of a box become lines, rows, pictures and numbers."""
