"""A crawl as the archive and the frontier see it: it keeps what was fetched and says what to ask next."""
