"""Chinese search: the rule, its index, and how often and where a phrase stands."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
