"""A response becomes an outcome: read, compared with what is known, kept, held back or missed."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
