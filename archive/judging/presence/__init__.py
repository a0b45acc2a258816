"""Judge if an article is still there: probes, the lists that name it, and witnesses that its host works."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
