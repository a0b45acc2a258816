"""The spider of all sources: its requests, its reading of lists, and its messages on failures."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
