"""The page class of a document: chosen by source name, else by host, and by day of capture and path."""

from __future__ import annotations

from datetime import datetime

from parsers.document import split_url
from parsers.pages.a5qu import A5quPage, is_dump
from parsers.pages.aisixiang import AisixiangPage
from parsers.pages.cssn import CssnPage
from parsers.pages.gmw_theory import GmwTheoryPage
from parsers.pages.govcn import GovcnPage
from parsers.pages.jiefang import JiefangPage
from parsers.pages.ndrc import NdrcPage
from parsers.pages.newsroom import NewsroomPage
from parsers.pages.pbc import PbcPage
from parsers.pages.people_theory import PeopleTheoryOldPage, PeopleTheoryPage
from parsers.pages.qstheory import QstheoryOldPage, QstheoryPage
from parsers.pages.rmlt import RmltPage
from parsers.pages.shangguan import ShangguanDetailPage, ShangguanPage
from parsers.pages.thepaper import ThepaperOldPage, ThepaperPage
from parsers.pages.weixin import WeixinPage
from parsers.reader import ArticlePage, DefaultPage, page_with_selectors
from parsers.selectors import NO_SELECTORS, Selectors

# Of several classes that fit, the first is taken: old layouts and special paths stand before the general one.
PAGES: tuple[type[ArticlePage], ...] = (
    A5quPage,
    AisixiangPage,
    CssnPage,
    GmwTheoryPage,
    NdrcPage,  # the next has all that is below gov.cn
    PbcPage,
    GovcnPage,
    JiefangPage,
    NewsroomPage,
    PeopleTheoryOldPage,
    PeopleTheoryPage,
    QstheoryOldPage,
    QstheoryPage,
    RmltPage,
    ShangguanDetailPage,
    ShangguanPage,
    ThepaperOldPage,
    ThepaperPage,
    WeixinPage,
)

MAX_HOST_LABELS = 8  # labels of a host's name that are looked at


def page_for(
    url: str, captured_at: datetime, source: str | None = None, selectors: Selectors = NO_SELECTORS
) -> type[ArticlePage]:
    """The page class for a capture; DefaultPage, which reads any site, when none fits.

    Candidates are only the classes of the source if it has any, else those of the host; the first that fits day and
    path is taken.

    selectors: those of the source's declaration; with any, the result is a subclass that looks there first.
    """
    page = _page_for(url, captured_at, source)
    return page_with_selectors(page, selectors) if selectors else page


def source_of_dump(text: str) -> str | None:
    """The source whose mark is at the beginning of a text that was saved without an address; None without a mark."""
    return "a5qu" if is_dump(text) else None


def _page_for(url: str, captured_at: datetime, source: str | None) -> type[ArticlePage]:
    parts = split_url(url)
    day = captured_at.date()
    for page in _OF_SOURCE.get(source or "") or _of_host(parts.hostname or ""):
        in_time = page.valid_until is None or day <= page.valid_until
        if in_time and (page.paths is None or page.paths.search(f"{parts.path}?{parts.query}")):
            return page
    return DefaultPage


_OF_SOURCE = {
    name: tuple(page for page in PAGES if name in page.sources)
    for name in frozenset(name for page in PAGES for name in page.sources)
}


def _of_host(host: str) -> list[type[ArticlePage]]:
    """The page classes of a host and of all hosts above it, in the order of PAGES."""
    labels = host.split(".")[-MAX_HOST_LABELS:]
    names = {".".join(labels[place:]) for place in range(len(labels))}
    return [page for page in PAGES if not names.isdisjoint(page.hosts)]
