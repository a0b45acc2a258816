"""Which address shows which page."""

from collections.abc import Awaitable, Callable

from datasette.utils.asgi import Response

from archive.publish import article, changes, diff_page, landing, removed, search_page, service, status
from archive.publish.stylesheets import stylesheet
from archive.publish.validators import validated

_KEY = r"(?P<key>[^/]+?)"
_DATA = r"(?P<as>\.json)?"  # every page is there as its data too
_AS = r"(?P<as>\.json|\.atom|\.feed\.json)?"  # and a list as a feed (see archive.publish.feeds)


ROUTES: list[tuple[str, Callable[..., Awaitable[Response]]]] = [
    (rf"^/{_AS}$", validated(landing.show)),
    (r"^/latest(?P<as>\.atom|\.feed\.json)$", validated(landing.show)),
    (r"^/(?P<name>thinker|thinker-tables)\.css$", stylesheet),
    (rf"^/a/{_KEY}{_DATA}$", validated(article.show)),
    (rf"^/a/{_KEY}/v/(?P<version>[0-9a-f]+){_DATA}$", validated(article.show_version)),
    (rf"^/a/{_KEY}/diff/(?P<before>[0-9a-f]+)\.\.(?P<after>[0-9a-f]+){_DATA}$", validated(diff_page.show)),
    (rf"^/search{_AS}$", validated(search_page.show)),
    (rf"^/changes{_AS}$", validated(changes.show)),
    (rf"^/removed{_AS}$", validated(removed.show)),
    (rf"^/status{_DATA}$", status.show),  # it looks at the files too
    (r"^/robots\.txt$", service.robots),
    (r"^/-/healthz$", service.healthz),
    (r"^/-/(?!static/[\w.-]{1,100}$).*$", service.closed),
]
