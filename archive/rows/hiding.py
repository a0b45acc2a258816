"""The rows of hiding: the keys that acts withdrew, and the texts of their articles.

An article is hidden if an act withdrew one of its keys, or if it stands at an address of an article with such a key,
has a text that this one had until the act, or came in the same bytes. A text that it shows later hides no other: a site
may answer there with a notice, or with the page of another article. All this follows from the rows alone, whatever the
order in which they came.
"""

import json
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

EVER = "9999"  # a moment after all others
_HAS_BYTES = "record_type <> 'revisit' and payload_digest is not null"
_DIGESTS = f"""
    select 'text', s.content_digest from sightings g join states s on s.id = g.state_id
     where g.article_id = :article and g.captured_at <= :until
    union
    select 'bytes', payload_digest from sightings g join captures c on c.id = g.capture_id
     where g.article_id = :article and g.captured_at <= :until and {_HAS_BYTES}
    union
    select 'address', urlkey from addresses where article_id = :article
"""
_WITH = {
    "address": """
        select d.article_id from json_each(?) w cross join sources s
          cross join addresses d on d.source = s.name and d.urlkey = w.value
        """,
    "text": "select article_id from states where content_digest in (select value from json_each(?))",
    "bytes": f"""
        select g.article_id from json_each(?) w
         cross join captures c on substr(c.payload_digest, 8, 8) = substr(w.value, 8, 8) and c.payload_digest = w.value
          join sightings g on g.capture_id = c.id where {_HAS_BYTES}
        """,
}


class TextDigest(NamedTuple):
    """The digest of a text as the archive reads it, or of the bytes in which it came; or an address."""

    kind: str  # text, bytes or address, which is a urlkey
    digest: str


def hide_key(conn: sqlite3.Connection, key: str, act: str) -> None:
    """Enter that an act withdrew the article with a key."""
    conn.execute("insert into hidden_keys (key, act) values (?, ?)", (key, act))


def show_keys(conn: sqlite3.Connection, act: str) -> None:
    """Delete what `hide_key` entered for an act."""
    conn.execute("delete from hidden_keys where act = ?", (act,))


def is_hidden(conn: sqlite3.Connection, article_id: int) -> bool:
    """True if the rows of an article hold none of its text, as it is hidden."""
    row = conn.execute("select withdrawn_by from articles where id = ?", (article_id,)).fetchone()
    return row is not None and row[0] is not None


def has_hidden_key(conn: sqlite3.Connection, article_id: int) -> bool:
    """True if an act withdrew this article itself, and not only another one with the same text."""
    sql = "select 1 from keys k join hidden_keys h on h.key = k.key where k.article_id = ? limit 1"
    return conn.execute(sql, (article_id,)).fetchone() is not None


def are_some_hidden(conn: sqlite3.Connection) -> bool:
    """True if any key is withdrawn, or was until now."""
    sql = "select exists (select 1 from hidden_keys) or exists (select 1 from hidden_texts)"
    return bool(conn.execute(sql).fetchone()[0])


def hiding_act(conn: sqlite3.Connection, article_id: int) -> str | None:
    """The digest of the act by which an article is hidden, of several the smallest; None for others."""
    own = "select h.act from keys k join hidden_keys h on h.key = k.key where k.article_id = ?"
    rows = conn.execute(own, (article_id,)).fetchall()
    rows = (
        rows
        or conn.execute(
            f"""
        with own(kind, digest) as ({_DIGESTS})
        select h.act from own join hidden_texts t on t.kind = own.kind and t.digest = own.digest
          join keys k on k.article_id = t.article_id join hidden_keys h on h.key = k.key
        """,
            {"article": article_id, "until": EVER},
        ).fetchall()
    )
    return min((str(act) for (act,) in rows), default=None)


def digests_of(conn: sqlite3.Connection, article_id: int, until: str = EVER) -> set[TextDigest]:
    """The digests of the texts that an article had until a moment, those of their bytes, and all its addresses."""
    return {TextDigest(*row) for row in conn.execute(_DIGESTS, {"article": article_id, "until": until})}


