"""The page class for any news page: JSON-LD and meta first, then the visible page."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cached_property
from itertools import islice
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
from parsers.reader.byline.unlabelled import bare_names, could_publish, publisher_beside_date
from parsers.reader.frame.sections import CRUMBS, STATED, WORDPRESS
from parsers.reader.frame.tags import LINKED_KEYWORDS, TAGS
from parsers.reader.headline.shown import agreed_headline, meta_headline, only_h1, shown_headline, title_headline
from parsers.reader.headline.written import written_headline
from parsers.reader.page import ArticlePage
from parsers.reader.platforms import weixin
from parsers.reader.platforms.epaper_places import KICKER, PAPER, SECOND_HEADLINE, SIGNED
from parsers.reader.published.moments import MODIFIED_METAS, PUBLISHED, SHOWN_UPDATES
from parsers.reader.view import normalisers
from parsers.reader.view.candidates import Candidate, PageView, all_of, css, first, head_link, json_ld, meta
from parsers.reader.view.epaper import edition
from parsers.reader.view.thresholds import (
    MAX_FIGURES,
    MIN_PROSE_CHARACTERS,
    MIN_VERSE_CHARACTERS,
    MIN_VERSE_LINES_CHARACTERS,
)
from parsers.titles import TitleParts, speaker_in

MARKED_SOURCES = css(".source, #source, .article-source")
# (?>) is atomic: the text before the root is read only once.
FEED = re.compile(
    r"(?>\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*)<(?:rss|feed|urlset|sitemapindex|rdf:RDF)\b", re.DOTALL
)


def table_title(page: PageView) -> tuple[str, ...]:
    """The title in a document's table: 标题, 名称."""
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
    """A place that applies `names` to each of these lines."""
    return Candidate(
        lambda page: tuple([name for line in lines.of(page) for name in names(line)]),
        f"{what} in {lines.rule}",
        (lines,),
        "inside",
    )


def authors_in(lines: Candidate) -> Candidate:
    """A place for the authors that these lines name: 作者：, 记者, By."""
    return _told_by(lines, "authors", people.authors)


def names_in(lines: Candidate) -> Candidate:
    """A place for the authors that these lines name, with a label or without."""
    return _told_by(lines, "names", lambda line: people.authors(line) or bare_names(line))


def editors_in(lines: Candidate) -> Candidate:
    """A place for the editors that these lines name: 责任编辑：, 栏目主编：."""
    return _told_by(lines, "editors", people.editors)


def source_in(lines: Candidate) -> Candidate:
    """A place for the source that the first of these lines names: 来源：."""

    def read(page: PageView) -> tuple[str, ...]:
        for line in lines.of(page):
            if name := people.source_line(line):
                return (name,)
        return ()

    return Candidate(read, f"source in {lines.rule}", (lines,), "inside")


def matched(pattern: str) -> Candidate:
    """A place for a byline of its own form: group 1 of a pattern in the short lines round headline and body."""
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
    lambda page: tuple(filter(None, [speaker_in(page.headline_text or "")])), "Chinese name before the headline's colon"
)
STANDFIRST = Candidate(
    lambda page: tuple(filter(None, [" ".join(dict.fromkeys(page.lines.standfirst))])),
    "element between headline and text that is called a summary, holds sentences or is a heading; at the text's head "
    "one that is called so or has a label (摘要：)",
)
HEAD_SOURCE = source_in(Candidate(lambda page: page.head, "lines round the headline"))


def beside_date(page: PageView) -> tuple[str, ...]:
    """The publisher that a Chinese page names without a label, beside the date."""
    name = publisher_beside_date(page.where) if (page.in_language or "").startswith("zh") else None
    others = {*BYLINE.of(page), *page.lines.headings}
    return (name,) if name and name not in others and name not in (page.headline_text or "") else ()


def marked_source(page: PageView) -> tuple[str, ...]:
    """The publisher that a Chinese page marks as source; on other pages the source is that of a picture."""
    if not (page.in_language or "zh").startswith("zh"):
        return ()
    names = ((people.source_line(text) or text).strip(" ·•⋅|｜") for text in MARKED_SOURCES.of(page))
    return tuple(islice(filter(could_publish, names), 1))


class DefaultPage(ArticlePage):
    """A page of any site."""

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
        Candidate(marked_source, MARKED_SOURCES.rule),
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
        """Raise for messages, shells, lists and front pages: links without prose."""
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
        """True if lines without links stand under a sure headline, at least as many as lines with links."""
        if shown_headline(self.document) is None:
            return False
        lines = set(self.lines.paragraphs)
        texts = [block for block in self.blocks if block.kind == "text" and not block.linked]
        own = [block for block in texts if len(block.text) >= MIN_VERSE_CHARACTERS and block.text in lines]
        linked = sum([1 for block in self.blocks if block.linked])
        return linked <= len(own) and sum([len(block.text) for block in own]) >= MIN_VERSE_LINES_CHARACTERS

    def _is_list(self) -> bool:
        """True if links fill the fullest part of the page, and nothing marks it as an article."""
        told = self.linked_article or self.table or self.document.further
        return not told and is_list(self.blocks)

    def _is_part(self) -> bool:
        """True if the page is one of several of an article, and so may be short."""
        return self.document.further or (bool(self.linked_article) and following_page(self.document) is not None)

    def _refuse_other_formats(self) -> None:
        if self.document.json is not None:
            raise NotAnArticle(f"JSON with {sum(1 for _ in json_rows(self.document.json))} rows, no page")
        if FEED.match(self.document.opening(10_000)):
            raise NotAnArticle("a feed or sitemap, no page")

    def tags(self, title: TitleParts) -> tuple[str, ...]:
        """The page's tags; on a page class with tag lines, JSON-LD's keywords and the tag line go first.

        A page without any gets the sections that it names beside the first one.
        """
        linked = LINKED_KEYWORDS.of(self) if self.tagged_titles else ()
        tags = normalisers.keywords(linked) or title.keywords or normalisers.keywords(self.keywords.of(self))
        return tags or normalisers.keywords(FURTHER_SECTIONS.of(self))

    @cached_property
    def title(self) -> TitleParts:
        """The title's parts; a headline from JSON-LD within the line is the publisher's own reading of it."""
        parts = super().title
        linked = normalisers.line(LINKED_HEADLINE.of(self)) if self.tagged_titles else None
        if not linked or linked not in (self.headline_text or ""):
            return parts
        named = parts.speaker is not None and not linked.startswith(parts.speaker)
        return replace(parts, headline=linked, speaker=parts.speaker if named else None)

    @cached_property
    def table(self) -> tuple[tuple[str, str], ...]:
        """The document's own block; () without one."""
        return document_table(self.document)

    def text(self) -> dict[str, Any]:
        """The text; without a declared source headings and standfirst are guesses, and stay among the paragraphs."""
        return super().text() if self.sources else self.lines.whole_text()

    def metadata(self) -> tuple[tuple[str, str], ...]:
        """The document's own block, else number and day from its text; then the printed page."""
        chinese = (self.in_language or "").startswith("zh")
        signed = signed_fields((*self.head, *self.lines.every_line)) if chinese and not self.table else ()
        return (*self.table, *signed, *edition(self.document))

    def media(self) -> tuple[Media, ...]:
        """The pictures of the body, and the figures and attachments of the article round it."""
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
    """The lines of a caption joined in one: description and photographer."""
    lines = read_blocks(caption, asides=True) if caption is not None else ()
    return " ".join([line.text for line in lines if line.kind != "image"]) or None
