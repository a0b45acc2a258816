"""Where a list leads: the links of list pages, feeds, sitemaps and the publisher's own JSON."""

from parsers.json_rows import json_rows
from parsers.links.embedded import json_document
from parsers.links.feeds import feed_links
from parsers.links.link import Link, absolute
from parsers.links.pages import NEXT_WORDS, article_links, base_of
from parsers.links.pieces import SIZE_LIMIT, is_packed
from parsers.links.rows import json_list_links, why_without_links
from parsers.links.sitemaps import sitemap_links

__all__ = [
    "NEXT_WORDS",
    "SIZE_LIMIT",
    "Link",
    "absolute",
    "article_links",
    "base_of",
    "feed_links",
    "is_packed",
    "json_document",
    "json_list_links",
    "json_rows",
    "sitemap_links",
    "why_without_links",
]
