"""Compare two texts property by property, and decide if a change is substantive. Pure."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
