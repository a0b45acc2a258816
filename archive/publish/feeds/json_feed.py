"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from typing import Any

from archive.publish.feeds.feed import FeedItem, FeedPage
from archive.publish.feeds.texts import of_xml

JSON_FEED = "application/feed+json; charset=utf-8"
VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(feed: FeedPage) -> dict[str, Any]:
    """The feed as a dict for JSON; optional fields without a value are left out."""
    return {
        "version": VERSION,
        "title": of_xml(feed.title),
        "description": feed.subtitle,
        "home_page_url": feed.page,
        "feed_url": feed.url,
        **({"next_url": feed.older} if feed.older else {}),
        "language": feed.lang,
        "authors": [{"name": feed.author}],
        "items": [_item(entry, feed.lang) for entry in feed.entries],
    }


def _item(entry: FeedItem, lang: str) -> dict[str, Any]:
    told = {
        "id": entry.id,
        "url": entry.url,
        "external_url": entry.original,
        "title": of_xml(entry.title),
        "summary": of_xml(entry.summary),
        "content_html": of_xml(entry.content),
        "date_published": entry.published.isoformat() if entry.published else None,
        "date_modified": entry.updated.isoformat(),
        "authors": [{"name": of_xml(name)} for name in entry.authors],
        "tags": [of_xml(tag) for tag in entry.tags],
        "language": entry.lang if entry.lang != lang else None,
    }
    return {name: value for name, value in told.items() if value or name == "content_html"}
