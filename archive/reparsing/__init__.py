"""A better parser reads the stored captures again: what it would change, applied on request, and taken back."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