def withdrawn_at(conn: sqlite3.Connection, article_id: int) -> str | None:
    """The moment of the last act that withdrew this article itself; None if none did."""
    sql = """
        select max(a.at) from keys k join hidden_keys h on h.key = k.key join acts a on a.digest = h.act
         where k.article_id = ?
        """
    (at,) = conn.execute(sql, (article_id,)).fetchone()
    return None if at is None else str(at)


def digests_in(conn: sqlite3.Connection, content_digest: str, captures: Iterable[int]) -> set[TextDigest]:
    """The digest of a text, and the addresses of these captures with the digests of their bytes, if they have any."""
    among = json.dumps(list(captures))
    sql = f"""
        select 'bytes', payload_digest from captures where id in (select value from json_each(:among)) and {_HAS_BYTES}
        union
        select 'address', urlkey from captures where id in (select value from json_each(:among)) and urlkey is not null
        """
    return {TextDigest("text", content_digest), *(TextDigest(*row) for row in conn.execute(sql, {"among": among}))}


def was_seen_until(conn: sqlite3.Connection, captures: Iterable[int], moment: str) -> bool:
    """True if one of these captures is not later than a moment."""
    sql = "select 1 from captures where id in (select value from json_each(?)) and captured_at <= ? limit 1"
    return conn.execute(sql, (json.dumps(list(captures)), moment)).fetchone() is not None


def are_hidden_digests(conn: sqlite3.Connection, digests: Iterable[TextDigest]) -> bool:
    """True if an article that an act withdrew has one of these texts, or came in one of these bytes."""
    sql = "select 1 from hidden_texts where kind = ? and digest = ? limit 1"
    return any(conn.execute(sql, each).fetchone() for each in digests)


def enter_hidden_digests(conn: sqlite3.Connection, article_id: int, digests: Iterable[TextDigest]) -> set[TextDigest]:
    """Enter further texts and bytes of an article that an act withdrew; returns those that are new for it."""
    sql = "insert or ignore into hidden_texts (kind, digest, article_id) values (?, ?, ?)"
    return {each for each in digests if conn.execute(sql, (*each, article_id)).rowcount}


def settle_hidden_texts(conn: sqlite3.Connection, article_id: int) -> set[TextDigest]:
    """Let the rows of `hidden_texts` be those of an article's texts and bytes if an act withdrew it.

    Returns the digests whose rows came or went.
    """
    rows = conn.execute("select kind, digest from hidden_texts where article_id = ?", (article_id,))
    stored = {TextDigest(*row) for row in rows}
    until = withdrawn_at(conn, article_id)
    now = digests_of(conn, article_id, until) if until else set()
    conn.executemany(
        "delete from hidden_texts where kind = ? and digest = ? and article_id = ?",
        [(*each, article_id) for each in stored - now],
    )
    enter_hidden_digests(conn, article_id, now - stored)
    return stored ^ now


def articles_with(conn: sqlite3.Connection, digests: Iterable[TextDigest]) -> set[int]:
    """The ids of the articles with one of these texts, or seen in one of these bytes.

    Without texts among the digests, the states are not scanned.
    """
    wanted = {kind: json.dumps([each.digest for each in digests if each.kind == kind]) for kind in _WITH}
    found: set[int] = set()
    for kind, sql in _WITH.items():
        if wanted[kind] != "[]":
            found |= {article_id for (article_id,) in conn.execute(sql, (wanted[kind],))}
    return found


def hidden_urlkeys(conn: sqlite3.Connection, urlkeys: Iterable[str | None]) -> set[str]:
    """Those of these urlkeys at which a hidden article was seen first, in any source."""
    wanted = [urlkey for urlkey in urlkeys if urlkey]
    if not wanted or not are_some_hidden(conn):
        return set()
    rows = conn.execute(
        """
        select d.urlkey from json_each(?) w cross join sources s
          cross join addresses d on d.source = s.name and d.urlkey = w.value
          cross join articles a on a.id = d.article_id where a.withdrawn_by is not null
        """,
        (json.dumps(wanted),),
    )
    return {urlkey for (urlkey,) in rows}
