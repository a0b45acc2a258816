"""Answers as plain values, for the command line, the scheduler and the site."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
