"""What other programs wrote, read so that only what is whole counts: gzip members, WARC records, HTTP messages."""
