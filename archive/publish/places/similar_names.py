"""Suggests similar names for a name that the archive does not have."""

from __future__ import annotations

import difflib
import sqlite3

from archive.publish.places.counting import VISIBLE

MAX_SIMILAR_NAMES = 8
MAX_NAMES_COMPARED = 2_000  # of those that begin alike
_TOP = "\U0010ffff"

# The names of a kind in a range, in order. A column stands in many rows, so each takes one index look-up.
NAMES = {
    "person": f"""select name from people p where name >= :first and name < :last
                     and exists (select 1 from article_people where person_id = p.id and article_id {VISIBLE})
                   order by name limit :limit""",
    "tag": f"""select distinct name from keywords k where name >= :first and name < :last
                  and exists (select 1 from article_keywords where keyword_id = k.id and article_id {VISIBLE})
                order by name limit :limit""",
    "column": """with recursive names(name) as (
                     select min(article_section) from articles where article_section >= :first
                     union all
                     select (select min(article_section) from articles where article_section > name) from names
                      where name < :last)
                 select name from names where name < :last
                     and exists (select 1 from articles where article_section = name and state <> 'withdrawn')
                   limit :limit""",
    "source": "select name from sources where name >= :first and name < :last order by name limit :limit",
}


def near(conn: sqlite3.Connection, kind: str, name: str) -> list[dict[str, str]]:
    """Up to MAX_SIMILAR_NAMES suggestions, dicts of `kind` and `name`: first the same name in other kinds.

    Then names of the same kind with a similar spelling, the most similar first; no such names if the kind is day,
    month or year.
    """
    same = [{"kind": other, "name": name} for other in NAMES if other != kind and _exists(conn, other, name)]
    if kind not in NAMES:
        return same
    begun = _beginning_like(conn, kind, name)
    alike = {each.casefold(): each for each in begun}
    close = difflib.get_close_matches(name.casefold(), list(alike), n=MAX_SIMILAR_NAMES, cutoff=0.3)
    return [*same, *({"kind": kind, "name": alike[each]} for each in close)][:MAX_SIMILAR_NAMES]


def _exists(conn: sqlite3.Connection, kind: str, name: str) -> bool:
    return bool(conn.execute(NAMES[kind], {"first": name, "last": name + "\0", "limit": 1}).fetchone())


def _beginning_like(conn: sqlite3.Connection, kind: str, name: str) -> list[str]:
    """Names of a kind with the same first two characters, else with the same first one, else the first of all names.

    The characters are looked for as given and in lower, upper and title case: up to MAX_NAMES_COMPARED names for each
    of these, in order. Of all names it is the first MAX_SIMILAR_NAMES.
    """
    for length in (2, 1, 0):
        beginnings = dict.fromkeys(form[:length] for form in (name, name.lower(), name.upper(), name.title()))
        found = [each for begins in beginnings for each in _from(conn, kind, begins)]
        if found:
            return found
    return []


def _from(conn: sqlite3.Connection, kind: str, begins: str) -> list[str]:
    limit = MAX_NAMES_COMPARED if begins else MAX_SIMILAR_NAMES
    return [row[0] for row in conn.execute(NAMES[kind], {"first": begins, "last": begins + _TOP, "limit": limit})]
