"""Whether an article is there: probes, lists that name it or no longer do, and witnesses that a host is well."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
