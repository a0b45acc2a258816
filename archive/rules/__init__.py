"""Rules as pure functions: identity, standing, revisions from sightings, urlkeys, verdicts. No clock, no database."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
