"""The key under which a url is known, and urls that are safe to follow and to print."""

from parsers.urls.keys import safe_url, urlkey

__all__ = ["safe_url", "urlkey"]
