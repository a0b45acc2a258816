"""The public URL of a site behind a proxy: `--public-url`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

# First segments of the site's own paths: a prefix that begins so would be confused with them.
OWN_PATHS = {
    "-", "a", "about", "api", "archive", "browse", "capture", "changes", "column", "data", "day", "help", "month",
    "person", "phrase", "removed", "search", "source", "status", "tag", "year",
}  # fmt: skip

_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")
_FORWARDED_HOST = re.compile(r'(?:^|[;,])\s*host="?([^";,\s]+)', re.IGNORECASE)


class BadPublicUrl(ValueError):  # noqa: N818 - the name says the problem
    """The URL cannot be the public URL of a site."""


@dataclass(frozen=True, slots=True)
class PublicUrl:
    """A URL like `https://archive.example/news` in its parts; a port stands in `netloc`, not in `host`."""

    scheme: str
    netloc: str
    host: str
    prefix: str  # "" or "/news"

    @classmethod
    def parse(cls, url: str) -> PublicUrl:
        """Parse an http(s) URL with a host and at most a port and a plain prefix such as `/news`.

        Raises BadPublicUrl for any other, and for a prefix whose first segment is one of OWN_PATHS, such as `/search`.
        """
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
            _ = parts.port  # raises ValueError if invalid
        except ValueError as error:
            raise BadPublicUrl(f"{url!r} is not an address: {error}") from None
        prefix = parts.path.rstrip("/")
        if parts.scheme not in ("http", "https") or not host or parts.username is not None:
            raise BadPublicUrl(
                f"{url!r} is not the address of a site, such as https://archive.example or https://archive.example/prefix"
            )
        if prefix and prefix.split("/")[1] in OWN_PATHS:
            raise BadPublicUrl(f"{url!r}: this prefix is the name of a page of the site: choose another")
        if parts.query or parts.fragment or not _PREFIX.fullmatch(prefix):
            raise BadPublicUrl(f"{url!r} must have only a host and a plain prefix")
        return cls(parts.scheme, parts.netloc.lower(), host, prefix)

    def __str__(self) -> str:
        return f"{self.scheme}://{self.netloc}{self.prefix}"

    @property
    def secure(self) -> bool:
        return self.scheme == "https"

    def names(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        """True if any host in the X-Forwarded-Host and Forwarded headers (RFC 7239) is this one; ports do not matter.

        With such a header a proxy says that the client asked for this host.
        """
        return any(hostname(name) == self.host for name in _forwarded_hosts(headers))

    def seen_from_outside(self, scope: dict[str, Any]) -> dict[str, Any]:
        """A copy of the request's scope with the public scheme and host; the prefix is removed from a path that has it.

        Some proxies strip the prefix themselves, and Datasette adds it to every link.
        """
        headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"host"]
        raw = scope.get("raw_path") or scope["path"].encode()
        return {
            **scope,
            "scheme": self.scheme,
            "headers": [(b"host", self.netloc.encode()), *headers],
            "path": self._inner(scope["path"]),
            "raw_path": self._inner(raw.decode("latin-1")).encode("latin-1"),
        }

    def outer(self, location: str) -> str:
        """The target of a redirect: a path without the prefix gets it, for Datasette omits it from some.

        Anything else, such as an absolute URL, is returned as it is.
        """
        inside = location.startswith("/") and not f"{location}/".startswith(f"{self.prefix}/")
        return self.prefix + location if inside else location

    def _inner(self, path: str) -> str:
        return path.removeprefix(self.prefix) or "/" if f"{path}/".startswith(f"{self.prefix}/") else path


def hostname(header: str) -> str:
    """The host of a Host header (RFC 9110 §7.2) in lower case, without port and final dots: `A.org.:80` gives `a.org`.

    "" without one, and if `urlsplit` refuses it, as `[::1`; other invalid hosts such as `x y` are returned.
    """
    try:
        return (urlsplit(f"//{header}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _forwarded_hosts(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[str]:
    """Yield the hosts in X-Forwarded-Host and Forwarded headers, as written there but without quotes.

    Clients can forge them, so they are only compared with our own name.
    """
    for name, value in headers:
        text = value.decode("latin-1")
        if name.lower() == b"x-forwarded-host":
            yield from (part.strip() for part in text.split(","))
        elif name.lower() == b"forwarded":
            yield from _FORWARDED_HOST.findall(text)
