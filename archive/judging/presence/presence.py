"""Turn probes of an article into its standing, and into an event where they amount to a judgement."""

import logging
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from archive.decisions import AccessRestricted, Probe, ProbeEvidence, Redirected, Removed, Restored
from archive.files import instant
from archive.judging.presence.vouching import Vouching
from archive.judging.runs import Miss, Session, Sight
from archive.rows import CaptureRow, changes_article, last_counted, standing_of_key
from archive.rules import (
    AWAY,
    UNJUDGED,
    Circumstances,
    Counted,
    Missing,
    ProbeOutcome,
    Ruling,
    Standing,
    after_answer,
    after_miss,
    after_sight,
    host_in_words,
    host_of,
    key_of,
)

logger = logging.getLogger(__name__)

JUDGEMENTS: dict[str | None, type[Probe]] = {
    None: Probe,
    **{line.kind: line for line in (Removed, Redirected, AccessRestricted, Restored)},
}
WHY_UNJUDGED: dict[Counted, str] = {
    "no_witness": "no other page of their host answered at that time",
    "seeds_failed": "a list could not be read",
}


def note_sight(session: Session, key: str, seen: CaptureRow) -> None:
    """Note that an article was seen in a crawl: it is a witness, and its standing becomes that of `after_sight`.

    A ledger line is written only if the standing changes or `after_sight` gives an event. An import notes nothing.
    """
    if session.origin == "site":
        note_witness(session, key, seen)
        before = standing_of_key(session.conn, key)
        _note(session, key, seen, "found", before, after_sight(before, seen.captured_at))


def note_witness(session: Session, key: str, seen: CaptureRow) -> None:
    """Note that an article answered in a crawl: its host works, so an article missing there at that time counts.

    Nothing is noted in an import, or before the crawl has begun.
    """
    if session.origin == "site" and session.crawl is not None:
        session.witnesses.saw(host_of(seen.url), Sight(key, seen.captured_at, seen.capture_id))
        session.living.changes += 1


def note_answer(session: Session, key: str, seen: CaptureRow) -> None:
    """Note that an article's address answered with a page that does not show the article: it is not missing.

    An article judged gone stays so, as its return is not proved. A ledger line is written only if the standing changes
    or there is an event. An import notes nothing.
    """
    if session.origin == "site":
        before = standing_of_key(session.conn, key)
        _note(session, key, seen, "answered", before, after_answer(before, seen.captured_at))


def note_headline(session: Session, key: str, seen: CaptureRow) -> None:
    """Record the probe of a crawl as "answered": the page says that the article is gone, yet shows its headline.

    The line is written even if the standing stays the same. An import records nothing.
    """
    if session.origin == "site":
        verdict = after_answer(standing_of_key(session.conn, key), seen.captured_at)
        _tell(session, _Probe(key, seen.captured_at, "answered", _record(session.conn, seen.capture_id)), verdict)


def note_missing(session: Session, key: str, url: str, outcome: Missing, at: str, record_id: str | None) -> None:
    """Note that a probe at a url did not find the article; the crawl's end judges it.

    record_id: the capture that shows what was there instead; None if no response came.
    """
    elsewhere = outcome == "unreachable" and seen_elsewhere(session, url)
    miss = Miss(key, host_of(url), outcome, at, record_id, elsewhere=elsewhere)
    session.counts.missing.append(miss)
    session.witnesses.missed(miss)


def other_addresses(session: Session, url: str) -> list[str]:
    """The other urlkeys of the article known at an address, without those that gave any answer in this crawl."""
    rows = session.conn.execute(
        """
        select other.urlkey from addresses d
          join addresses other on other.article_id = d.article_id and other.urlkey <> d.urlkey
         where d.source = :source and d.urlkey = :urlkey
           and not exists (select 1 from captures c join crawls k on k.id = c.crawl_id and k.key = :crawl
                            where c.source = :source and c.urlkey = other.urlkey and c.captured_at >= k.started_at)
        """,
        {"source": session.source.name, "urlkey": key_of(url), "crawl": session.crawl},
    )
    return [urlkey for (urlkey,) in rows]


