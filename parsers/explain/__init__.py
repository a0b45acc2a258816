"""Why a page reads as it does: what `parse` remembers of its own decisions, put into words."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
