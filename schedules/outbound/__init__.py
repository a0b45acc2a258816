"""Outbound: sends the messages of watches to the addresses that the operator names; nothing else calls out."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
