"""Where a feed leads: RSS 0.9x to 2.0, Atom (RFC 4287), JSON Feed (jsonfeed.org, version 1.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from parsers.document import Document
from parsers.errors import ParseError
from parsers.links.link import Link, absolute, title_of, unique, without_fragment
from parsers.links.xml import moment_of, name_of, parts_of, xml_root

FEEDS = ("rss", "RDF", "feed", "entry", "Channel")  # the last two: an entry by itself, and RSS 1.1
JSON_FEED = ("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")

Place = tuple[etree._Element, str | None]  # an element, and the reference that it holds


def feed_links(document: Document) -> list[Link]:
    """The entries of a feed. Raises ParseError when it is none."""
    if document.json is not None:
        return unique(link for item in _items(document.json) if (link := _item_link(item, document)))
    root = xml_root(document)
    if name_of(root) not in FEEDS:
        raise ParseError(f"expected a feed (rss, RDF or feed), got <{name_of(root)}>")
    entries = (element for element in root.iter() if name_of(element) in ("item", "entry"))
    return unique(link for entry in entries if (link := _feed_link(entry, document)))


def _items(feed: Any) -> list[Mapping[str, Any]]:
    if not (isinstance(feed, dict) and str(feed.get("version")).startswith(JSON_FEED)):
        raise ParseError("expected a feed, got JSON that is no JSON Feed")
    items = feed.get("items")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _item_link(item: Mapping[str, Any], document: Document) -> Link | None:
    said = {name: value for name, value in item.items() if isinstance(value, str)}
    permalink = said["id"] if said.get("id", "").startswith(("http://", "https://")) else None
    url = absolute(document.url, said.get("url") or permalink)
    date = said.get("date_published") or said.get("date_modified")
    return Link(without_fragment(url), title_of(said.get("title", "")), moment_of(date, document)) if url else None


def _feed_link(entry: etree._Element, document: Document) -> Link | None:
    parts = parts_of(entry)
    url = next((url for place in _places(entry) if (url := _resolved(*place, document))), None)
    date = parts.get("pubDate") or parts.get("published") or parts.get("date") or parts.get("updated")
    return Link(without_fragment(url), title_of(parts.get("title", "")), moment_of(date, document)) if url else None


def _places(entry: etree._Element) -> Iterator[Place]:
    """Where the entry stands, the best first: Atom's alternate, RSS's link, an identity that is an address."""
    links = [element for element in entry if name_of(element) == "link"]
    alternates = [element for element in links if element.get("rel", "alternate") == "alternate"]
    yield from ((element, element.get("href")) for element in alternates if element.get("href"))
    yield from ((element, element.text) for element in links if (element.text or "").strip())
    for element in entry:
        is_identity = name_of(element) in ("guid", "id") and element.get("isPermaLink", "true") != "false"
        if is_identity and (element.text or "").strip().startswith(("http://", "https://")):
            yield element, element.text


def _resolved(element: etree._Element, reference: str | None, document: Document) -> str | None:
    """The reference as the document's address or an xml:base (XML Base, W3C 2009) makes it absolute."""
    base = absolute(document.url, element.base) or document.url
    return absolute(base, reference)
