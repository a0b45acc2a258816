"""Make two articles one, or one article two: their sightings move, and their histories follow from them."""

import json
from collections.abc import Iterable, Set
from itertools import pairwise
from pathlib import Path

from archive.history.conversions import kept_state
from archive.history.listed import index_current, settle_section
from archive.history.other_conversions import carry_over, leave_records
from archive.history.rebuild_revisions import arrange
from archive.history.sightings import settle_seen
from archive.history.states import (
    Texts,
    article_in,
    current_state,
    drop_unseen_states,
    forget_text,
    replace_text,
    state_id_of,
    store_text,
)
from archive.rows import (
    Connection,
    Unproved,
    add_join,
    add_key,
    article_row,
    combine_standings,
    end_joins,
    insert_parts,
    inserted,
    joined_keys,
    keys_of,
    known_key,
    replace_parts,
    settle_addresses,
    settle_key,
    spread_standing,
)
from archive.search import search_id
from parsers.article import Article

Address = tuple[str, str]  # source and urlkey
_NAMING_STATES = (
    ("sightings", "state_id"),
    *(("revision_records", name) for name in ("state_id", "before_id", "after_id")),
)


def unite(conn: Connection, into: int, article_id: int) -> None:
    """Make an article part of another: one history of all their sightings."""
    for each in (into, article_id):
        spread_standing(conn, each)
    addresses = _addresses(conn, article_id)
    _move_states(conn, article_id, into)
    for table in ("sightings", "probes", "events", "revision_records", "keys"):
        conn.execute(f"update {table} set article_id = ? where article_id = ?", (into, article_id))
    conn.execute("delete from addresses where article_id = ?", (article_id,))
    (place,) = conn.execute("select search_id from articles where id = ?", (article_id,)).fetchone()
    conn.index_later("article_words", place)
    replace_parts(conn, article_id, Article(""), "")
    conn.execute("delete from articles where id = ?", (article_id,))
    _settle(conn, into)
    _settle_addresses(conn, addresses)


def regroup(conn: Connection, folder: Path, article_id: int) -> None:
    """Make an article as many as its keys are that no join connects; the keys of the leading one keep its row.

    folder: of the captures. Raises Unproved if a record that keeps a text is missing or altered.
    """
    (leading,) = conn.execute(
        "select k.number from articles a join keys k on k.key = a.key where a.id = ?", (article_id,)
    ).fetchone()
    for numbers in joined_keys(conn, article_id):
        if leading not in numbers and _seen_at(conn, numbers):
            _separate(conn, folder, article_id, numbers)


def part(
    conn: Connection,
    folder: Path,
    article_id: int,
    addresses: Set[Address],
    new_key: tuple[str, str] | None,
    act: str,
) -> None:
    """Make what was seen at these addresses an article of its own.

    Keys that were seen nowhere else go with it. new_key: the key of a part, and the key that keeps the rest, if one was
    seen at other addresses too. Raises Unproved if these do not fit, or if nothing would stay, and as `regroup`.
    """
    spread_standing(conn, article_id)
    going = set()
    for (number,) in conn.execute("select number from keys where article_id = ?", (article_id,)).fetchall():
        seen = _seen_at(conn, {number}, "and coalesce(g.page, 1) = 1")  # further pages go with the first
        if seen and seen <= addresses:
            going.add(number)
        elif seen & addresses:
            if conn.execute("select 1 from sightings where key_number = ? and page > 1", (number,)).fetchone():
                raise Unproved("an article in pages is parted at all its addresses, or not at all")
            if new_key is None or number != _number(conn, new_key[1]) or known_key(conn, new_key[0]):
                raise Unproved(f"key {number} was seen at other addresses too")
            made = _rekey(conn, number, new_key[0], addresses)
            add_join(conn, made, number, act, parted_by=act)
            going.add(made)
    if not going or going >= {number for numbers in joined_keys(conn, article_id) for number in numbers}:
        raise Unproved("the article would have nothing left, or nothing to part with")
    conn.execute(
        """
        update joins set parted_by = ?1 where parted_by is null
           and (number in (select value from json_each(?2))) <> (other in (select value from json_each(?2)))
        """,
        (act, json.dumps(sorted(going))),
    )
    for side in (going, keys_of(conn, article_id).keys() - going):
        _hold_together(conn, article_id, side, act)
    regroup(conn, folder, article_id)