def seen_elsewhere(session: Session, url: str) -> bool:
    """True if the article known at a url seems to have moved; False if none is known there.

    A crawl began after it was last seen there, and since the start of that crawl it was seen at another address.
    """
    row = session.conn.execute(
        """
        select 1 from addresses d
          join addresses other on other.article_id = d.article_id and other.source = d.source
                              and other.urlkey <> d.urlkey
         where d.source = :source and d.urlkey = :urlkey
           and exists (select 1 from crawls k where k.source = d.source and k.started_at > d.last_seen_at
                                                and k.started_at <= other.last_seen_at)
         limit 1
        """,
        {"source": session.source.name, "urlkey": key_of(url)},
    ).fetchone()
    return row is not None


def candidates(session: Session, host: str) -> Iterator[tuple[str, str]]:
    """Yield (key, urlkey) of the articles of a host that are live without misses, as possible witnesses.

    First come those that answered last in this crawl (`Witnesses.lately`). An article has a pair for each of its
    addresses on the host. Articles missed in this crawl are left out.
    """
    lately = session.witnesses.lately(host)
    if not session.living.another(host, "", lately):
        return
    passed = {miss.key for miss in session.counts.missing}
    for key in lately:
        yield from (row for row in _known(session, host, "and k.key = :key", key) if row[0] not in passed)
    passed |= set(lately)
    yield from (row for row in _known(session, host) if row[0] not in passed)


def _known(session: Session, host: str, which: str = "", key: str | None = None) -> sqlite3.Cursor:
    """The rows (key, urlkey) of the articles of a host that are live without misses, one for each address.

    which: SQL to append to the conditions, such as `and a.key = :key`. key: the value of `:key` in it.
    """
    return session.conn.execute(
        f"""
        select k.key, d.urlkey from addresses d
          join articles a on a.id = d.article_id join keys k on k.number = d.key_number
         where d.source = :source and d.urlkey >= :start and d.urlkey < :end
           and a.state = 'live' and a.misses = 0 {which}
        """,
        {"source": session.source.name, "start": f"{host})", "end": f"{host}*", "key": key},  # in ASCII * follows )
    )


def judge(session: Session, vouching: Vouching) -> int:
    """Judge a crawl's misses at its end, when every witness has answered: a ledger line for each.

    Returns the number of misses that could not be judged, because no other page of their host answered at that time or
    a list of the host failed. Misses of articles outside UNSETTLED, such as removed ones, have a line too but are not
    in the number. Of several misses of one article in this crawl, only the first that counts towards a removal does so.
    """
    found: Counter[tuple[Counted, str]] = Counter()
    missing = session.counts.missing
    unreached = {miss.key for miss in missing if miss.outcome == "unreachable" and not miss.elsewhere}
    counted: set[str] = set()
    for miss in session.counts.missing:
        before = standing_of_key(session.conn, miss.key)
        if miss.witness is None:
            miss.witness = vouching.voucher(miss)
        verdict = after_miss(before, miss.outcome, miss.at, _terms(session, miss, miss.key in unreached))
        if verdict.counted == "yes" and miss.key in counted:
            verdict = Ruling(before, None, "too_soon")
        counted |= {miss.key} if verdict.counted == "yes" else set()
        if verdict.standing.unjudged_since:
            found[verdict.counted, miss.host] += 1
        witness = _record(session.conn, miss.witness)
        _tell(session, _Probe(miss.key, miss.at, miss.outcome, miss.record_id, witness), verdict)
    for (why, host), count in sorted(found.items()):
        if why in UNJUDGED:
            logger.warning("%s: %d missing articles are not judged: %s", host_in_words(host), count, WHY_UNJUDGED[why])
    return sum(count for (why, _), count in found.items() if why in UNJUDGED)


