"""Data of the printed edition on a page of an electronic newspaper: the paper, the page (版) and its name, the titles.

The systems are Founder's (人民日报, 光明日报, 经济日报, 南方日报 …) and similar ones: a comment `enpproperty` with
the editors' entries, a line 《人民日报》（2024年04月13日 第 05 版）, the names of the issue's pages: 第05版：评论.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from itertools import islice
from typing import NamedTuple

from parsers.document import Document, once
from parsers.reader.view.thresholds import (
    MAX_BEFORE_PRINTED,
    MAX_ISSUE_TITLE,
    MAX_LOOKED_AT,
    MAX_PAGE_MARKS,
    MAX_PRINTED_PROPERTIES,
)
from parsers.text import clean_text, holds_han

COMMENT, END_OF_COMMENT = "<!--enpproperty", "-->"
PROPERTIES = ("introtitle", "subtitle", "author", "nodename")
MARKUP = re.compile(r"<[^<>]{1,200}>")
PAGE = r"(?:第\s{0,4})?(?:000(?=\d{2}))?(?P<number>[A-Z]{0,2}\d{1,3})\s{0,4}版"
PAGE_MARK = re.compile(rf"{PAGE}\s{{0,4}}[:：]\s{{0,4}}(?P<name>\S.{{0,18}})")
PRINTED_LINE = re.compile(
    r"《\s{0,20}(?P<paper>[^《》\s]{2,20})\s{0,20}》\s{0,20}[（(]\s{0,20}\d{4}\s?年\s?\d{1,2}\s?月\s?\d{1,2}\s?日"
    rf"[^（()）]{{0,20}}?{PAGE}\s{{0,20}}[)）]"
)
# 版次：A05 版名：笔会, of newspapers whose pages are programs. Books have 版次 too, but neither name nor day beside it.
LABELLED = re.compile(
    r"版\s?次\s{0,4}[:：]\s{0,4}(?:第\s{0,4})?(?P<number>[A-Z]{0,2}\d{1,3})(?![\d年])\s{0,4}版?[^。]{0,20}?"
    r"(?:(?:版\s?名|栏\s?目)\s{0,4}[:：]\s{0,4}(?P<name>\S{1,18})|\d{4}\s?[-年]\s?\d{1,2}\s?[-月]\s?\d{1,2}\b)"
)
IN_TITLE = re.compile(rf"(?<![^_\s-]){PAGE}\s{{0,4}}[:：]\s{{0,4}}(?P<name>[^_\s-]{{1,18}})")
IN_URL = re.compile(r"/nw\.[A-Za-z0-9]+_\d{8}_\d+-(\d{2,3})\.html?")


class Printed(NamedTuple):
    """An article's place in print: name of the paper, number and name of the page; None for anything unknown."""

    paper: str | None = None
    number: str | None = None
    name: str | None = None


@once
def printed_properties(document: Document) -> Mapping[str, str]:
    """The editors' entries introtitle, subtitle, author and nodename in the comment enpproperty, by these names.

    Empty entries are left out; {} without the comment.
    """
    if b"enpproperty" not in document.payload:
        return {}
    start = document.text.find(COMMENT)
    comment = document.text[start : start + MAX_PRINTED_PROPERTIES].partition(END_OF_COMMENT)[0] if start >= 0 else ""
    told = {name: _plain(_between(comment, f"<{name}>", f"</{name}>")) for name in PROPERTIES}
    return {name: value for name, value in told.items() if value}


def _between(text: str, opening: str, closing: str) -> str:
    return text.partition(opening)[2].partition(closing)[0]


@once
def printed(document: Document) -> Printed:
    """Name of the paper, number and name of the article's page, with None for each not found.

    Without a surer place the number is that of the newspaper pages named on the page, if all have the same number. The
    page has no name if it has no number; the paper does not depend on them. `Printed()`, all None, for a page without
    Han characters at its beginning.
    """
    if not holds_han(document.visible_text[:MAX_LOOKED_AT]):
        return Printed()
    line = _printed_line(document.visible_text)
    marks = _marks(document)
    number = _told_number(document, line) or (marks[0][0] if len({mark[0] for mark in marks}) == 1 else None)
    name = next((told for mark, told in marks if number and mark.lstrip("0") == number.lstrip("0")), None)
    return Printed(line["paper"] if line else None, number, name)


def edition(document: Document) -> tuple[tuple[str, str], ...]:
    """The pairs ("版", number) and ("版名", name) of the printed page, without an unknown one; () without both."""
    where = printed(document)
    rows = (("版", where.number), ("版名", where.name))
    return tuple([(label, value) for label, value in rows if value])


def is_printed(document: Document) -> bool:
    """True if a page has the editors' entries of a newspaper or the number of a printed page."""
    return bool(printed_properties(document)) or printed(document).number is not None


def _told_number(document: Document, line: re.Match[str] | None) -> str | None:
    """The number of the printed page: in the editors' entries, else in `line`, else in the address; None without one.

    `line` is the match of `_printed_line`.
    """
    told = PAGE_MARK.fullmatch(printed_properties(document).get("nodename", ""))
    found = IN_URL.search(document.url)
    return told["number"] if told else line["number"] if line else found[1] if found else None


def _marks(document: Document) -> list[tuple[str, str]]:
    """The (number, name) of each newspaper page that the document names, its own or all of the issue; surest first.

    The name is "" if only a number stands there.
    """
    told = [PAGE_MARK.fullmatch(printed_properties(document).get("nodename", ""))]
    title = document.tree.css_first("title")
    told += [IN_TITLE.search(title.text()[:MAX_ISSUE_TITLE])] if title is not None else []
    if "版次" in document.visible_text and (labelled := LABELLED.search(document.visible_text)):
        told.append(labelled)
    if "版" in document.visible_text:
        lines = [line for line in document.visible_text.split("\n") if "版" in line and len(line) <= MAX_ISSUE_TITLE]
        told += [PAGE_MARK.fullmatch(line.strip()) for line in lines[:MAX_PAGE_MARKS]]
    return [(mark["number"], (mark["name"] or "").strip()) for mark in told if mark is not None]


def _printed_line(text: str) -> re.Match[str] | None:
    """The first match of 《人民日报》（2024年04月13日 第 05 版） with next to nothing else on its line, or None.

    Its parts may be split over elements. A note that cites another page does not count: the cited title is in front.
    """
    if "版" not in text or "《" not in text:
        return None
    for found in islice(PRINTED_LINE.finditer(text), MAX_PAGE_MARKS):
        before = found.start() - (text.rfind("\n", 0, found.start()) + 1)
        end = text.find("\n", found.end())
        behind = (end if end >= 0 else len(text)) - found.end()
        if before <= MAX_BEFORE_PRINTED and behind <= MAX_BEFORE_PRINTED:
            return found
    return None


def _plain(markup: str) -> str:
    return clean_text(html.unescape(MARKUP.sub(" ", markup)))
