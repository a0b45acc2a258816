"""The scaffold of a page: its shape, its empty shell, its redirect, and a copy of it without words."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
