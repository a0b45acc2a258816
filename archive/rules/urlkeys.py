"""Hosts as urlkeys name them."""

from archive.rows.captures import key_of


def host_of(url: str) -> str:
    """The host of an address, as its urlkey begins. Raises ValueError for what is no address."""
    return host_in(key_of(url))


def host_in(urlkey: str) -> str:
    """The host that a urlkey names."""
    return urlkey.partition(")")[0]


def plain(host: str) -> str:
    """A host as people write it: `com,example:8080` is example.com:8080."""
    labels, colon, port = host.partition(":")
    return ".".join(reversed(labels.split(","))) + colon + port if "," in labels else host
