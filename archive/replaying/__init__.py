"""Captures and ledger replayed into the database, torn ends cut, the rebuild, and the proof that all agree."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
