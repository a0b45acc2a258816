"""Tables of data, whose rows are lines of the text, distinguished from tables for layout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from selectolax.lexbor import LexborNode

from parsers.reader.body.markup.roles import is_hidden
from parsers.reader.body.thresholds import (
    LINKED_SHARE,
    MAX_CALENDAR_CELLS,
    MAX_COLUMNS,
    MAX_GRID_CAPTION,
    MAX_GRID_MARKUP,
    MAX_PLAIN_CELL,
    MAX_RULED_CELL,
    MAX_TEXT_CELL,
    MIN_CELL_LINES,
    MIN_DAYS,
    MIN_TEXT_CELL_SHARE,
)

PARTS = {"thead": 0, "tbody": 1, "tfoot": 2}  # in the order in which browsers show them
CELLS = frozenset(("td", "th"))
RULED = "th, caption, thead, col[span]"
LINES = "p, br, li, div"
OF_LAYOUT = "h1, h2, article, section, form, nav, iframe, textarea"
WORDS = re.compile(r"[^\W\d_年月日]{2}")
PLACING = frozenset(("presentation", "none"))


class Cell(NamedTuple):
    """A cell, its number of characters, and the numbers of columns and rows that it covers."""

    node: LexborNode
    size: int
    columns: int = 1
    rows: int = 1


Kind = Literal["data", "figure"]  # pictures with their captions stand in tables too
Row = tuple[Cell | None, ...]  # None: nothing begins in this column


class Grids:
    """Reads the tables of one box; the work is bounded for nested tables too."""

    def __init__(self) -> None:
        self.measured = 0  # characters of markup

    def read(self, table: LexborNode) -> tuple[Kind, list[Row]] | None:
        """("data", rows) for a table of data, ("figure", rows) for one of pictures; None for any other.

        Each row has its cells in their columns. None also once the tables of the box have had more than MAX_GRID_MARKUP
        characters of markup.
        """
        rows = self._placed(table)
        if not rows:
            return None
        if _is_figure(table, rows):
            return "figure", rows
        return ("data", rows) if _is_data(table, rows) else None

    def _placed(self, table: LexborNode) -> list[Row] | None:
        if self.measured > MAX_GRID_MARKUP or (table.attributes.get("role") or "") in PLACING:
            return None
        self.measured += len(table.html or "")
        return None if self.measured > MAX_GRID_MARKUP else list(_in_columns(_rows(table)))


def is_calendar(rows: list[Row]) -> bool:
    """True if the days of a month, one behind the other, are most of the cells with text."""
    cells = [cell for row in rows for cell in row if cell is not None and cell.size]
    if not MIN_DAYS <= len(cells) <= MAX_CALENDAR_CELLS:
        return False
    texts = [cell.node.text(strip=True) for cell in cells if cell.size <= 2]
    days = [int(text) for text in texts if text.isascii() and text.isdigit()]
    following = sum(later == day + 1 for day, later in pairwise(days))
    return following >= MIN_DAYS - 2 and 2 * following > len(cells)


def caption_of(table: LexborNode) -> LexborNode | None:
    """The <caption> of the table itself, not of one inside it; None without one."""
    return next((child for child in table.iter() if child.tag == "caption"), None)


def _rows(table: LexborNode) -> list[list[Cell]]:
    """The cells of each row, without hidden rows and cells; the head comes first and the foot last, as in browsers."""
    parts = sorted((child for child in table.iter() if child.tag in PARTS), key=lambda part: PARTS[part.tag or ""])
    rows = [row for part in (table, *parts) for row in part.iter() if row.tag == "tr" and not is_hidden(row.attributes)]
    return [
        [_cell(node) for node in row.iter() if node.tag in CELLS and not is_hidden(node.attributes)][:MAX_COLUMNS]
        for row in rows
    ]


def _cell(node: LexborNode) -> Cell:
    size, attributes = len(node.text(strip=True)), node.attributes
    return Cell(node, size, _span(attributes.get("colspan")), _span(attributes.get("rowspan")))


def _span(value: str | None) -> int:
    told = (value or "").strip()
    return min(max(int(told), 1), MAX_COLUMNS) if told.isascii() and told.isdigit() and len(told) < 9 else 1


def _in_columns(rows: list[list[Cell]]) -> Iterator[Row]:
    """Yield the rows with each cell in the column where browsers show it; None in a column that another cell covers."""
    free: dict[int, int] = {}  # column -> the first row in which no cell of an earlier row covers it
    for number, cells in enumerate(rows):
        placed: list[Cell | None] = []
        waiting, column = iter(cells), 0
        while column < MAX_COLUMNS:
            if free.get(column, 0) > number:
                placed.append(None)
                column += 1
                continue
            cell = next(waiting, None)
            if cell is None:
                break
            if cell.rows > 1:
                free.update(dict.fromkeys(range(column, column + cell.columns), number + cell.rows))
            placed += [cell, *[None] * (cell.columns - 1)]
            column += cell.columns
        yield tuple(placed)


def _is_data(table: LexborNode, rows: list[Row]) -> bool:
    """True if cells with text stand side by side in several rows, and none of them is the article itself.

    Instead of several rows one is enough if the table has a header, caption or rules, or only a few words per cell. A
    table of links is no data, nor one with headings, forms and the like, nor one with most of its text in inner tables.
    """
    cells = [cell for row in rows for cell in row if cell is not None and cell.size]
    beside = sum([sum([cell is not None and cell.size > 0 for cell in row]) > 1 for row in rows])
    ruled = _is_ruled(table)
    if not beside or table.css_first(OF_LAYOUT) is not None:
        return False
    if beside == 1 and not ruled and not _is_plain(table, cells):
        return False
    size = sum([cell.size for cell in cells])
    linked = _linked(table)
    if linked >= LINKED_SHARE * size or 2 * _inside_tables(table) > size:
        return False
    if 2 * linked > size and not ruled and _is_list(cells):
        return False
    longest = max(cells, key=lambda cell: cell.size)
    return not _is_text(longest, size, MAX_RULED_CELL if ruled else MAX_TEXT_CELL)


def _is_text(cell: Cell, size: int, longest: int) -> bool:
    """True if a cell is the article itself: of several lines, longer than `longest`, and at least half of `size`.

    `size` is that of the table.
    """
    if cell.size <= longest or cell.size < MIN_TEXT_CELL_SHARE * size:
        return False
    return len(cell.node.css(LINES)) >= MIN_CELL_LINES


def _is_plain(table: LexborNode, cells: list[Cell]) -> bool:
    """True if a table holds only a few words per cell, and no link, picture or line break.

    Even a single row without rules may then be data.
    """
    return (
        max(cells, key=lambda cell: cell.size).size <= MAX_PLAIN_CELL and table.css_first("a, img, br, p + p") is None
    )


def _is_list(cells: list[Cell]) -> bool:
    """True if all cells without a link hold only days and numbers, or if there are no such cells.

    A table that is mostly links is then a list of articles.
    """
    others = [cell for cell in cells if cell.node.css_first("a[href]") is None]
    return not any(WORDS.search(cell.node.text(strip=True)) for cell in others)


def _is_ruled(table: LexborNode) -> bool:
    """True if a table has the marks of data: a header, a caption, or rules round its cells."""
    attributes = table.attributes
    border = (attributes.get("border") or "").strip()
    names = (attributes.get("class") or "").lower()
    return border not in ("", "0", "none") or "msotable" in names or table.css_first(RULED) is not None


def _linked(table: LexborNode) -> int:
    return sum([len(link.text(strip=True)) for link in table.css("a[href]")])


def _inside_tables(table: LexborNode) -> int:
    """The number of characters in the tables nested in a table; those nested in them are a part of them."""
    seen = {table.mem_id}
    size = 0
    for inner in table.css("table"):
        if inner.mem_id not in seen:
            size += len(inner.text(strip=True))
            seen.update([node.mem_id for node in inner.css("table")])
    return size


def _is_figure(table: LexborNode, rows: list[Row]) -> bool:
    """True if each text of a table may be the caption of one of its pictures.

    All are short, and they are not more than the pictures.
    """
    pictures = len(table.css("img"))
    texts = [cell.size for row in rows for cell in row if cell is not None and cell.size]
    if not pictures or len(texts) > pictures or table.css_first("table table") is not None:
        return False
    lines = [len(cell.node.css(LINES)) for row in rows for cell in row if cell is not None]
    return max(texts, default=0) <= MAX_GRID_CAPTION and max(lines) < MIN_CELL_LINES + 2
