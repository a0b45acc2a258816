"""Offers the archive to programs: downloads, ready queries and sitemaps."""
