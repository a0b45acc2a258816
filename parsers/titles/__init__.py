"""A title line taken apart, and the names of columns, sites and channels that stand in it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
