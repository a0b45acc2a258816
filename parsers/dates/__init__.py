"""Dates as pages print them, in many forms, read into moments with their precision."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
