"""Invented sites: the ordinary one at `/` with its feeds and lists, and a bureau."""