def rejoin(conn: Connection, folder: Path, new_key: tuple[str, str] | None, act: str) -> None:
    """Undo what `part` did for an act. Raises Unproved as `regroup`."""
    ends = conn.execute("select number, other from joins where parted_by = ?", (act,)).fetchall()
    conn.execute("update joins set parted_by = null where parted_by = ?1 and act <> ?1", (act,))
    end_joins(conn, act)
    if new_key:
        made, number = _number(conn, new_key[0]), _number(conn, new_key[1])
        for table in ("sightings", "probes", "events", "states", "addresses"):
            conn.execute(f"update {table} set key_number = ? where key_number = ?", (number, made))
        add_join(conn, made, number, act)
        ends.append((made, number))
    for pair in ends:
        into, other = (_article(conn, number) for number in pair)
        if into != other:
            unite(conn, into, other)
    for article_id in {_article(conn, number) for pair in ends for number in pair}:
        regroup(conn, folder, article_id)


def _hold_together(conn: Connection, article_id: int, numbers: Set[int], act: str) -> None:
    """Let an act join the keys on one side of a split that only keys on its other side connected."""
    names = keys_of(conn, article_id)
    groups = [min(group, key=names.__getitem__) for group in joined_keys(conn, article_id) if group <= numbers]
    for one, other in pairwise(sorted(groups, key=names.__getitem__)):  # by key: a replay numbers them otherwise
        add_join(conn, one, other, act)


def _move_states(conn: Connection, article_id: int, into: int) -> None:
    """Give an article the states of another: one that it has already takes over the records of the other's."""
    current = current_state(conn, article_id)
    rows = conn.execute("select id, content_digest from states where article_id = ? order by id", (article_id,))
    for state_id, digest in rows.fetchall():
        article = article_in(conn, state_id)
        equal = state_id_of(conn, into, digest)
        if equal is None:
            for table in ("states", "state_texts"):
                name = "id" if table == "states" else "state_id"
                conn.execute(f"update {table} set article_id = ? where {name} = ?", (into, state_id))
            conn.execute(
                "update other_conversions set article_id = ? where article_id = ? and content_digest = ?",
                (into, article_id, digest),
            )
            if state_id == current:
                store_text(conn, into, state_id, article)
            continue
        if carry_over(conn, state_id, equal):
            replace_text(conn, equal, article)
        forget_text(conn, state_id)
        for table, column in _NAMING_STATES:
            sql = f"update {table} set {column} = ? where article_id = ? and {column} = ?"
            conn.execute(sql, (equal, article_id, state_id))
        conn.execute("delete from other_conversions where article_id = ? and content_digest = ?", (article_id, digest))
        conn.execute("delete from states where id = ?", (state_id,))


def _separate(conn: Connection, folder: Path, article_id: int, numbers: set[int]) -> None:
    """Give these keys, and what was filed under them, an article of their own."""
    of_them = f"article_id = {article_id} and key_number in ({', '.join(map(str, sorted(numbers)))})"
    used = conn.execute(
        f"""
        select state_id, min(undated), min(captured_at) from sightings where {of_them} group by 1 order by 2, 3, 1
        """
    ).fetchall()
    addresses = _seen_at(conn, numbers)
    texts = {state_id: article_in(conn, state_id) for state_id, _, _ in used}
    new_id, states = _founded(conn, numbers, used[0][0], texts)
    conn.execute(f"update keys set article_id = ? where {of_them.replace('key_number', 'number')}", (new_id,))
    for old, new in states.items():
        conn.execute(f"update sightings set state_id = ? where {of_them} and state_id = ?", (new, old))
    conn.execute(f"update events set revision_id = null where {of_them}")
    for table in ("sightings", "probes", "events"):
        conn.execute(f"update {table} set article_id = ? where {of_them}", (new_id,))
    for old, new in states.items():  # before events are made, which name the record of their text
        for state_id, keys in ((new, numbers), (old, _numbers(conn, article_id))):
            if record := leave_records(conn, state_id, keys):
                replace_text(conn, state_id, kept_state(conn, folder, *record).article)
    _settle(conn, article_id)
    _settle(conn, new_id)
    _settle_addresses(conn, addresses)


