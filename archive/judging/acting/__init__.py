"""Acts of the operator on articles: merge, split, correct, hide and undo; doubles become one by acts too."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
