"""Articles and their revisions: how one more seen state changes the rows, live and in a replay alike."""

import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from archive.articles import article_row, current_article, insert_parts, replace_parts
from archive.captures import Seen, key_of
from archive.connection import Connection, inserted
from archive.diff import significance
from archive.identity import State, differences, index_of
from archive.search.index import search_id
from parsers.article import Article, from_json, to_json


@dataclass(frozen=True, slots=True)
class MadeState:
    """A state that was not known of its article: what it says, and what is to be kept of where it comes from."""

    key: str
    state: State
    recorded_at: str
    origin: str
    parser_version: str
    conversion_id: str  # the WARC record that keeps it, and the digest of that record's block
    conversion_digest: str


def add_article(conn: Connection, made: MadeState, seen: Seen) -> int:
    """A work seen for the first time: article, first revision, parts and search index. Returns the revision id."""
    article = made.state.article
    row = article_row(article)
    row |= {
        "key": made.key,
        "source": seen.source,
        "url": seen.url,
        "first_seen_at": seen.captured_at,
        "last_seen_at": seen.captured_at,
        "revisions": 1,
        "content_digest": made.state.digest,
        "search_id": search_id(conn, row["date_published_utc"]),
    }
    article_id = inserted(conn, "articles", row)
    insert_parts(conn, article_id, article, seen.source, seen.captured_at)
    revision_id = _insert_revision(conn, article_id, made, seen, number=1, weight="substantive", current=1)
    _file(conn, revision_id, article_id, seen)
    conn.index_later("articles_fts", row["search_id"], made.state.index)
    return revision_id


def add_revision(conn: Connection, article_id: int, made: MadeState, seen: Seen) -> int:
    """One more state of a known work, newer than all or between two that are known. Returns the revision id."""
    newest = conn.execute(
        "select captured_at from revision_records where article_id = ? and current", (article_id,)
    ).fetchone()[0]
    if seen.captured_at >= newest:
        return _add_newest(conn, article_id, made, seen)
    return _add_between(conn, article_id, made, seen)


def add_sighting(conn: sqlite3.Connection, article_id: int, digest: str, seen: Seen) -> int | None:
    """One more capture of a known state: no revision, but it is filed under that. None when the state is unknown."""
    row = conn.execute(
        """
        select id, captured_at from revision_records
         where article_id = ? and content_digest = ?
         order by captured_at > ?, abs(julianday(captured_at) - julianday(?)) limit 1
        """,
        (article_id, digest, seen.captured_at, seen.captured_at),
    ).fetchone()
    if row is None:
        return None
    revision_id, since = row
    if seen.captured_at < since:
        conn.execute("update revision_records set captured_at = ? where id = ?", (seen.captured_at, revision_id))
    _show(conn, revision_id, article_id, seen)
    return int(revision_id)


def sight_again(conn: sqlite3.Connection, refers_to: str, seen: Seen) -> int | None:
    """File a revisit under the state that the capture it refers to shows; None when that one shows no article."""
    row = conn.execute(
        """
        select r.id, r.article_id
          from captures c
          join revision_captures rc on rc.capture_id = c.id
          join revision_records r on r.id = rc.revision_id
         where c.record_id = ?
        """,
        (refers_to,),
    ).fetchone()
    if row is None:
        return None
    _show(conn, row[0], row[1], seen)
    return int(row[1])


def show_page(conn: sqlite3.Connection, revision_id: int, capture_id: int) -> None:
    """File a further page of an article in pages under the state that was stitched from it."""
    conn.execute("insert or ignore into revision_captures values (?, ?)", (revision_id, capture_id))


def conversion_digest_of(conn: sqlite3.Connection, article_id: int, digest: str) -> str:
    """The digest of the record that keeps a known state. Raises KeyError when the state is unknown."""
    row = conn.execute(
        "select conversion_digest from revision_records where article_id = ? and content_digest = ? order by id",
        (article_id, digest),
    ).fetchone()
    if row is None:
        raise KeyError(digest)
    return str(row[0])


