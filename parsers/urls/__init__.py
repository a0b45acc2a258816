"""The key of a url, urls that are safe to follow and to print, and urls of login pages."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
