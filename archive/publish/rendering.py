"""From what a page read to its reply: template, language, and links that keep the rest."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from datasette.utils.asgi import Request, Response

from archive.publish import words
from archive.publish.headers import YEAR

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

STATIC = Path(__file__).parent / "static"
CACHING = {"cache-control": "no-cache", "vary": "Accept-Language, Cookie"}


async def page(
    datasette: Datasette, request: Request, template: str, context: dict[str, object], status: int = 200
) -> Response:
    """An HTML reply in the reader's language."""
    frame = _frame(request, words.ui_of(request))
    html = await datasette.render_template(f"thinker_{template}.html", {**context, **frame}, request=request)
    return remember(Response.html(html, status=status, headers=dict(CACHING)), request)


def remember(response: Response, request: Request) -> Response:
    """The response, with a cookie that keeps the language which the request asked for."""
    if ui := words.chosen(request):
        response.set_cookie(words.COOKIE, ui, max_age=YEAR, httponly=True)
    return response


async def missing(datasette: Datasette, request: Request, reason: str) -> Response:
    """A 404 that looks like the rest of the site and says what is missing."""
    return await page(datasette, request, "missing", {"reason": reason}, status=404)


def with_query(request: Request, **changes: object) -> str:
    """`?…` of this request with some parameters set; None takes one away."""
    kept = [(name, value) for name, value in parse_qsl(request.query_string) if name not in changes]
    return "?" + urlencode(kept + [(name, value) for name, value in changes.items() if value is not None])


@cache
def style_version() -> str:
    """A name for the stylesheets' content, so that browsers may keep them for ever."""
    return hashlib.sha256(b"".join(path.read_bytes() for path in sorted(STATIC.iterdir()))).hexdigest()[:12]


def _frame(request: Request, ui: words.Ui) -> dict[str, object]:
    other: words.Ui = "en" if ui == "zh" else "zh"
    return {
        "w": words.Words(ui),
        "other_ui": with_query(request, ui=other),
        "other_lang": words.TAGS[other],
        "style_version": style_version(),
        "with_query": lambda **changes: with_query(request, **changes),
    }
