"""Addresses as the world sees them, absolute under the name by which a request came; and what one names."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from datasette.utils.asgi import Request

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

_URI = "!#$%&'()*+,/:;=?@[]~"  # beside letters, digits and -._ : what may stand in a URI (RFC 3986 §2)


def absolute(datasette: Datasette, request: Request, path: str) -> str:
    """The whole address of a path of ours."""
    url: str = datasette.absolute_url(request, datasette.urls.path(path))
    return url


def uri(address: str) -> str:
    """An address as ASCII that ends no quotation and no header: what a URI cannot hold is percent-encoded."""
    return quote(address.encode("utf-8", "replace"), safe=_URI)


def key_of(request: Request) -> str:
    """The article key in the address; registered routes get it still percent-encoded."""
    return unquote(request.url_vars["key"])
