"""Runs readers' SQL in a process of its own, within limits; `archive.publish.database.sql_sandbox` asks it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
