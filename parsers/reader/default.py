"""The page class for any news page: JSON-LD and meta first, then the visible page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from typing import Any

from selectolax.lexbor import LexborNode

from parsers import people
from parsers.article import Media
from parsers.document import Document
from parsers.errors import NotAnArticle
from parsers.json_rows import json_rows
from parsers.links import absolute, following_page
from parsers.reader.body.documents.document_table import document_table
from parsers.reader.body.documents.signature import signed_fields
from parsers.reader.body.lines.list_pages import is_list
from parsers.reader.body.markup.blocks import read_blocks
from parsers.reader.body.markup.pictures import distinct, picture_address
from parsers.reader.byline.authors import AUTHORS
from parsers.reader.byline.speakers import witnessed_speaker
from parsers.reader.byline.unlabelled import bare_names, publisher_beside_date
from parsers.reader.frame.sections import CRUMBS, STATED, WORDPRESS
from parsers.reader.frame.tags import LINKED_KEYWORDS, TAGS
from parsers.reader.headline.shown import agreed_headline, meta_headline, only_h1, shown_headline, title_headline
from parsers.reader.headline.written import written_headline
from parsers.reader.page import ArticlePage
from parsers.reader.platforms import weixin
from parsers.reader.platforms.epaper_places import KICKER, PAPER, SECOND_HEADLINE, SIGNED
from parsers.reader.published.moments import MODIFIED_METAS, PUBLISHED, SHOWN_UPDATES
from parsers.reader.view import normalisers
from parsers.reader.view.candidates import Candidate, PageView, all_of, first, head_link, json_ld, meta
from parsers.reader.view.epaper import edition
from parsers.reader.view.thresholds import (
    MAX_FIGURES,
    MIN_PROSE_CHARACTERS,
    MIN_VERSE_CHARACTERS,
    MIN_VERSE_LINES,
    MIN_VERSE_LINES_CHARACTERS,
)
from parsers.titles import TitleParts

# (?>) is atomic: the text before the root is read only once.
FEED = re.compile(
    r"(?>\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*)<(?:rss|feed|urlset|sitemapindex|rdf:RDF)\b", re.DOTALL
)


def table_title(page: PageView) -> tuple[str, ...]:
    """The values of 标题, 名称, 信息名称 and 文件名称 in the page's document table; () without any.

    They are in the order of the table.
    """
    return tuple([value for name, value in page.table if name in ("标题", "名称", "信息名称", "文件名称")])


def _finder(find: Callable[[Document], str | None], rule: str) -> Candidate:
    return Candidate(lambda page: tuple(filter(None, [find(page.document)])), rule)


SHOWN = first(
    _finder(shown_headline, "heading that agrees with <title>"),
    _finder(written_headline, "lines of the page that <title> opens with"),
    _finder(agreed_headline, "json-ld headline that agrees with <title>"),
    _finder(meta_headline, "meta og:title and the like, without the site's name"),
    _finder(title_headline, "<title> without the site's name"),
    _finder(only_h1, "the only h1"),
)
LINKED_SECTIONS = json_ld("articleSection")
FURTHER_SECTIONS = Candidate(
    lambda page: tuple(map(html.unescape, LINKED_SECTIONS.of(page)[1:] or WORDPRESS.of(page)[1:])),
    "sections named beside the first one",
    (LINKED_SECTIONS, WORDPRESS),
    "inside",
)
LINKED_HEADLINE = json_ld("headline")

CREDITS = Candidate(lambda page: page.credits, "lines that name an author, an editor or a source")


def _told_by(lines: Candidate, what: str, names: Callable[[str], Iterable[str]]) -> Candidate:
    """A candidate that gives the names that `names` finds in each text of `lines`.

    Its rule is `what` followed by "in" and the rule of `lines`.
    """
    return Candidate(
        lambda page: tuple([name for line in lines.of(page) for name in names(line)]),
        f"{what} in {lines.rule}",
        (lines,),
        "inside",
    )


def authors_in(lines: Candidate) -> Candidate:
    """A candidate that gives the authors named in the texts that `lines` gives: 作者：, 记者, By."""
    return _told_by(lines, "authors", people.authors)


def names_in(lines: Candidate) -> Candidate:
    """A candidate that gives the authors named in the texts that `lines` gives.

    A text without a label such as 作者： counts only if it is nothing but Chinese names: 王小青 张立文.
    """
    return _told_by(lines, "names", lambda line: people.authors(line) or bare_names(line))


def editors_in(lines: Candidate) -> Candidate:
    """A candidate that gives the editors named in the texts that `lines` gives: 责任编辑：, 栏目主编：."""
    return _told_by(lines, "editors", people.editors)


def source_in(lines: Candidate) -> Candidate:
    """A candidate that gives one source, from the first text of `lines` with a label and a name: 来源：新华社.

    Texts without such a label give nothing.
    """

    def read(page: PageView) -> tuple[str, ...]:
        for line in lines.of(page):
            if name := people.source_line(line):
                return (name,)
        return ()

    return Candidate(read, f"source in {lines.rule}", (lines,), "inside")


def matched(pattern: str) -> Candidate:
    """A candidate that gives group 1 of each match of a pattern in `page.byline`, the lines that may name people."""
    form = re.compile(pattern)
    return Candidate(
        lambda page: tuple([found[1] for line in page.byline for found in form.finditer(line)]),
        f"byline of the form {pattern}",
    )


BYLINE, EDITORS, SOURCE = authors_in(CREDITS), editors_in(CREDITS), source_in(CREDITS)
SPEAKER = Candidate(
    lambda page: tuple([name for line in page.credits for name in people.speakers(line)][:1]),
    f"speaker in {CREDITS.rule}",
    (CREDITS,),
    "inside",
)
RESPONSIBLE = meta("author")
MANUSCRIPT_EDITOR = Candidate(
    lambda page: RESPONSIBLE.of(page) if "manuscriptid" in page.document.meta else (),
    "meta author beside meta manuscriptid, the responsible editor on pages of the State Council's system",
    (RESPONSIBLE,),
    "inside",
)
HEADLINE_SPEAKER = Candidate(
    witnessed_speaker, "Chinese name before the headline's colon, named as a person in byline, text or biography too"
)
STANDFIRST = Candidate(
    lambda page: tuple(filter(None, [" ".join(dict.fromkeys(page.lines.standfirst))])),
    "element between headline and text that is called a summary, holds sentences or is a heading; at the text's head "
    "one that is called so or has a label (摘要：)",
)
HEAD_SOURCE = source_in(Candidate(lambda page: page.head, "lines round the headline"))


def beside_date(page: PageView) -> tuple[str, ...]:
    """The publisher's name beside the date on a Chinese page (at most one), for pages that name it without a label.

    () on other pages, and if the name is an author, a heading or part of the headline.
    """
    name = publisher_beside_date(page.where) if (page.in_language or "").startswith("zh") else None
    others = {*BYLINE.of(page), *page.lines.headings}
    return (name,) if name and name not in others and name not in (page.headline_text or "") else ()


class DefaultPage(ArticlePage):
    """The page class of every site without a class of its own: it looks where most sites have each property."""

    headline = first(Candidate(table_title, "document table 标题, 名称"), SHOWN)
    alternative_headline = first(json_ld("alternativeHeadline"), SECOND_HEADLINE)
    kicker = KICKER
    article_section = first(LINKED_SECTIONS, STATED, WORDPRESS, *CRUMBS)
    speaker = first(SPEAKER, HEADLINE_SPEAKER)
    standfirst = STANDFIRST
    authors = first(weixin.AUTHOR, SIGNED, AUTHORS)
    editors = first(json_ld("editor.name"), EDITORS, MANUSCRIPT_EDITOR)
    source_line = first(
        weixin.ACCOUNT,
        HEAD_SOURCE,
        PAPER,
        Candidate(beside_date, "publisher's name beside the date of a Chinese page"),
        SOURCE,
        meta("source", "contentsource", "mediaid"),
    )
    keywords = TAGS
    date_published = all_of(weixin.MOMENT, PUBLISHED)
    date_modified = first(json_ld("dateModified"), meta(*MODIFIED_METAS), SHOWN_UPDATES)
    canonical_url = first(head_link("canonical"), meta("og:url"))

    def check(self) -> None:
        """Raise Gone or Restricted if the page is such a message, NotAnArticle if it is another page without article.

        Without article are a feed, JSON, a list, a page without a headline, and a page with too little prose that has
        no document table, holds no poem or notice and is not one of several pages of an article. `article` raises
        Blocked before it calls this.
        """
        self._refuse_other_formats()
        self.refuse_message("gone", "restricted")
        super().check()
        prose = self.lines.prose_up_to(MIN_PROSE_CHARACTERS)
        if prose < MIN_PROSE_CHARACTERS and not (self.table or self._is_part() or self._has_lines()):
            links, text = len(self.document.tree.css("a")), self.document.visible_text
            raise NotAnArticle(f"no prose: {links} links, {len(text):,} characters of text")
        if self._is_list():
            raise NotAnArticle("a list: most lines of its fullest part are links")

    def _has_lines(self) -> bool:
        """True if a page with a `shown_headline` holds a poem or a notice.

        Its lines without links have enough text or are at least MIN_VERSE_LINES, and as many as its lines with links.
        """
        if shown_headline(self.document) is None:
            return False
        lines = set(self.lines.paragraphs)
        texts = [block for block in self.blocks if block.kind == "text" and not block.linked]
        own = [block for block in texts if len(block.text) >= MIN_VERSE_CHARACTERS and block.text in lines]
        linked = sum([1 for block in self.blocks if block.linked])
        enough = len(own) >= MIN_VERSE_LINES or sum([len(line.text) for line in own]) >= MIN_VERSE_LINES_CHARACTERS
        return enough and linked <= len(own)

    def _is_list(self) -> bool:
        """True if the lines of the box are a list of links.

        False if the page has JSON-LD of an article or a document table, or is a further page of an article.
        """
        told = self.linked_article or self.table or self.document.further
        return not told and is_list(self.blocks)

    def _is_part(self) -> bool:
        """True for a further page of an article, and for one with JSON-LD of an article and a link to a next page."""
        return self.document.further or (bool(self.linked_article) and following_page(self.document) is not None)

    def _refuse_other_formats(self) -> None:
        if self.document.json is not None:
            raise NotAnArticle(f"JSON with {sum(1 for _ in json_rows(self.document.json))} rows, no page")
        if FEED.match(self.document.opening(10_000)):
            raise NotAnArticle("a feed or sitemap, no page")

    def tags(self, title: TitleParts) -> tuple[str, ...]:
        """The keywords: the title's tag line, else the page's tags, else the page's sections after the first one.

        With `tagged_titles` the keywords of JSON-LD, if there are any, are returned instead of all these.
        """
        linked = LINKED_KEYWORDS.of(self) if self.tagged_titles else ()
        tags = normalisers.keywords(linked) or title.keywords or normalisers.keywords(self.keywords.of(self))
        return tags or normalisers.keywords(FURTHER_SECTIONS.of(self))

    @cached_property
    def title(self) -> TitleParts:
        """The parts of the headline's line.

        With `tagged_titles`, JSON-LD's headline replaces the headline among the parts if the line contains it; the
        speaker is then dropped if JSON-LD's headline opens with the speaker's name.
        """
        parts = super().title
        linked = normalisers.line(LINKED_HEADLINE.of(self)) if self.tagged_titles else None
        if not linked or linked not in (self.headline_text or ""):
            return parts
        named = parts.speaker is not None and not linked.startswith(parts.speaker)
        return replace(parts, headline=linked, speaker=parts.speaker if named else None)

    @cached_property
    def table(self) -> tuple[tuple[str, str], ...]:
        """The label and value pairs of the page's document block (索引号, 发文机关 …); () without one."""
        return document_table(self.document)

    def text(self) -> dict[str, Any]:
        """The paragraphs, headings, heading_positions and links, by these names.

        In a page class that declares no `sources`, headings and standfirst are among the paragraphs too: on an unknown
        site the reader only guesses which lines they are.
        """
        return super().text() if self.sources else self.lines.whole_text()

    def metadata(self) -> tuple[tuple[str, str], ...]:
        """Label and value pairs: the document block, else 文号 and 成文日期 from a Chinese text.

        版 and 版名, the number and name of a newspaper's page, follow.
        """
        chinese = (self.in_language or "").startswith("zh")
        signed = signed_fields((*self.head, *self.lines.every_line)) if chinese and not self.table else ()
        return (*self.table, *signed, *edition(self.document))

    def media(self) -> tuple[Media, ...]:
        """Figures, then the body's pictures, then attachments; each once.

        The figures are all those in the <article> or <main> that holds the body; none without such an element.
        """
        return distinct((*self._figures(), *self.lines.media, *self.attachments))

    def _figures(self) -> list[Media]:
        article = self.box.parent if self.box is not None else None
        while article is not None and article.tag not in ("article", "main"):
            article = article.parent
        if article is None:
            return []
        found = []
        for figure in article.css("figure")[:MAX_FIGURES]:
            image = figure.css_first("img")
            address = absolute(self.document.url, picture_address(image)) if image is not None else None
            if address:
                found.append(Media(address, "image", _lines_of(figure.css_first("figcaption"))))
        return found


def _lines_of(caption: LexborNode | None) -> str | None:
    """The text of a caption in one line, such as description and photographer; None without any."""
    lines = read_blocks(caption, asides=True) if caption is not None else ()
    return " ".join([line.text for line in lines if line.kind != "image"]) or None
