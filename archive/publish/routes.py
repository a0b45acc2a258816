"""Which address shows which page, and the stylesheets."""

from collections.abc import Awaitable, Callable

from datasette.utils.asgi import Request, Response

from archive.publish import article, changes, diff_page, landing, search_page, service, status
from archive.publish.headers import YEAR
from archive.publish.rendering import STATIC, style_version
from archive.publish.validators import validated

STYLE_VERSION = style_version()
_KEY = r"(?P<key>[^/]+)"


async def stylesheet(request: Request) -> Response:
    """`thinker.css` for our pages, `thinker-tables.css` on top of Datasette's own."""
    name = request.url_vars["name"]
    css = (STATIC / f"{name}.css").read_text(encoding="utf-8")
    headers = {"cache-control": f"public, max-age={YEAR}, immutable"}
    return Response(css, headers=headers, content_type="text/css; charset=utf-8")


ROUTES: list[tuple[str, Callable[..., Awaitable[Response]]]] = [
    (r"^/$", validated(landing.show)),
    (r"^/(?P<name>thinker|thinker-tables)\.css$", stylesheet),
    (rf"^/a/{_KEY}$", validated(article.show)),
    (rf"^/a/{_KEY}/v/(?P<version>[0-9a-f]+)$", validated(article.show_version)),
    (rf"^/a/{_KEY}/diff/(?P<before>[0-9a-f]+)\.\.(?P<after>[0-9a-f]+)$", validated(diff_page.show)),
    (r"^/search$", validated(search_page.show)),
    (r"^/changes$", validated(changes.show)),
    (r"^/removed$", validated(changes.show_removed)),
    (r"^/status$", status.show),  # it looks at the files too
    (r"^/status\.json$", status.show_json),
    (r"^/robots\.txt$", service.robots),
    (r"^/-/healthz$", service.healthz),
    (r"^/-/(?!static/[\w.-]{1,100}$).*$", service.closed),
]
