"""The rows of a slice of the archive: which they are, in one order, and their values a few at a time."""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from archive.publish.exporting.columns import Row
from archive.publish.exporting.data_sets import DATA_SETS, DataSet, What
from archive.search import articles_found

ROWS_PER_BATCH = 100  # read at once: with texts of 100,000 characters they take 30 MB
_AFTER_ALL = "~"  # sorts after every character of a moment, so that a day as an end includes its last second


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of a data set.

    query: only what belongs to the articles that it finds, as `thinker search` does; None: all. since, until: days
    (`2024-04-13`) or moments in UTC (`2024-04-13T15:01:00Z`), both included; of articles they limit the day of
    publication. sources: their names; () for all.
    """

    what: What = "articles"
    query: str | None = None
    ever: bool = False
    gone: bool = False
    exact: bool = False
    since: str | None = None
    until: str | None = None
    sources: tuple[str, ...] = ()


class Rows:
    """The rows of a slice: `len` says how many; iteration reads them a few at a time."""

    def __init__(self, conn: sqlite3.Connection, data: DataSet, ids: Sequence[int], site: str) -> None:
        self._conn, self._data, self._ids, self._site = conn, data, ids, site

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[Row]:
        columns = ", ".join(each.sql for each in self._data.columns)
        sql = f"select {columns} from json_each(:ids) as wanted cross join {self._data.rows}"
        for start in range(0, len(self._ids), ROWS_PER_BATCH):
            ids = json.dumps(list(self._ids[start : start + ROWS_PER_BATCH]))
            asked = {"ids": ids} | ({"site": self._site} if ":site" in sql else {})
            yield from self._conn.execute(sql, asked).fetchall()  # a cursor must not outlive the connection


def rows(conn: sqlite3.Connection, asked: Slice, site: str = "") -> Rows:
    """The rows of a slice, with a value for each column of its data set.

    site: the address of the site without a slash at its end, for permalinks; "" for their paths alone. The archive may
    change between the question and the reading of a row: ask and read within one transaction for one state of it.
    Raises ValueError if the query has no meaning for the data set.
    """
    data = DATA_SETS[asked.what]
    return Rows(conn, data, _ids(conn, data, asked), site)


def selection(conn: sqlite3.Connection, asked: Slice) -> array[int]:
    """The ids of the articles of a slice, in the order of their publication; never hidden ones."""
    return _ids(conn, DATA_SETS["articles"], replace(asked, what="articles"))


def rows_of_articles(conn: sqlite3.Connection, what: What, articles: Sequence[int], site: str = "") -> Rows:
    """All rows of a data set that belong to these articles (ids)."""
    data = DATA_SETS[what]
    return Rows(conn, data, _where(conn, data, [data.shown, str(data.of_articles)], _chosen(articles)), site)


def _ids(conn: sqlite3.Connection, data: DataSet, asked: Slice) -> array[int]:
    conditions, values = [data.shown], dict[str, str]()
    if asked.query is not None:
        if data.of_articles is None:
            raise ValueError(f"{data.name} belongs to no article: leave the query out")
        conditions.append(data.of_articles)
        values |= _chosen(articles_found(conn, asked.query, asked.ever, asked.gone, asked.exact))
    if asked.sources:
        conditions.append(f"{data.source} in (select value from json_each(:sources))")
        values["sources"] = json.dumps(asked.sources)
    length = len("2024-04-13") if data.by_day else None
    if asked.since:
        conditions.append(f"{data.moment} >= :since")
        values["since"] = asked.since[:length]
    if asked.until:
        conditions.append(f"{data.moment} <= :until")
        values["until"] = asked.until[:length] + _AFTER_ALL
    return _where(conn, data, conditions, values)


def _where(conn: sqlite3.Connection, data: DataSet, conditions: Iterable[str], values: Mapping[str, str]) -> array[int]:
    sql = f"select {data.id} from {data.ids} where {' and '.join(conditions)} order by {data.order}"
    return array("q", (row_id for (row_id,) in conn.execute(sql, values)))


def _chosen(articles: Sequence[int]) -> dict[str, str]:
    return {"articles": json.dumps(list(articles))}
