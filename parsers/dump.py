"""An article saved as plain text: title line, date line, body, biography, notice and related items in one file."""

import re
from dataclasses import dataclass
from itertools import pairwise

from parsers.dates import parse_date
from parsers.notices import is_biography_heading, reprint_notice
from parsers.text import clean_text, drop_repeated_title, is_section_heading
from parsers.titles import title_key

_DATE_LABEL = re.compile(
    r"\s*(?:release time|published(?: on| at)?|posted(?: on)?|date|发布时间|发布日期|发表时间|时间|日期)\s*[:：]",
    re.IGNORECASE,
)
_AUTHOR_LABEL = re.compile(r"\s*(?:authors?|by|written by|作者|记者|撰文|文)\s*[:：/]", re.IGNORECASE)
_LONGEST_DATE_LINE = 80  # characters
_LONGEST_TITLE = 300
_HEADER_LINES = 4  # lines under the title that may hold date and author


@dataclass(frozen=True, slots=True)
class Dump:
    """The parts of a text dump, each line cleaned and none changed. None where the dump does not say."""

    title_raw: str
    date_raw: str | None
    author_line: str | None
    paragraphs: tuple[str, ...]
    headings: tuple[str, ...]
    heading_positions: tuple[int, ...]  # index of the paragraph that each heading stands before
    biography: str | None
    reprint_notice: str | None
    related: tuple[tuple[str, str | None], ...]  # (title line, teaser)


def read_dump(text: str) -> Dump:
    """The parts of an article that was saved as text, one paragraph a line.

    The first line is the title; a line with a date label (or a bare date) under it is the date. The title again
    inside the body is a picture's caption and dropped. A line printed twice in a row opens a related item, the
    line after it is its teaser. A biography heading ends the body; a reprint notice ends the article.
    Raises ValueError for a text without any line.
    """
    lines = [line for line in map(clean_text, text.splitlines()) if line]
    if not lines:
        raise ValueError("The text dump is empty: its first line should be the title.")
    title, rest = lines[0], list(drop_repeated_title(lines[1:], lines[0]))
    date_line, author_line, rest = _header(rest)
    article, related = _without_related(rest)
    article, notice = _before_notice(article)
    body, biography = _before_biography(article)
    paragraphs, headings, positions = _body(body)
    return Dump(title, date_line, author_line, paragraphs, headings, positions, biography, notice, related)


def related_block(text: str) -> tuple[str, str | None] | None:
    """Title line and teaser of one related item (its title printed twice, then the teaser), else None."""
    lines = [line for line in map(clean_text, text.splitlines()) if line]
    items = _without_related(lines)[1]
    return items[0] if items else None


def _header(lines: list[str]) -> tuple[str | None, str | None, list[str]]:
    head = lines[:_HEADER_LINES]
    date_line = next((line for line in head if _is_date_line(line)), None)
    before_date = head[: head.index(date_line) + 2] if date_line else head[:2]
    author_line = next((line for line in before_date if _AUTHOR_LABEL.match(line) and line != date_line), None)
    return (
        date_line,
        author_line,
        [line for line in head if line not in (date_line, author_line)] + lines[_HEADER_LINES:],
    )


def _is_date_line(line: str) -> bool:
    if _DATE_LABEL.match(line):
        return len(line) <= _LONGEST_DATE_LINE
    return len(line) <= _LONGEST_DATE_LINE // 2 and parse_date(line) is not None


def _without_related(lines: list[str]) -> tuple[list[str], tuple[tuple[str, str | None], ...]]:
    """The lines before the first doubled title, and the items that follow it."""
    doubled = {
        place
        for place, (line, again) in enumerate(pairwise(lines))
        if len(line) <= _LONGEST_TITLE and _same(line, again)
    }
    starts = sorted(place for place in doubled if place - 1 not in doubled)
    if not starts:
        return lines, ()
    ends = [*starts[1:], len(lines)]
    items = [(lines[start], lines[start + 2 : end]) for start, end in zip(starts, ends, strict=True)]
    return lines[: starts[0]], tuple((title, "\n".join(teaser) or None) for title, teaser in items)


def _same(line: str, again: str) -> bool:
    return line == again or title_key(line) == title_key(again)


def _before_notice(lines: list[str]) -> tuple[list[str], str | None]:
    for place, line in enumerate(lines):
        if reprint_notice(line):
            return lines[:place], line
    return lines, None


def _before_biography(lines: list[str]) -> tuple[list[str], str | None]:
    for place, line in enumerate(lines):
        if is_biography_heading(line):
            return lines[:place], "\n".join(lines[place + 1 :]) or None
    return lines, None


def _body(lines: list[str]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[int, ...]]:
    """Paragraphs and headings; a last line without a paragraph behind it heads nothing and stays a paragraph."""
    paragraphs: list[str] = []
    headings: list[tuple[str, int]] = []
    last_paragraph = max((place for place, line in enumerate(lines) if not is_section_heading(line)), default=-1)
    for place, line in enumerate(lines):
        if place < last_paragraph and is_section_heading(line):
            headings.append((line, len(paragraphs)))
        else:
            paragraphs.append(line)
    return tuple(paragraphs), tuple(text for text, _ in headings), tuple(place for _, place in headings)
