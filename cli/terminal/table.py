"""Prints tables: wrapped to the width of a terminal, unwrapped for a pipe.

A Han character counts two columns. Some marks (“ ” … · —) take one or two, depending on the terminal's font; they
count one, and texts that may hold them belong in the last column, so that no later column is shifted.
"""

import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence

from cli.program.common import say, visible

GAP = "  "


def say_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows on stdout; the last cell of a row may be a list of lines.

    On a terminal there are headings, and long cells are wrapped. Otherwise there are neither headings nor wrapping.
    Without rows nothing is printed.
    """
    cells = [[_cell(value) for value in row] for row in rows]
    if not cells:
        return
    if sys.stdout.isatty():
        _draw(headings, cells)
    else:
        say("\n".join(plain(cells)))


def room_beside(*headings: str) -> int:
    """The width left beside columns as wide as these headings, in columns of the terminal, with the gap after each.

    sys.maxsize if stdout is not a terminal.
    """
    if not sys.stdout.isatty():
        return sys.maxsize
    return shutil.get_terminal_size().columns - sum(width(heading) + len(GAP) for heading in headings)


def plain(cells: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table with aligned columns and no trailing blanks."""
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)][:-1]
    below = "".join(" " * each + GAP for each in widths)
    lines = []
    for *before, last in cells:
        head = "".join(cell + " " * (wide - width(cell)) + GAP for cell, wide in zip(before, widths, strict=True))
        first, *more = last.split("\n")
        lines += [(head + first).rstrip(), *((below + line).rstrip() for line in more)]
    return lines


def width(text: str) -> int:
    """The width of a text in columns of a terminal."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(sign: str) -> int:
    if unicodedata.east_asian_width(sign) in "WF":
        return 2
    return 0 if unicodedata.category(sign) in ("Mn", "Me", "Cf") else 1


def _cell(value: object) -> str:
    lines = value if isinstance(value, list) else ["" if value is None else value]
    return "\n".join(visible(str(line).replace("\t", " ")).rstrip() for line in lines)


def _draw(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, len(GAP), 0, 0), header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in cells:
        table.add_row(*(Text(cell.encode("utf-8", "backslashreplace").decode()) for cell in row))
    Console(file=sys.stdout, highlight=False).print(table)
