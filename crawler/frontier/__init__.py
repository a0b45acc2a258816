"""The frontier: which urls wait, when each is due, and who has it in hand; the same contract for every backend."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
