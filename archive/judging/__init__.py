"""A response becomes an outcome: read, compared with what is known, held back, or missed."""
