"""From a seed to links: reads the pages of a seed and selects this source's articles."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