def doubted(session: Session) -> Iterator[tuple[str, datetime]]:
    """Yield the urlkeys of missed articles that the crawl could not settle, each with the moment to probe it again.

    Each address of such an article is yielded, also one that the crawl did not request.
    An article that could not be judged: after the source's spacing or, if that is longer, a quarter of the time since
    `unjudged_since`; so it is probed ever more rarely. Any other soft_gone article: when the next probe can count.
    Articles that are neither are left out.
    """
    spacing = timedelta(seconds=session.source.removal_spacing)
    for key, at in {miss.key: miss.at for miss in session.counts.missing}.items():
        rows = session.conn.execute(
            """
            select d.urlkey, coalesce(a.last_missed_at, :at), a.unjudged_since
              from articles a join addresses d on d.article_id = a.id
             where a.id = (select article_id from keys where key = :key) and d.source = :source
               and (a.state = 'soft_gone' or a.unjudged_since is not null)
            """,
            {"key": key, "at": at, "source": session.source.name},
        )
        for urlkey, missed_at, since in rows.fetchall():
            if since is None:
                yield urlkey, instant(missed_at) + spacing
            else:
                yield urlkey, instant(at) + max(spacing, (instant(at) - instant(since)) / 4)


def _terms(session: Session, miss: Miss, unreached: bool) -> Circumstances:
    source = session.source
    return Circumstances(
        source.removal_probes,
        source.removal_spacing,
        witnessed=miss.witness is not None,
        seeds_failed=miss.host in session.failed_hosts,
        answered=miss.elsewhere or _answered(session, miss.key),
        unreached=unreached,
    )


def _answered(session: Session, key: str) -> bool:
    """True if a capture of this crawl shows an article, at any of its addresses."""
    row = session.conn.execute(
        """
        select 1 from articles a
          join crawls k on k.key = :crawl
          join sightings g on g.article_id = a.id and g.captured_at >= k.started_at
          join captures c on c.id = g.capture_id and c.crawl_id = k.id
         where a.id = (select article_id from keys where key = :key) limit 1
        """,
        {"key": key, "crawl": session.crawl},
    ).fetchone()
    return row is not None


def _note(
    session: Session, key: str, seen: CaptureRow, outcome: ProbeOutcome, before: Standing, verdict: Ruling
) -> None:
    if verdict.event or verdict.standing != before:
        session.living.changes += 1
        _tell(session, _Probe(key, seen.captured_at, outcome, _record(session.conn, seen.capture_id)), verdict)


@dataclass(frozen=True, slots=True)
class _Probe:
    """A probe of an article: its moment, its outcome, and the records of the answer and of the witness.

    outcome: such as "found" or "gone". The records are given by id; None without an answer or a witness.
    """

    key: str
    at: str
    outcome: ProbeOutcome
    record_id: str | None
    witness: str | None = None


def _tell(session: Session, probe: _Probe, verdict: Ruling) -> None:
    number, last_seen = session.conn.execute(
        "select k.number, a.last_seen_at from keys k join articles a on a.id = k.article_id where k.key = ?",
        (probe.key,),
    ).fetchone()
    evidence: tuple[ProbeEvidence, ...] = ()
    event = verdict.event if changes_article(session.conn, probe.key, verdict.standing) else None
    if event in AWAY:
        earlier = last_counted(session.conn, number, verdict.standing.misses - 1)
        last = ProbeEvidence(at=probe.at, outcome=probe.outcome, capture=probe.record_id, witness=probe.witness)
        evidence = (*(ProbeEvidence(**asdict(each)) for each in earlier), last)
    session.stores.tell(
        JUDGEMENTS[event](
            at=probe.at,
            key=probe.key,
            record_id=probe.record_id,
            outcome=probe.outcome,
            standing=verdict.standing,
            last_seen_at=last_seen,
            witness=probe.witness,
            uncounted=None if verdict.counted == "yes" else verdict.counted,
            evidence=evidence,
        )
    )


def _record(conn: sqlite3.Connection, capture_id: int | None) -> str | None:
    row = conn.execute("select record_id from captures where id = ?", (capture_id,)).fetchone()
    return row[0] if row else None
