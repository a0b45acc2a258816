"""Rules as pure functions: identity, revisions from sightings, standing, significance. No clock, no database."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
