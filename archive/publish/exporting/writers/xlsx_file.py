"""Write rows as a workbook: typed cells, links, a frozen header, and a sheet that explains the columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO

from archive.publish.exporting.columns import ExportColumn, Row, dictionary

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

# Limits of Excel (support.microsoft.com, "Excel specifications and limits"); a text is counted in UTF-16.
MAX_ROWS, MAX_TEXT, MAX_LINKS, MAX_LINK = 1_048_576, 32_767, 65_530, 2_079
FIRST_DAY = date(1900, 3, 1)  # Excel takes earlier days for others, or for text
CUT = "…〔截断 cut: {}〕"
_WIDE, _NARROW = 40, 20
_CODEBOOK = "说明 codebook"
_UNFIT = dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd")  # no characters in XML


def write(
    columns: Sequence[ExportColumn], rows: Iterable[Row], stream: BinaryIO, rows_per_sheet: int = MAX_ROWS - 1
) -> None:
    """Write the rows into sheets of `rows_per_sheet`, each with a header, and then the sheet about the columns.

    A text above MAX_TEXT is cut and ends in its permalink. The first MAX_LINKS addresses of a sheet are links.
    """
    with _book(stream) as book:
        filler = _Filler(book, columns)
        for number, row in enumerate(rows):
            if number % rows_per_sheet == 0:
                filler.begin_sheet()
            filler.add(row)
        if not filler.sheets:
            filler.begin_sheet()
        _explain(book, columns, filler.heading)


@contextmanager
def _book(stream: BinaryIO) -> Iterator[Workbook]:
    """A workbook that is written into the stream when the block ends; after an error no file of it is left open."""
    from xlsxwriter import Workbook

    with TemporaryDirectory(prefix="thinker-") as folder:
        options = {"constant_memory": True, "tmpdir": folder, "use_zip64": True, "strings_to_urls": False}
        into = _Abandonable(stream)
        book = Workbook(into, options)
        try:
            yield book
            book.close()
        except BaseException:
            into.abandoned = True
            for sheet in book.worksheets():
                sheet._opt_close()  # it has no other way to give up
            raise


@dataclass
class _Abandonable:
    """A stream that takes no more bytes after an error.

    The library leaves its ZIP open then, which would write its end when it is collected, and complain.
    """

    stream: BinaryIO
    abandoned: bool = False
    _place: int = 0  # the last one told

    def write(self, data: bytes) -> int:
        return len(data) if self.abandoned else self.stream.write(data)

    def tell(self) -> int:
        if not self.abandoned:
            self._place = self.stream.tell()
        return self._place

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._place if self.abandoned else self.stream.seek(offset, whence)

    def flush(self) -> None:
        if not self.abandoned:
            self.stream.flush()


@dataclass
class _Filler:
    """Fills one sheet after the other."""

    book: Workbook
    columns: Sequence[ExportColumn]

    def __post_init__(self) -> None:
        self.sheets: list[Worksheet] = []
        self.heading = self.book.add_format({"bold": True})
        self._at, self._links = 0, 0
        self._moment = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._day = self.book.add_format({"num_format": "yyyy-mm-dd"})
        names = [each.name for each in self.columns]
        self._permalink = names.index("permalink") if "permalink" in names else None
        self._put: list[Callable[[int, Any, str], None]] = [self._way(each) for each in self.columns]

    def begin_sheet(self) -> None:
        """Add a sheet with its header."""
        sheet = self.book.add_worksheet("data" if not self.sheets else f"data {len(self.sheets) + 1}")
        self.sheets.append(sheet)
        self._at, self._links = 0, 0
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(self.columns):
            sheet.set_column(place, place, _WIDE if column.name in ("headline", "url") else _NARROW)
            sheet.write_string(0, place, column.name, self.heading)

    def add(self, row: Row) -> None:
        """Add a row."""
        self._at += 1
        permalink = row[self._permalink] if self._permalink is not None else ""
        for place, value in enumerate(row):
            if value is not None:
                self._put[place](place, value, permalink)

    def _way(self, column: ExportColumn) -> Callable[[int, Any, str], None]:
        if column.type == "integer":
            return self._number
        if column.type == "moment":
            return self._moment_at
        if column.type == "day":
            return self._day_at
        return self._link if column.is_address else self._text

    def _number(self, place: int, value: int, _permalink: str) -> None:
        self.sheets[-1].write_number(self._at, place, value)

    def _moment_at(self, place: int, value: str, permalink: str) -> None:
        moment = datetime.fromisoformat(value).replace(tzinfo=None)
        if moment.date() < FIRST_DAY:
            self._text(place, value, permalink)
        else:
            self.sheets[-1].write_datetime(self._at, place, moment, self._moment)

    def _day_at(self, place: int, value: str, permalink: str) -> None:
        day = date.fromisoformat(value)
        if day < FIRST_DAY:
            self._text(place, value, permalink)
        else:
            self.sheets[-1].write_datetime(self._at, place, day, self._day)

    def _link(self, place: int, value: str, permalink: str) -> None:
        is_web = value.startswith(("https://", "http://")) and value.isprintable()
        if is_web and self._links < MAX_LINKS and len(value) <= MAX_LINK:
            self._links += 1
            self.sheets[-1].write_url(self._at, place, value, string=value)
        else:
            self._text(place, value, permalink)

    def _text(self, place: int, value: str, permalink: str) -> None:
        self.sheets[-1].write_string(self._at, place, fitting(value, permalink))


def fitting(text: str, permalink: str = "") -> str:
    """The text as a cell can hold it: cut if it is too long, with its permalink at the end.

    Characters that XML has not are replaced by U+FFFD. A text from `<r>` to `</r>`, which the library would take for
    markup of its own, gets a blank.
    """
    fit = text.translate(_UNFIT)
    if fit.startswith("<r>") and fit.endswith("</r>"):
        fit += " "
    if _units(fit) <= MAX_TEXT:
        return fit
    end = CUT.format(permalink)
    return fit.encode("utf-16-le")[: 2 * (MAX_TEXT - _units(end))].decode("utf-16-le", "ignore") + end


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _explain(book: Workbook, columns: Sequence[ExportColumn], heading: Any) -> None:
    sheet = book.add_worksheet(_CODEBOOK)
    sheet.freeze_panes(1, 0)
    told = dictionary(columns)
    for row, line in enumerate([tuple(told[0]), *(tuple(each.values()) for each in told)]):
        for place, value in enumerate(line):
            sheet.write_string(row, place, value, *([] if row else [heading]))
    sheet.set_column(0, len(told[0]) - 1, _NARROW)
