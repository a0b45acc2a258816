"""解放日报 in print: the JSON of both generations of its electronic edition."""

from __future__ import annotations

import json
import re
from functools import cached_property

from parsers.article import Media
from parsers.errors import Gone, NotAnArticle
from parsers.links import absolute
from parsers.pages.shangguan import HOSTS, JsonPage
from parsers.reader import Block, Body, Candidate, PageView, field, first, in_url, read_body, read_lines
from parsers.text import author_post, is_section_heading
from parsers.titles import column_key, is_column


def _thinkers(page: PageView) -> tuple[str, ...]:
    """The speaker of an essay in the column 思想者, who is its author in the JSON; () for other articles.

    That column is named after its speakers.
    """
    columns = (*_article("columns").of(page), *_article("introtitle").of(page))
    return _article("author").of(page) if any(column_key(name) == "sixiangzhe" for name in columns) else ()


def _article(name: str) -> Candidate:
    return first(field(f"object.article.{name}"), field(f"article.{name}"))


class JiefangPage(JsonPage):
    """An article in JSON: `article` until 2024-12-15, `object.article` since; paragraphs are joined by <br/>."""

    sources = frozenset({"jiefang"})
    hosts = HOSTS
    paths = re.compile(r"/journal/")
    headline = _article("title")
    kicker = Candidate(
        lambda page: tuple(line for line in _article("introtitle").of(page) if not is_column(line)),
        "introtitle that names no column",
        (_article("introtitle"),),
        "inside",
    )
    speaker = Candidate(_thinkers, "author of an essay in 思想者", (_article("author"),), "inside")
    alternative_headline = _article("subtitle")
    article_section = _article("columns")
    authors = _article("author")
    source_line = _article("source")
    date_published = _article("jdate")
    identity = _article("id")
    fragment = _article("content")
    required = ("headline",)  # jdate was not seen in the newer answers
    pictures = _article("pincurls")
    deleted = _article("deleted")
    page_number = first(_article("pnumber"), in_url(r"/journal/\d{4}-\d\d-\d\d/(\w{1,4})/article/"))
    page_name = _article("pname")

    def check(self) -> None:
        if not isinstance(self.document.json, dict):
            self.refuse_message("gone", "restricted")
            raise NotAnArticle("expected the JSON of an article, got something else")
        if self.document.json.get("success") is False:
            raise Gone("success is false in the publisher's answer")
        if not self.headline.of(self) and not self.fragment.of(self):
            raise NotAnArticle("the JSON holds no article")
        if "".join(self.deleted.of(self)) not in ("", "0", "False"):
            raise Gone("the publisher marks the article as deleted")
        if self.headline_text == "广告":
            raise NotAnArticle("an advertisement")
        super().check()
        if not self.lines.paragraphs:
            raise NotAnArticle("the article has no content")

    @cached_property
    def lines(self) -> Body:
        """The body's lines; the print edition marks no headings, so lines with the shape of one become headings.

        The first line never does.
        """
        if self.box is None:
            return Body()
        blocks = read_lines(self.box)
        return read_body([*blocks[:1], *map(_named, blocks[1:])], self.headline_text, self.document.url)

    def metadata(self) -> tuple[tuple[str, str], ...]:
        """Number (版) and name (版名) of the printed page, each if the answer has it; the number else by address."""
        told = (("版", self.page_number), ("版名", self.page_name))
        return tuple([(name, str(value)) for name, place in told for value in place.of(self)[:1]])

    def media(self) -> tuple[Media, ...]:
        """The pictures in pincurls, a text of JSON inside the JSON, whose items spell title as ttile.

        Items without a safe address are left out; () if the text is no list in JSON.
        """
        try:
            items = json.loads("".join(self.pictures.of(self)[:1]) or "[]")
        except ValueError:
            return ()
        found = [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
        addresses = ((absolute(self.document.url, str(item.get("url") or "")), item) for item in found)
        return tuple(
            Media(url, "image", item.get("ttile") or item.get("name") or None) for url, item in addresses if url
        )


def _named(line: Block) -> Block:
    """The line, as a heading if its words have the shape of one and are not the author's job title."""
    heads = line.kind == "text" and is_section_heading(line.text) and not author_post(line.text)
    return line._replace(kind="heading") if heads else line
