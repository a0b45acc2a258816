"""The health rules: each looks at what the archive recorded, and its verdict says what to do."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
