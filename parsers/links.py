"""Where a list leads: the links of list pages, feeds, sitemaps and the publisher's own JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from lxml import etree

from parsers.dates import parse_date
from parsers.document import Document
from parsers.errors import ParseError
from parsers.gated import Gated
from parsers.shangguan_rows import ARTICLE_ADDRESS, has_safe_id, is_article
from parsers.shangguan_rows import json_rows as json_rows
from parsers.urls import safe_url, urlkey

LINK_LIMIT = 50_000  # as the sitemap protocol allows in one file
MAX_TITLE_CHARACTERS = 500
NEXT_WORDS = Gated(
    r"^[\s\[【<]*(?:下一?[页頁]|后一?页|后页|next(?:\s+page)?|older(?:\s+(?:posts|entries))?|›|»|>)[\s\]】>›»→]*$",
    re.IGNORECASE,
)
NOWHERE = ("#", "data:")  # a place on the page itself, and the placeholder of a picture
PINNED = re.compile(r"^[\[【]?置顶[\]】]?\s*")  # a mark of the list, not of the title
DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)

Kind = Literal["article", "list", "sitemap"]


@dataclass(frozen=True, slots=True)
class Link:
    """Where a list leads: an absolute http(s) url, what the list calls it, and when it says that it appeared."""

    url: str
    title: str | None = None
    published_at: datetime | None = None  # aware; of a sitemap: lastmod
    kind: Kind = "article"


def absolute(base: str, reference: str | None) -> str | None:
    """The reference as an absolute http(s) url; None when it leads nowhere safe."""
    cleaned = (reference or "").strip()
    return safe_url(cleaned, base) if cleaned and not cleaned.startswith(NOWHERE) else None


def article_links(document: Document, scope: str | re.Pattern[str] = r"") -> list[Link]:
    """The page's links that match `scope` (searched in the absolute url), in page order, each once.

    A link that stands twice, round a picture and round a title, keeps the longest text as its title.
    """
    wanted = re.compile(scope)
    base = base_of(document)
    found: dict[str, Link] = {}
    for node in document.tree.css("a[href], area[href]"):
        url = absolute(base, node.attributes.get("href"))
        if url is not None and wanted.search(url):
            title = _title(node.attributes.get("title") or "", node.text(separator=" "))
            _keep(found, Link(_without_fragment(url), title))
    return list(found.values())[:LINK_LIMIT]


def feed_links(document: Document) -> list[Link]:
    """The entries of an RSS 2.0, RSS 1.0 or Atom (RFC 4287) feed. Raises ParseError when it is none."""
    root = _xml(document)
    if _name(root) not in ("rss", "RDF", "feed"):
        raise ParseError(f"expected a feed (rss, RDF or feed), got <{_name(root)}>")
    entries = (element for element in root.iter() if _name(element) in ("item", "entry"))
    return _unique(link for entry in entries if (link := _feed_link(entry, document)))


def sitemap_links(document: Document) -> list[Link]:
    """The addresses of a sitemap, news titles and dates included; of an index: its sitemaps, as kind "sitemap"."""
    root = _xml(document)
    kinds: dict[str, Kind] = {"urlset": "article", "sitemapindex": "sitemap"}
    if _name(root) not in kinds:
        raise ParseError(f"expected a sitemap (urlset or sitemapindex), got <{_name(root)}>")
    kind = kinds[_name(root)]
    entries = (element for element in root if _name(element) in ("url", "sitemap"))
    return _unique(link for entry in entries if (link := _sitemap_link(entry, document, kind)))


def json_list_links(document: Document, template: str = ARTICLE_ADDRESS) -> list[Link]:
    """The rows of a list JSON that are articles (newstype 0, 5, 6 or none), each id once.

    A row is any object with `id` and `title`, wherever it stands; `template` makes the url out of its values.
    Raises ParseError when the payload is no JSON.
    """
    if document.json is None:
        raise ParseError("expected a list in JSON, got something else")
    return _unique(link for row in json_rows(document.json) if (link := _row_link(row, document, template)))


def _row_link(row: Mapping[str, Any], document: Document, template: str) -> Link | None:
    if not (is_article(row) and has_safe_id(row)):
        return None
    url = absolute(document.url, template.format(id=row["id"]))
    return Link(url, _title(str(row["title"] or "")), _epoch(row.get("publishtime"))) if url else None


def _epoch(milliseconds: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def _xml(document: Document) -> etree._Element:
    """The root of an XML payload; a document type is refused, so no entity can be declared."""
    if DOCTYPE.search(document.text):
        raise ParseError("the XML declares a document type; feeds and sitemaps need none, so it is not read")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, recover=True, remove_comments=True
    )
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", document.text.lstrip("\ufeff"))
    try:
        root = etree.fromstring(text.strip().encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        raise ParseError(f"the XML cannot be read: {error.msg}") from error
    if root is None:
        raise ParseError("the XML has no element")
    return root


def _feed_link(entry: etree._Element, document: Document) -> Link | None:
    parts = _parts(entry)
    hrefs = (
        element for element in entry if _name(element) == "link" and element.get("rel", "alternate") == "alternate"
    )
    reference = next((element.get("href") for element in hrefs if element.get("href")), None)
    permalink = parts.get("guid") if (parts.get("guid") or "").startswith(("http://", "https://")) else None
    url = absolute(document.url, reference or parts.get("link") or permalink)
    date = parts.get("pubDate") or parts.get("published") or parts.get("date") or parts.get("updated")
    return Link(_without_fragment(url), _title(parts.get("title", "")), _time(date, document)) if url else None


def _sitemap_link(entry: etree._Element, document: Document, kind: Kind) -> Link | None:
    parts = _parts(entry)
    for element in entry:
        if _name(element) == "news":
            parts = {**_parts(element), **parts}
    url = absolute(document.url, parts.get("loc"))
    date = parts.get("publication_date") or parts.get("lastmod")
    return Link(_without_fragment(url), _title(parts.get("title", "")), _time(date, document), kind) if url else None


def _parts(entry: etree._Element) -> dict[str, str]:
    """The text of each child by its local name, the first of each."""
    parts: dict[str, str] = {}
    for element in entry:
        text = "".join(element.itertext()).strip()
        if text:
            parts.setdefault(_name(element), text)
    return parts


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _time(raw: str | None, document: Document) -> datetime | None:
    parsed = parse_date(raw, now=document.captured_at) if raw else None
    return parsed.value if parsed else None


def base_of(document: Document) -> str:
    node = document.tree.css_first("base[href]")
    return (absolute(document.url, node.attributes.get("href")) if node else None) or document.url


def _title(*texts: str) -> str | None:
    return max((PINNED.sub("", " ".join(text.split()))[:MAX_TITLE_CHARACTERS] for text in texts), key=len) or None


def _without_fragment(url: str) -> str:
    return url.partition("#")[0]


def _key(url: str) -> str:
    try:
        return urlkey(url)
    except ValueError:
        return url


def _keep(found: dict[str, Link], link: Link) -> None:
    known = found.get(link.url)
    if known is None or len(known.title or "") < len(link.title or ""):
        found[link.url] = link


def _unique(links: Iterable[Link]) -> list[Link]:
    found: dict[str, Link] = {}
    for link in links:
        found.setdefault(link.url, link)
        if len(found) >= LINK_LIMIT:
            break
    return list(found.values())
