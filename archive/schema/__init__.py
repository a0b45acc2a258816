"""The tables as readers meet them: views, descriptions, ready questions, metadata for Datasette."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
