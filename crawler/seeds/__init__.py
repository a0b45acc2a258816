"""From a seed to links: which pages a seed is read in, and which rows of them are this source's articles."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