def digest_at(conn: sqlite3.Connection, article_id: int, at: str) -> tuple[str, str | None]:
    """Digest of the state that held at a moment (the first one before it all), and of the one that followed."""
    rows = conn.execute(
        "select captured_at, content_digest from revision_records where article_id = ? order by captured_at, id",
        (article_id,),
    ).fetchall()
    before = [digest for since, digest in rows if since <= at]
    after = [digest for since, digest in rows if since > at]
    return (before[-1] if before else ""), (after[0] if after else None)


def article_at(conn: sqlite3.Connection, revision_id: int) -> Article:
    """The whole state of a revision. Raises KeyError when there is none."""
    row = conn.execute(
        """
        select r.article_id, r.current, t.article from revision_records r
          left join revision_texts t on t.revision_id = r.id where r.id = ?
        """,
        (revision_id,),
    ).fetchone()
    if row is None:
        raise KeyError(revision_id)
    return current_article(conn, row[0]) if row[1] else from_json(json.loads(row[2]))


def article_json(conn: sqlite3.Connection, article_id: int, revision_id: int | None = None) -> dict[str, Any]:
    """The article object of house.md §5 with key and state: as it is now, or as a revision has it."""
    key, state, url = conn.execute("select key, state, url from articles where id = ?", (article_id,)).fetchone()
    article = current_article(conn, article_id) if revision_id is None else article_at(conn, revision_id)
    return {"key": key, "state": state, "url": url, **to_json(article)}


def _add_newest(conn: Connection, article_id: int, made: MadeState, seen: Seen) -> int:
    article = made.state.article
    before = current_article(conn, article_id)
    _retire_current(conn, article_id, before)
    row = article_row(article)
    was, published = conn.execute(
        "select search_id, date_published_utc from articles where id = ?", (article_id,)
    ).fetchone()
    moved = row["date_published_utc"] != published
    row |= {"content_digest": made.state.digest, "url": seen.url, "search_id": was}
    if moved:
        row["search_id"] = search_id(conn, row["date_published_utc"])
    assignments = ", ".join(f"{name} = :{name}" for name in row)
    conn.execute(f"update articles set {assignments} where id = :id", row | {"id": article_id})
    replace_parts(conn, article_id, article, seen.source, seen.captured_at)
    conn.index_later("articles_fts", was)
    conn.index_later("articles_fts", row["search_id"], made.state.index)
    changed = _changes(before, article)
    revision_id = _insert_revision(
        conn,
        article_id,
        made,
        seen,
        number=_next_number(conn, article_id),
        weight=_weight(changed),
        current=1,
    )
    _insert_changes(conn, revision_id, changed)
    conn.execute("update articles set revisions = revisions + 1 where id = ?", (article_id,))
    _show(conn, revision_id, article_id, seen)
    return revision_id


def _add_between(conn: Connection, article_id: int, made: MadeState, seen: Seen) -> int:
    """An older capture came late (an import): it takes its place, and its neighbours change."""
    revision_id = _insert_revision(conn, article_id, made, seen, number=0, weight="substantive", current=0)
    _store_text(conn, revision_id, article_id, made.state.article, made.state.index)
    conn.execute("update articles set revisions = revisions + 1 where id = ?", (article_id,))
    _show(conn, revision_id, article_id, seen)
    _compare_anew(conn, article_id)
    return revision_id


def _compare_anew(conn: sqlite3.Connection, article_id: int) -> None:
    rows = conn.execute(
        "select id from revision_records where article_id = ? order by captured_at, id", (article_id,)
    ).fetchall()
    before: Article | None = None
    for number, (revision_id,) in enumerate(rows, start=1):
        article = article_at(conn, revision_id)
        changed = _changes(before, article) if before is not None else []
        conn.execute("delete from changes where revision_id = ?", (revision_id,))
        _insert_changes(conn, revision_id, changed)
        conn.execute(
            "update revision_records set number = ?, significance = ? where id = ?",
            (number, _weight(changed) if before is not None else "substantive", revision_id),
        )
        before = article


