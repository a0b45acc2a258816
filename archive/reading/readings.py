"""What a page says: a state of an article, or why it gives none."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol

import parsers
from archive.rules.identity import ArticleState, state_of
from archive.rules.verdicts import Verdict
from parsers import Blocked, Document, Gone, LayoutChanged, ParseError, Restricted
from parsers.paging import following_page
from parsers.reader.selected import unmatched
from parsers.refresh import sent_on_to
from parsers.stitching import stitched

VERDICTS: tuple[tuple[type[ParseError], Verdict], ...] = (
    (Gone, "gone"),
    (Restricted, "restricted"),
    (Blocked, "blocked"),
    (LayoutChanged, "layout"),
    (ParseError, "not_article"),
)


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a page gave no article: the verdict, and one line for people.

    leads_to: the address that a page without an article sends its reader on to by itself, as a redirect does.
    """

    verdict: Verdict
    reason: str
    leads_to: str | None = None


PageReading = ArticleState | Unread


class PageReader(Protocol):
    """Whoever reads pages; from any thread."""

    def read(self, page: Document) -> PageReading:
        """What a page says. Raises OSError when nothing can be read at all: no page is to blame for that."""

    def close(self) -> None:
        """Let go of what it holds."""


def read_page(page: Document) -> PageReading:
    """What a page says. A hostile page may break any parser: then that is the reason, for the capture is kept."""
    try:
        state = state_of(parsers.parse(page), parsers.version_of(page.selectors))
        following = following_page(page)
        missed = unmatched(page) if page.selectors else ()
        return replace(state, following=following, unmatched=missed) if following or missed else state
    except ParseError as error:
        return _unread(page, error)
    except Exception as fault:
        return Unread("crashed", one_line(f"the parser failed: {type(fault).__name__}: {fault}"))


def _unread(page: Document, error: ParseError) -> Unread:
    """Why a page gave none; what says itself that it is gone, or for members, says more than where it leads."""
    verdict = next(verdict for kind, verdict in VERDICTS if isinstance(error, kind))
    leads_to = None
    if verdict == "not_article":
        with suppress(ParseError):  # a page without a tree
            leads_to = sent_on_to(page)
    return Unread(verdict, one_line(error.reason), leads_to)


def whole_state(readings: Sequence[PageReading], parser_version: str) -> ArticleState | None:
    """The state that all pages of an article make, read by one parser.

    None where one cannot be read, or another should follow.
    """
    states = [each for each in readings if isinstance(each, ArticleState)]
    if len(states) < len(readings) or (len(states) == 1 and states[0].following):
        return None
    if len(states) == 1:
        return states[0]
    return state_of(stitched([each.article for each in states]), parser_version)


def one_line(reason: str) -> str:
    """A reason as the archive keeps it: one line of at most 200 characters."""
    return " ".join(reason.split())[:200]
