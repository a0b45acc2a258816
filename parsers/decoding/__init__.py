"""Bytes in, text out: as browsers decode them, and where nothing is said or what is said is wrong, by trial."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
