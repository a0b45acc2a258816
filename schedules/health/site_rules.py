"""Health rules on sites: lists that fail, articles that cannot be judged, undeclared hosts."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from archive.answers import counts, failing_lists
from archive.answers import unjudged as articles
from archive.rows import read_undeclared_hosts
from archive.rules import PATIENCE_CRAWLS
from crawler.hosts import NeverFetched
from crawler.sources import Source, lines_declaring
from schedules.health.verdicts import RuleText, said
from schedules.slots import Watched

MIN_FAILED_CRAWLS = 2
"""Crawls in which a list must fail to be a fault: any site answers 500 at times."""
MAX_LISTS_NAMED = 5  # of a source, in one line
MAX_ARTICLES_LOOKED_AT = 1_000  # whose lists are looked up


def failing(conn: sqlite3.Connection) -> Iterator[tuple[str, RuleText]]:
    """Yield (source, finding) for each list that failed in each of the last two crawls, or of more.

    Beyond MAX_LISTS_NAMED lists of a source, one finding has the number of the others.
    """
    counted = "select source, count(*) from failing_lists where crawls >= ? group by source order by source"
    named: Counter[str] = Counter()
    for each in failing_lists(conn, MAX_LISTS_NAMED):
        if each["crawls"] >= MIN_FAILED_CRAWLS:
            named[each["source"]] += 1
            name = "list_fails" if each["answered_at"] else "list_never_answered"
            page = f", {each['failed_url']}" if each["failed_url"] != each["url"] else ""
            yield each["source"], said(name, patience=PATIENCE_CRAWLS, **each | {"cause": f"{each['cause']}{page}"})
    for source, count in conn.execute(counted, (MIN_FAILED_CRAWLS,)):
        if count > named[source]:
            yield source, said("more_lists_fail", source=source, count=count - named[source])


def unjudged(conn: sqlite3.Connection) -> Iterator[tuple[str, RuleText]]:
    """Yield (source, finding) about articles whose absence is not judged, one for each reason of a source."""
    lists: dict[str, set[str]] = {}
    for each in articles(conn, MAX_ARTICLES_LOOKED_AT):
        lists.setdefault(each["source"], set()).update(each["lists"])
    for source, why, count, since, key in counts(conn):
        failed = ", ".join(sorted(lists.get(source, ()))[:MAX_LISTS_NAMED])
        name = ("unjudged_lists" if failed else "unjudged_then") if why == "seeds_failed" else "unjudged"
        yield source, said(name, source=source, count=count, since=since, key=key, lists=failed)


def moved(
    conn: sqlite3.Connection, sources: Iterable[Watched], never: Sequence[str], now: datetime
) -> Iterator[RuleText]:
    """Yield a finding for each undeclared host on which crawls met articles of a declared source in the last 30 days.

    Hosts whose example address `never` excludes are left out.
    """
    declared, barred = {each.name: each for each in sources if isinstance(each, Source)}, NeverFetched(never)
    for each in read_undeclared_hosts(conn, now):
        source = declared.get(each.source)
        if source is None or source.within(each.url) or barred.reason(each.url):
            continue
        told = said("moved", source=source.name, articles=each.articles, url=each.url)
        lines = [f"`{line}`" for line in lines_declaring(source, each.url)]
        yield RuleText(told.en + " and ".join(lines), told.zh + " 和 ".join(lines))
