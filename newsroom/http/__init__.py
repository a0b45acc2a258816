"""HTTP: requests, pages, bytes of answers, and the log of both."""
