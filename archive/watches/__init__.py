"""Watches: the events that readers ask for, those that match, and the outbox of their messages in watches.db."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
