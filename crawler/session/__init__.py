"""A crawl as the archive and the frontier see it: it keeps what was fetched and says what to ask next."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
