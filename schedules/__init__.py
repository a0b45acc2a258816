"""When to crawl: due times, slots, one child process per crawl, and the health rules."""
