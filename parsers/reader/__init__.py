"""The general reader: what the page of any site says, found in an order that is the same for all."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
