"""A better parser reads the stored captures again: shows what it would change, applies it, takes it back."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
