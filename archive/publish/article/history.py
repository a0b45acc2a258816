"""Reads an article's versions, judgements on its presence, events and captures, as plain values for its pages."""

from __future__ import annotations

import json
import re
import sqlite3
from typing import Any
from urllib.parse import quote

from archive.answers import filed_under, judgements
from archive.history import FIRST
from archive.publish.database.reading import MissingError, NoVersionError, OtherKeyError, WithdrawnError, rows
from archive.publish.formatting.filters import DIGEST_DIGITS, short_digest
from archive.rows import once_joined

Version = dict[str, Any]

MIN_DIGITS = 4  # of a digest that names a version
LISTED = ("number", "captured_at", "dating", "content_digest", "significance", "origin")
_DIGITS = re.compile(rf"[0-9a-f]{{{MIN_DIGITS},64}}")


def version_path(key: str, version: Version, ending: str = "") -> str:
    """The path of a version's permalink, such as `/a/KEY/v/0123456789ab.json?at=2024-04-16T01:00:00Z`.

    `ending` picks another form, such as `.json`. `?at=` follows it if the article had the same text before.
    """
    seen = f"?at={version['captured_at']}" if version["again"] else ""
    return f"/a/{quote(key)}/v/{short_digest(version['content_digest'])}{ending}{seen}"


def article_row(conn: sqlite3.Connection, key: str) -> dict[str, Any]:
    """A dict of columns of the article's row, without its body.

    Raises OtherKeyError for a key that does not lead, WithdrawnError for that of a withdrawn article, and MissingError
    if there is no article with this key.
    `url` is the address at which the current text was first seen. `last_seen_url` is the one at which the article was
    seen last: another one if the site moved.
    """
    found = rows(
        conn,
        f"""select id, key, source, url, headline, state, in_language, article_section, date_published, date_precision,
                  date_published_utc, first_seen_at, last_seen_at, first_missed_at, revisions,
                  (select publisher from sources where name = source) as publisher,
                  coalesce((select c.url from sightings g join captures c on c.id = g.capture_id
                             where g.article_id = articles.id and not g.undated and {FIRST}
                             order by g.captured_at desc, g.capture_id desc limit 1), url) as last_seen_url
             from articles where key = ?""",
        (key,),
    )
    if not found:
        leading = rows(conn, "select a.key from keys k join articles a on a.id = k.article_id where k.key = ?", (key,))
        raise OtherKeyError(key, leading[0]["key"]) if leading else MissingError(key)
    if found[0]["state"] == "withdrawn":
        raise WithdrawnError(key, *_act_that_hides(conn, found[0]["id"]))
    return found[0]


def _act_that_hides(conn: sqlite3.Connection, article_id: int) -> tuple[str | None, str | None]:
    """The moment and the reason code of the act by which an article is hidden; None for both without one."""
    sql = "select c.at, c.reason from articles a join acts c on c.digest = a.withdrawn_by where a.id = ?"
    row = conn.execute(sql, (article_id,)).fetchone()
    return (row[0], row[1]) if row else (None, None)


def versions_of(conn: sqlite3.Connection, article_id: int) -> list[Version]:
    """Every version of an article, latest first, each with its `changes` (dicts of `property` and `significance`).

    `changes` is [] for the first version. `before` is the digest of the version that it was compared with, None without
    one; `capture` is the record id of the capture that showed it first; `again` is true if an earlier version has the
    same text; `dating` is `unknown` if `captured_at` is only the time of receipt, else `stated`.
    """
    found = rows(
        conn,
        """select r.id, r.state_id, r.number, r.captured_at, iif(r.run < 0, 'unknown', 'stated') as dating,
                  r.recorded_at, s.content_digest, r.significance, r.origin,
                  r.parser_version, (select content_digest from states where id = r.before_id) as before,
                  (select record_id from captures where id = r.capture_id) as capture,
                  s.content_digest = a.content_digest and r.run = max(r.run) over () as current,
                  row_number() over (partition by r.state_id order by r.position) > 1 as again,
                  (select json_group_array(json_object('property', property, 'significance', significance))
                     from change_records c where c.revision_id = r.id) as changes
             from revision_records r
             join states s on s.id = r.state_id
             join articles a on a.id = r.article_id
            where r.article_id = ?
            order by r.position desc""",
        (article_id,),
    )
    flags = ("current", "again")
    return [
        each | {name: bool(each[name]) for name in flags} | {"changes": json.loads(each["changes"])} for each in found
    ]


