"""A download: HTTP/1.1 as it came over the wire, its body in memory, and the answer for the archive."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
