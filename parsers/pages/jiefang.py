"""解放日报 in print: the JSON of both generations of its electronic edition."""

from __future__ import annotations

import json
import re

from parsers.article import Media
from parsers.errors import Gone, NotAnArticle
from parsers.links import absolute
from parsers.pages.candidates import Candidate, field, first
from parsers.pages.shangguan import HOSTS, JsonPage


def _article(name: str) -> Candidate:
    return first(field(f"object.article.{name}"), field(f"article.{name}"))


class JiefangPage(JsonPage):
    """`article` until 2024-12-15, `object.article` since; paragraphs are joined by <br/>."""

    sources = frozenset({"jiefang"})
    hosts = HOSTS
    paths = re.compile(r"/journal/")
    headline = _article("title")
    kicker = _article("introtitle")
    alternative_headline = _article("subtitle")
    article_section = _article("columns")
    authors = _article("author")
    source_line = _article("source")
    date_published = _article("jdate")
    identity = _article("id")
    fragment = _article("content")
    pictures = _article("pincurls")
    deleted = _article("deleted")

    def check(self) -> None:
        if not isinstance(self.document.json, dict):
            raise NotAnArticle("expected the JSON of an article, got something else")
        if not self.headline(self):
            raise NotAnArticle("the JSON holds no article")
        if "".join(self.deleted(self)) not in ("", "0", "False"):
            raise Gone("the publisher marks the article as deleted")
        if self.headline_text == "广告":
            raise NotAnArticle("an advertisement")
        super().check()
        if not self.lines.paragraphs:
            raise NotAnArticle("the article has no content")

    def media(self) -> tuple[Media, ...]:
        """pincurls is JSON inside a string; its items spell title as ttile."""
        try:
            items = json.loads("".join(self.pictures(self)[:1]) or "[]")
        except ValueError:
            return ()
        found = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        addresses = ((absolute(self.document.url, str(item.get("url") or "")), item) for item in found)
        return tuple(Media(url, "image", item.get("ttile") or item.get("name") or None) for url, item in addresses if url)
