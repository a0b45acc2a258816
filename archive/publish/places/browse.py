"""The page /browse with people, tags, columns, sources and times, and the full list of each."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.publish.database.answer_cache import read_once
from archive.publish.database.reading import read, rows, rows_asked
from archive.publish.places.counting import VISIBLE
from archive.publish.places.pages import LISTS
from archive.publish.places.periods import covered_months
from archive.publish.places.similar_names import NAMES
from archive.publish.server.parameters import takes
from archive.publish.server.rendering import page

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

NAMES_PER_LIST = 30
NAMES_PER_PAGE = 200
MAX_CALENDAR_YEARS = 60  # misread dates must not make the calendar endless
_TOP = "\U0010ffff"
_KINDS = {name: kind for kind, name in LISTS.items()}


async def show(datasette: Datasette, request: Request) -> Response:
    """`/browse`: the people, tags, columns and sources with the most articles, and the calendar."""
    found = await read_once(datasette, _tops)
    return await page(datasette, request, "places/browse", found, kinds=_KINDS)


@takes("after", "limit")
async def show_list(datasette: Datasette, request: Request) -> Response:
    """`/browse/people` (or `tags`, `columns`, `sources`): NAMES_PER_PAGE names in order, after `?after=NAME` if set."""
    kind = _KINDS[request.url_vars["list"]]
    after = request.args.get("after") or ""
    most = rows_asked(request, NAMES_PER_PAGE)
    found = await read(datasette, names_after, kind, after, most + 1)
    told = {"kind": kind, "after": after or None, "names": found[:most]}
    told["further"] = found[most - 1]["name"] if len(found) > most else None
    return await page(datasette, request, "places/browse_list", told)


def names_after(conn: sqlite3.Connection, kind: str, after: str, limit: int) -> list[dict[str, Any]]:
    """At most `limit` names of a kind after the name `after`, in the order of code points; "" for the first ones.

    Each is a dict of `name`, `articles`, the number of its articles that are not withdrawn, and for sources
    `publisher`. A name without such articles is left out, unless it is a source.
    """
    first = after + "\0" if after else ""
    found = conn.execute(NAMES[kind], {"first": first, "last": _TOP, "limit": limit}).fetchall()
    publishers = {name: {"publisher": publisher} for name, publisher in conn.execute(_PUBLISHERS, {"is": kind})}
    return [
        {"name": name, "articles": _count(conn, kind, name)} | publishers.get(name, {})
        for (name,) in found
        if name is not None
    ]


def _count(conn: sqlite3.Connection, kind: str, name: str) -> int:
    return int(conn.execute(_COUNTS[kind], (name,)).fetchone()[0])


_COUNTS = {
    "person": f"""select count(distinct article_id) from article_people
                   where person_id = (select id from people where name = ?) and article_id {VISIBLE}""",
    "tag": f"""select count(distinct article_id) from article_keywords
                where keyword_id in (select id from keywords where name = ?) and article_id {VISIBLE}""",
    "column": "select count(*) from articles where article_section = ? and state <> 'withdrawn'",
    "source": "select count(*) from articles where source = ? and state <> 'withdrawn'",
}
_PUBLISHERS = "select name, publisher from sources where :is = 'source'"
# Each scans a whole index; read_once caches the result.
_TOPS = {
    "people": f"""select p.name, n.articles from (
                      select person_id, count(distinct article_id) as articles from article_people
                       where article_id {VISIBLE} group by 1 order by 2 desc limit :limit) n
                    join people p on p.id = n.person_id order by n.articles desc, p.name""",
    "tags": f"""select k.name, sum(n.articles) as articles from (
                    select keyword_id, count(*) as articles from article_keywords
                     where article_id {VISIBLE} group by 1 order by 2 desc limit :limit) n
                  join keywords k on k.id = n.keyword_id group by 1 order by 2 desc, 1""",
    "columns": """select article_section as name, count(*) as articles from articles
                   where article_section is not null and state <> 'withdrawn'
                   group by 1 order by 2 desc, 1 limit :limit""",
    "sources": """select s.name, coalesce(s.publisher, s.name) as publisher,
                         (select count(*) from articles where source = s.name and state <> 'withdrawn') as articles
                    from sources s order by 3 desc, 1 limit :limit""",
}
_MONTHS = """select published_month, count(*) from articles
              where published_month is not null and state <> 'withdrawn' group by 1"""


def _tops(conn: sqlite3.Connection) -> dict[str, Any]:
    counts = dict(conn.execute(_MONTHS).fetchall())
    covered = covered_months(conn)
    found = {name: rows(conn, sql, {"limit": NAMES_PER_LIST}) for name, sql in _TOPS.items()}
    years = sorted({month[:4] for month in covered}, reverse=True)[:MAX_CALENDAR_YEARS]
    return {**found, "years": [_year(year, counts, set(covered)) for year in years]}


def _year(year: str, counts: dict[str, int], covered: set[str]) -> dict[str, Any]:
    """A row of the calendar: a dict of `year`, `articles` (a number) and `months`.

    These are 12 dicts of `month` (`2024-04`) and `articles`: the number, 0 if `counts` has none, or None for a month
    that is not in `covered`.
    """
    named = [f"{year}-{month:02}" for month in range(1, 13)]
    months = [{"month": month, "articles": counts.get(month, 0) if month in covered else None} for month in named]
    return {"year": year, "articles": sum(month["articles"] or 0 for month in months), "months": months}
