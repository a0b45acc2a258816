"""Names from the archive for example addresses: an article, its latest comparison, its people, tags and dates."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from archive.publish.api.addresses import SiteAddress
from archive.publish.database.reading import rows
from archive.publish.exports.sitemap import MAX_URLS_PER_FILE
from archive.publish.formatting.addresses import quoted

Samples = Mapping[str, str]

MAX_EDITS_LOOKED_AT = 50  # the latest, to find one whose article is shown
WORD = "改革"  # searched for if the sample article has no tag
_VARYING = re.compile(r"\{(\w+)\}")

_EDITED = f"""
    select e.article_id as id, r.number as after
      from (select article_id, revision_id from events where kind = 'edited' order by at desc
             limit {MAX_EDITS_LOOKED_AT}) e
      join articles a on a.id = e.article_id and a.state <> 'withdrawn'
      join revision_records r on r.id = e.revision_id
     where r.number > 1 limit 1"""
_NEWEST = """
    select id, 1 as after from articles where date_published_utc is not null and state <> 'withdrawn'
     order by date_published_utc desc, id desc limit 1"""
_ARTICLE = """
    select id, key, substr(content_digest, 8, 12) as digest, published_date as day, published_month as month,
           article_section as "column", source
      from articles where id = ?"""
_PERSON = """select p.id, p.name from article_people m join people p on p.id = m.person_id
              where m.article_id = ? order by m.role = 'speaker' desc limit 1"""
_TAG = """select k.id, k.name from article_keywords m join keywords k on k.id = m.keyword_id
           where m.article_id = ? order by m.position limit 1"""
_CAPTURE = """select c.record_id as record from revision_records r join captures c on c.id = r.capture_id
               where r.article_id = ? order by r.id desc limit 1"""


def samples(conn: sqlite3.Connection) -> Samples:
    """A value for each `{name}` of the addresses, taken from one article; names without a value are left out."""
    found = rows(conn, _EDITED) or rows(conn, _NEWEST)
    known: dict[str, Any] = {"table": "articles", "question": "newest", "word": WORD}
    if not found:
        return known
    of, after = found[0]["id"], found[0]["after"]
    known |= rows(conn, _ARTICLE, (of,))[0] | {"before": str(max(1, after - 1)), "after": str(after)}
    known["number"] = _part(of)
    known["year"] = known["month"] and known["month"][:4]
    for name, sql in (("person", _PERSON), ("tag", _TAG)):
        if named := rows(conn, sql, (of,)):
            known |= {name: named[0]["name"], f"number_{name}": _part(named[0]["id"])}
    known |= next(iter(rows(conn, _CAPTURE, (of,))), {})
    known["word"] = known.get("tag") or WORD
    return {name: value for name, value in known.items() if isinstance(value, str)}


def _part(number: int) -> str:
    """The number of the sitemap that has an id."""
    return str((number - 1) // MAX_URLS_PER_FILE + 1)


_NUMBERS = {"sitemap_people": "number_person", "sitemap_tags": "number_tag"}


def example(address: SiteAddress, path: str, known: Samples) -> str | None:
    """The path and query of an example: `path` of the address with values of `known`; None if one is not known."""
    values = {**known, "number": known.get(_NUMBERS.get(address.name, "number"), "")}
    varying = _VARYING.findall(path + address.query)
    if not all(values.get(name) for name in varying):
        return None
    named = {name: quote(values[name], safe=":") if name == "record" else quoted(values[name]) for name in varying}
    query = (
        f"?{address.query.format(**{name: quote(value) for name, value in values.items()})}" if address.query else ""
    )
    return path.format(**named) + query
