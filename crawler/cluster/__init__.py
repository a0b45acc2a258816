"""A crawl whose requests workers send: orders, the desk that waits for their answers, and the worker itself."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
