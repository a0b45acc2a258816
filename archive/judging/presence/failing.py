"""Lists that fail: for how many crawls in a row, and if articles missing on their host wait for them.

A list that never answered vouches for nothing, so nothing waits for it. One that answered before may fail because its
host does: for PATIENCE_CRAWLS crawls nothing is judged there. Operational data, not in the ledger.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from archive.judging.runs import Session
from archive.rules import PATIENCE_CRAWLS, host_of, key_of


@dataclass(frozen=True, slots=True)
class FailedList:
    """A list that could not be read in full, and the cause.

    url: the list's address in the archive: its seed, or the file of a sitemap. at: the address that failed, perhaps one
    of its pages. ill: False where robots.txt or our own rules refuse the list, which says nothing about its site.
    asked: False where no request was sent, as its host asked for a pause in an earlier answer or a budget was spent.
    """

    url: str
    at: str
    cause: str
    ill: bool = True
    asked: bool = True


def note_failed_lists(session: Session, failures: Iterable[FailedList], tried_all: bool) -> None:
    """Count this crawl for the lists that failed in it, and hold up judgements on the hosts of lists that may be ill.

    Held up are the hosts of ill lists that answered before and failed in at most PATIENCE_CRAWLS crawls in a row.
    tried_all: True if every list was requested, so a list that did not fail has answered or is not declared any more.
    If False, a list that neither failed nor was read keeps its count and, within the same limits, holds up its host,
    ill or not. A crawl without a single answer counts for no list, and holds up no host: this machine may have been
    offline.
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
    """True if one of these failed lists will hold up the judgements on a host at the crawl's end.

    The rules are those of `note_failed_lists`. failures: the lists that have failed in this crawl so far; only these
    are looked at.
    """
    sql = "select crawls from failing_lists where source = ? and url = ?"
    for failed in failures:
        with suppress(ValueError):  # an invalid address has no host
            if failed.ill and host_of(failed.at) == host and _answered(session, failed):
                row = session.conn.execute(sql, (session.source.name, failed.url)).fetchone()
                if (row[0] if row else 0) + failed.asked <= PATIENCE_CRAWLS:
                    return True
    return False


def _hold_up(session: Session, url: str) -> None:
    """Judge nothing in this crawl on the host of `url`, the address at which a list failed."""
    with suppress(ValueError):  # an invalid address has no host
        session.failed_hosts.add(host_of(url))


def _counted(session: Session, failed: FailedList) -> tuple[int, str | None]:
    """The number of crawls in a row in which a list failed, and the moment of its last answer before them.

    Adds this crawl to the number, only once however often it is called, unless the crawl sent the list no request. The
    number is 0 if it sent none and the list did not fail before. For a list that never answered the moment stays None.
    """
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
    """The moment when a list, or the page of it that fails, last answered before this crawl; None if it never did."""
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
