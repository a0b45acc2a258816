"""Serves the stylesheets, one file per subject, joined for browsers; and the icon of the site."""

import hashlib
from functools import cache
from pathlib import Path

from datasette.utils.asgi import Request, Response

from archive.publish.server.headers import YEAR_SECONDS
from archive.publish.server.parameters import takes

_STATIC = Path(__file__).parents[1] / "static"
_SUBJECTS = (
    "base",
    "lists",
    "article",
    "strip",
    "cite",
    "diff",
    "charts",
    "places",
    "search",
    "events",
    "narrow",
    "print",
)  # later files may override earlier ones
_SHEETS = {
    "thinker": [_STATIC / "thinker" / f"{subject}.css" for subject in _SUBJECTS],
    "thinker-tables": [_STATIC / "thinker-tables.css"],  # after the other, for tables and SQL
}
_FOREVER = {"cache-control": f"public, max-age={YEAR_SECONDS}, immutable"}


@takes(free=True)  # its version
async def stylesheet(request: Request) -> Response:
    """`/thinker.css` for all pages, and `/thinker-tables.css`, which pages of tables and SQL load after it.

    Browsers may keep them for a year; `style_version` in the address changes with them.
    """
    return Response(_sheet(request.url_vars["name"]), headers=_FOREVER, content_type="text/css; charset=utf-8")


@takes(free=True)
async def icon() -> Response:
    """`/icon.svg`, kept as long as a stylesheet."""
    return Response(_icon(), headers=_FOREVER, content_type="image/svg+xml")


@cache
def style_version() -> str:
    """A digest (12 hex digits) of stylesheets and icon for their addresses, so that browsers may cache them forever."""
    return hashlib.sha256("".join([*map(_sheet, _SHEETS), _icon()]).encode()).hexdigest()[:12]


@cache
def _sheet(name: str) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in _SHEETS[name])


@cache
def _icon() -> str:
    return (_STATIC / "icon.svg").read_text(encoding="utf-8")
