"""Renders a page's data as HTML in the reader's language, as JSON or as a feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode
from weakref import WeakKeyDictionary

from datasette.utils.asgi import Request, Response
from jinja2 import Environment, Template

from archive.publish import feeds
from archive.publish.database.reading import rights_of, site_shows
from archive.publish.messages import language
from archive.publish.server.cross_origin import is_data
from archive.publish.server.headers import YEAR_SECONDS
from archive.publish.server.stylesheets import style_version
from parsers.article import json_line

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

JSON = "application/json; charset=utf-8"
MAX_LINKED_QUERY_CHARACTERS = 2_000  # a longer query is repeated only in links that the page cannot do without
MAX_REPEATED_QUERY_BYTES = 16_000  # a longer one, which no page answers, is repeated in no link
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
    """Render the data as HTML in the reader's language, as JSON, or as a feed, by the ending of the address.

    A feed is only made with `status` 200. An error at the address of data, also of a feed or CSV, is JSON.

    `feed` is the name of the message that names the feed of a list page, None for pages without a list: their feed
    raises NotFound. `made` has further values for the template, which JSON and feeds do not have; so they must follow
    from the data.
    """
    if status == 200 and feeds.asked(request):
        reply = await feeds.reply(datasette, request, feed, data)
        reply.headers.update(CACHING)
        return reply
    if wants_json(request) or (status >= HTTPStatus.BAD_REQUEST and is_data(request.path)):
        return Response(json_line(data), status=status, headers=dict(CACHING), content_type=JSON)
    ui = language.ui_of(request)
    frame = _frame(datasette, request, ui) | {"feeds": feeds.links(datasette, request, ui) if feed else []}
    context = {**data, **made, **frame, "json_url": _json_url(datasette, request)}
    drawn = _environment(datasette).get_template(f"thinker/{template}.html")
    html = await datasette.render_template(drawn, context, request=request)
    return remember(Response.html(html, status=status, headers=dict(CACHING)), request)


class _AtOnce(Template):
    """A template whose calls are not awaited, which takes a third less time: templates of our own call no coroutine."""

    async def render_async(self, *args: Any, **kwargs: Any) -> str:
        return self.render(*args, **kwargs)


_environments: WeakKeyDictionary[Datasette, Environment] = WeakKeyDictionary()


def _environment(datasette: Datasette) -> Environment:
    """Datasette's environment of templates, without awaiting; kept, as it holds the compiled templates."""
    if datasette not in _environments:
        _environments[datasette] = datasette.jinja_env.overlay(enable_async=False)
        _environments[datasette].template_class = _AtOnce
    return _environments[datasette]


def unkept(response: Response) -> Response:
    """The response with `cache-control: no-store`, for a reply that differs the next time, as after a time-out."""
    response.headers["cache-control"] = "no-store"
    return response


def wants_json(request: Request) -> bool:
    """True if the path ends with `.json`, also if that is a feed's `.feed.json`."""
    path: str = request.path
    return path.endswith(".json")


def _json_url(datasette: Datasette, request: Request) -> str:
    """The path, with the site's prefix, and the query of the page's data: `.json` after the path, and no `ui`."""
    url: str = datasette.urls.path(f"{request.path}.json{with_query(request, ui=None).rstrip('?')}")
    return url


def remember(response: Response, request: Request) -> Response:
    """The response, with a cookie for the language if the request chose one by `?ui=`."""
    if ui := language.chosen(request):
        response.set_cookie(language.COOKIE, ui, max_age=YEAR_SECONDS, httponly=True)
    return response


def with_query(request: Request, **changes: object) -> str:
    """`?` and the request's query string with some parameters set, or removed by None; `?` alone if none are left.

    A list sets a parameter several times, or removes it if it is empty.
    """
    given = request.query_string if len(request.query_string) <= MAX_REPEATED_QUERY_BYTES else ""
    kept = [parameter for name, parameter in _parameters(given) if name not in changes]
    set_now = urlencode([(name, each) for name, value in changes.items() for each in _each(value)])
    return "?" + "&".join([*kept, set_now] if set_now else kept)


@lru_cache(64)  # a page of hits has fifty such links
def _parameters(query: str) -> tuple[tuple[str, str], ...]:
    """The parameters of a query string in their order: the name of each, and `name=value` as it stands in a link."""
    return tuple((name, urlencode([(name, value)])) for name, value in parse_qsl(query, keep_blank_values=True))


def _each(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _frame(datasette: Datasette, request: Request, ui: language.Ui) -> dict[str, object]:
    other: language.Ui = "en" if ui == "zh" else "zh"
    return {
        "w": language.Words(ui),
        "site_shows": site_shows(rights_of(datasette)),
        "other_ui": with_query(request, ui=other),
        "other_lang": language.TAGS[other],
        "here": request.path.removesuffix(".json"),
        **_named_for_others(request),
        "style_version": style_version(),
        "with_query": lambda **changes: with_query(request, **changes),
    }


def _named_for_others(request: Request) -> dict[str, object]:
    """Template values with the page's addresses for search engines.

    `origin`, `plain_path` and `plain_query` make up the canonical address. `languages` are pairs of a language tag and
    the query for it, [] if the query is too long; then `long` is True.
    """
    plain = with_query(request, ui=None).rstrip("?")
    spoken = [(tag, with_query(request, ui=ui)) for ui, tag in language.TAGS.items()]
    return {
        "origin": f"{request.scheme}://{request.host}",
        "plain_path": request.path,
        "plain_query": plain,
        "long": len(plain) > MAX_LINKED_QUERY_CHARACTERS,
        "languages": [*spoken, ("x-default", plain)] if len(plain) <= MAX_LINKED_QUERY_CHARACTERS else [],
    }


def frame_of(datasette: Datasette, request: Request) -> dict[str, object]:
    """The values that our layout needs when Datasette renders one of our templates."""
    return _frame(datasette, request, language.ui_of(request))
