"""Reads the archive for pages and for readers' SQL: within limits, with cached answers."""
