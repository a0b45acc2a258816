"""Links of list pages, feeds, sitemaps and the publisher's own JSON."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
