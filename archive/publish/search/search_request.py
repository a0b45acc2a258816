"""Parses the parameters of `/search?q=…`."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date

from datasette.utils.asgi import Request

from archive.publish import feeds
from archive.publish.lists.changes_request import MAX_QUERY_CHARACTERS
from archive.publish.messages.refusals import invalid_request
from archive.search import ORDERS, Choices, Order, place_in

HITS_PER_PAGE = 20  # unless `limit` asks for more
MAX_HITS_PER_PAGE = 1_000  # by `limit`
MAX_HITS_OFFERED = 40  # by the page's own link: with more it would exceed 100 kB
MAX_SHEET_ROWS = 5_000  # of the CSV
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """The parameters of a search. `choices` are its filters: source, column, speaker, year, since, until.

    `ever` includes superseded versions, `gone` finds only articles with the words in a superseded version but not in
    the current one, `before` is the position to continue after.
    """

    q: str
    ever: bool
    gone: bool
    order: Order
    choices: Choices
    limit: int
    before: str | None

    @classmethod
    def of(cls, request: Request) -> SearchRequest:
        """Parse a request. Empty values, which a form sends, count as absent. Raises BadRequest for invalid values.

        A `limit` beyond MAX_HITS_PER_PAGE, or in CSV MAX_SHEET_ROWS, is lowered to it. Feeds always have the order
        `newest`.
        """

        def given(name: str) -> str:
            return (request.args.get(name) or "").strip()

        # Not stripped, for a stored name may begin or end with a blank.
        names = {name: request.args.get(name) or None for name in ("source", "column", "speaker")}
        choices = Choices(
            **names, year=_year(given("year")), **{name: _day(name, given(name)) for name in ("since", "until")}
        )
        ever, gone = (_switched(name, given(name)) for name in ("ever", "gone"))
        sheet = request.path.endswith(".csv")
        limit = _limit(
            given("limit"), MAX_SHEET_ROWS if sheet else HITS_PER_PAGE, MAX_SHEET_ROWS if sheet else MAX_HITS_PER_PAGE
        )
        order = _order(given("order"), ranked=not (ever or gone))
        if feeds.asked(request):
            order = "newest"  # a feed must list new hits first, whatever the page's order
        return cls(_query(given("q")), ever, gone, order, choices, limit, _place(given("before"), order))

    @property
    def wider(self) -> int | None:
        """The `limit` of the link to more hits on the same page: HITS_PER_PAGE more, but at most MAX_HITS_OFFERED.

        None if `limit` is MAX_HITS_OFFERED or more already, or if the page continues the list (`before`).
        """
        wider = min(self.limit + HITS_PER_PAGE, MAX_HITS_OFFERED)
        return wider if wider > self.limit and not self.before else None

    def told(self) -> dict[str, object]:
        """The parameters as fields of the page's data: q, ever, gone, order, and `choices`, a dict of the other ones.

        `limit` and `before` are left out.
        """
        return {"q": self.q, "ever": self.ever, "gone": self.gone, "order": self.order, "choices": asdict(self.choices)}


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


def _year(text: str) -> str | None:
    if text and not _YEAR.fullmatch(text):
        raise invalid_request("no_year_given", text=_short(text))
    return text or None


def _switched(name: str, text: str) -> bool:
    if text not in ("", "0", "1"):
        raise invalid_request("no_switch", name=name, text=_short(text))
    return text == "1"


def _order(text: str, ranked: bool) -> Order:
    """Parse `order`; an empty one is `newest`. Raises BadRequest for an unknown order.

    Superseded texts have no rank, so `relevance` becomes `newest` unless the search is `ranked`.
    """
    found = next((order for order in ORDERS if order == (text or "newest")), None)
    if found is None:
        raise invalid_request("none_of", name="order", text=_short(text), choices=", ".join(ORDERS))
    return found if ranked or found != "relevance" else "newest"


def _limit(text: str, usual: int, most: int) -> int:
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text)):
        raise invalid_request("no_positive_number", name="limit", text=_short(text))
    return min(int(text), most)


def _place(text: str, order: Order) -> str | None:
    if text and place_in(text, order) is None:
        raise invalid_request("no_hit_place", text=_short(text))
    return text or None


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40]}…"
