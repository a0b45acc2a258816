"""The lines of an article's box with their structure: rows of tables, numbers of lists, figures in tables."""

from __future__ import annotations

from itertools import zip_longest

from selectolax.lexbor import LexborNode

from parsers.reader.body.markup.asides import Asides
from parsers.reader.body.markup.blocks import Block, LineReader
from parsers.reader.body.markup.grids import Grids, Row, caption_of
from parsers.reader.body.markup.numbers import Numbers
from parsers.reader.body.markup.tag_meanings import Tag

OF_TABLES = frozenset(("table", "thead", "tbody", "tfoot", "tr", "td", "th"))  # a page may be nothing but a table
CELL = "\t"  # between the cells of a row


def read_lines(
    root: LexborNode, dropped: frozenset[int] = frozenset(), kept: frozenset[int] = frozenset()
) -> tuple[Block, ...]:
    """The lines and pictures inside `root` as an article shows them: a row of a table of data is one, joined by tabs.

    If `root` is a part of such a table, all of the table. Elements whose mem_id is in `dropped` are left out; one in
    `kept` is no aside, whatever its name.
    """
    reader = _Structured(root, Asides(root, dropped, kept, wanted=False))
    return reader.read_table(root) or reader.read()


class _Structured(LineReader):
    """Reads tables of data row by row, those of pictures with their captions, and counts the items of ordered lists."""

    def __init__(self, root: LexborNode, asides: Asides) -> None:
        super().__init__(root, asides)
        self.grids, self.numbers = Grids(), Numbers()

    def begin(self, node: LexborNode, tag: Tag) -> Tag | None:
        if tag.name == "li":
            self.marker = self.numbers.of(node)
        elif tag.name == "table" and self._table(node):
            return None
        return super().begin(node, tag)

    def read_table(self, root: LexborNode) -> tuple[Block, ...]:
        """The blocks of the table, of data or of pictures, that the root is or is a part of (row, cell …); else ()."""
        table: LexborNode | None = root if root.tag in OF_TABLES else None
        while table is not None and table.tag != "table":
            table = table.parent
        return tuple(self.blocks) if table is not None and self._table(table) else ()

    def _table(self, table: LexborNode) -> bool:
        found = self.grids.read(table)
        if found is None:
            return False
        kind, rows = found
        if (caption := caption_of(table)) is not None:
            self._add(self._inside(caption))
        for row in rows if kind == "data" else ():
            self._row(row)
        if kind == "figure":
            self._figure(rows)
        return True

    def _row(self, row: Row) -> None:
        cells = [self._inside(cell.node) if cell is not None else [] for cell in row]
        texts = [" ".join([block.text for block in cell if block.kind != "image"]) for cell in cells]
        lines = [block for cell in cells for block in cell]
        self._add([block for block in lines if block.kind == "image"])
        if line := _joined(texts, across=sum([cell is not None for cell in row]) == 1):
            linked, strong = sum([block.linked for block in lines]), sum([block.strong for block in lines])
            dropped = tuple([text for block in lines for text in block.dropped])
            links = tuple([link for block in lines for link in block.links])
            self._add([Block("text", line, linked, strong, "tr", dropped=dropped, links=links)])

    def _figure(self, rows: list[Row]) -> None:
        """Add each picture, followed by the texts of its cell, then the cell under it in the next row as a caption.

        If the first row holds no picture, captions stand above: the cell in the row before is taken. No caption from a
        row that holds pictures.
        """
        first = rows[0] if rows else ()
        captions_first = bool(first) and not _holds_picture(first)
        waiting: Row = ()
        for row, following in zip_longest(rows, rows[1:], fillvalue=()):
            texts = waiting if captions_first else following
            if _holds_picture(row):
                beside = () if _holds_picture(texts) else texts
                for cell, text in zip_longest(row, beside):
                    self._add(self._inside(cell.node) if cell is not None else [])
                    self._add(_as_captions(self._inside(text.node)) if text is not None else [])
            waiting = row

    def _inside(self, node: LexborNode) -> list[Block]:
        return [] if node.mem_id in self.asides.dropped else list(LineReader(node, self.asides).read())

    def _add(self, blocks: list[Block]) -> None:
        self.blocks += blocks
        self.characters += sum([len(block.text) for block in blocks])


def _joined(texts: list[str], *, across: bool) -> str:
    """The cells of a row joined by tabs, without empty ones at its end; "" for an empty row.

    If only the first has a text, a tab ends the row, unless that cell reaches `across` it: then it is a plain line.
    """
    filled = len(texts)
    while filled and not texts[filled - 1]:
        filled -= 1
    if not filled:
        return ""
    return CELL.join(texts[:filled]) + (CELL if filled == 1 and not across else "")


def _holds_picture(row: Row) -> bool:
    return any(cell is not None and cell.node.css_first("img") is not None for cell in row)


def _as_captions(blocks: list[Block]) -> list[Block]:
    return [block._replace(kind="caption") if block.kind == "text" else block for block in blocks]
