"""Convert an Article into the rows of several tables, and back."""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal

from archive.properties import PROPERTIES
from archive.rows.connection import inserted
from archive.rows.hiding import hidden_urlkeys
from parsers.article import Article, Media, RelatedLink, TextLink
from parsers.urls import urlkey

Role = Literal["speaker", "author", "editor"]  # of a person in an article

PLAIN = tuple(each.name for each in PROPERTIES if each.stored == "column" and each.kind != "time")
TIMES = tuple(each.name for each in PROPERTIES if each.stored == "column" and each.kind == "time")
# A proof compares `details` as text, so these keep their first order; properties added later follow.
_FIRST = (
    "biography", "reprint_notice", "headings", "heading_positions", "metadata", "identity", "zone_assumed", "authors",
    "editors", "keywords", "links",
)  # fmt: skip
IN_DETAILS = tuple(
    sorted(
        (each.name for each in PROPERTIES if each.stored == "details"),
        key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST),
    )
)


def article_row(article: Article) -> dict[str, Any]:
    """The values, by column of `articles`, that depend on the page alone; a section from a list is entered later."""
    published = article.date_published
    times = {name: getattr(article, name) for name in TIMES}
    return {
        **{name: getattr(article, name) for name in PLAIN},
        **{name: moment.isoformat() if moment else None for name, moment in times.items()},
        "date_published_utc": _utc(published),
        "published_date": published.date().isoformat() if published else None,
        "published_month": published.strftime("%Y-%m") if published else None,
        "listed_section": None,
        "characters": len(article.body_text) - article.body_text.count("\n"),
        "details": json.dumps(_details(article), ensure_ascii=False),
    }


def _details(article: Article) -> dict[str, Any]:
    """The values of `articles.details` by property: those that PROPERTIES stores there, and the links.

    Empty ones (None, "" and ()) are left out. Authors, editors and keywords are among them although they also have
    rows of other tables: an article is read back from these values, not from those rows.
    """
    details = {name: getattr(article, name) for name in IN_DETAILS}
    return _present({**details, "links": tuple(asdict(link) for link in article.links)})  # links keep their place


def replace_parts(conn: sqlite3.Connection, article_id: int, article: Article, at: str) -> None:
    """Replace an article's keywords, people, related links and media by those of another text, captured at `at`.

    People and keywords that no article has any more are deleted; biographies of the others are recomputed.
    """
    before = _linked(conn, article_id)
    for table in ("article_keywords", "article_people", "related_records", "article_media"):
        conn.execute(f"delete from {table} where article_id = ?", (article_id,))
    insert_parts(conn, article_id, article, at)
    people, keywords = (were | are for were, are in zip(before, _linked(conn, article_id), strict=True))
    conn.executemany(_FORGET_PERSON, [(person,) for person in people])
    conn.executemany(_SETTLE_PERSON, [(person,) for person in people])
    conn.executemany(_FORGET_KEYWORD, [(keyword,) for keyword in keywords])


def settle_people(conn: sqlite3.Connection, article_id: int) -> None:
    """Recompute the biographies of an article's people after its `shown_at` moved.

    The biography in another article may be newer now.
    """
    people, _ = _linked(conn, article_id)
    conn.executemany(_SETTLE_PERSON, [(person,) for person in people])


def insert_parts(conn: sqlite3.Connection, article_id: int, article: Article, at: str) -> None:
    """Insert an article's keywords, people, related links and media.

    at: the moment of capture; of the biographies of a person the newest is kept.
    """
    for position, name in enumerate(dict.fromkeys(article.keywords)):
        keyword = _keyword(conn, name, article.in_language)
        conn.execute("insert into article_keywords values (?, ?, ?)", (article_id, keyword, position))
    for role, position, name in _people(article):
        person = _person(conn, name, article.biography if role == "speaker" else None, at)
        conn.execute("insert or ignore into article_people values (?, ?, ?, ?)", (article_id, person, role, position))
    if article.related or article.media:
        _insert_links(conn, article_id, article)


def _insert_links(conn: sqlite3.Connection, article_id: int, article: Article) -> None:
    conn.executemany(
        "insert into related_records values (?, ?, ?, ?, ?, ?)",
        [
            (article_id, position, link.url, link_key(link.url), link.headline, link.teaser)
            for position, link in enumerate(without_words(conn, article.related))
        ],
    )
    conn.executemany(
        "insert into article_media values (?, ?, ?, ?, ?, null)",
        [(article_id, position, item.url, item.kind, item.caption) for position, item in enumerate(article.media)],
    )


def without_words(conn: sqlite3.Connection, links: Sequence[RelatedLink]) -> tuple[RelatedLink, ...]:
    """The same links, but those to hidden articles without headline and teaser."""
    hidden = hidden_urlkeys(conn, [link_key(link.url) for link in links])
    return tuple(RelatedLink("", link.url) if link_key(link.url) in hidden else link for link in links)


