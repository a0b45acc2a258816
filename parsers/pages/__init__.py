"""The page class of a document: chosen by source name, else by host, and by day of capture and path."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
