"""Rows in columns: wrapped to its width on a terminal, for a pipe the same lines whatever the machine.

A Han character takes two columns, and is counted so. Some marks (“ ” … · —) take one or two, as the terminal's font
has it: nobody can know, so they count one, and what may hold them stands in the last column, where nothing follows.
"""

import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence

from cli.program.common import say, visible

GAP = "  "


def say_table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows on stdout; the last cell of a row may be a list of lines, of which the further ones stand below.

    Of a terminal a cell that is too long takes several lines, and the headings are shown. Anything else gets no
    headings, no colour, and every cell whole.
    """
    cells = [[_cell(value) for value in row] for row in rows]
    if not cells:
        return
    if sys.stdout.isatty():
        _draw(headings, cells)
    else:
        say("\n".join(plain(cells)))


def room_beside(*headings: str) -> int:
    """How many columns the last cell of a row has on this terminal, beside columns of these widths; a pipe has any."""
    if not sys.stdout.isatty():
        return sys.maxsize
    return shutil.get_terminal_size().columns - sum(width(heading) + len(GAP) for heading in headings)


def plain(cells: Sequence[Sequence[str]]) -> list[str]:
    """Lines whose columns begin at the same place, without blanks at their end."""
    widths = [max(map(width, column)) for column in zip(*cells, strict=True)][:-1]
    below = "".join(" " * each + GAP for each in widths)
    lines = []
    for *before, last in cells:
        head = "".join(cell + " " * (wide - width(cell)) + GAP for cell, wide in zip(before, widths, strict=True))
        first, *more = last.split("\n")
        lines += [(head + first).rstrip(), *((below + line).rstrip() for line in more)]
    return lines


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
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
