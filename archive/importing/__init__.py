"""Import captures made by other programs, with their own time: WARC files, saved pages, text dumps."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
