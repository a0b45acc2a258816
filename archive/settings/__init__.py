"""Settings of thinker.toml, checked: each fault is one line with its remedy."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
