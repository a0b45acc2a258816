"""Rules between a request and the network: robots, politeness, waits, budgets, address guard, validators."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
