"""Records that stand twice in the captures, as after copying a file within the folder."""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive.files import Record, RecordLocation


@dataclass(slots=True)
class Double:
    """A run of consecutive records of a file that stand elsewhere already."""

    file: str
    start: int  # offset of the first
    end: int  # offset after the last
    count: int
    record_id: str  # the first record, and the place where it stood before
    first_file: str
    first_offset: int

    @property
    def text(self) -> str:
        """The run described in one line, such as `record urn:uuid:… stands twice, first at people-1.warc.gz:500`.

        For several records it begins with their number. The place is that of the earlier copy.
        """
        record = f"record {self.record_id} stands twice" if self.count == 1 else f"{self.count} records stand twice"
        return f"{record}, first at {self.first_file}:{self.first_offset}"


def singled(
    conn: sqlite3.Connection, records: Iterable[Record], met: dict[str, RecordLocation] | None = None
) -> Iterator[Record | Double]:
    """Yield the records of a file that the database lacks, and a Double for each run of those that it has elsewhere.

    Records that the database has entered from this very place are passed over. met: by id the places of records read
    before, which count as entered; the new ones are added. It is needed if several files are read and none is entered.
    """
    run: Double | None = None
    for record in records:
        place = record.place
        first = (met or {}).get(record.record_id) or _place_of(conn, record.record_id)
        if first and (first.warc_file, first.offset) == (place.warc_file, place.offset):
            continue  # a crawl entered it since the caller asked for the applied length
        if first is None:
            if run:
                yield run
                run = None
            if met is not None:
                met[record.record_id] = place
            yield record
        elif run:
            run.end, run.count = place.offset + place.length, run.count + 1
        else:
            end = place.offset + place.length
            run = Double(place.warc_file, place.offset, end, 1, record.record_id, first.warc_file, first.offset)
    if run:
        yield run


def _place_of(conn: sqlite3.Connection, record_id: str) -> RecordLocation | None:
    row = conn.execute(
        "select warc_file, warc_offset, warc_length, sha256 from warc_records where record_id = ?", (record_id,)
    ).fetchone()
    return RecordLocation(*row) if row else None
