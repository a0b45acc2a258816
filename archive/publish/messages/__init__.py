"""Holds every message of the site in Chinese and English, and chooses the reader's language."""
