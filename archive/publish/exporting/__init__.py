"""Writes a part of the archive as a file to take away: tables with their codebook, texts, a database."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
