"""Write rows as Parquet: typed columns, with what each means in the schema."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, BinaryIO

from archive.publish.exporting.columns import ExportColumn, Row, explained, items

if TYPE_CHECKING:
    import pyarrow

# A row group, all of which a writer and a reader hold in memory: whichever is reached first.
CHARACTERS_PER_GROUP, ROWS_PER_GROUP = 500_000, 20_000


def write(columns: Sequence[ExportColumn], rows: Iterable[Row], stream: BinaryIO) -> None:
    """Write the rows in groups of bounded size; moments are timestamps in UTC, days dates, lists lists of strings."""
    import pyarrow
    from pyarrow import parquet

    schema = _schema(columns)
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        for group in _groups(rows):
            arrays = [
                pyarrow.array([_value(column, value) for value in values], field.type)
                for column, field, values in zip(columns, schema, zip(*group, strict=True), strict=True)
            ]
            writer.write_table(pyarrow.Table.from_arrays(arrays, schema=schema))


def _groups(rows: Iterable[Row]) -> Iterable[list[Row]]:
    group: list[Row] = []
    characters = 0
    for row in rows:
        group.append(row)
        characters += sum(len(value) for value in row if isinstance(value, str))
        if characters >= CHARACTERS_PER_GROUP or len(group) >= ROWS_PER_GROUP:
            yield group
            group, characters = [], 0
    if group:
        yield group


def _schema(columns: Sequence[ExportColumn]) -> pyarrow.Schema:
    import pyarrow

    types = {
        "integer": pyarrow.int64(),
        "moment": pyarrow.timestamp("s", tz="UTC"),
        "day": pyarrow.date32(),
        "list": pyarrow.list_(pyarrow.string()),
    }
    return pyarrow.schema(
        pyarrow.field(column.name, types.get(column.type, pyarrow.string()), metadata=explained(column))
        for column in columns
    )


def _value(column: ExportColumn, value: Any) -> Any:
    if column.type == "list":
        return items(value)
    if value is None:
        return None
    if column.type == "moment":
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if column.type == "day" else value
