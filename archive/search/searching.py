"""Search the archive: the newest articles that match, now or ever."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from archive.search.corrected import CORRECTED, corrected_in
from archive.search.exactly import is_exact
from archive.search.fields import ASKED_FOR, EITHER, PROSE, READING_ORDER, fields_of
from archive.search.grammar.query import ONLY_BY_NAME
from archive.search.index import first_slot
from archive.search.marks import MarkedText, cut, first_hit, highlight, snippet, told_elsewhere
from archive.search.reach import Reach, reached
from archive.search.scanning import scan
from archive.search.text import NOTHING, match_query

_EXTRA_HITS = 1000  # bounds a search where thousands of articles have one moment
_MAX_ID = (1 << 63) - 1  # SQLite's largest integer, above every id

_NEWEST = """
    select rowid
      from article_words
     where article_words match :match
       and rowid between :low and :high
     order by rowid desc
     limit :limit
"""
_OLDEST_OF = """
    select min(a.date_published_utc), count(*) = count(a.date_published_utc)
      from json_each(:ids) as found
      join articles as a on a.search_id = found.value
"""
_FIRST_BY_DATE = """
    select found.value
      from json_each(:ids) as found
      join articles as a on a.search_id = found.value
     order by a.date_published_utc desc, a.search_id desc
     limit :limit
"""
_HITS = f"""
    select a.search_id, a.key, a.headline, a.url, a.date_published, {CORRECTED}, {EITHER}
      from json_each(:found) as found
      join articles as a on a.search_id = found.key
      left join state_texts as t on t.state_id = found.value
     order by a.date_published_utc desc, a.search_id desc
