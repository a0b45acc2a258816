"""Open and close a crawl in the archive, and describe it in warcinfo records."""

import re
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import get_args

from archive.decisions import CrawlFinished, CrawlStarted, Gap, ImportFinished, RobotsRead, RobotsReading, Stores
from archive.files import ABOUT_FORMAT, PROGRAM, counted, fields_block, stamp
from archive.replaying import claimed
from archive.rows import Done, FieldCoverage, Undone, articles_answered, crawl_outcome
from archive.settings import SourceRecord

OF_CRAWLS = ("requests", "articles_seen", "articles_asked", "articles_answered")  # figures that an import lacks

KINDS = {
    "article": ("article",),
    "page": ("further page",),
    "list": ("list",),
    "hop": ("redirect",),
    "robots": ("robots.txt", "robots.txt"),
}
"""The names of kinds of captures in a crawl's summary; the second word is an irregular plural."""


@dataclass(frozen=True, slots=True)
class CrawlFigures:
    """A crawl or an import in numbers; an import leaves those in OF_CRAWLS at their defaults, 0 or None."""

    requests: int = 0
    captures: int = 0
    revisits: int = 0
    new_articles: int = 0
    new_revisions: int = 0
    errors: int = 0
    articles_seen: int | None = None  # None: the crawl looked for a part, or was killed
    articles_asked: int | None = None  # None: not counted
    articles_answered: int | None = None


@dataclass(frozen=True, slots=True)
class CrawlReach:
    """The part of its source that a crawl looked for."""

    whole: bool = False
    """True if all that the lists show was looked for, so that the number of the source's articles is known."""
    lists_read: bool = True
    """True if no list was left out, so that articles missing from one can be judged."""
    asked: int = 0
    """Known articles that were due and were requested."""


@dataclass(frozen=True, slots=True)
class CrawlSummary:
    """One crawl in figures, as `thinker crawl --json` prints it.

    If its end could not be written, it has the counts so far, and the fields with a default keep it.
    """

    source: str
    finish_reason: str
    requests: int
    captures: int
    revisits: int
    new_articles: int
    new_revisions: int
    errors: int
    started_at: str
    finished_at: str
    articles_seen: int | None = None
    """Articles that answered or that lists show; None if only a part of them was looked for."""
    articles_asked: int | None = None
    """The number of known articles that the crawl requested."""
    articles_answered: int | None = None
    """Articles that answered, known ones and new ones."""
    unjudged: int = 0
    """Misses of articles that are not judged, as it is not known if their site worked."""
    waiting: int = 0
    """Addresses not requested, as their host asked for a longer pause than a crawl waits."""
    left: int = 0
    """Articles, due or never fetched, that wait for a later crawl because a budget was spent."""
    left_new: int = 0
    """Of these, those that were never fetched."""
    spent: str | None = None
    """The budget that was spent, in words."""
    more_at: str | None = None
    """The moment from which more may be requested; None if the next crawl may."""
    by_kind: Mapping[str, int] = field(default_factory=dict)
    """The captures by kind: article, page (a further one of an article), list, hop (a redirect), robots."""

    @property
    def line(self) -> str:
        """The figures in one line.

        `9 captures (0 revisits): 5 articles, 3 lists, 1 robots.txt; 5 new articles, 0 revisions, 0 errors`
        """
        kinds = ", ".join(counted(self.by_kind[kind], *KINDS[kind]) for kind in KINDS if self.by_kind.get(kind))
        return (
            f"{counted(self.captures, 'capture')} ({counted(self.revisits, 'revisit')}){': ' if kinds else ''}{kinds}; "
            f"{counted(self.new_articles, 'new article')}, {counted(self.new_revisions, 'revision')}, "
            f"{counted(self.errors, 'error')}"
        )


def about(source: SourceRecord, **told: str | None) -> bytes:
    """The block of a warcinfo record (ISO 28500 §6.2.2): the program, its robots policy, the source, further fields.

    The further fields are the arguments by keyword. Fields without a value are left out.
    """
    said = {
        "software": PROGRAM,
        **ABOUT_FORMAT,
        "robots": "obey",
        "robots-policy": "RFC 9309",
        "source": source.name,
        "publisher": source.publisher,
        "homepage": source.homepage,
        "timezone": source.timezone,
        "in-language": source.in_language,
        "declaration": source.declaration,
        **told,
    }
    return fields_block(said)


def open_crawl(
    stores: Stores, source: SourceRecord, now: datetime, due_at: str | None, single: bool = False
) -> tuple[str, str]:
    """Begin a crawl; returns its key and the id of its warcinfo record. One that a crash cut short is closed first.

    single: it asks single addresses only, so it covers nothing of the source.
    """
    _close_crashed(stores, source.name, now)
    started = stamp(now)
    crawl = _key(stores, source.name, started)
    told = {"crawl": crawl, "started": started, "due": due_at, "single": "yes" if single else None}
    warcinfo = stores.declare(now, about(source, **told, ledger=claimed(stores.conn, source.name))).record_id
    stores.tell(CrawlStarted(at=started, record_id=warcinfo, crawl=crawl))
    return crawl, warcinfo


