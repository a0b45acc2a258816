"""Reads one capture of any kind: its row, what it shows, the ledger lines about it, and its neighbours in time."""

from __future__ import annotations

import sqlite3
from typing import Any

from archive.publish.article.history import article_row
from archive.publish.database.reading import NoCaptureError, rows


def capture(conn: sqlite3.Connection, record: str) -> dict[str, Any]:
    """The capture object (docs/api.md) of a record id, without its headers.

    `hides` is true if the source has a withdrawn article: any answer of the source may have its words.

    Raises NoCaptureError without such a capture. Raises WithdrawnError if it shows a withdrawn article, repeats the
    bytes of one, or comes from its address.
    """
    found = rows(conn, _CAPTURE, (record,))
    if not found:
        raise NoCaptureError(record)
    (row,) = found
    articles = rows(conn, _ARTICLES, row)
    for each in articles:
        if each["state"] == "withdrawn":
            article_row(conn, each["key"])
    article = articles[0] if articles else None
    seen = row | {"article": article["id"] if article else None}
    hides = bool(conn.execute(_HIDES, row).fetchone())
    before, after = (next(iter(rows(conn, sql, row)), None) for sql in (_PREVIOUS, _NEXT))
    return {
        **{name: value for name, value in row.items() if name not in ("id", "urlkey")},
        "article": article and {name: article[name] for name in ("key", "headline", "in_language")},
        "hides": hides,
        "kept_back": hides and article is None,
        "versions": [each | {"again": bool(each["again"])} for each in rows(conn, _VERSIONS, seen)],
        "lines": rows(conn, _LINES, row),
        "range": next((each for each in rows(conn, _RANGE, row) if _covers(each, row)), None),
        "previous": before,
        "next": after,
    }


def _covers(found: dict[str, Any], row: dict[str, Any]) -> bool:
    end: int = found["first_byte"] - 1 + found["length"]
    return end >= int(row["warc_offset"]) + int(row["warc_length"])


_CAPTURE = """
    select c.id, c.record_id, c.source, s.publisher, c.kind, c.url, c.urlkey, c.captured_at, c.dating, c.status,
           c.mimetype, c.record_type, c.payload_digest, c.refers_to, c.verdict, c.parser_version,
           c.warc_file, c.warc_offset, c.warc_length, lower(hex(w.sha256)) as sha256
      from captures c
      join sources s on s.name = c.source
      left join warc_records w on w.warc_file = c.warc_file and w.warc_offset = c.warc_offset
     where c.record_id = ?
"""
# Those that it shows come first. A page that shows none, such as the message that one is gone, is known by its address.
_ARTICLES = """
    select a.id, a.key, a.headline, a.in_language, a.state
      from (select article_id, 0 as place from sightings
             where capture_id in (select id from captures where record_id in (:record_id, :refers_to))
            union all
            select article_id, 1 from addresses where source = :source and urlkey = :urlkey) f
      join articles a on a.id = f.article_id
     group by a.id order by min(f.place), a.id
"""
_HIDES = """
    select 1 from articles a join addresses d on d.article_id = a.id
     where a.state = 'withdrawn' and d.source = :source limit 1
"""
_VERSIONS = """
    select r.number, r.captured_at, iif(r.run < 0, 'unknown', 'stated') as dating, r.origin, s.content_digest,
           exists (select 1 from revision_records e where e.article_id = r.article_id
                      and e.state_id = r.state_id and e.position < r.position) as again
      from sightings g
      join revision_records r on r.id = g.revision_id and r.article_id = g.article_id
      join states s on s.id = r.state_id
     where g.capture_id = :id and g.article_id = :article
     group by r.id order by r.position desc
"""
_LINES = """
    select distinct recorded_at, 'sha256:' || lower(hex(digest)) as digest
      from sightings where capture_id = :id and digest is not null order by recorded_at
"""
_RANGE = """
    select first_byte, length, sha256, line_digest from warc_ranges
     where warc_file = :warc_file and first_byte <= :warc_offset + 1 order by first_byte desc limit 1
"""
_NEIGHBOUR = """
    select record_id, captured_at, status from captures
     where urlkey = :urlkey and source = :source and (captured_at, id) {than} (:captured_at, :id)
     order by captured_at {order}, id {order} limit 1
"""
_PREVIOUS = _NEIGHBOUR.format(than="<", order="desc")
_NEXT = _NEIGHBOUR.format(than=">", order="asc")
