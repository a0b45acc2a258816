"""What other programs wrote, read so that only what is whole counts: gzip members, WARC records, HTTP messages."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
