"""When: a date as a page prints it, in whatever form, becomes a moment with its precision."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
