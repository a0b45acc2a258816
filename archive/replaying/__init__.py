"""Captures and ledger replayed into the database, and proof that all three agree."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
