"""Editions: how often the selectors of a source have changed, so that what was declared later is the newer reading."""

import re
import sqlite3
from dataclasses import replace

from parsers.selectors import Selectors

EDITION = re.compile(r"\+sel(\d{1,9})\.(\w+)$")
# What read its newest articles, its last crawls and its reparses; the whole history would be long to ask for.
READ_BY = """
    select parser_version from (
        select g.parser_version from articles a join sightings g on g.article_id = a.id
         where a.source = :source order by a.id desc limit 500)
    union select parser_version from (
        select c.parser_version from crawls w join captures c on c.crawl_id = w.id
         where w.source = :source and c.parser_version is not null order by w.id desc, c.id desc limit 500)
    union select parser_version from reparses where source = :source and undone_at is null
    """


def with_edition(conn: sqlite3.Connection, source: str, selectors: Selectors) -> Selectors:
    """The selectors with their edition: the last one's where it had the same, else the next. None so far: 0."""
    last, digests = last_edition(conn, source)
    same = selectors.digest in digests or (not last and not selectors)
    return replace(selectors, edition=last if same else last + 1)


def last_edition(conn: sqlite3.Connection, source: str) -> tuple[int, frozenset[str]]:
    """The last edition of a source's selectors, and the digests that bear its number; 0 and none without any."""
    read_by = (version for (version,) in conn.execute(READ_BY, {"source": source}))
    known = [(int(found[1]), found[2]) for version in read_by if (found := EDITION.search(version))]
    last = max((edition for edition, _ in known), default=0)
    return last, frozenset(digest for edition, digest in known if edition == last)
