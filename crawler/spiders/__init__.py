"""The spider of all sources: what it asks, how it reads lists, and what it says of failures."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
