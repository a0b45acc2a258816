"""Which page class reads a document: by the source's name, else by host, by the day of the capture, by path."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
