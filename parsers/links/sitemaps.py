"""Links of sitemaps (sitemaps.org): XML or plain text, packed or not, read piece by piece."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import chain

from lxml import etree

from parsers.dates import parse_date
from parsers.document import Document
from parsers.errors import ParseError
from parsers.links.feeds import FEEDS, feed_links
from parsers.links.link import MAX_LINKS, Kind, Link, absolute, title_of, without_fragment
from parsers.links.pieces import PIECE_BYTES, is_packed, text_pieces
from parsers.links.xml import moment_of, name_of, parts_of, xml_events

ROOTS: dict[str, Kind] = {"urlset": "article", "sitemapindex": "sitemap"}
ENTRIES = ("url", "sitemap")
MAX_ELEMENTS_PER_ENTRY = 20_000  # up to the end of an entry: a thousand pictures with their texts are fewer


def sitemap_links(document: Document) -> Iterator[Link]:
    """Yield a Link for each address of a sitemap once, with news title and date; in an index their kind is "sitemap".

    A feed is a sitemap too, and so is a text with one address per line. Raises ParseError for anything else, and, once
    the links up to there are yielded, at more than MAX_LINKS addresses, MAX_UNPACKED_BYTES bytes, or
    MAX_ELEMENTS_PER_ENTRY elements up to the end of an entry.
    """
    pieces = text_pieces(document)
    first = next(pieces)
    links = _of_xml if first.lstrip()[:1] in ("<", "") else _of_text
    seen: set[str] = set()
    for link in links(chain([first], pieces), document):
        if link.url not in seen:
            if len(seen) >= MAX_LINKS:
                raise ParseError(f"names more than {MAX_LINKS:,} addresses: those behind them are not read")
            seen.add(link.url)
            yield link


def _of_xml(pieces: Iterable[str], document: Document) -> Iterator[Link]:
    events = xml_events(pieces)
    root = next((element for _, element in events), None)
    if root is None:
        raise ParseError("the XML has no element")
    if name_of(root) in FEEDS:
        yield from feed_links(_unpacked(document))
        return
    kind = ROOTS.get(_name(root))
    if kind is None:
        raise ParseError(f"expected a sitemap (urlset or sitemapindex), got <{name_of(root)}>")
    for entry in _entries(root, events):
        link = _sitemap_link(entry, document, kind)
        if link is not None:
            yield link


def _entries(root: etree._Element, events: Iterable[tuple[str, etree._Element]]) -> Iterator[etree._Element]:
    """Yield each <url> or <sitemap> under the root once it is whole, then drop it: a long file takes little memory.

    Other children of the root are dropped too. Raises ParseError for more than MAX_ELEMENTS_PER_ENTRY elements between
    two entries.
    """
    inside = 0
    for event, element in events:
        inside += event == "start"
        if inside > MAX_ELEMENTS_PER_ENTRY:
            raise ParseError(
                f"has more than {MAX_ELEMENTS_PER_ENTRY:,} elements between two entries: the rest is not read"
            )
        if event == "end" and element.getparent() is root:
            if _name(element) in ENTRIES:
                yield element
                inside = 0
            root.remove(element)


def _of_text(pieces: Iterable[str], _document: Document) -> Iterator[Link]:
    lines = (line for line in _lines(pieces) if line)
    first = next(lines, "")
    if absolute("", first) is None:
        raise ParseError("expected a sitemap, got a text whose first line is no address")
    for line in chain([first], lines):
        if url := absolute("", line):
            yield Link(without_fragment(url))


def _lines(pieces: Iterable[str]) -> Iterator[str]:
    rest = ""
    for piece in pieces:
        *lines, rest = (rest + piece).split("\n")
        yield from (line.strip() for line in lines)
        if len(rest) > PIECE_BYTES:  # each further piece would copy the whole line again
            raise ParseError(f"has a line of more than {PIECE_BYTES:,} characters: the rest is not read")
    yield rest.strip()


def _unpacked(document: Document) -> Document:
    if not is_packed(document.payload):
        return document
    text = "".join(text_pieces(document))
    return replace(document, payload=text.encode(), content_type="application/xml; charset=utf-8")


def _sitemap_link(entry: etree._Element, document: Document, kind: Kind) -> Link | None:
    parts = _parts(entry)
    for element in entry:
        if _name(element) == "news":
            parts = {**_parts(element), **parts}
    url = absolute(document.url, parts.get("loc"))
    if url is None:
        return None
    if kind == "sitemap":
        return Link(without_fragment(url), None, _latest(parts.get("lastmod"), document), kind)
    date = parts.get("publication_date") or parts.get("lastmod")
    return Link(without_fragment(url), title_of(parts.get("title", "")), moment_of(date, document), kind)


def _name(element: etree._Element) -> str:
    """The local name in lower case: real sites write <sitemapIndex> and <lastMod>."""
    return name_of(element).lower()


def _parts(entry: etree._Element) -> dict[str, str]:
    return {name.lower(): text for name, text in reversed(parts_of(entry).items())}


def _latest(raw: str | None, document: Document) -> datetime | None:
    """The last moment that a date may mean, or None: a file that changed on a day may have changed at its end."""
    parsed = parse_date(raw, now=document.captured_at) if raw else None
    return parsed.latest if parsed else None
