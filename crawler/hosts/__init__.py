"""Hosts: which addresses are one host, how often each may be asked, and what is never fetched."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
