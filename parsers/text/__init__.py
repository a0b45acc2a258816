"""Text: Han characters, sentence marks, languages, counters, labelled lines and clean lines."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
