"""A download: HTTP/1.1 as it came over the wire, its body in memory, and the answer for the archive."""
