"""Write rows as Parquet: typed columns, with what each means in the schema."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO

from archive.publish.exporting.columns import ExportColumn, Row, explained, items

if TYPE_CHECKING:
    import pyarrow

# A row group, all of which a writer and a reader hold in memory: whichever is reached first.
CHARACTERS_PER_GROUP, ROWS_PER_GROUP = 500_000, 20_000
_EPOCH = date(1970, 1, 1)


def write(columns: Sequence[ExportColumn], rows: Iterable[Row], stream: BinaryIO) -> None:
    """Write the rows in groups of bounded size; moments are timestamps in UTC, days dates, lists lists of strings."""
    from pyarrow import parquet

    schema = _schema(columns)
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        for group in _groups(rows):
            writer.write_table(_table(columns, schema, group))


def _table(columns: Sequence[ExportColumn], schema: pyarrow.Schema, rows: Iterable[Row]) -> pyarrow.Table:
    """The rows as a table, by way of JSON Lines: pyarrow loads pandas, which takes 50 MB, before it reads a list."""
    from pyarrow import json as arrow_json

    objects = ({each.name: _value(each, value) for each, value in zip(columns, row, strict=True)} for row in rows)
    lines = "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in objects).encode()
    return arrow_json.read_json(
        BytesIO(lines),
        read_options=arrow_json.ReadOptions(use_threads=False, block_size=len(lines)),  # a row is never cut
        parse_options=arrow_json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="error"),
    )


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
    return (date.fromisoformat(value) - _EPOCH).days if value is not None and column.type == "day" else value
