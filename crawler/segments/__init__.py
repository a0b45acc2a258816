"""Segments: what a worker fetched, as a WARC file and outcome lines, its spool, and the depot where segments go."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
