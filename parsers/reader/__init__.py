"""The general reader, which finds the properties of an article on a page of any site, in one order for all."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