def _retire_current(conn: Connection, article_id: int, article: Article) -> None:
    (revision_id,) = conn.execute(
        "select id from revision_records where article_id = ? and current", (article_id,)
    ).fetchone()
    conn.execute("update revision_records set current = 0 where id = ?", (revision_id,))
    _store_text(conn, revision_id, article_id, article, index_of(article))


def _store_text(conn: Connection, revision_id: int, article_id: int, article: Article, index: tuple[str, ...]) -> None:
    rest = to_json(article)
    del rest["body_text"]  # the paragraphs say it
    row = {
        "revision_id": revision_id,
        "article_id": article_id,
        "headline": article.headline,
        "alternative_headline": article.alternative_headline,
        "speaker": article.speaker,
        "keywords": "\n".join(article.keywords),
        "body_text": article.body_text,
        "article": json.dumps(rest, ensure_ascii=False),
    }
    inserted(conn, "revision_texts", row)
    conn.index_later("revisions_fts", revision_id, index)


def _insert_revision(
    conn: sqlite3.Connection,
    article_id: int,
    made: MadeState,
    seen: Seen,
    *,
    number: int,
    weight: str,
    current: int,
) -> int:
    row = {
        "article_id": article_id,
        "number": number,
        "captured_at": seen.captured_at,
        "recorded_at": made.recorded_at,
        "capture_id": seen.capture_id,
        "conversion_id": made.conversion_id,
        "conversion_digest": made.conversion_digest,
        "content_digest": made.state.digest,
        "origin": made.origin,
        "parser_version": made.parser_version,
        "headline": made.state.article.headline,
        "significance": weight,
        "current": current,
    }
    return inserted(conn, "revision_records", row)


def _next_number(conn: sqlite3.Connection, article_id: int) -> int:
    (count,) = conn.execute("select count(*) from revision_records where article_id = ?", (article_id,)).fetchone()
    return int(count) + 1


def _show(conn: sqlite3.Connection, revision_id: int, article_id: int, seen: Seen) -> None:
    """File a capture under the state that it shows; the article was then seen at that moment too."""
    _file(conn, revision_id, article_id, seen)
    conn.execute(
        """
        update articles set first_seen_at = min(first_seen_at, ?1), last_seen_at = max(last_seen_at, ?1)
         where id = ?2 and (first_seen_at > ?1 or last_seen_at < ?1)
        """,
        (seen.captured_at, article_id),
    )


def _file(conn: sqlite3.Connection, revision_id: int, article_id: int, seen: Seen) -> None:
    conn.execute("insert or ignore into revision_captures values (?, ?)", (revision_id, seen.capture_id))
    conn.execute(
        """
        insert into addresses (source, urlkey, article_id, url, first_seen_at, last_seen_at)
        values (:source, :urlkey, :article_id, :url, :at, :at)
        on conflict (source, urlkey) do update
           set first_seen_at = min(first_seen_at, :at), last_seen_at = max(last_seen_at, :at)
        """,
        {
            "source": seen.source,
            "urlkey": key_of(seen.url),
            "article_id": article_id,
            "url": seen.url,
            "at": seen.captured_at,
        },
    )


def _changes(before: Article, after: Article) -> list[tuple[str, str | None, str | None, str]]:
    return [(name, old, new, significance(old or "", new or "")) for name, old, new in differences(before, after)]


def _weight(changed: list[tuple[str, str | None, str | None, str]]) -> str:
    return "substantive" if any(weight == "substantive" for *_, weight in changed) else "cosmetic"


def _insert_changes(
    conn: sqlite3.Connection, revision_id: int, changed: list[tuple[str, str | None, str | None, str]]
) -> None:
    conn.executemany(
        "insert into changes (revision_id, property, before, after, significance) values (?, ?, ?, ?, ?)",
        [(revision_id, *change) for change in changed],
    )
