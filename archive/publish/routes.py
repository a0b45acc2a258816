"""The routes of the site, and the pages in its menu and footer."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from datasette.utils.asgi import Response

from archive.publish.api import api_page, llms
from archive.publish.article import article_page, capture_page, captures_page, diff_page, memento, raw_capture
from archive.publish.article import citation_page as citation
from archive.publish.exports import data_page, downloads, lists, sitemap
from archive.publish.lists import changes_page, landing_page, removed_page
from archive.publish.places import browse, pages
from archive.publish.search import phrase_page, search_page
from archive.publish.server.parameters import Parameters, parameters_of
from archive.publish.server.stylesheets import icon, stylesheet
from archive.publish.server.validators import validated
from archive.publish.status import about_page, help_page, metrics, service_routes, status_page

_KEY = r"(?P<key>[^/]+?)"
_PAIR = r"(?P<before>[^/]+?)\.\.(?P<after>[^/]+?)"
_DATA = r"(?P<as>\.json)?"  # every page has its data as JSON
_AS = r"(?P<as>\.json|\.atom|\.feed\.json)?"  # and a list as a feed (see archive.publish.feeds)


class FixedPage(NamedTuple):
    """A page in the menu or the footer.

    `within` has the first path segments of further pages that belong to it, such as `person` for /person/NAME.
    """

    path: str
    name: str  # of its message
    within: tuple[str, ...] = ()


PLACES = ("person", "tag", "column", "source", "day", "month", "year")
MENU = (
    FixedPage("/", "latest_short"),
    FixedPage("/changes", "changes"),
    FixedPage("/removed", "removed"),
    FixedPage("/phrase", "phrases"),
    FixedPage("/browse", "browse", PLACES),
    FixedPage("/data", "tables", ("archive",)),
)
FOOT = (
    FixedPage("/help", "help"),
    FixedPage("/api", "api"),
    FixedPage("/status", "status"),
    FixedPage("/about", "about"),
)

_PAGES: list[tuple[str, Callable[..., Awaitable[Response]]]] = [
    (rf"^/{_AS}$", validated(landing_page.show)),
    (r"^/latest(?P<as>\.atom|\.feed\.json)$", validated(landing_page.show)),
    (r"^/(?P<name>thinker|thinker-tables)\.css$", stylesheet),
    (r"^/icon\.svg$", icon),
    (rf"^/a/{_KEY}{_DATA}$", validated(article_page.show)),
    (rf"^/a/{_KEY}/v/(?P<version>[^/]+?)\.(?P<form>bib|ris|csl\.json|txt)$", citation.show),
    (rf"^/a/{_KEY}/v/(?P<version>[^/]+?){_DATA}$", validated(article_page.show_version)),
    (rf"^/a/{_KEY}/timemap{_DATA}$", memento.timemap),
    (rf"^/a/{_KEY}/timegate$", memento.timegate),
    (rf"^/a/{_KEY}/captures{_DATA}$", validated(captures_page.show)),
    (rf"^/a/{_KEY}/capture/(?P<record>[^/]+)$", raw_capture.show),
    (r"^/capture/(?P<record>[^/]+)/bytes$", raw_capture.show_any),
    (rf"^/capture/(?P<record>[^/]+?){_DATA}$", capture_page.show),  # not validated: it also reads files
    (rf"^/a/{_KEY}/diff/{_PAIR}\.patch$", validated(diff_page.show_patch)),
    (rf"^/a/{_KEY}/diff/{_PAIR}{_DATA}$", validated(diff_page.show)),
    (r"^/search/articles\.(?P<form>csv|jsonl|xlsx|datapackage\.json)$", validated(lists.of_search)),
    *(
        (
            rf"^/{kind}/(?P<name>[^/]+)/articles\.(?P<form>csv|jsonl|xlsx|datapackage\.json)$",
            validated(lists.of_place(kind)),
        )
        for kind in PLACES
    ),
    (r"^/search(?P<as>\.json|\.csv|\.atom|\.feed\.json)?$", validated(search_page.show)),
    (r"^/phrase(?P<as>\.json|\.csv|\.svg)?$", validated(phrase_page.show)),
    (rf"^/changes{_AS}$", validated(changes_page.show)),
    (rf"^/(?P<kind>search|phrase)/changes{_AS}$", validated(changes_page.show)),
    (
        rf"^/(?P<kind>person|tag|column|source|day|month|year)/(?P<name>[^/]+?)/changes{_AS}$",
        validated(changes_page.show),
    ),
    (rf"^/removed{_AS}$", validated(removed_page.show)),
    (rf"^/status{_DATA}$", status_page.show),  # not validated: it also reads files
    *((rf"^/{kind}(?:/(?P<name>[^/]+?)?)?{_AS}$", validated(pages.shows(kind))) for kind in PLACES),
    (rf"^/browse{_DATA}$", validated(browse.show)),
    (rf"^/browse/(?P<list>people|tags|columns|sources){_DATA}$", validated(browse.show_list)),
    (rf"^/data{_DATA}$", data_page.show),  # not validated: it also lists files
    (r"^/data/articles-(?P<month>\d{4}-\d\d)\.(?P<form>jsonl|csv)$", validated(downloads.month)),
    (r"^/data/files/(?P<file>[A-Za-z0-9][\w.-]{0,199})$", downloads.file),
    (rf"^/about{_DATA}$", about_page.show),  # not validated: it also reads the settings
    (rf"^/help{_DATA}$", validated(help_page.show)),
    (r"^/sitemap\.xml$", validated(sitemap.index)),
    (
        r"^/sitemap-(?P<of>(?:people|tags)-)?(?P<number>\d{1,9})\.xml$",
        validated(sitemap.parts([page.path for page in (*MENU, *FOOT) if page.path not in service_routes.ENDLESS])),
    ),
    (r"^/robots\.txt$", service_routes.robots),
    (r"^/-/healthz$", service_routes.healthz),
    (r"^/-/metrics$", metrics.show),
    (r"^/-/(?!static/[\w.-]{1,100}$).*$", service_routes.closed),
]

# /api describes all routes, its own too: it takes their patterns and parameters, which are plain values.
_API = (rf"^/api{_DATA}$", r"^/openapi\.json$", r"^/llms\.txt$")
TAKEN = (*((path, parameters_of(view)) for path, view in _PAGES[:-1]), *((path, Parameters()) for path in _API))
ROUTES = [
    *_PAGES[:-1],
    (_API[0], validated(api_page.shows(TAKEN))),
    (_API[1], validated(api_page.openapi(TAKEN))),
    (_API[2], llms.show),
    _PAGES[-1],  # closes what no page before it is
]
