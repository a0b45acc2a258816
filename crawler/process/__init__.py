"""The process of a crawl: its reactor, its watches and what it says on stderr."""
