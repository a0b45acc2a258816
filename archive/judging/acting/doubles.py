"""Doubles: articles of two sources that are one, as they stand at one address; and pairs that probably are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Literal, NamedTuple

from archive.decisions import Merged
from archive.files import Locked
from archive.judging.runs import held_chains
from archive.rows import (
    Archive,
    Connection,
    KeyAt,
    forget_shared,
    has_hidden_key,
    keys_at,
    keys_of,
    known_key,
    shared_addresses,
)

ADDRESSES_AT_A_TIME = 500
ADDRESSES_PER_COMMIT = 32
PROGRAM = "thinker"  # who acts
SAME_ADDRESS: Literal["same_address"] = "same_address"

# Keys of standing splits, and pairs of keys whose merge was undone.
SPLIT = """
    select key, detail ->> 'new_key', detail ->> 'parted_key' from acts where kind = 'split' and undone_by is null
    union all
    select k.key, o.key, null from joins j join acts a on a.digest = j.parted_by
      join keys k on k.number = j.number join keys o on o.number = j.other
     where a.kind = 'split' and a.undone_by is null
    """
UNDONE = "select key, detail ->> 'other' from acts where kind = 'merged' and undone_by is not null"
# Articles of two sources with one headline and one date of publication.
ALIKE = """
    select headline, published_date from articles
     where published_date is not null and state <> 'withdrawn'
     group by headline, published_date having count(distinct source) > 1 order by published_date desc, headline
    """


class ArticlePair(NamedTuple):
    """Two articles that are one, or may be: their keys, and why.

    why: `same_address`, `parted` (the same, but an operator parted one of them) or `alike` (headline and date agree).
    what: the address, or the headline.
    """

    key: str
    other: str
    why: Literal["same_address", "parted", "alike"]
    what: str


@dataclass(frozen=True, slots=True)
class MergedDoubles:
    """The number of articles that became part of another, and the first lock that kept others apart, if any."""

    count: int = 0
    locked: Locked | None = None


def doubles(conn: Connection) -> Iterator[ArticlePair]:
    """Yield the pairs of articles that stand at one address in several sources, by address."""
    parted = _Parted(conn)
    for urlkey in _listed(conn):
        for one, other in _pairs(keys_at(conn, urlkey)):
            yield ArticlePair(one.key, other.key, "parted" if parted.are(one, other) else SAME_ADDRESS, one.url)


def likely_doubles(conn: Connection) -> Iterator[ArticlePair]:
    """Yield the pairs of articles of two sources that have one headline and date, the newest first.

    Pairs that an operator parted are left out. It reads all articles.
    """
    parted = _Parted(conn)
    for headline, day in conn.execute(ALIKE).fetchall():
        rows = conn.execute(
            """
            select source, key, id, url from articles
             where published_date = ? and headline = ? and state <> 'withdrawn' order by first_seen_at, key
            """,
            (day, headline),
        )
        for one, other in _pairs([KeyAt(*row) for row in rows]):
            if one.source != other.source and not parted.are(one, other):
                yield ArticlePair(one.key, other.key, "alike", headline)


def merge_doubles(archive: Archive, clock: Callable[[], datetime], most: int | None = None) -> MergedDoubles:
    """Make one article of those that stand at one address in several sources, by acts of the program.

    Those that an operator parted stay apart. most: go on to no further addresses after so many articles; None: go on to
    the end. What was merged is durable also if it is cut short. Pairs of which another process writes a source wait for
    the next time.
    """
    count, locked, more = 0, None, True
    while more:
        more = False
        for urlkeys in _in_groups(_listed(archive.conn), min(most or ADDRESSES_AT_A_TIME, ADDRESSES_AT_A_TIME)):
            if most is not None and count >= most:
                return MergedDoubles(count, locked)
            for chains, addresses in _waiting(archive.conn, urlkeys).items():
                try:
                    merged, left = _merge(archive, chains, addresses, clock)
                except Locked as error:
                    locked = locked or error
                else:
                    count += merged
                    more |= left
    return MergedDoubles(count, locked)


def merge_pair(archive: Archive, key: str, other: str, clock: Callable[[], datetime]) -> bool:
    """Make two articles of known keys one, by an act of the program, as the page of one names the other's address.

    False, and nothing is written, if they are one, or if an operator parted them. Raises as `held_chains`.
    """
    pair = _key_at(archive.conn, key), _key_at(archive.conn, other)
    if pair[0].article_id == pair[1].article_id or _Parted(archive.conn).are(*pair):
        return False
    if not _share_a_text(archive.conn, *pair):
        return False
    with held_chains(archive, _sources(archive.conn, [pair]), clock) as acts:
        acts.write(Merged, key=key, other=other, by=PROGRAM, reason=SAME_ADDRESS)
        acts.commit()
    return True


def _share_a_text(conn: Connection, one: KeyAt, other: KeyAt) -> bool:
    """True if two articles had one text: a canonical address alone may be that of a template."""
    sql = """
        select 1 from states s join states o on o.content_digest = s.content_digest
         where s.article_id = ? and o.article_id = ? limit 1
        """
    return conn.execute(sql, (one.article_id, other.article_id)).fetchone() is not None


def _key_at(conn: Connection, key: str) -> KeyAt:
    known = known_key(conn, key)
    assert known is not None  # an article never loses a key
    return KeyAt(known.source, key, known.article_id, "")


def _waiting(conn: Connection, urlkeys: Iterable[str]) -> dict[frozenset[str], list[str]]:
    """The addresses of doubles to merge, by the sources of their articles; those of one article leave the list."""
    waiting: dict[frozenset[str], list[str]] = defaultdict(list)
    parted, settled = _Parted(conn), []
    for urlkey in urlkeys:
        pairs = _pairs(keys_at(conn, urlkey))
        if not pairs:
            settled.append(urlkey)
        elif any(not parted.are(*pair) for pair in pairs):
            waiting[_sources(conn, pairs)].append(urlkey)
    if settled:
        with conn.undoable():
            forget_shared(conn, settled)
    return waiting


def _merge(
    archive: Archive, chains: frozenset[str], addresses: list[str], clock: Callable[[], datetime]
) -> tuple[int, bool]:
    """Merge the articles at these addresses; returns how many, and True if some are now of further sources too."""
    conn, count, left = archive.conn, 0, False
    with held_chains(archive, chains, clock) as acts:
        parted = _Parted(conn)
        for group in _in_groups(addresses, ADDRESSES_PER_COMMIT):
            for urlkey in group:
                pairs = [pair for pair in _pairs(keys_at(conn, urlkey)) if not parted.are(*pair)]
                if not _sources(conn, pairs) <= chains:
                    left = True
                    continue
                for one, other in pairs:
                    acts.write(Merged, key=one.key, other=other.key, by=PROGRAM, reason=SAME_ADDRESS)
                    count += 1
                forget_shared(conn, [urlkey])  # the merge has written it anew
            acts.commit()
    return count, left and count > 0


class _Parted:
    """Articles that stay apart: operators split them, or undid a merge of theirs."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._split = {key for row in conn.execute(SPLIT) for key in row if key}
        self._undone = {frozenset(row) for row in conn.execute(UNDONE)}

    def are(self, one: KeyAt, other: KeyAt) -> bool:
        """True if one of two articles was split, or if they were one and that was undone.

        Also if one is withdrawn: they wait until that act is undone.
        """
        if any(has_hidden_key(self._conn, each.article_id) for each in (one, other)):
            return True
        if not (self._split or self._undone):
            return False
        mine, others = (set(keys_of(self._conn, each.article_id).values()) for each in (one, other))
        pairs = (frozenset((key, each)) for key in mine for each in others)
        return not self._split.isdisjoint(mine | others) or any(pair in self._undone for pair in pairs)


def _listed(conn: Connection) -> Iterator[str]:
    after = ""
    while urlkeys := shared_addresses(conn, after, ADDRESSES_AT_A_TIME):
        yield from urlkeys
        after = urlkeys[-1]


def _in_groups(values: Iterable[str], size: int) -> Iterator[list[str]]:
    remaining = iter(values)
    while group := list(islice(remaining, size)):
        yield group


def _pairs(known: list[KeyAt]) -> list[tuple[KeyAt, KeyAt]]:
    """The first of these with one of each other article; [] if all are one article."""
    others = {each.article_id: each for each in reversed(known) if each.article_id != known[0].article_id}
    return [(known[0], each) for each in others.values()]


def _sources(conn: Connection, pairs: Iterable[tuple[KeyAt, KeyAt]]) -> frozenset[str]:
    """The sources of all keys of these articles."""
    articles = {each.article_id for pair in pairs for each in pair}
    sql = "select source from keys where article_id = ?"
    return frozenset(source for each in articles for (source,) in conn.execute(sql, (each,)))
