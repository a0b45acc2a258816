"""Holds captures, articles, revisions and events. Never decides which addresses are fetched."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
