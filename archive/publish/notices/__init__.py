"""The messages of watches, for people: subject, text, HTML, and the JSON of a webhook."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
