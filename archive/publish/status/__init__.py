"""Says what the archive is and whether it is well, for readers and for monitoring."""
