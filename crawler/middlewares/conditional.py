"""Conditional requests: the validators of the last visit as request headers (RFC 9110 §13.1)."""


def conditional_headers(etag: str | None, last_modified: str | None) -> dict[str, bytes]:
    """The headers If-None-Match (etag) and If-Modified-Since, byte for byte.

    No header for a validator without a value (None or empty).
    """
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    # An ETag may hold any byte (obs-text, §8.8.3), which we keep as latin-1; Scrapy would send text as UTF-8.
    return {name: value.encode("latin-1", "replace") for name, value in headers.items() if value}
