"""What an address asks of the page of phrases: `/phrase?q=A&q=B…` with its choices, read once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from datasette.utils.asgi import BadRequest, Request

from archive.publish.formatting.charts import MAX_SERIES
from archive.search import phrase_of, why_not

Sort = Literal["date", "left", "right"]

SORTS: tuple[Sort, ...] = get_args(Sort)
_MAX_PLACE_DIGITS = 9


@dataclass(frozen=True, slots=True)
class PhraseRequest:
    """`of`: whose lines are shown (1: the first's), by `sort`, from `start` on; `every`: all texts are read."""

    texts: tuple[str, ...]
    of: int
    sort: Sort
    start: int
    every: bool

    @classmethod
    def of_request(cls, request: Request) -> PhraseRequest:
        """Raises BadRequest for what cannot be shown; an empty phrase, as a form sends it, is none."""
        given = filter(None, map(str.strip, request.args.getlist("q")))
        texts = tuple(dict.fromkeys(map(_phrase, given)))
        if len(texts) > MAX_SERIES:
            raise BadRequest(f"q: {len(texts)} phrases; {MAX_SERIES} stand on a page")
        sort = next((sort for sort in SORTS if sort == (request.args.get("sort") or "date")), None)
        if sort is None:
            raise BadRequest(f"sort: not one of {', '.join(SORTS)}")
        of = _number(request, "of")
        if of > max(1, len(texts)):
            raise BadRequest(f"of={of}: there are {len(texts)} phrases")
        return cls(texts, of, sort, _number(request, "from"), request.args.get("all") == "1")


def _phrase(text: str) -> str:
    if reason := why_not(text):
        raise BadRequest(f"q: {reason}")
    return phrase_of(text)


def _number(request: Request, name: str) -> int:
    text = request.args.get(name) or "1"
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_PLACE_DIGITS and int(text)):
        raise BadRequest(f"{name}: not a number from 1 on")
    return int(text)
