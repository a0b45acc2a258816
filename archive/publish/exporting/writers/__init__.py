"""Writers of tables: each takes columns and rows, and writes a stream a piece at a time."""
