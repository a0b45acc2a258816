"""Parses the parameters of `/phrase?q=A&q=B…`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from datasette.utils.asgi import Request

from archive.publish.database.reading import switch_asked
from archive.publish.formatting.phrase_chart import MAX_PHRASES
from archive.publish.messages.refusals import invalid_request
from archive.search import phrase_of, why_not

Sort = Literal["date", "left", "right"]

SORTS: tuple[Sort, ...] = get_args(Sort)
NAMES, REPEATED = ("of", "sort", "from", "all", "share"), ("q",)  # of parameters
_MAX_PLACE_DIGITS = 9  # enough for any place; int() refuses more than 4,300 digits


@dataclass(frozen=True, slots=True)
class PhraseRequest:
    """The parameters of the page /phrase.

    It shows lines of phrase number `of` (from 1), ordered by `sort`, from line number `start` (from 1) on. `every`
    counts occurrences in all texts, and `share` draws the share of articles in place of their number.
    """

    texts: tuple[str, ...]
    of: int
    sort: Sort
    start: int
    every: bool
    share: bool

    @classmethod
    def of_request(cls, request: Request) -> PhraseRequest:
        """Parse a request. Raises BadRequest for invalid values and for more than MAX_PHRASES different phrases.

        Repeated phrases are counted once, and empty ones, which a form sends, are ignored.
        """
        given = filter(None, map(str.strip, request.args.getlist("q")))
        texts = tuple(dict.fromkeys(map(_phrase, given)))
        if len(texts) > MAX_PHRASES:
            raise invalid_request("many_phrases", n=len(texts), most=MAX_PHRASES)
        sort = next((sort for sort in SORTS if sort == (request.args.get("sort") or "date")), None)
        if sort is None:
            raise invalid_request(
                "none_of", name="sort", text=(request.args.get("sort") or "")[:40], choices=", ".join(SORTS)
            )
        of = _number(request, "of")
        if of > max(1, len(texts)):
            raise invalid_request("no_such_phrase", of=of, n=len(texts))
        every, share = (switch_asked(request, name) for name in ("all", "share"))
        return cls(texts, of, sort, _number(request, "from"), every, share)


def _phrase(text: str) -> str:
    if reason := why_not(text):
        raise invalid_request("no_phrase", name="q", reason=reason)
    return phrase_of(text)


def _number(request: Request, name: str) -> int:
    text = request.args.get(name) or "1"
    if not (text.isascii() and text.isdigit() and len(text) <= _MAX_PLACE_DIGITS and int(text)):
        raise invalid_request("no_positive_number", name=name, text=text[:40])
    return int(text)
