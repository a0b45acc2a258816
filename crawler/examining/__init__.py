"""A live source beside its declaration: what is asked of it, and where the two differ."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
