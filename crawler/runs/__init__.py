"""One crawl in plain data: its options, its progress, and its plan; no Scrapy."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
