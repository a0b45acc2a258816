"""Chinese search: the rule, its index, and where and how often a phrase stands."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
