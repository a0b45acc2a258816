"""The box of the text, its lines, and what each of them is."""
