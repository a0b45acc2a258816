"""Chinese search: the rule, its index, and the places and counts of phrases."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
