"""Parses the parameters of `/search?q=…`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, get_args
from urllib.parse import quote_plus

from datasette.utils.asgi import Request

from archive.publish import feeds
from archive.publish.database.reading import length_asked, switch_asked
from archive.publish.lists.changes_request import MAX_QUERY_CHARACTERS
from archive.publish.messages.refusals import invalid_request
from archive.rules import PresenceState
from archive.search import FACETS, ORDERS, Choices, Facet, Order, place_in

# Of parameters, apart from FACETS, which may be repeated.
NAMES = ("q", "since", "until", "ever", "gone", "exact", "order", "limit", "before")
HITS_PER_PAGE = 20  # unless `limit` asks for more
MAX_HITS_PER_PAGE = 1_000  # by `limit`
MAX_HITS_OFFERED = 40  # by the page's own link: with more it would exceed 100 kB
MAX_SHEET_ROWS = 5_000  # of the CSV
# Values of all facets together; more get a 400, as every link of the page repeats them.
MAX_CHOSEN_VALUES, MAX_CHOSEN_BYTES = 20, 1_350  # bytes of an address, nine for a Chinese character
STATES = tuple(state for state in get_args(PresenceState) if state != "withdrawn")  # of which an article can be found
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """The parameters of a search. `choices` are its filters: the facets, since and until.

    `ever` includes superseded versions, `gone` finds only articles with the words in a superseded version but not in
    the current one, `before` is the position to continue after. `exact` tells traditional and simplified characters
    apart, and full-width and half-width forms.
    """

    q: str
    ever: bool
    gone: bool
    order: Order
    choices: Choices
    limit: int
    before: str | None
    exact: bool = False

    @classmethod
    def of(cls, request: Request) -> SearchRequest:
        """Parse a request. Empty values, which a form sends, count as absent. Raises BadRequest for invalid values.

        A `limit` beyond MAX_HITS_PER_PAGE, or in CSV MAX_SHEET_ROWS, is lowered to it. Feeds always have the order
        `newest`.
        """

        def given(name: str) -> str:
            return (request.args.get(name) or "").strip()

        since, until = (_day(name, given(name)) for name in ("since", "until"))
        choices = Choices(**_facets(request), since=since, until=until)
        ever, gone, exact = (switch_asked(request, name) for name in ("ever", "gone", "exact"))
        sheet = request.path.endswith(".csv")
        usual, most = (MAX_SHEET_ROWS, MAX_SHEET_ROWS) if sheet else (HITS_PER_PAGE, MAX_HITS_PER_PAGE)
        limit = length_asked(request, usual, most)
        order = _order(given("order"), ranked=not (ever or gone))
        if feeds.asked(request):
            order = "newest"  # a feed must list new hits first, whatever the page's order
        return cls(_query(given("q")), ever, gone, order, choices, limit, _place(given("before"), order), exact)

    @property
    def wider(self) -> int | None:
        """The `limit` of the link to more hits on the same page: HITS_PER_PAGE more, but at most MAX_HITS_OFFERED.

        None if `limit` is MAX_HITS_OFFERED or more already, or if the page continues the list (`before`).
        """
        wider = min(self.limit + HITS_PER_PAGE, MAX_HITS_OFFERED)
        return wider if wider > self.limit and not self.before else None

    def told(self) -> dict[str, object]:
        """The parameters as fields of the page's data: q, the switches, order, and `choices`, a dict of the other ones.

        `limit` and `before` are left out.
        """
        switches = {"ever": self.ever, "gone": self.gone, "exact": self.exact}
        return {"q": self.q, **switches, "order": self.order, "choices": asdict(self.choices)}


def _query(text: str) -> str:
    if len(text) > MAX_QUERY_CHARACTERS:
        raise invalid_request("query_long", n=len(text), most=MAX_QUERY_CHARACTERS)
    return text


def _day(name: str, text: str) -> str | None:
    try:
        if text and not _DATE.fullmatch(text):
            raise ValueError
        return date.fromisoformat(text).isoformat() if text else None
    except ValueError:
        raise invalid_request("no_date", name=name, text=_short(text)) from None


def _facets(request: Request) -> dict[str, Any]:
    """The chosen values of each facet, as in Choices. Raises BadRequest for too many, and as `_chosen` does."""
    facets: dict[str, Any] = {facet: _chosen(request, facet) for facet in FACETS}
    every = [value for values in facets.values() for value in values]
    if len(every) > MAX_CHOSEN_VALUES:
        raise invalid_request("many_choices", n=len(every), most=MAX_CHOSEN_VALUES)
    if (size := bytes_of(every)) > MAX_CHOSEN_BYTES:
        raise invalid_request("long_values", n=size, most=MAX_CHOSEN_BYTES)
    return facets


def bytes_of(values: Iterable[str]) -> int:
    """The bytes that these values take in an address."""
    return sum(len(quote_plus(value)) for value in values)


def _chosen(request: Request, facet: Facet) -> tuple[str, ...]:
    """The values of a facet that a request asks for, each once. They may begin or end with a blank, as names do.

    Raises BadRequest for a text that is not a year, and for a state that no article can have.
    """
    values = tuple(dict.fromkeys(filter(None, request.args.getlist(facet))))
    if facet == "year":
        values = tuple(filter(None, (value.strip() for value in values)))
        if other := next((value for value in values if not _YEAR.fullmatch(value)), None):
            raise invalid_request("no_year_given", text=_short(other))
    if facet == "state" and (other := next((value for value in values if value not in STATES), None)):
        raise invalid_request("none_of", name=facet, text=_short(other), choices=", ".join(STATES))
    return values


def _order(text: str, ranked: bool) -> Order:
    """Parse `order`; an empty one is `newest`. Raises BadRequest for an unknown order.

    Superseded texts have no rank, so `relevance` becomes `newest` unless the search is `ranked`.
    """
    found = next((order for order in ORDERS if order == (text or "newest")), None)
    if found is None:
        raise invalid_request("none_of", name="order", text=_short(text), choices=", ".join(ORDERS))
    return found if ranked or found != "relevance" else "newest"


def _place(text: str, order: Order) -> str | None:
    if text and place_in(text, order) is None:
        raise invalid_request("no_hit_place", text=_short(text))
    return text or None


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
