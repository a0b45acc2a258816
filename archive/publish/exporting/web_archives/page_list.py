"""The list of pages in a WACZ file: each version of each article, by the capture that showed it first."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator


def page_lines(conn: sqlite3.Connection, title: str) -> Iterator[str]:
    """Yield the lines of `pages.jsonl`: a head with a title, then the versions of the articles, latest article first.

    Only versions whose capture is in `leaving_captures`. The text of the pages is left out.
    """
    yield _line({"format": "json-pages-1.0", "id": "pages", "title": title})
    for record_id, url, at, headline, key, _ in conn.execute(_PAGES):
        yield _line({"id": record_id.removeprefix("urn:uuid:"), "url": url, "ts": at, "title": headline, "key": key})


def _line(said: dict[str, str]) -> str:
    return json.dumps(said, ensure_ascii=False) + "\n"


# A newer parser makes a version of the same capture: the page stands once, with the headline that it reads.
_PAGES = """
    select c.record_id, c.url, c.captured_at, s.headline, a.key, max(r.position)
      from leaving_articles l join articles a on a.id = l.id
      join revision_records r on r.article_id = a.id
      join leaving_captures k on k.id = r.capture_id
      join captures c on c.id = k.id
      join states s on s.id = r.state_id
     where a.state <> 'withdrawn'
     group by a.search_id, c.captured_at, c.id
     order by a.search_id desc, c.captured_at, c.id
"""