def current_article(conn: sqlite3.Connection, article_id: int) -> Article:
    """The article in its current text, from its rows; without a section that only a list names.

    Raises KeyError if no row has this id.
    """
    cursor = conn.execute("select * from articles where id = ?", (article_id,))
    values = cursor.fetchone()
    if values is None:
        raise KeyError(article_id)
    row = dict(zip((column[0] for column in cursor.description), values, strict=True))
    details = json.loads(row["details"])
    links = tuple(TextLink(**link) for link in details.pop("links", ()))
    if row["listed_section"] is not None:
        row["article_section"] = None
    times: dict[str, Any] = {name: _time(row[name]) for name in TIMES}
    return Article(
        **{name: row[name] for name in PLAIN if name != "body_text"},
        **{name: _frozen(value) for name, value in details.items()},
        links=links,
        **times,
        paragraphs=tuple(row["body_text"].split("\n")) if row["body_text"] else (),
        related=tuple(
            RelatedLink(*link) for link in _rows(conn, "related_records", "headline, url, teaser", article_id)
        ),
        media=tuple(Media(*item) for item in _rows(conn, "article_media", "url, kind, caption", article_id)),
    )


def article_id_of(conn: sqlite3.Connection, key: str) -> int | None:
    """The row id of the article that has or had a key, or None."""
    row = conn.execute("select article_id from keys where key = ?", (key,)).fetchone()
    return int(row[0]) if row else None


def _people(article: Article) -> list[tuple[Role, int, str]]:
    speakers = (article.speaker,) if article.speaker else ()
    named: tuple[tuple[Role, tuple[str, ...]], ...]
    named = (("speaker", speakers), ("author", article.authors), ("editor", article.editors))
    return [(role, position, name) for role, names in named for position, name in enumerate(dict.fromkeys(names))]


def _keyword(conn: sqlite3.Connection, name: str, language: str | None) -> int:
    found = conn.execute("select id from keywords where name = ? and in_language is ?", (name, language)).fetchone()
    return int(found[0]) if found else inserted(conn, "keywords", {"name": name, "in_language": language})


def _person(conn: sqlite3.Connection, name: str, biography: str | None, at: str) -> int:
    """The row id of a person, who is entered if new. The newest capture's biography is kept, in any order of entry.

    biography None leaves the biography that is stored.
    """
    found = conn.execute("select id, biography, biography_at from people where name = ?", (name,)).fetchone()
    if found is None:
        return inserted(conn, "people", {"name": name, "biography": biography, "biography_at": biography and at})
    if biography and (at, biography) > (found[2] or "", found[1] or ""):
        conn.execute("update people set biography = ?, biography_at = ? where id = ?", (biography, at, found[0]))
    return int(found[0])


_FORGET_PERSON = """
    delete from people where id = ?1 and not exists (select 1 from article_people where person_id = ?1)
"""
_FORGET_KEYWORD = """
    delete from keywords where id = ?1 and not exists (select 1 from article_keywords where keyword_id = ?1)
"""
_SETTLE_PERSON = """
    update people set (biography, biography_at) = (
        select a.details ->> '$.biography', a.shown_at
          from article_people ap join articles a on a.id = ap.article_id
         where ap.person_id = ?1 and ap.role = 'speaker' and a.details ->> '$.biography' is not null
         order by a.shown_at desc, 1 desc limit 1)
     where id = ?1
"""


def _linked(conn: sqlite3.Connection, article_id: int) -> tuple[set[int], set[int]]:
    """The row ids of an article's people, and those of its keywords."""
    people = conn.execute("select person_id from article_people where article_id = ?", (article_id,))
    keywords = conn.execute("select keyword_id from article_keywords where article_id = ?", (article_id,))
    return {row[0] for row in people}, {row[0] for row in keywords}


def _present(values: dict[str, Any]) -> dict[str, Any]:
    """The properties that the page has: all but those with the value None, "" or (), which come back as defaults."""
    return {name: value for name, value in values.items() if value not in (None, (), "")}


def _rows(conn: sqlite3.Connection, table: str, columns: str, article_id: int) -> list[tuple[Any, ...]]:
    sql = f"select {columns} from {table} where article_id = ? order by position"
    return conn.execute(sql, (article_id,)).fetchall()


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _utc(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


@lru_cache(maxsize=64)  # neighbours link to the same ones; a key of Han characters may take 80 KB
def link_key(url: str | None) -> str | None:
    """The urlkey of an address on a page; None without one, or if it cannot be parsed."""
    try:
        return urlkey(url) if url else None
    except ValueError:
        return None
