"""Lists that fail: for how many crawls in a row, and whether what is missing on their host waits for them.

A list that never answered vouches for nothing, so nothing waits for it. One that answered before may have fallen ill
together with its host: for so many crawls nothing is judged there. Operational, like what a list showed last.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from archive.judging.runs import Session
from archive.rules import PATIENCE_CRAWLS, host_of, key_of


@dataclass(frozen=True, slots=True)
class FailedList:
    """A list that could not be read in full, and why.

    url: the address under which the archive knows it: its seed, or the file of a sitemap. at: the address that failed,
    a page of it perhaps. ill: its site may be ill; not so where robots.txt or our own rules refuse it. asked: not where
    its host asked for patience in an earlier answer, and is left alone.
    """

    url: str
    at: str
    cause: str
    ill: bool = True
    asked: bool = True


def note_failed_lists(session: Session, failures: Iterable[FailedList], tried_all: bool) -> None:
    """Count this crawl for the lists that failed in it; nothing is judged on a host whose list may be ill.

    tried_all: one that is not among them answered again, or is declared no more. A crawl in which nothing answered at
    all counts for none: this machine may have been offline. A list that was not reached in this crawl is thought to be
    as it was.
    """
    if not session.counts.captures:
        return
    for failed in failures:
        crawls, answered = _counted(session, failed)
        if failed.ill and answered and crawls <= PATIENCE_CRAWLS:
            _hold_up(session, failed.at)
    others, ours = "from failing_lists where source = ? and crawl <> ?", (session.source.name, session.crawl)
    if tried_all:
        session.conn.execute(f"delete {others}", ours)
        return
    read = "and url in (select url from lists where source = ? and crawl = ?)"
    session.conn.execute(f"delete {others} {read}", ours * 2)
    held = f"select failed_url {others} and answered_at is not null and crawls <= ?"
    for (url,) in session.conn.execute(held, (*ours, PATIENCE_CRAWLS)).fetchall():
        _hold_up(session, url)


def is_held_up(session: Session, failures: Iterable[FailedList], host: str) -> bool:
    """Whether nothing will be judged on a host in this crawl, by the lists that have failed in it so far."""
    sql = "select crawls from failing_lists where source = ? and url = ?"
    for failed in failures:
        with suppress(ValueError):
            if failed.ill and host_of(failed.at) == host and _answered(session, failed):
                row = session.conn.execute(sql, (session.source.name, failed.url)).fetchone()
                if (row[0] if row else 0) + failed.asked <= PATIENCE_CRAWLS:
                    return True
    return False


def _hold_up(session: Session, url: str) -> None:
    """Judge nothing in this crawl on the host of a list that may be ill."""
    with suppress(ValueError):  # what is no address has no host
        session.failed_hosts.add(host_of(url))


def _counted(session: Session, failed: FailedList) -> tuple[int, str | None]:
    """In how many crawls in a row the list failed, this one among them, and when it last answered before that."""
    told: dict[str, Any] = {
        "source": session.source.name,
        "url": failed.url,
        "at": failed.at,
        "cause": failed.cause,
        "crawl": session.crawl,
        "answered": _answered(session, failed),
        "more": failed.asked,
    }
    if not failed.asked and not _is_failing(session, failed):
        return 0, told["answered"]
    row: tuple[int, str | None] = session.conn.execute(
        """
        insert into failing_lists (source, url, failed_url, cause, crawl, crawls, since, answered_at)
        values (:source, :url, :at, :cause, :crawl, 1, (select started_at from crawls where key = :crawl), :answered)
        on conflict (source, url) do update
           set crawls = crawls + (:more and crawl <> excluded.crawl), crawl = excluded.crawl,
               failed_url = excluded.failed_url, cause = excluded.cause
        returning crawls, answered_at
        """,
        told,
    ).fetchone()
    return row


def _is_failing(session: Session, failed: FailedList) -> bool:
    sql = "select 1 from failing_lists where source = ? and url = ?"
    return session.conn.execute(sql, (session.source.name, failed.url)).fetchone() is not None


def _answered(session: Session, failed: FailedList) -> str | None:
    """When a list, or the page of it that fails, last answered before this crawl; None: it never did."""
    sql = """
        select c.captured_at from captures c join crawls k on k.key = :crawl
         where c.source = :source and c.urlkey = :urlkey
           and c.captured_at <= k.started_at and c.crawl_id is not k.id -- two crawls may fall into one second
           and c.kind = 'list' and c.status in (200, 203, 304)
         order by c.captured_at desc limit 1
    """
    read = "select read_at from lists where source = :source and url = :url and crawl <> :crawl"
    said = {"source": session.source.name, "crawl": session.crawl, "url": failed.url}
    found = [session.conn.execute(sql, said | {"urlkey": urlkey}).fetchone() for urlkey in _urlkeys(failed)]
    found.append(session.conn.execute(read, said).fetchone())
    return max((row[0] for row in found if row and row[0]), default=None)


def _urlkeys(failed: FailedList) -> Iterator[str]:
    for url in {failed.url.replace("{page}", "1"), failed.at}:
        with suppress(ValueError):
            yield key_of(url)
