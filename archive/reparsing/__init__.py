"""A better parser reads the stored captures again: what it would change, applied on request, and taken back."""
