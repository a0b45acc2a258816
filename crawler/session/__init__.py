"""A crawl's work on the archive and the frontier: stores what was fetched and decides what to ask next."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
