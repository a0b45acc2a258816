"""Texts behind a headline: site names, their channels and columns, underscore tags."""

import re

from parsers.text import holds_han
from parsers.titles.columns import is_channel, is_site

_UNDERSCORES = re.compile(r"\s*_+\s*")
_MAX_TAG_CHARACTERS = 16
_MAX_COLUMN_CHARACTERS = 6


def without_suffix(line: str) -> tuple[str, str | None, list[str]]:
    """The line before its site name, the column or None, and the underscore tags that stood between them.

    ``X_中南海_澎湃新闻`` holds a column, ``X_标签_标签二_新浪新闻`` tags. Only names of sites are dropped, and the one
    channel (财经, 教育频道) in front of a site name. Tags are split off also without a site name, but stay in the line
    if it has no Han characters before the site name, and if one tag has more than 16 characters.
    """
    bare, marks = _without_sites(line)
    head, *tags = _UNDERSCORES.split(bare)
    tags = [tag for tag in tags if tag]
    if marks and not tags:
        return _without_channel(bare, marks[-1]), None, []
    if not head or not tags or not holds_han(bare) or any(len(tag) > _MAX_TAG_CHARACTERS for tag in tags):
        return bare, None, []
    if marks and is_channel(tags[-1]):
        return head, None, tags[:-1]
    if marks and len(tags) == 1 and len(tags[0]) <= _MAX_COLUMN_CHARACTERS:
        return head, tags[0], []
    return head, None, tags


def _without_sites(line: str) -> tuple[str, list[str]]:
    marks: list[str] = []
    while (found := _last_part(line)) and is_site(found[2]):
        line, mark, _ = found
        marks.append(mark[0])
    return line, marks


def _without_channel(line: str, mark: str) -> str:
    found = _last_part(line)
    return found[0] if found and found[1][0] == mark and is_channel(found[2]) else line


def _last_part(line: str) -> tuple[str, str, str] | None:
    """The text before the last part of ``line``, the separator and the last part; None without one."""
    start = max(line.rfind(mark) for mark in "_-–—|｜丨")
    while start > 0 and line[start:].strip("_-–—|｜丨 ") == "":
        start = max(line.rfind(mark, 0, start) for mark in "_-–—|｜丨")
    if start <= 0:
        return None
    name = line[start + 1 :].strip()
    before = line[:start].rstrip("_-–—|｜丨 ")
    return (before, line[start], name) if before and name else None
