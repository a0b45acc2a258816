"""Read a fetched page: check that it is whole, choose the parser, run it here or in a process of its own."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
