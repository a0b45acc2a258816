"""One crawl in plain data: what it is asked to do, how far it is, and what it would fetch; no Scrapy."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
