"""What health says of lists that fail, and of articles that do not answer and cannot be judged."""

import sqlite3
from collections import Counter
from collections.abc import Iterator

from archive.answers.absences import counts, failing_lists
from archive.answers.absences import unjudged as articles
from archive.rules.standing import PATIENCE
from schedules.health.verdicts import Said, said

IN_A_ROW = 2
"""Crawls in which a list must fail to be a fault: any site answers 500 at times."""
NAMED = 5  # lists of a source that one line names
LOOKED = 1_000  # articles whose lists are looked for


def failing(conn: sqlite3.Connection) -> Iterator[tuple[str, Said]]:
    """Lists that failed in the last crawls of their sources, by source: those that never answered, and the others."""
    counted = "select source, count(*) from failing_lists where crawls >= ? group by source order by source"
    named: Counter[str] = Counter()
    for each in failing_lists(conn, NAMED):
        if each["crawls"] >= IN_A_ROW:
            named[each["source"]] += 1
            name = "list_fails" if each["answered_at"] else "list_never_answered"
            page = f", {each['failed_url']}" if each["failed_url"] != each["url"] else ""
            yield each["source"], said(name, patience=PATIENCE, **each | {"cause": f"{each['cause']}{page}"})
    for source, count in conn.execute(counted, (IN_A_ROW,)):
        if count > named[source]:
            yield source, said("more_lists_fail", source=source, count=count - named[source])


def unjudged(conn: sqlite3.Connection) -> Iterator[tuple[str, Said]]:
    """Sources with articles that do not answer and are not judged, and what keeps that back."""
    lists: dict[str, set[str]] = {}
    for each in articles(conn, LOOKED):
        lists.setdefault(each["source"], set()).update(each["lists"])
    for source, why, count, since, key in counts(conn):
        failed = ", ".join(sorted(lists.get(source, ()))[:NAMED])
        name = ("unjudged_lists" if failed else "unjudged_then") if why == "seeds_failed" else "unjudged"
        yield source, said(name, source=source, count=count, since=since, key=key, lists=failed)
