"""What an address asks of the search: `/search?q=…` with all its choices, read once."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import date

from datasette.utils.asgi import Request

from archive.search.facets import ORDERS, Choices, Order

STEP = 20  # hits on a page
MOST = 1_000  # on one that asks for more
ROWS = 5_000  # of a sheet
LONGEST = 500  # characters of a query, or of a name, that are looked at
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class Asked:
    """`ever`: also in superseded versions; `gone`: only in text that is gone; `before`: the place to go on behind."""

    q: str
    ever: bool
    gone: bool
    order: Order
    choices: Choices
    limit: int
    before: str | None

    @classmethod
    def of(cls, request: Request) -> Asked:
        """What makes no sense is as if it were not there: an address may have been cut."""
        given = request.args.get
        ever, gone = (given(name) == "1" for name in ("ever", "gone"))
        named = {name: (given(name) or "")[:LONGEST] or None for name in ("source", "column", "speaker", "year")}
        dates = {name: _date(given(name)) for name in ("since", "until")}
        order = given("order")
        ordered: Order = order if order in ORDERS and not (order == "relevance" and (ever or gone)) else "newest"
        most = ROWS if request.path.endswith(".csv") else MOST
        limit = _limit(given("limit"), ROWS if most == ROWS else STEP, most)
        q = (given("q") or "").strip()[:LONGEST]
        return cls(q, ever, gone, ordered, Choices(**named, **dates), limit, given("before"))

    @property
    def wider(self) -> int | None:
        """More hits on the same page; None where that are no more."""
        wider = min(self.limit + STEP, MOST)
        return wider if wider > self.limit and not self.before else None

    def told(self) -> dict[str, object]:
        """As the page's data say it."""
        return {"q": self.q, "ever": self.ever, "gone": self.gone, "order": self.order, "choices": asdict(self.choices)}


def _date(text: str | None) -> str | None:
    if not text or not _DATE.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _limit(asked: str | None, usual: int, most: int) -> int:
    wanted = int(asked) if asked and asked.isascii() and asked.isdigit() and len(asked) < 5 else usual
    return max(1, min(wanted, most))
