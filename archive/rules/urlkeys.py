"""Urlkeys of addresses, and the hosts that they name."""

from functools import lru_cache

from parsers.urls import urlkey


def host_of(url: str) -> str:
    """The host of an address as in its urlkey: `https://www.example.com/a` gives `com,example`.

    Raises ValueError for an invalid address.
    """
    return host_in(key_of(url))


def host_in(urlkey: str) -> str:
    """The host in a urlkey: `com,example)/a` gives `com,example`; a `urn:` is returned whole."""
    return urlkey.partition(")")[0]


def host_in_words(host: str) -> str:
    """A host of a urlkey as people write it: `com,example:8080` gives `example.com:8080`."""
    labels, colon, port = host.partition(":")
    return ".".join(reversed(labels.split(","))) + colon + port if "," in labels else host


@lru_cache(maxsize=4096)
def key_of(url: str) -> str:
    """The urlkey of an address, such as `com,example)/a?x=1`.

    A `urn:`, which stands for the address of a file that has none, is returned as it is. Raises ValueError for an
    invalid address.
    """
    return url if url.startswith("urn:") else urlkey(url)
