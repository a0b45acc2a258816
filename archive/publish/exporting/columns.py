"""A column of an export: the SQL of its values, and their description."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from archive.properties import Pair
from archive.publish.messages.properties import COLUMN_NAMES, COLUMNS_TOLD, PROPERTY_NAMES
from archive.schema import of_columns

# text; a text of several lines, one item each; an integer; a moment in UTC; a calendar day; JSON as text
ValueType = Literal["text", "list", "integer", "moment", "day", "json"]
Unit = Literal["characters", "bytes"]
Row = Sequence[Any]  # a value for each column, as SQLite gives it; None: missing


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of an export. sql: the expression that gives its value, as text or an integer.

    is_address: its values are addresses of pages, for formats that have links.
    """

    name: str
    sql: str
    table: str = ""  # whose descriptions tell about it
    type: ValueType = "text"
    unit: Unit | None = None
    is_address: bool = False

    @property
    def titles(self) -> Pair:
        """Its name for people, in English and Chinese."""
        chinese, english = PROPERTY_NAMES.get(self.name) or COLUMN_NAMES[self.name]
        return english, chinese

    @property
    def told(self) -> Pair:
        """Its meaning, in English and Chinese; its name if that says all."""
        if told := COLUMNS_TOLD.get(self.name):
            return told[1], told[0]
        english = of_columns(self.table, "en").get(self.name)
        return (english, of_columns(self.table, "zh")[self.name]) if english else self.titles


def items(value: str | None) -> list[str]:
    """The items of a list, as a column of the type `list` gives it."""
    return value.split("\n") if value else []


def explained(column: ExportColumn) -> dict[str, str]:
    """The description of a column, by names that every format uses: titles, descriptions, type, unit."""
    (title, title_zh), (told, told_zh) = column.titles, column.told
    return {
        "title_en": title,
        "title_zh": title_zh,
        "description_en": told,
        "description_zh": told_zh,
        "type": column.type,
        "unit": column.unit or "",
    }


def dictionary(columns: Sequence[ExportColumn]) -> list[dict[str, str]]:
    """The description of the columns, a row each, its name first."""
    return [{"name": each.name, **explained(each)} for each in columns]
