"""Title lines split into parts, and the names of columns, sites and channels in them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
