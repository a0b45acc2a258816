"""The files on disk: WARC files, the ledger, the folders of a home, locks."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