def _founded(conn: Connection, numbers: set[int], first: int, texts: dict[int, Article]) -> tuple[int, dict[int, int]]:
    """A new article in its first state, with copies of these states; returns its id and the copies by state."""
    key, source, at, url = conn.execute(
        f"""
        select k.key, k.source, c.captured_at, c.url from keys k
          join sightings g on g.key_number = k.number and g.article_id = k.article_id
          join captures c on c.id = g.capture_id
         where k.number in ({", ".join(map(str, sorted(numbers)))}) order by g.undated, c.captured_at, k.key limit 1
        """
    ).fetchone()
    row = article_row(texts[first])
    (digest,) = conn.execute("select content_digest from states where id = ?", (first,)).fetchone()
    row |= {
        "key": key, "source": source, "url": url, "first_seen_at": at, "last_seen_at": at, "shown_at": at,
        "revisions": 0, "content_digest": digest, "search_id": search_id(conn, row["date_published_utc"]),
    }  # fmt: skip
    new_id = inserted(conn, "articles", row)
    insert_parts(conn, new_id, texts[first], at)
    states = {}
    for state_id, article in texts.items():
        states[state_id] = conn.execute(
            """
            insert into states (article_id, key_number, content_digest, headline, parser_version, recorded_at,
                                conversion_id, conversion_digest)
            select ?, key_number, content_digest, headline, parser_version, recorded_at, conversion_id,
                   conversion_digest from states where id = ? returning id
            """,
            (new_id, state_id),
        ).fetchone()[0]
        carry_over(conn, state_id, states[state_id])
        if state_id != first:
            store_text(conn, new_id, states[state_id], article)
    return new_id, states


def _settle(conn: Connection, article_id: int) -> None:
    """Let everything follow from the sightings and keys that an article has now."""
    settle_key(conn, article_id)
    arrange(conn, article_id, Texts(conn))
    settle_seen(conn, article_id)
    settle_section(conn, article_id)
    drop_unseen_states(conn, article_id)
    combine_standings(conn, article_id)
    index_current(conn, article_id)


def _rekey(conn: Connection, number: int, new_key: str, addresses: Set[Address]) -> int:
    """File under a key of its own what was seen at these addresses under another key; returns its number."""
    source, article_id = conn.execute("select source, article_id from keys where number = ?", (number,)).fetchone()
    made = add_key(conn, new_key, article_id, source)
    spread_standing(conn, article_id)
    captures = [
        (capture_id, line)
        for capture_id, line, *address in conn.execute(
            """
            select g.capture_id, g.digest, c.source, c.urlkey from sightings g join captures c on c.id = g.capture_id
             where g.article_id = ? and g.key_number = ?
            """,
            (article_id, number),
        ).fetchall()
        if tuple(address) in addresses
    ]
    for capture_id, line in captures:
        given = (made, article_id, number, capture_id)
        for table in ("sightings", "probes"):
            sql = f"update {table} set key_number = ? where article_id = ? and key_number = ? and capture_id = ?"
            conn.execute(sql, given)
        if line is not None:
            conn.execute("update events set key_number = ? where digest = ?", (made, f"sha256:{line.hex()}"))
    return made


def _seen_at(conn: Connection, numbers: Iterable[int], which: str = "") -> set[Address]:
    """The addresses at which an article was seen under these keys."""
    rows = conn.execute(
        f"""
        select distinct c.source, c.urlkey from keys k
          join sightings g on g.article_id = k.article_id and g.key_number = k.number
          join captures c on c.id = g.capture_id
         where k.number in ({", ".join(map(str, sorted(numbers)))}) {which}
        """
    )
    return {(source, urlkey) for source, urlkey in rows}


def _addresses(conn: Connection, article_id: int) -> set[Address]:
    return set(conn.execute("select source, urlkey from addresses where article_id = ?", (article_id,)).fetchall())


def _settle_addresses(conn: Connection, addresses: Iterable[Address]) -> None:
    for source, urlkey in sorted(addresses):
        settle_addresses(conn, source, [urlkey])


def _numbers(conn: Connection, article_id: int) -> set[int]:
    return {number for (number,) in conn.execute("select number from keys where article_id = ?", (article_id,))}


def _number(conn: Connection, key: str) -> int:
    known = known_key(conn, key)
    if known is None:
        raise Unproved(f"no earlier line makes the article {key}")
    return known.number


def _article(conn: Connection, number: int) -> int:
    return int(conn.execute("select article_id from keys where number = ?", (number,)).fetchone()[0])
