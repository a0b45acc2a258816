"""Articles in several pages: the address of the next page, and the page number of an address."""

from __future__ import annotations

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborNode

from parsers.document import Document, split_url
from parsers.links.link import absolute
from parsers.links.pages import NEXT_WORDS, base_of

MAX_PAGES = 30  # of one article
MAX_LINKS = 5_000  # links of a page that are looked at
# How sites spell the further pages: content_123_2.html, 123-2.shtml, /123/2, /123/page/2, /123/index_2.html
SPELLING = r"(?:[_-]|/|/page/|/p/?|/index_)(\d{1,2})"
FIRST = re.compile(r"(?<=\d)[_-][01]$|(?<=/)index$")  # the first page may be numbered too
NUMBERED = re.compile(rf"(?P<first>.*[^/_-]){SPELLING}$")
EXTENSION = re.compile(r"\.[a-z]{3,5}$", re.IGNORECASE)
COUNTED = re.compile(r"\bcountPage\s{0,9}=\s{0,9}(\d{1,2})\b")
# createPageHTML(5, 2, "t20190411_524573865", "html"): pages in all, this one from 0, the names of their files.
CREATED = re.compile(
    r"""createPageHTML\(\s?(\d{1,4}),\s?\d{1,4},\s?(["'])([\w-]{1,100})\2,\s?(["'])(\w{3,5})\4""", re.ASCII
)
PARAMETER = re.compile(r"(?:^|&)(?:page|pageno|pagenum|pageindex|currentpage)=(\d{1,2})(?=&|$)", re.IGNORECASE)


def following_page(document: Document) -> str | None:
    """The address of the next page of the same article, or None.

    It stands in a link in words (下一页), in a link with rel=next if the page has one in words too, or in a site's
    script (countPage). The next article does not count: its address differs from this one in more than a page number.
    """
    if not (links := [*_next_links(document), *_counted(document)]):
        return None
    return next((url for first in _firsts(document.url) for url in links if _follows(first, document.url, url)), None)


def page_number(first: str, url: str) -> int | None:
    """The page number of an address in the article that begins at `first`; None for `first` and other articles.

    It is the number in the address; sites count from 0 or 1, so page 2 may have number 1.

    >>> page_number("https://www.example.cn/a/123.html", "https://www.example.cn/a/123_2.html")
    2
    """
    (host, stem, ending, query), (other_host, other_stem, other_ending, other_query) = _parts(first), _parts(url)
    if host != other_host or ending != other_ending:
        return None
    if stem == other_stem:
        found = PARAMETER.search(other_query)
        alike = PARAMETER.sub("", query).strip("&") == PARAMETER.sub("", other_query).strip("&")
        return int(found[1]) if found and alike and _number(query) < int(found[1]) else None
    numbers = (_added(base, other_stem) for base in (stem, FIRST.sub("", stem).rstrip("/")))
    return next(filter(None, numbers), None) if query == other_query else None


def page_count(document: Document) -> int:
    """The number of an article's pages that its first page shows: itself, and each further page whose address it has.

    1 without any; 3 if it links only pages 2 and 5.
    """
    links = [*_addresses(document, document.tree.css("a[href]")[:MAX_LINKS]), *_counted(document)]
    numbers = {page_number(document.url, url) for url in links} - {None}
    return len(numbers) + 1


def _added(base: str, stem: str) -> int | None:
    """The number that the path `stem` adds to `base`, the path of a first page: 2 for /123_2 and /123; else None."""
    spelt = re.fullmatch(SPELLING, stem[len(base) :]) if base and stem.startswith(base) else None
    return int(spelt[1]) if spelt else None


def _follows(first: str, current: str, url: str) -> bool:
    number = page_number(first, url)
    return number is not None and number > (page_number(first, current) or 0)


def _firsts(url: str) -> Iterator[str]:
    """Yield the addresses that may be the article's first page: this one as it is, then without its page number.

    If both the query and the path hold a number, two addresses follow, each without one of them. Those without a number
    are only for comparisons: they begin with http:// and lack www.
    """
    yield url
    host, stem, ending, query = _parts(url)
    if PARAMETER.search(query):
        yield f"http://{host}{stem}{ending}?{PARAMETER.sub('', query).strip('&')}"
    if found := NUMBERED.fullmatch(stem):
        yield f"http://{host}{found['first']}{ending}" + (f"?{query}" if query else "")


def _number(query: str) -> int:
    found = PARAMETER.search(query)
    return int(found[1]) if found else 0


def _parts(url: str) -> tuple[str, str, str, str]:
    """Host without www, path without extension and last slash, extension with its dot, query."""
    parts = split_url(url)
    ending = EXTENSION.search(parts.path)
    stem = parts.path[: ending.start()] if ending else parts.path.rstrip("/")
    return parts.netloc.lower().removeprefix("www."), stem, ending[0] if ending else "", parts.query


def _next_links(document: Document) -> Iterator[str]:
    """Yield the absolute addresses of the links to a next page, without fragment, those with rel=next first.

    Nothing, even for rel=next, if the page has no link in words (下一页, next).
    """
    if document.json is not None:
        return
    links = document.tree.css("a[href]")[:MAX_LINKS]
    turning = [link for link in links if NEXT_WORDS.match(link.text())]
    if not turning:
        return
    head = document.tree.head
    yield from _addresses(document, head.css('link[rel~="next"]') if head is not None else [])
    yield from _addresses(document, [link for link in links if "next" in (link.attributes.get("rel") or "").split()])
    yield from _addresses(document, turning)


def _counted(document: Document) -> Iterator[str]:
    """Yield the addresses of further pages that a script of TRS, a publishing system, counts.

    With countPage t2019_5_1.shtml is page 2 of t2019_5.shtml. createPageHTML counts the pages of an article or a list
    (index_1.html) and gives the file's name.
    """
    if created := CREATED.search(document.text) if "createPageHTML(" in document.text else None:
        for page in range(1, min(int(created[1]), MAX_PAGES)):
            if url := absolute(document.url, f"{created[3]}_{page}.{created[5]}"):
                yield url
        return
    found = COUNTED.search(document.text) if "countPage" in document.text else None
    if found is None:
        return
    address, ending, _ = re.split(r"(\.[a-z]{3,5}$|$)", document.url.partition("?")[0], maxsplit=1)
    first = re.sub(r"_\d{1,2}$", "", address) if document.further else address
    for page in range(1, min(int(found[1]), MAX_PAGES)):
        yield f"{first}_{page}{ending}"


def _addresses(document: Document, links: list[LexborNode]) -> Iterator[str]:
    base = base_of(document) if links else ""
    for link in links:
        if url := absolute(base, link.attributes.get("href")):
            yield url.partition("#")[0]
