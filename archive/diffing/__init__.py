"""How one text became another: read in tokens, compared, made readable, and summed up. Pure; no clock inside."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
