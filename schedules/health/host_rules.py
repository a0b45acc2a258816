"""Whether articles are named on hosts that are not declared, which says that a site may have moved there."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from archive.rows.undeclared_hosts import undeclared_hosts
from crawler.hosts.never import Never
from crawler.sources.declaration import Source
from crawler.sources.declaring import lines_declaring
from schedules.health.verdicts import Said, said
from schedules.slots.schedule import Watched


def moved(conn: sqlite3.Connection, sources: Iterable[Watched], never: Sequence[str], now: datetime) -> Iterator[Said]:
    """Hosts that were met and are not declared; what is never to be fetched is no matter."""
    declared, barred = {each.name: each for each in sources if isinstance(each, Source)}, Never(never)
    for each in undeclared_hosts(conn, now):
        source = declared.get(each.source)
        if source is None or source.within(each.url) or barred.reason(each.url):
            continue
        told = said("moved", source=source.name, articles=each.articles, url=each.url)
        lines = [f"`{line}`" for line in lines_declaring(source, each.url)]
        yield Said(told.en + " and ".join(lines), told.zh + " 和 ".join(lines))
