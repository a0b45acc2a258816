"""Rows as tables of pyarrow and pandas, with typed columns: `table`, `batches` and `frame`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # large libraries, loaded by who asks for a table
    import pyarrow
    from pandas import DataFrame as DataFrame
    from pyarrow import RecordBatchReader as RecordBatchReader
    from pyarrow import Table as Table

MISSING = "tables of {name} need the extra [export]: pip install 'thinker-archive[export]'"
ROWS_OF_A_BATCH = 1_000  # a text may have a megabyte

# The kind of a column: text, integer, real, boolean, moment, day or json; a list of a kind as [kind], or an object as
# {name: kind}. None: its values decide.
Kind = str | list[Any] | dict[str, Any] | None
Kinds = Mapping[str, Kind]
Row = Mapping[str, Any]


def table(kinds: Kinds, rows: Iterable[Row]) -> Table:
    """The rows as a pyarrow table with the columns `kinds`, read a batch at a time.

    A `moment` is a timestamp in UTC, a `day` a date, `json` a text of JSON. Raises ImportError without pyarrow, and
    ValueError if a column without a stated kind has values that do not go together.
    """
    arrow = _arrow()
    made = [_checked(arrow, kinds, some) for some in _batches(rows)] or [_batch(arrow, kinds, [])]
    try:
        return arrow.concat_tables([arrow.Table.from_batches([each]) for each in made], promote_options="permissive")
    except (arrow.ArrowInvalid, arrow.ArrowTypeError):
        raise ValueError(_mixed(kinds, [each.schema for each in made])) from None


def batches(kinds: Kinds, rows: Iterable[Row]) -> RecordBatchReader:
    """The rows as a pyarrow reader of record batches, which are read when they are asked for; errors as of `table`.

    The first batch decides the kind of a column that `kinds` does not say.
    """
    arrow = _arrow()
    parts = _batches(rows)
    first = _checked(arrow, kinds, next(parts, []))

    def each() -> Iterator[pyarrow.RecordBatch]:
        yield first
        for some in parts:
            made = _checked(arrow, kinds, some)
            try:
                yield made.cast(first.schema)
            except (arrow.ArrowInvalid, arrow.ArrowTypeError, arrow.ArrowNotImplementedError):
                raise ValueError(_mixed(kinds, [first.schema, made.schema])) from None

    return arrow.RecordBatchReader.from_batches(first.schema, each())


def frame(kinds: Kinds, rows: Iterable[Row]) -> DataFrame:
    """The rows as a pandas frame: integers and booleans may be missing, days are dates, lists are lists.

    Raises ImportError without pandas or pyarrow, and ValueError as `table`.
    """
    try:
        import pandas
    except ImportError:
        raise ImportError(MISSING.format(name="pandas")) from None
    made = table(kinds, rows)
    arrow = _arrow()
    nullable = {arrow.int64(): pandas.Int64Dtype(), arrow.bool_(): pandas.BooleanDtype()}
    found: DataFrame = made.to_pandas(types_mapper=nullable.get)
    for name, column in zip(made.column_names, made.columns, strict=True):
        if arrow.types.is_list(column.type):  # pandas would make arrays of them
            found[name] = pandas.Series(column.to_pylist(), dtype=object)
    return found


def _arrow() -> Any:
    try:
        import pyarrow
    except ImportError:
        raise ImportError(MISSING.format(name="pyarrow")) from None
    return pyarrow


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while some := list(islice(remaining, ROWS_OF_A_BATCH)):
        yield some


def _checked(arrow: Any, kinds: Kinds, rows: list[Row]) -> pyarrow.RecordBatch:
    try:
        return _batch(arrow, kinds, rows)
    except (arrow.ArrowInvalid, arrow.ArrowTypeError, OverflowError):
        raise ValueError(_mixed(kinds, [])) from None


def _batch(arrow: Any, kinds: Kinds, rows: list[Row]) -> pyarrow.RecordBatch:
    columns = []
    for name, kind in kinds.items():
        values = [row[name] for row in rows]
        if kind is None:
            columns.append(arrow.array(values))
        else:
            convert = _converter(kind)
            columns.append(arrow.array([convert(value) for value in values], type=_type(arrow, kind)))
    return arrow.RecordBatch.from_arrays(columns, names=list(kinds))


def _type(arrow: Any, kind: Kind) -> Any:
    if isinstance(kind, list):
        return arrow.list_(_type(arrow, kind[0]))
    if isinstance(kind, dict):
        return arrow.struct([(name, _type(arrow, each)) for name, each in kind.items()])
    known = {
        "text": arrow.string(), "json": arrow.string(), "integer": arrow.int64(), "real": arrow.float64(),
        "boolean": arrow.bool_(), "moment": arrow.timestamp("us", tz="UTC"), "day": arrow.date32(),
    }  # fmt: skip
    return known[str(kind)]


def _converter(kind: Kind) -> Callable[[Any], Any]:
    """A function that makes a value of a row one that pyarrow takes for its type; None stays None."""
    if isinstance(kind, list):
        each = _converter(kind[0])
        return lambda value: None if value is None else [each(part) for part in value]
    if isinstance(kind, dict):
        parts = {name: _converter(part) for name, part in kind.items()}
        return lambda value: None if value is None else {name: part(value[name]) for name, part in parts.items()}
    scalar = _SCALARS.get(str(kind))
    if scalar is None:
        return lambda value: value
    return lambda value: None if value is None else scalar(value)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


_SCALARS: dict[str, Callable[[Any], Any]] = {"moment": _moment, "day": date.fromisoformat, "json": _json}


def _mixed(kinds: Kinds, schemas: list[Any]) -> str:
    """One line that names the columns whose values do not go together, as far as the schemas of the batches show it."""
    names = [name for name in kinds if len({str(each.field(name).type) for each in schemas} - {"null"}) > 1]
    said = f"the columns {', '.join(names)} have" if names else "a column has"
    return f"{said} values of several kinds, such as texts and numbers: write cast(… as text) in the query"
