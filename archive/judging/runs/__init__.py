"""A run of one writer: its session, counts, start and end, its schedule slot; and acts of the operator."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
