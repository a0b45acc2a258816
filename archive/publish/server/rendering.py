"""From what a page read to its reply: template, language, and links that keep the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from datasette.utils.asgi import Request, Response

from archive.publish import feeds
from archive.publish.messages import language
from archive.publish.server.headers import YEAR_SECONDS
from archive.publish.server.stylesheets import style_version
from parsers.article import json_line

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

JSON = "application/json; charset=utf-8"
MAX_LINKED_QUERY_CHARACTERS = (
    2_000  # characters of a query: with more, only the links that a page cannot do without have it in them
)
CACHING = {"cache-control": "no-cache", "vary": "Accept-Language, Cookie"}


async def page(
    datasette: Datasette,
    request: Request,
    template: str,
    data: Mapping[str, Any],
    status: int = 200,
    feed: str | None = None,
    **made: object,
) -> Response:
    """The page's data in the reader's language, or as they are where JSON is asked for.

    feed: the message that names the feed of a list page; without one the page has no feed. `made` is what the template
    shows of the data beside them: it follows from them and holds nothing else.
    """
    if status == 200 and feeds.asked(request):
        reply = await feeds.reply(datasette, request, feed, data)
        reply.headers.update(CACHING)
        return reply
    if wants_json(request):
        return Response(json_line(data), status=status, headers=dict(CACHING), content_type=JSON)
    ui = language.ui_of(request)
    frame = _frame(request, ui) | {"feeds": feeds.links(datasette, request, ui) if feed else []}
    context = {**data, **made, **frame, "json_url": _json_url(datasette, request)}
    html = await datasette.render_template(f"thinker/{template}.html", context, request=request)
    return remember(Response.html(html, status=status, headers=dict(CACHING)), request)


def unkept(response: Response) -> Response:
    """The response, which says nothing of the next one to the same request: nobody is to keep it."""
    response.headers["cache-control"] = "no-store"
    return response


def wants_json(request: Request) -> bool:
    """Whether the address is that of a page's data."""
    path: str = request.path
    return path.endswith(".json")


def _json_url(datasette: Datasette, request: Request) -> str:
    """Where the data of a page are: its address with `.json`."""
    url: str = datasette.urls.path(f"{request.path}.json{with_query(request, ui=None).rstrip('?')}")
    return url


def remember(response: Response, request: Request) -> Response:
    """The response, with a cookie that keeps the language which the request asked for."""
    if ui := language.chosen(request):
        response.set_cookie(language.COOKIE, ui, max_age=YEAR_SECONDS, httponly=True)
    return response


def with_query(request: Request, **changes: object) -> str:
    """`?…` of this request with some parameters set; None takes one away."""
    kept = [
        (name, value) for name, value in parse_qsl(request.query_string, keep_blank_values=True) if name not in changes
    ]
    return "?" + urlencode(kept + [(name, value) for name, value in changes.items() if value is not None])


def _frame(request: Request, ui: language.Ui) -> dict[str, object]:
    other: language.Ui = "en" if ui == "zh" else "zh"
    return {
        "w": language.Words(ui),
        "other_ui": with_query(request, ui=other),
        "other_lang": language.TAGS[other],
        "here": request.path.removesuffix(".json"),
        **_named_for_others(request),
        "style_version": style_version(),
        "with_query": lambda **changes: with_query(request, **changes),
    }


def _named_for_others(request: Request) -> dict[str, object]:
    """The page's own address and those of its languages, absolute, for search engines."""
    plain = with_query(request, ui=None).rstrip("?")
    spoken = [(tag, with_query(request, ui=ui)) for ui, tag in language.TAGS.items()]
    return {
        "origin": f"{request.scheme}://{request.host}",
        "plain_path": request.path,
        "plain_query": plain,
        "long": len(plain) > MAX_LINKED_QUERY_CHARACTERS,
        "languages": [*spoken, ("x-default", plain)] if len(plain) <= MAX_LINKED_QUERY_CHARACTERS else [],
    }


def frame_of(request: Request) -> dict[str, object]:
    """What one of our templates needs around its content where Datasette renders it."""
    return _frame(request, language.ui_of(request))
