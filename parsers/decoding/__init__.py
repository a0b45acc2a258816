"""Bytes to text: as browsers decode them, and by trial if the declared encoding is missing or wrong."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
