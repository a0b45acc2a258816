"""Hide an article: no word of it is in the database any more, while its captures stay on the disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from archive.decisions import Hidden
from archive.judging.acting.corrections import Acting, UnfitError, carried_out, sources_of
from archive.rows import Archive, Connection, articles_with, digests_of, known_key
from archive.search import forget_deleted


class Remains(NamedTuple):
    """The facts that stay visible of a hidden article and of others with its text: no word of a page is among them."""

    keys: list[str]
    addresses: list[str]
    digests: list[str]
    files: list[str]


def hide(archive: Archive, key: str, acting: Acting, clock: Callable[[], datetime]) -> str:
    """Hide an article, by any of its keys, and all that have a text of it; returns the digest of the act.

    Deleted text is overwritten in the database file, and both search indexes are written anew without it, which takes
    minutes in a large archive. Raises UnfitError for a key that no article has and for an article that is hidden, and
    what `act` raises.
    """
    sources = {source for each in _alike(archive.conn, key) for source in sources_of(archive.conn, each)}
    with archive.conn.overwriting():
        digest = carried_out(archive, Hidden, sources, acting, clock, key=key)
        forget_deleted(archive.conn)
    return digest


def remains_of(conn: Connection, key: str) -> Remains:
    """The facts that stay visible if the article with a key is hidden. Raises UnfitError for an unknown key."""
    keys = json.dumps(_alike(conn, key))
    of_them = "(select k.article_id from keys k where k.key in (select value from json_each(?)))"

    def found(sql: str) -> list[str]:
        return [str(value) for (value,) in conn.execute(sql.format(of_them), (keys,))]

    return Remains(
        found("select key from keys where article_id in {} order by key"),
        found("select distinct url from addresses where article_id in {} order by url"),
        found("select distinct content_digest from states where article_id in {} order by 1"),
        found(
            "select distinct c.warc_file from sightings g join captures c on c.id = g.capture_id"
            " where g.article_id in {} order by 1"
        ),
    )


def _alike(conn: Connection, key: str) -> list[str]:
    """The leading keys of an article and of those with a text of it or the same bytes. Raises UnfitError."""
    known = known_key(conn, key)
    if known is None:
        raise UnfitError(f"no article with the key {key!r}: `thinker search` and `thinker changes` list the keys")
    alike = {known.article_id, *articles_with(conn, digests_of(conn, known.article_id))}
    rows = conn.execute(
        "select key from articles where id in (select value from json_each(?))", (json.dumps([*alike]),)
    )
    return sorted(key for (key,) in rows)
