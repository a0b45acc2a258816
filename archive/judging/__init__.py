"""Judge a response: store it, read it, and compare it with the known articles."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
