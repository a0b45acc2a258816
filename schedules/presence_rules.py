"""What health says of lists that fail, and of articles that do not answer and cannot be judged."""

import sqlite3
from collections.abc import Iterator

from archive.judging.failing import PATIENCE
from archive.unjudged import counts, failing_lists
from schedules.verdicts import Said, said

IN_A_ROW = 2
"""Crawls in which a list must fail to be a fault: any site answers 500 at times."""


def failing(conn: sqlite3.Connection) -> Iterator[tuple[str, Said]]:
    """Lists that failed in the last crawls of their sources, by source: those that never answered, and the others."""
    for each in failing_lists(conn):
        if each["crawls"] >= IN_A_ROW:
            name = "list_fails" if each["answered_at"] else "list_never_answered"
            page = f", {each['failed_url']}" if each["failed_url"] != each["url"] else ""
            yield each["source"], said(name, patience=PATIENCE, **each | {"cause": f"{each['cause']}{page}"})


def unjudged(conn: sqlite3.Connection) -> Iterator[tuple[str, Said]]:
    """Sources with articles that do not answer and are not judged, and what keeps that back."""
    lists = [each for each in failing_lists(conn) if each["answered_at"]]
    for source, why, count, since, key in counts(conn):
        failed = ", ".join(each["url"] for each in lists if each["source"] == source)
        name = "unjudged_lists" if why == "seeds_failed" and failed else "unjudged"
        yield source, said(name, source=source, count=count, since=since, key=key, lists=failed)
