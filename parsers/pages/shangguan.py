"""上观新闻: the JSON of getNewsDetail, and the server-rendered pages of 2017 to 2020."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs

from selectolax.lexbor import LexborHTMLParser

from parsers.article import RelatedLink
from parsers.document import Document, is_cut, parse_markup
from parsers.errors import Gone, NotAnArticle, Restricted
from parsers.json_rows import is_article, json_rows
from parsers.reader import (
    BYLINE,
    EDITORS,
    SHOWN,
    SHOWN_DATES,
    SOURCE,
    ArticlePage,
    Box,
    DefaultPage,
    authors_in,
    css,
    field,
    first,
    in_url,
    source_in,
)
from parsers.text import folded

HOSTS = frozenset({"shobserver.com", "jfdaily.com", "shobserver.cn", "jfdaily.com.cn"})


class JsonPage(ArticlePage):
    """The base of pages that are an answer in JSON: one of its values, `fragment`, is the body as an HTML fragment."""

    timezone = "Asia/Shanghai"
    tagged_titles = True
    fragment = field("")
    authors = BYLINE
    editors = EDITORS
    source_line = SOURCE

    def check(self) -> None:
        """Check the layout first if the answer has a body: a required property that is missing raises LayoutChanged.

        After that, or without a body, raise NotAnArticle if there is no headline.
        """
        if self.fragment.of(self):
            self.check_layout()
        super().check()

    @property
    def _markup(self) -> bytes:
        return "".join(self.fragment.of(self)[:1]).encode("utf-8", "replace")

    @property
    def is_cut(self) -> bool:
        return is_cut(self._markup)

    @cached_property
    def body_tree(self) -> LexborHTMLParser:
        return parse_markup(self._markup)

    @cached_property
    def place(self) -> Box | None:
        body = self.body_tree.body
        return Box(body, rule=f"the fragment in {self.fragment.rule}") if body is not None else None

    @cached_property
    def tail(self) -> tuple[str, ...]:
        return ()

    @cached_property
    def byline(self) -> tuple[str, ...]:
        return self.lines.machinery

    def related(self) -> tuple[RelatedLink, ...]:
        return ()


class ShangguanPage(JsonPage):
    """`/news/getNewsDetail?id=`; addtime and edittime name other days, so only publishtime is a date."""

    sources = frozenset({"shangguan"})
    hosts = HOSTS
    headline = field("object.title")
    standfirst = field("object.summary")
    date_published = field("object.publishtime")
    identity = field("object.id")
    required = ("headline", "date_published")
    fragment = field("object.detail")

    def check(self) -> None:
        answer = self.document.json
        if not isinstance(answer, dict):
            links = len(self.document.tree.css("a[href]"))
            raise NotAnArticle(
                f"a list page, {links} links" if links > 3 else "shell: the same page for every id proves nothing"
            )
        self._check_names(answer.get("object"))
        if rows := sum("detail" not in row for row in json_rows(answer)):
            raise NotAnArticle(f"a list in JSON, {rows} rows")
        if answer.get("success") is not True:
            raise Gone("success is not true in the publisher's answer")
        _check_row(answer.get("object"), _asked(self.document))
        super().check()
        if not self.lines.paragraphs or folded(self.lines.paragraphs[0]) == folded(self.headline_text or ""):
            raise NotAnArticle("detail is empty or repeats the title")

    def _check_names(self, row: Any) -> None:
        """Raise LayoutChanged if the requested row has a title but no `detail`, where this layout has the article.

        If that row is no article for everybody, the error of `_check_row` is raised first.
        """
        if isinstance(row, dict) and "title" in row and "detail" not in row and "id" in row:
            asked = _asked(self.document)
            if asked == str(row["id"]):
                _check_row(row, asked)
                self.refuse_layout("fragment")


class ShangguanDetailPage(DefaultPage):
    """`/news/detail?id=` (seen 2017-2020) and the export for search engines, which kept that layout."""

    sources = frozenset({"shangguan"})
    hosts = HOSTS
    paths = re.compile(r"/news/detail\b|/baijiahao/html/|/news/viewNewsDetail|/wx/detail\.do")
    timezone = "Asia/Shanghai"
    tagged_titles = True
    required = ("headline", "body")
    body = ("#newscontents", ".newscontents", ".news-content", ".news-container")
    left_out = ".news-edit-info, .xiazai-top"
    headline = first(css("div.left > div.wz_contents"), css(".news-title"), SHOWN)
    standfirst = css(".wz_contents1 > div:first-child")
    source_line = first(source_in(css(".fenxiang_zz span")), SOURCE)
    authors = first(authors_in(css(".fenxiang_zz span")), BYLINE)
    date_published = first(css(".fenxiang_zz"), css(".publish-time"), SHOWN_DATES)
    article_section = css(".weizhi > a:last-of-type")
    identity = in_url(r"(?:id=|/)(\d+)(?:\.html)?(?:[&#]|$)")


def _check_row(row: Any, asked: str | None) -> None:
    """Raise NotAnArticle or Restricted if the answer's object is not the article asked for, free for everybody.

    Without `asked` any id will do.
    """
    if not isinstance(row, dict):
        raise NotAnArticle("the answer has no object")
    if asked and str(row.get("id")) != asked:
        raise NotAnArticle(f"asked for id {asked}, got id {row.get('id')}")
    if str(row.get("ismember") or "0").casefold() not in ("0", "false"):
        raise Restricted("for members only (ismember)")
    if not is_article(row):
        raise NotAnArticle(f"newstype {row.get('newstype')} is no article")


def _asked(document: Document) -> str | None:
    """The id that the url asks for, as text: ?id=N, or N.html; None without one."""
    parts = document.address
    named = parse_qs(parts.query).get("id")
    number = re.search(r"/(\d+)\.html$", parts.path)
    return named[0] if named else number[1] if number else None
