"""The key under which a url is known, urls that are safe to follow and to print, and those of login pages."""

from parsers.urls.keys import safe_url, urlkey
from parsers.urls.logins import is_login

__all__ = ["is_login", "safe_url", "urlkey"]
