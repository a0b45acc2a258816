"""Acts of the operator on articles: merge, split, correct, undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from archive.decisions import Corrected, Merged, OperatorAct, Split, Undone
from archive.files import stamp, write_note, write_value
from archive.judging.runs import act
from archive.properties import said_now
from archive.rows import Archive, Connection, Unproved, ask_again, corrections_of, keys_of, known_key
from archive.rules import article_key, corrected_value, key_of
from parsers.article import Article

MIN_DIGITS = 4  # of an act's digest
ADDRESSES_NAMED = 5  # in a message: few articles have more


class UnfitError(Exception):
    """An act that does not fit the archive: an unknown key, address or act, or articles that are one already."""


@dataclass(frozen=True, slots=True)
class Acting:
    """The name of the operator, the reason as one word, and the note that is kept beside the chain, if any."""

    by: str
    reason: str
    note: str | None = None


class StandingAct(NamedTuple):
    """An act that can be undone."""

    digest: str
    at: str
    kind: str
    key: str | None  # None: it is about several articles
    by: str | None
    reason: str | None


def merge(archive: Archive, key: str, other: str, acting: Acting, clock: Callable[[], datetime]) -> str:
    """Make two articles one, by any of their keys; returns the digest of the act.

    Raises UnfitError for a key that no article has, and what `act` raises.
    """
    sources = {*sources_of(archive.conn, key), *sources_of(archive.conn, other)}
    return carried_out(archive, Merged, sources, acting, clock, key=key, other=other)


def split(archive: Archive, key: str, urls: Sequence[str], acting: Acting, clock: Callable[[], datetime]) -> str:
    """Make what was seen at these addresses of an article an article of its own; returns the digest of the act.

    Raises UnfitError for a key that no article has and for an address at which it was not seen, and what `act`
    raises.
    """
    sources = sources_of(archive.conn, key)
    captures = tuple(_capture_at(archive.conn, key, url) for url in urls)
    numbers = _numbers(archive.conn, [key])
    new_key = _new_key(archive.conn, key, urls)
    digest = carried_out(archive, Split, sources, acting, clock, key=key, captures=captures, **new_key)
    ask_again(archive.conn, numbers, stamp(clock()))
    return digest


def correct(
    archive: Archive, key: str, name: str, said: Sequence[str], acting: Acting, clock: Callable[[], datetime]
) -> str:
    """Correct the property `name` of an article, by values that `corrected_value` takes; returns the act's digest.

    `[""]` says that there is nothing. Raises UnfitError for a key that no article has, and for values that do
    not fit or are shown already; and what `act` raises.
    """
    sources = sources_of(archive.conn, key)
    try:
        text = corrected_value(name, said, _timezone(archive.conn, key))
    except ValueError as error:
        raise UnfitError(str(error)) from None
    if text == _shown(archive.conn, key, name):
        raise UnfitError(f"{key}: {name} is shown as {text!r} already" if text else f"{key} shows no {name} already")
    value = write_value(archive.home.ledger, text) if text else None
    return carried_out(archive, Corrected, sources, acting, clock, key=key, property=name, value=value)


def undo(archive: Archive, name: str, acting: Acting, clock: Callable[[], datetime]) -> str:
    """Undo an act, named by the first digits of its digest; returns the digest of the act that undoes it.

    Raises UnfitError if no standing act, or more than one, has such a digest, and what `act` raises.
    """
    digits = name.removeprefix("sha256:")
    found = [each for each in standing_acts(archive.conn) if each.digest.startswith(f"sha256:{digits}")]
    if len(digits) < MIN_DIGITS or len(found) != 1:
        raise UnfitError(
            f"{len(found) or 'no'} acts can be undone whose digests begin with {name!r}: `thinker undo` lists them"
        )
    (undone,) = found
    keys = _keys(archive.conn, undone)
    sources = {source for key in keys for source in sources_of(archive.conn, key)}
    numbers = _numbers(archive.conn, keys)
    digest = carried_out(archive, Undone, sources, acting, clock, key=keys[0], act=undone.digest)
    ask_again(archive.conn, numbers, stamp(clock()))
    return digest


def standing_acts(conn: Connection) -> list[StandingAct]:
    """The acts that can be undone, newest first."""
    rows = conn.execute(
        """
        select digest, at, kind, key, by, reason from acts
         where undone_by is null and kind <> 'undone' order by id desc
        """
    )
    return [StandingAct(*row) for row in rows]


def carried_out(
    archive: Archive, kind: type[OperatorAct], sources: Iterable[str], acting: Acting, clock: Callable[[], datetime],
    **fields: Any,
) -> str:  # fmt: skip
    """Write an act of a kind with these fields, and its note; returns its digest.

    Raises UnfitError if the archive does not support it, and what `act` raises.
    """
    note = write_note(archive.home.ledger, acting.note) if acting.note else None
    try:
        return act(archive, kind, sorted(sources), clock, by=acting.by, reason=acting.reason, note=note, **fields)
    except Unproved as error:
        raise UnfitError(str(error)) from None


def _keys(conn: Connection, act: StandingAct) -> list[str]:
    """The keys of the articles that an act is about, at least one."""
    if act.key is not None:
        return [act.key]
    rows = conn.execute(
        "select distinct p.value from acts t, json_each(t.detail, '$.pairs') p where t.digest = ? order by 1",
        (act.digest,),
    )
    return [key for (key,) in rows]


def _numbers(conn: Connection, keys: Iterable[str]) -> set[int]:
    """The numbers of all keys of the articles that have these keys."""
    known = (each for key in keys if (each := known_key(conn, key)))
    return {number for each in known for number in keys_of(conn, each.article_id)}


def sources_of(conn: Connection, key: str) -> set[str]:
    """The sources whose chains name an article, by one of its keys. Raises UnfitError."""
    known = known_key(conn, key)
    if known is None:
        raise UnfitError(f"no article with the key {key!r}: `thinker search` and `thinker changes` list the keys")
    return {source for (source,) in conn.execute("select source from keys where article_id = ?", (known.article_id,))}


def _timezone(conn: Connection, key: str) -> str:
    """The zone of the source of a key, in which its dates are read."""
    sql = "select s.timezone from keys k join sources s on s.name = k.source where k.key = ?"
    return conn.execute(sql, (key,)).fetchone()[0] or "Asia/Shanghai"


def _shown(conn: Connection, key: str, name: str) -> str | None:
    """The value of a property that counts now, as text: our correction's if there is one, else the site's."""
    (article_id,) = conn.execute("select article_id from keys where key = ?", (key,)).fetchone()
    ours = [each.value for each in corrections_of(conn, article_id) if each.property == name]
    if ours:
        return ours[0].text if ours[0].text or ours[0].digest is None else ""
    (said,) = conn.execute(f"select {said_now(name)} from articles a where a.id = ?", (article_id,)).fetchone()
    return said or None


def _capture_at(conn: Connection, key: str, url: str) -> str:
    row = conn.execute(
        """
        select c.record_id from keys k join sightings g on g.article_id = k.article_id
          join captures c on c.id = g.capture_id
         where k.key = ? and c.urlkey = ? and coalesce(g.page, 1) = 1 order by c.captured_at, c.record_id limit 1
        """,
        (key, key_of(url)),
    ).fetchone()
    if row is None:
        seen = conn.execute(
            """
            select d.url from keys k join addresses d on d.article_id = k.article_id
             where k.key = ? order by d.last_seen_at desc, d.url limit ?
            """,
            (key, ADDRESSES_NAMED),
        )
        raise UnfitError(f"{key} was not seen at {url}, but at {', '.join(each for (each,) in seen)}")
    return str(row[0])


def _new_key(conn: Connection, key: str, urls: Sequence[str]) -> dict[str, str]:
    """The fields for a key that was seen at these addresses and at others too; none if there is no such key."""
    urlkeys = {key_of(url) for url in urls}
    rows = conn.execute(
        """
        select k.key, k.source, c.urlkey from keys named join keys k on k.article_id = named.article_id
          join sightings g on g.article_id = k.article_id and g.key_number = k.number
          join captures c on c.id = g.capture_id
         where named.key = ? and coalesce(g.page, 1) = 1 group by 1, 2, 3
        """,
        (key,),
    ).fetchall()
    for parted, source in {(parted, source) for parted, source, _ in rows}:
        seen = {urlkey for own, _, urlkey in rows if own == parted}
        if seen & urlkeys and not seen <= urlkeys:
            url = min(url for url in urls if key_of(url) in seen)
            return {"new_key": _free(conn, article_key(source, url, Article(""), "")), "parted_key": parted}
    return {}


def _free(conn: Connection, key: str) -> str:
    found, number = key, 1
    while known_key(conn, found):
        number += 1
        found = f"{key}-{number}"
    return found
