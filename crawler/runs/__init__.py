"""One crawl in plain data: what it is asked to do, how far it is, and what it would fetch; no Scrapy."""
