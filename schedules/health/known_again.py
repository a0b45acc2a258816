"""The health rule on sources that name known articles at new addresses in each crawl."""

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice

from parsers.urls import differing_parameters, without_parameters
from schedules.health.verdicts import RuleText, said

MAX_PAIRS_COMPARED = 20
MAX_NAMES = 3  # of parameters, in one line
_NAME = re.compile(r"[\w.$-]{1,64}", re.ASCII)  # other names of a hostile page are not repeated


def known_again(conn: sqlite3.Connection) -> Iterator[tuple[str, RuleText]]:
    """Yield (source, finding) for each source whose last ended crawl found known articles at new addresses.

    The finding names the parameters that differ, with the line for thinker.toml, or two addresses if none does.
    """
    rows = conn.execute(
        """
        select e.source, c.started_at, e.detail
          from crawls c
          join events e on e.source = c.source and e.kind = 'known_again' and e.at >= c.started_at
         where c.id = (select id from crawls where source = c.source and finished_at is not null
                        order by started_at desc, id desc limit 1)
           and e.detail ->> 'crawl' = c.key
           and not exists (select 1 from acts t where t.digest = e.digest and t.undone_by is not null)
         order by e.source, e.id
        """
    ).fetchall()
    counts, first = Counter[str](), dict[str, tuple[str, dict[str, str]]]()
    for source, at, detail in rows:
        pairs = json.loads(detail)["pairs"]
        counts[source] += len(pairs)
        first.setdefault(source, (at, pairs))
    for source, (at, pairs) in first.items():
        yield source, _finding(conn, source, counts[source], at, pairs)


def _finding(conn: sqlite3.Connection, source: str, count: int, at: str, pairs: Mapping[str, str]) -> RuleText:
    told = {"source": source, "count": count, "at": at}
    compared = [(_url(conn, key), _url(conn, known)) for key, known in islice(pairs.items(), MAX_PAIRS_COMPARED)]
    named = [(new, old) for new, old in compared if new and old]
    differing = Counter(name for new, old in named for name in differing_parameters(new, old))
    always = [name for name, times in sorted(differing.items()) if times == len(named)]
    plain = {without_parameters(old, always) for _, old in named}
    tells_apart = len(plain) < len({old for _, old in named})  # known articles differ by these, as by an id
    if always and not tells_apart and all(_NAME.fullmatch(name) for name in always) and len(differing) <= MAX_NAMES:
        names = json.dumps(always)
        return said("known_again_parameter", **told, names=", ".join(always), line=f"drop_parameters = {names}")
    new, old = named[0] if named else ("", "")
    return said("known_again", **told, new=new, old=old)


def _url(conn: sqlite3.Connection, key: str) -> str | None:
    """An address at which an article was seen under a key; None without any."""
    sql = """
        select d.url from keys k join addresses d on d.article_id = k.article_id and d.key_number = k.number
         where k.key = ? order by d.first_seen_at, d.urlkey limit 1
        """
    row = conn.execute(sql, (key,)).fetchone()
    return row[0] if row else None
