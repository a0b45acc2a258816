"""Bounds what readers read: SQL in a process of its own, within limits, and texts as far as they leave the site."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