"""


@dataclass(frozen=True, slots=True)
class Hit:
    """An article that was found: `date_published` as on its page, `snippet` in plain text.

    matched: for terms that occur in neither headline, snippet nor body, the property in which they do; our corrections
    are asked last.
    """

    key: str
    headline: str
    url: str
    date_published: str | None
    snippet: str
    matched: tuple[MarkedText, ...] = ()


def search(
    conn: sqlite3.Connection, q: str, limit: int = 20, ever: bool = False, gone: bool = False, exact: bool = False
) -> list[Hit]:
    """The `limit` (0: all) newest articles whose current text matches `q` (see `archive.search.grammar.query`).

    The words of our corrections count as words of the current text.

    `ever` and `gone`: see `archive.search.reach`. The snippet is of the text that made the hit. A text matches if the
    whole query does: with `gone`, `a -b` also finds an article that had `a` alone and has `b` now. `exact`: traditional
    and simplified characters differ, and full-width and half-width forms.
    """
    return list(hits_of(conn, newest_found(conn, q, limit, ever, gone, exact), q, exact).values())


def newest_found(
    conn: sqlite3.Connection, q: str, limit: int = 20, ever: bool = False, gone: bool = False, exact: bool = False
) -> dict[int, int | None]:
    """The search ids of the articles that `search` finds, in its order, each as `hits_of` takes it.

    No text is read: a caller can read those of many hits a few at a time.
    """
    match, reach = match_query(q, exact), Reach(ever, gone, exact)
    if match == NOTHING:
        return {}
    if reach == Reach():
        found: dict[int, int | None] = dict.fromkeys(_newest(conn, match, limit))
    else:
        (search_ids,), states, _ = reached(conn, q, reach, ("a.search_id",))
        found = dict(zip(search_ids, states, strict=True))
    return {search_id: found[search_id] for search_id in _first_by_date(conn, list(found), limit)}


def total(conn: sqlite3.Connection, q: str, ever: bool = False, gone: bool = False, exact: bool = False) -> int:
    """The number of articles that `search` finds without a limit."""
    reach = Reach(ever, gone, exact)
    if reach != Reach():
        return len(reached(conn, q, reach, ("a.search_id",)).states)
    counted = "select count(*) from article_words where article_words match ?"
    count: int = conn.execute(counted, (match_query(q),)).fetchone()[0]
    return count


def hits_of(conn: sqlite3.Connection, found: Mapping[int, int | None], q: str, exact: bool = False) -> dict[int, Hit]:
    """The hits by search id, the newest first. found: the superseded state of each, None for the current text."""
    rows = conn.execute(_HITS, {"found": json.dumps(found)})
    return {place: _hit(row, q, exact) for place, *row in rows}


def register(conn: sqlite3.Connection) -> None:
    """Add the SQL functions terms, zh_highlight, zh_snippet, zh_scan, zh_exact and escape_fts to a connection.

    `article_words match terms('获得感')` follows our rule; so does Datasette's own search box, through escape_fts.
    """
    for name, arguments, function in (
        ("escape_fts", 1, lambda q: match_query(_text(q))),
        ("terms", 1, lambda q: match_query(_text(q))),
        ("terms", 2, lambda q, exact: match_query(_text(q), bool(exact))),
        ("zh_highlight", 2, lambda text, q: highlight(_text(text), _text(q))),
        ("zh_snippet", 2, lambda text, q: snippet(_text(text), _text(q))),
        ("zh_scan", 2, lambda text, q: scan(_text(q), [_text(text)])),
        ("zh_exact", 2 + len(ASKED_FOR), lambda q, corrected, *said: is_exact(_text(q), corrected, *said)),
    ):
        conn.create_function(name, arguments, function, deterministic=True)


def _newest(conn: sqlite3.Connection, match: str, limit: int) -> list[int]:
    """The search ids of the `limit` (0: all) newest matches.

    Where a crowded minute has ids out of order, some more of its matches follow.
    """
    every = {"match": match, "low": 0, "high": _MAX_ID, "limit": limit or -1}
    ids = [row[0] for row in conn.execute(_NEWEST, every)]
    if not limit or len(ids) < limit:
        return ids
    oldest, all_dated = conn.execute(_OLDEST_OF, {"ids": json.dumps(ids)}).fetchone()
    floor = first_slot(oldest) if all_dated else ids[-1]
    if floor < ids[-1]:
        crowd = every | {"low": floor, "high": ids[-1] - 1, "limit": _EXTRA_HITS}
        ids += [row[0] for row in conn.execute(_NEWEST, crowd)]
    return ids


def _first_by_date(conn: sqlite3.Connection, ids: list[int], limit: int) -> list[int]:
    """The first `limit` (0: all) of these search ids, the latest published first."""
    return [row[0] for row in conn.execute(_FIRST_BY_DATE, {"ids": json.dumps(ids), "limit": limit or -1})]


def _hit(row: Sequence[Any], q: str, exact: bool) -> Hit:
    key, headline, url, published, corrected, *values = row
    fields = fields_of(values, ASKED_FOR)
    prose = [MarkedText(name, text) for name in reversed(PROSE) for text in fields[name]]  # the body first
    shown = _snippet_of(prose, q, exact)
    read = [MarkedText("headline", headline), shown, *(each for each in prose if each.property == "body_text")]
    order = [name for name in (*READING_ORDER, *ONLY_BY_NAME) if name != "body_text"]
    places = [MarkedText(name, text) for name in order for text in fields[name]]
    places += [MarkedText(name, text, ours=True) for name, texts in corrected_in(corrected).items() for text in texts]
    return Hit(key, headline, url, published, shown.text, told_elsewhere(q, read, places, exact))


def _snippet_of(texts: Sequence[MarkedText], q: str, exact: bool) -> MarkedText:
    """The text around the first hit, in the first text that has one; if none has, the beginning of the first text.

    "" without texts.
    """
    for each in texts:
        if (hit := first_hit(each.text, q, exact)) is not None:
            return replace(each, text=cut(each.text, hit))
    return replace(texts[0], text=cut(texts[0].text, 0)) if texts else MarkedText("body_text", "")


def _text(value: object) -> str:
    return "" if value is None else str(value)
