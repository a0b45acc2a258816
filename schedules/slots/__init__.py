"""Slots: the moments that owe a crawl, what became of each, and how other programs write them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
