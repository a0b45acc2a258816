"""Every page of the site that links lead to."""

import re
from collections import Counter, deque
from collections.abc import AsyncIterator
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser
from support.stranger import LATE, Heard, answered

WALKED = {"before", "_next"}  # parameters that lead on; the others show the same again
FEW = 20  # rows of a table that says nothing by itself, like article_keywords, that are looked at one by one
KEYED = r"^(/(?:archive/\w+|a|capture|tag|person|column|source|day|month|year))/[^/]+"  # pages of one thing
TOLD_BY_ROW = ("/archive/articles/*", "/archive/keywords/*", "/archive/people/*", "/archive/related_links/*")
STARTS = ("/", "/browse", "/data", "/about", "/help", "/api", "/changes?all=1",
          "/removed", "/status", "/archive", "/archive/articles", "/archive/headline_edits",
          "/archive/newest", "/archive/edits_by_size", "/archive/speakers_per_year", "/archive/unparsed",
          "/archive/keywords_of_a_month?month=2024-04")  # fmt: skip


async def walk(application: Any) -> AsyncIterator[tuple[str, Heard]]:
    """Yield each target (path and query) and the site's reply, found by following links from page to page."""
    waiting, seen = deque(STARTS), set(STARTS)
    kinds = Counter(map(kind_of, STARTS))
    while waiting:
        target = waiting.popleft()
        heard = await answered(application, target, late=(*LATE, 400))  # 400: a query of a table page took its second
        yield target, heard
        links = _links(heard, target) - seen
        seen |= links
        for link in sorted(links):
            if _worth(link, kinds):
                kinds[kind_of(link)] += 1
                waiting.append(link)


def kind_of(target: str) -> str:
    """The path of a target with `*` for names and numbers: `/a/newsroom-1/v/0123456789ab` gives `/a/*/v/*`."""
    keyed = re.sub(KEYED, r"\1/*", target.partition("?")[0])
    return re.sub(r"/(v|diff|capture)/[^/]+$", r"/\1/*", keyed)


def _worth(link: str, kinds: Counter[str]) -> bool:
    kind = kind_of(link)
    return not re.fullmatch(r"/archive/\w+/\*", kind) or kind in TOLD_BY_ROW or kinds[kind] < FEW


def _links(heard: Heard, target: str) -> set[str]:
    if heard.type != "text/html":
        return set()
    hrefs = {node.attributes["href"] or "" for node in LexborHTMLParser(heard.body).css("a[href]")}
    found = {_followed(href, "/" if href.startswith("/") else target) for href in hrefs}
    return {link for link in found if link}


@cache
def _followed(href: str, page: str) -> str | None:
    """The path and query of our site that a link on a page leads to; None if the walk does not follow it."""
    url = urlsplit(urljoin(f"http://127.0.0.1{page}", href))
    keys = {name for name, _ in parse_qsl(url.query, keep_blank_values=True)}
    if url.netloc != "127.0.0.1" or not keys <= WALKED or "." in url.path.rpartition("/")[2].replace("..", ""):
        return None
    return f"{url.path}?{url.query}" if url.query else url.path
