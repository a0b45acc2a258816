"""The sources: a declaration in each file, and all of them with the changes and additions of thinker.toml."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
