"""Atom feeds (RFC 4287), paged by RFC 5005."""

from typing import Any

from feedgen.entry import FeedEntry  # type: ignore[import-untyped]
from feedgen.ext.base import BaseEntryExtension  # type: ignore[import-untyped]
from feedgen.feed import FeedGenerator  # type: ignore[import-untyped]
from lxml.etree import SubElement

from archive.publish.feeds.feed import FeedItem, FeedPage
from archive.publish.feeds.texts import of_xml

ATOM = "application/atom+xml; charset=utf-8"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def atom(feed: FeedPage) -> bytes:
    """The Atom document of a feed."""
    made = FeedGenerator()
    made.id(feed.id)
    made.title(of_xml(feed.title))
    made.subtitle(feed.subtitle)
    made.language(feed.lang)
    made.updated(feed.updated)
    made.author(name=feed.author)
    made.generator("Thinker Archive")
    made.link(href=feed.page, rel="alternate", type="text/html")
    made.link(href=feed.url, rel="self", type="application/atom+xml")
    for rel, url in (("first", feed.first), ("next", feed.older)):
        if url:
            made.link(href=url, rel=rel, type="application/atom+xml")
    for entry in feed.entries:
        made.add_entry(_entry(entry), order="append")
    document: bytes = made.atom_str()
    return document


class _Completed(BaseEntryExtension):  # type: ignore[misc] # feedgen has no types
    """Adds what feedgen cannot write: languages (RFC 4287 §2), and relations and types of links (§4.2.7)."""

    told: FeedItem

    def extend_atom(self, entry: Any) -> Any:
        """Complete the XML element of the entry and return it; feedgen calls this when it writes the entry."""
        entry.find("title").set(_LANG, self.told.lang)  # everything else is in the feed's language
        entry.find("link").attrib.update({"rel": "alternate", "type": "text/html"})
        if self.told.original:
            SubElement(entry, "link", href=self.told.original, rel="via")
        return entry


def _entry(entry: FeedItem) -> FeedEntry:
    made = FeedEntry()
    made.register_extension("completed", _Completed, atom=True, rss=False)
    made.completed.told = entry
    made.id(entry.id)
    made.title(of_xml(entry.title))
    made.updated(entry.updated)
    if entry.published:
        made.published(entry.published)
    made.link(href=entry.url)
    made.author([{"name": of_xml(name)} for name in entry.authors])
    made.category([{"term": of_xml(tag)} for tag in entry.tags])
    made.summary(of_xml(entry.summary) or None)
    made.content(of_xml(entry.content), type="html")  # HTML as text, so XML escapes it a second time
    return made
