"""The properties of an article, each declared once, and the SQL that reads one out of a row."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
