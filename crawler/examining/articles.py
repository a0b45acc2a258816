"""An article compared with the page class that reads it: its layout, headline and date."""

from __future__ import annotations

import re
from collections.abc import Iterator

from archive.judging import UnreadPage
from crawler.examining.asked import ArticleSeen
from crawler.examining.finding import SCRIPTED, SHELL, DoctorFinding
from parsers import Document, page_of
from parsers.errors import RENDERED
from parsers.reader import DefaultPage

LAYOUT = re.compile(r"(?P<name>\w+) (?:matches none of|does not match) (?P<rules>.+)")
"""The message of parsers/reader/declaration.py for a property that was not found."""
ANY = DefaultPage.__name__  # the page class of any site
SELECTED = {"date": "date_published"}  # properties whose key in `selectors` has another name
MAX_CHARACTERS = 200  # of a headline
CHANGED = "the layout has changed: "


def of_article(seen: ArticleSeen) -> Iterator[DoctorFinding]:
    """Yield the findings of one article that was read: its headline, then its date or that it has none.

    Before these, one for each selector of thinker.toml that matched nothing, and one for each property for which the
    first rule of the page class matched nothing. Of an article that was not read: only the reason, or a finding for
    each property that was not found.
    """
    url, page = seen.asked.url, seen.page_class
    if seen.asked.document is None or seen.reading is None:
        remedy = seen.asked.remedy("change scope, or article if the lists give ids")
        yield DoctorFinding(url, "an article", str(seen.asked.problem), remedy)
    elif isinstance(seen.reading, UnreadPage):
        yield from _unread(url, page, seen.reading)
    else:
        for name in seen.reading.unmatched:
            selector = getattr(seen.asked.document.selectors, name)
            yield DoctorFinding(url, f"selectors.{name} {selector}", "nothing there", f"change selectors.{name}")
        yield from _moved(url, seen.asked.document)
        article = seen.reading.article
        yield DoctorFinding(url, f"page class {page}", f"the headline {article.headline[:MAX_CHARACTERS]}")
        if article.date_published is None:
            yield DoctorFinding(url, f"page class {page}", "no date", _change("date", "date_published", page))
        else:
            yield DoctorFinding(url, f"page class {page}", f"the date {article.date_published.isoformat()}")


def _moved(url: str, document: Document) -> Iterator[DoctorFinding]:
    """Yield a finding for each property for which the page class has several rules, and the first matched nothing.

    Another rule was used then. Not for properties with a selector in thinker.toml: `of_article` reports them.
    """
    page = page_of(document)
    selected = {SELECTED.get(key, key) for key in document.selectors.said()}
    for missed in filter(None, map(LAYOUT.fullmatch, page.missing_places())):
        name = missed["name"]
        if name not in selected:
            change = f"change selector {name} of {type(page).__name__}"
            yield DoctorFinding(url, f"{name} at {missed['rules']}", "nothing there", change)


def _unread(url: str, page: str, unread: UnreadPage) -> Iterator[DoctorFinding]:
    if unread.reason.startswith(RENDERED):
        yield DoctorFinding(url, f"page class {page}", SHELL, SCRIPTED)
        return
    missed = unread.reason.partition(CHANGED)[2] if unread.verdict == "layout" else ""
    found = [match for part in missed.split("; ") if (match := LAYOUT.fullmatch(part))]
    for each in found:
        yield DoctorFinding(
            url, f"{each['name']} at {each['rules']}", "nothing there", f"change selector {each['name']} of {page}"
        )
    if not found:
        remedy = f"change scope, {'or set selectors.body' if page == ANY else f'or the page class {page}'}"
        yield DoctorFinding(url, f"page class {page}", f"{unread.verdict}: {unread.reason}", remedy)


def _change(key: str, name: str, page: str) -> str:
    """The advice for a property that was not read. page: the name of the page class.

    `set selectors.KEY` if that is the class for any site; else `change selector NAME of PAGE`, the site's own class.
    """
    return f"set selectors.{key}" if page == ANY else f"change selector {name} of {page}"
