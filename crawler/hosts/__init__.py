"""Hosts: the addresses of one host, how often each host may be asked, and addresses never to be fetched."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