def version_named(
    conn: sqlite3.Connection, article: dict[str, Any], versions: list[Version], name: str, at: str | None = None
) -> Version:
    """The version with this number, else the one whose digest begins with `name`, which has MIN_DIGITS or more.

    A name of DIGEST_DIGITS or more is never a number. Of several versions with the same text it is the one first seen
    at the moment `at`, else the earliest. Raises OtherKeyError if only an article that was one with this one has it,
    NoVersionError if none has, or if several texts have.
    """
    digits = name.lower().removeprefix("sha256:")
    found = [version for version in reversed(versions) if len(digits) < DIGEST_DIGITS and _number(version) == digits]
    if not found and _DIGITS.fullmatch(digits):
        found = [version for version in reversed(versions) if _hex(version).startswith(digits)]
        if not found and len(digits) >= DIGEST_DIGITS:
            sql = """select 1 from revision_records r join states s on s.id = r.state_id
                      where r.article_id = ? and s.content_digest between ? and ? limit 1"""
            require_elsewhere(conn, article["id"], sql, (f"sha256:{digits}", f"sha256:{digits}g"))
    if len(texts := {version["content_digest"] for version in found}) != 1:
        told = {each: article[each] for each in ("key", "headline", "in_language")}
        raise NoVersionError(name, told, bool(texts), [_told(article["key"], each) for each in found[::-1] or versions])
    return next((version for version in found if version["captured_at"] == at), found[0])


def leads_on(name: str) -> bool:
    """True if a page named by `name`, which fits a version, redirects to the version's permalink."""
    return len(name) < DIGEST_DIGITS or not _DIGITS.fullmatch(name)


def _number(version: Version) -> str:
    return str(version["number"] or "")


def _hex(version: Version) -> str:
    digest: str = version["content_digest"]
    return digest.removeprefix("sha256:")


def _told(key: str, version: Version) -> dict[str, Any]:
    """The fields of LISTED of a version, for a list of versions, with the path of its permalink."""
    return {name: version[name] for name in LISTED} | {"path": version_path(key, version)}


def require_elsewhere(conn: sqlite3.Connection, article_id: int, sql: str, values: tuple[str, ...]) -> None:
    """Raise OtherKeyError if `sql` finds a row of an article that was one with this one until an act parted them.

    The row id of that article comes before `values`. So permalinks of a split article lead on.
    """
    for other in once_joined(conn, article_id):
        if conn.execute(sql, (other, *values)).fetchone():
            (leading,) = conn.execute("select key from articles where id = ?", (other,)).fetchone()
            raise OtherKeyError(values[0], leading)


def current_of(versions: list[Version]) -> Version:
    """The version marked as current, or the latest if none is."""
    return next((version for version in versions if version["current"]), versions[0])


def plain_version(version: Version) -> Version:
    """The version without its row ids `id` and `state_id`, which a rebuild of the database may reassign."""
    return {name: value for name, value in version.items() if name not in ("id", "state_id")}


def told_versions(conn: sqlite3.Connection, article_id: int, versions: list[Version]) -> list[Version]:
    """The versions without row ids, each with `absences`: the judgements that followed it, as in `thinker history`.

    `versions` and the result are latest first.
    """
    told = [plain_version(version) | {"absences": []} for version in reversed(versions)]
    for judgement in judgements(conn, article_id):
        told[filed_under(told, judgement["at"])]["absences"].append(judgement)
    return told[::-1]


def events_of(conn: sqlite3.Connection, article_id: int) -> list[dict[str, Any]]:
    """The events of an article in the order in which they were recorded."""
    found = rows(
        conn,
        """select e.at, e.recorded_at, e.kind, r.number as revision, e.detail, e.previous_digest, e.digest
             from events e left join revision_records r on r.id = e.revision_id
            where e.article_id = ? order by e.id""",
        (article_id,),
    )
    return [each | {"detail": json.loads(each["detail"])} for each in found]


def captures_of(conn: sqlite3.Connection, article_id: int) -> list[dict[str, Any]]:
    """The row of each capture that shows the article, oldest first."""
    return rows(
        conn,
        """select record_id, captured_at, dating, url, status, mimetype, record_type, payload_digest, refers_to,
                  verdict, parser_version, warc_file, warc_offset, warc_length
             from captures where id in (select capture_id from sightings where article_id = ?)
            order by captured_at, id""",
        (article_id,),
    )


def count_captures(conn: sqlite3.Connection, article_id: int) -> int:
    """The number of captures that show the article."""
    sql = "select count(distinct capture_id) from sightings where article_id = ?"
    return int(conn.execute(sql, (article_id,)).fetchone()[0])