def close_crawl(
    stores: Stores,
    crawl: str,
    finish_reason: str,
    figures: CrawlFigures,
    ended: str,
    fields: FieldCoverage | None = None,
) -> str:
    """Write the ledger line that ends a crawl; returns the moment when the crawl started.

    finish_reason: any words; the line has it as a code. fields: the number of pages with each property. ended: the
    moment of the end.
    """
    started, due = stores.conn.execute("select started_at, due_at from crawls where key = ?", (crawl,)).fetchone()
    outcome = crawl_outcome(started, due, finish_reason)
    stores.tell(
        CrawlFinished(
            at=ended,
            crawl=crawl,
            finish_reason=_code(finish_reason),
            outcome=outcome,
            fields=fields,
            files=stores.unsealed(),
            **asdict(figures),
        )
    )
    return str(started)


def robots_read(conn: sqlite3.Connection, crawl: str, record_id: str, reading: RobotsReading) -> RobotsRead:
    """A `RobotsRead` for the ledger: a crawl read a robots.txt. Nothing is written here.

    record_id: the capture of the robots.txt.
    """
    sql = "select captured_at, payload_digest from captures where record_id = ?"
    at, payload_digest = conn.execute(sql, (record_id,)).fetchone()
    return RobotsRead(at=at, record_id=record_id, payload_digest=payload_digest, crawl=crawl, reading=reading)


def close_import(stores: Stores, figures: CrawlFigures, ended: str) -> None:
    """Write the ledger line that ends an import, if the source's files have bytes that no line names.

    ended: the moment of the end.
    """
    if files := stores.unsealed():
        told = {name: count for name, count in asdict(figures).items() if name not in OF_CRAWLS}
        stores.tell(ImportFinished(at=ended, files=files, **told))


def _code(reason: str) -> str:
    """A finish reason as a code, since Scrapy and its extensions use free words: `_code("Disk full!") -> "disk_full"`.

    "other" if no letter from a to z is left.
    """
    return re.sub("[^a-z0-9_]+", "_", reason.lower()).strip("_0123456789") or "other"


def _close_crashed(stores: Stores, source: str, now: datetime) -> None:
    sql = "select id, key from crawls where source = ? and finished_at is null"
    for crawl_id, key in stores.conn.execute(sql, (source,)).fetchall():
        captures, revisits = stores.conn.execute(
            "select count(*), coalesce(sum(record_type = 'revisit'), 0) from captures where crawl_id = ?", (crawl_id,)
        ).fetchone()
        new, edited = stores.conn.execute(
            """
            select coalesce(sum(kind = 'new'), 0), coalesce(sum(kind = 'edited'), 0) from (
                select distinct e.id, e.kind
                  from captures c
                  join sightings g on g.capture_id = c.id
                  join revision_records r on r.id = g.revision_id and r.capture_id = c.id
                  join events e on e.revision_id = r.id
                 where c.crawl_id = ?)
            """,
            (crawl_id,),
        ).fetchone()
        answered = articles_answered(stores.conn, key)
        figures = CrawlFigures(captures, captures, revisits, new, edited, errors=1, articles_answered=answered)
        close_crawl(stores, key, "killed", figures, stamp(now))


def _key(stores: Stores, source: str, started: str) -> str:
    base = f"{source}-{started.replace('-', '').replace(':', '')}"
    sql = "select count(*) from crawls where key = ?1 or (key >= ?1 || '-' and key < ?1 || '.')"
    (taken,) = stores.conn.execute(sql, (base,)).fetchone()
    return f"{base}-{taken + 1}" if taken else base


def gap_before(conn: sqlite3.Connection, source: str, started_at: str, due_at: str | None = None) -> Gap | None:
    """The gap in the schedule that a new crawl ends; None if no slot was missed or failed.

    It has the missed and failed slots since the last slot with an outcome in Done, without those of an earlier gap.
    due_at: the slot of the crawl that begins, which does not count as missed.
    """
    done_slot, done_at = conn.execute(
        f"""
        select due_at, started_at from coverage
         where source = ? and outcome in {get_args(Done)} order by due_at desc limit 1
        """,
        (source,),
    ).fetchone() or ("", "")
    told_slot, told_at = conn.execute(
        """
        select detail ->> 'last_slot', at from events
         where kind = 'gap' and source = ? order by id desc limit 1
        """,
        (source,),
    ).fetchone() or ("", "")
    slots = conn.execute(
        f"""
        select due_at, outcome from coverage
         where source = ? and due_at > ? and due_at is not ? and outcome in {get_args(Undone)} order by due_at
        """,
        (source, max(done_slot, told_slot), due_at),
    ).fetchall()
    if not slots:
        return None
    counted = Counter(outcome for _, outcome in slots)
    return Gap(
        at=started_at, source=source, since=max(done_at, told_at) or slots[0][0], until=started_at, slots=len(slots),
        missed=counted["missed"], failed=counted["failed"], last_slot=slots[-1][0],
    )  # fmt: skip
