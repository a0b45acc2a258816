"""Absolute addresses under the host name of a request, and the article key in an address."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlencode

from datasette.utils.asgi import Request

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

_URI = "!#$%&'()*+,/:;=?@[]~"  # beside letters, digits and -._ : what may stand in a URI (RFC 3986 §2)


def absolute(datasette: Datasette, request: Request, path: str) -> str:
    """The absolute URL of a path of the site, given without the site's prefix; scheme and host are the request's."""
    url: str = datasette.absolute_url(request, datasette.urls.path(path))
    return url


def with_parameters(request: Request, path: str, *names: str) -> str:
    """A path, which may have a query string, with those parameters of the request that have one of these names."""
    given = parse_qsl(request.query_string, keep_blank_values=True)
    kept = urlencode([(name, value) for name, value in given if name in names])
    return f"{path}{'&' if '?' in path else '?'}{kept}" if kept else path


def uri(address: str) -> str:
    """An address as a URI in ASCII, safe in a header; `%` stays as it is.

    Characters that no URI has (RFC 3986), such as double quotes, blanks and line breaks, are percent-encoded.
    """
    return quote(address.encode("utf-8", "replace"), safe=_URI)


def key_of(request: Request) -> str:
    """The article key in the address, such as `newsroom-751736`, decoded: registered routes get it percent-encoded."""
    return unquote(request.url_vars["key"])
