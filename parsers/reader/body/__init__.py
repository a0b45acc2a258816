"""The box of the text and the kind of each of its lines."""
