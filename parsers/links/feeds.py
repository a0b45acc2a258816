"""Links of feeds: RSS 0.9x to 2.0, Atom (RFC 4287), JSON Feed (jsonfeed.org, version 1.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from parsers.document import Document
from parsers.errors import ParseError
from parsers.links.link import Link, absolute, title_of, unique, without_fragment
from parsers.links.xml import moment_of, name_of, parts_of, xml_root
from parsers.text import folded
from parsers.titles import category_of

FEEDS = ("rss", "RDF", "feed", "entry", "Channel")  # the last two: an entry by itself, and RSS 1.1
CALLED = ("feed", "channel", "Channel")  # the elements whose title is that of the whole feed
JSON_FEED = ("https://jsonfeed.org/version/", "http://jsonfeed.org/version/")

ATOM = "{http://www.w3.org/2005/Atom}"
# A category whose domain (RSS) or scheme (Atom) matches is a tag: domain="…/namespaces/keywords/des", "post_tag".
MAX_SCHEME_CHARACTERS = 200
OF_TAGS = re.compile(r"keyword|tags?\b|subjects?\b|#kind\b", re.IGNORECASE)

Place = tuple[etree._Element, str | None]  # an element, and the reference that it holds


def feed_links(document: Document) -> list[Link]:
    """The links of a feed's entries, each address once, at most MAX_LINKS; entries without a safe address are left out.

    Raises ParseError if the document is no feed: RSS, RDF, Atom or JSON Feed.
    """
    if document.json is not None:
        site = _site(document.json.get("title")) if isinstance(document.json, dict) else _site(None)
        return unique(link for item in _items(document.json) if (link := _item_link(item, document, site)))
    root = xml_root(document)
    if name_of(root) not in FEEDS:
        raise ParseError(f"expected a feed (rss, RDF or feed), got <{name_of(root)}>")
    site = _site(_title(root))
    entries = (element for element in root.iter() if name_of(element) in ("item", "entry"))
    return unique(link for entry in entries if (link := _feed_link(entry, document, site)))


def _title(root: etree._Element) -> str | None:
    """The title that a feed gives itself, or None."""
    places = (each for each in (root, *root) if name_of(each) in CALLED)
    return next((child.text for place in places for child in place if name_of(child) == "title"), None)


def _site(title: Any) -> frozenset[str]:
    """A set with the title of a feed as `folded` compares it; empty without a title.

    A category of that name is the site, not a section.
    """
    return frozenset([folded(title)]) if isinstance(title, str) and title.strip() else frozenset()


def _items(feed: Any) -> list[Mapping[str, Any]]:
    if not (isinstance(feed, dict) and str(feed.get("version")).startswith(JSON_FEED)):
        raise ParseError("expected a feed, got JSON that is no JSON Feed")
    items = feed.get("items")
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []


def _item_link(item: Mapping[str, Any], document: Document, site: frozenset[str]) -> Link | None:
    said = {name: value for name, value in item.items() if isinstance(value, str)}
    permalink = said["id"] if said.get("id", "").startswith(("http://", "https://")) else None
    url = absolute(document.url, said.get("url") or permalink)
    if url is None:
        return None
    date, title = said.get("date_published") or said.get("date_modified"), title_of(said.get("title", ""))
    tags = item.get("tags")
    names = (tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()
    return Link(without_fragment(url), title, moment_of(date, document), section=category_of(names, title, site))


def _feed_link(entry: etree._Element, document: Document, site: frozenset[str]) -> Link | None:
    parts = parts_of(entry)
    url = next((url for place in _places(entry) if (url := _resolved(*place, document))), None)
    if url is None:
        return None
    date = parts.get("pubDate") or parts.get("published") or parts.get("date") or parts.get("updated")
    title = title_of(parts.get("title", ""))
    section = category_of(_categories(entry), title, site)
    return Link(without_fragment(url), title, moment_of(date, document), section=section)


def _categories(entry: etree._Element) -> Iterator[str]:
    """Yield the names of an entry's categories in order: the text in RSS, the attribute label or else term in Atom.

    Left out as tags are categories whose domain (RSS) or scheme (Atom) contains a word such as keyword, tag or subject
    (OF_TAGS): domain="post_tag". Those of other namespaces (media:category) describe pictures and programmes and do not
    count.
    """
    for element in entry:
        if element.tag not in ("category", f"{ATOM}category"):
            continue
        if OF_TAGS.search((element.get("domain") or element.get("scheme") or "")[-MAX_SCHEME_CHARACTERS:]):
            continue
        yield element.get("label") or element.get("term") or "".join(element.itertext())


def _places(entry: etree._Element) -> Iterator[Place]:
    """Yield the elements that hold an entry's address, best first, each with the address as written.

    Best is Atom's alternate, then RSS's link, then an id that is an address.
    """
    links = [element for element in entry if name_of(element) == "link"]
    alternates = [element for element in links if element.get("rel", "alternate") == "alternate"]
    yield from ((element, element.get("href")) for element in alternates if element.get("href"))
    yield from ((element, element.text) for element in links if (element.text or "").strip())
    for element in entry:
        is_identity = name_of(element) in ("guid", "id") and element.get("isPermaLink", "true") != "false"
        if is_identity and (element.text or "").strip().startswith(("http://", "https://")):
            yield element, element.text


def _resolved(element: etree._Element, reference: str | None, document: Document) -> str | None:
    """The reference made absolute by xml:base (XML Base, W3C 2009), else by the document's address.

    None if it is empty or not safe.
    """
    base = absolute(document.url, element.base) or document.url
    return absolute(base, reference)
