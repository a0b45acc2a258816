"""An article's revisions: rows that follow from its sightings, in any order of arrival."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
