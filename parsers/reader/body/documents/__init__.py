"""Policy documents: the table above the text, its labels, and the signature below the text."""
