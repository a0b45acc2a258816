"""Asking only for what changed: the validators of the last visit as request headers (RFC 9110 §13.1)."""


def conditional_headers(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """If-None-Match and If-Modified-Since, exactly as the server wrote its validators; {} without any."""
    headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in headers.items() if value}
