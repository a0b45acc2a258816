"""Urlkeys of addresses, and the hosts that they name."""

from functools import lru_cache

from parsers.urls import urlkey


def host_of(url: str) -> str:
    """The host of an address, in the form in which its urlkey begins. Raises ValueError for an invalid address."""
    return host_in(key_of(url))


def host_in(urlkey: str) -> str:
    """The host in a urlkey."""
    return urlkey.partition(")")[0]


def host_in_words(host: str) -> str:
    """A host as people write it: `com,example:8080` is example.com:8080."""
    labels, colon, port = host.partition(":")
    return ".".join(reversed(labels.split(","))) + colon + port if "," in labels else host


@lru_cache(maxsize=4096)
def key_of(url: str) -> str:
    """The urlkey, or the urn itself for bytes that came without an address."""
    return url if url.startswith("urn:") else urlkey(url)
