"""Lines to text: each line of a box is prose, a heading, a caption, an attachment or machinery."""
