"""People: bylines, the labels in them, and names."""
