"""States: each distinct text of an article, stored once: in `articles` while it is current, else in `state_texts`."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from archive.diffing import Significance, significance_of
from archive.history.listed import set_section
from archive.properties import PROPERTIES
from archive.rows import (
    Connection,
    article_row,
    current_article,
    inserted,
    is_hidden,
    replace_parts,
    settle_people,
    without_words,
)
from archive.rules import ArticleState, differences, index_of, version_order
from archive.search import more_texts, search_id
from parsers.article import Article, from_json, to_json

# Of state_texts: properties with a column and nowhere else. Lists have one for the index, and stay in `details` too.
COLUMNS = tuple(
    each.name for each in PROPERTIES if each.in_state_texts and not each.is_list and each.name != "body_text"
)
LISTS = tuple(each.name for each in PROPERTIES if each.in_state_texts and each.is_list)
NOTHING: Mapping[int, Article] = MappingProxyType({})
NOT_IN_DETAILS = {*COLUMNS, "paragraphs", "body_text"}  # the paragraphs are the lines of body_text


@dataclass(frozen=True, slots=True)
class MadeState:
    """A state made by a ledger line: its article, the parser version, and the record that holds it."""

    state: ArticleState
    recorded_at: str
    parser_version: str
    conversion_id: str  # the WARC record; the next field is the digest of its block
    conversion_digest: str


def insert_state(conn: Connection, article_id: int, made: MadeState, key_number: int) -> int:
    """Insert a state that its article did not have yet. Returns its id; its text is stored later."""
    row = {
        "article_id": article_id,
        "key_number": key_number,
        "content_digest": made.state.digest,
        "headline": "" if is_hidden(conn, article_id) else made.state.article.headline,
        "parser_version": made.parser_version,
        "recorded_at": made.recorded_at,
        "conversion_id": made.conversion_id,
        "conversion_digest": made.conversion_digest,
    }
    return inserted(conn, "states", row)


def state_id_of(conn: sqlite3.Connection, article_id: int, digest: str) -> int | None:
    """The row id of the state with a digest; None if the article was never seen in it."""
    sql = "select id from states where article_id = ? and content_digest = ?"
    row = conn.execute(sql, (article_id, digest)).fetchone()
    return int(row[0]) if row else None


def conversion_digest_of(conn: Connection, article_id: int, digest: str) -> str:
    """The digest of the block of the conversion record that keeps a state, given by its own digest.

    Raises KeyError if the article was never seen in that state.
    """
    sql = "select conversion_digest from states where article_id = ? and content_digest = ?"
    row = conn.execute(sql, (article_id, digest)).fetchone()
    if row is None:
        raise KeyError(digest)
    return str(row[0])


def article_in(conn: sqlite3.Connection, state_id: int) -> Article:
    """The article as a state shows it, with all properties. Raises KeyError if no state has this id."""
    row = conn.execute(
        f"""
        select s.article_id, {", ".join(f"t.{name}" for name in COLUMNS)}, t.body_text, t.details
          from states s left join state_texts t on t.state_id = s.id where s.id = ?
        """,
        (state_id,),
    ).fetchone()
    if row is None:
        raise KeyError(state_id)
    article_id, *columns, body_text, details = row
    if details is None:
        return current_article(conn, article_id)
    properties = json.loads(details) | dict(zip(COLUMNS, columns, strict=True))
    return from_json(properties | {"paragraphs": body_text.split("\n") if body_text else []})


def comparable(conn: sqlite3.Connection, before: int, after: int) -> tuple[int, int]:
    """The row ids of the two states to compare, for the differences between two revisions given by their row ids.

    They are those that the newest parser version which read both runs read first from each. Without such a version, or
    if both revisions are readings of one run: the revisions' own states.
    """
    shown = "select run, state_id from revision_records where id = ?"
    (old_run, old), (new_run, new) = (conn.execute(shown, (each,)).fetchone() for each in (before, after))
    read_then, read_now = _readings_of_run(conn, before), _readings_of_run(conn, after)
    common = read_then.keys() & read_now.keys()
    if old_run == new_run or not common:
        return old, new
    version = max(common, key=version_order)
    return read_then[version], read_now[version]


def _readings_of_run(conn: sqlite3.Connection, revision_id: int) -> dict[str, int]:
    """By parser version: the id of the first state that it read from the captures of a revision's run."""
    rows = conn.execute(
        """
        select g.parser_version, g.state_id
          from revision_records named
          join revision_records r on r.article_id = named.article_id and r.run = named.run
          join sightings g on g.article_id = r.article_id and g.revision_id = r.id and (g.page is null or g.page = 1)
         where named.id = ?
         order by g.captured_at desc, g.capture_id desc
        """,
        (revision_id,),
    )
    return dict(rows.fetchall())


def store_text(conn: Connection, article_id: int, state_id: int, article: Article) -> None:
    """Store the text of a state that is not current, and index it for `search --ever`."""
    article = replace(article, related=without_words(conn, article.related))
    row = {
        "state_id": state_id,
        "article_id": article_id,
        **{name: getattr(article, name) for name in COLUMNS},
        **{name: "\n".join(getattr(article, name)) for name in LISTS},
        "body_text": article.body_text,
        "details": state_details(article),
    }
    inserted(conn, "state_texts", row)
    conn.index_later("revision_words", state_id, index_of(article))


def state_details(article: Article) -> str:
    """The value of `state_texts.details` for a text: the properties without a column of their own, as JSON."""
    details = {name: value for name, value in to_json(article).items() if name not in NOT_IN_DETAILS}
    return json.dumps(
        {name: value for name, value in details.items() if value not in (None, [], "")}, ensure_ascii=False
    )


def drop_unseen_states(conn: Connection, article_id: int) -> None:
    """Remove the states of an article that none of its sightings shows any more."""
    unseen = conn.execute(
        """
        select id, content_digest from states where article_id = ?1
           and id not in (select state_id from sightings where article_id = ?1)
        """,
        (article_id,),
    ).fetchall()
    for state_id, digest in unseen:
        forget_text(conn, state_id)
        conn.execute("delete from other_conversions where article_id = ? and content_digest = ?", (article_id, digest))
        conn.execute("delete from states where id = ?", (state_id,))


def forget_text(conn: Connection, state_id: int) -> None:
    """Remove a text from the superseded ones and from their index."""
    if conn.execute("delete from state_texts where state_id = ?", (state_id,)).rowcount:
        conn.index_later("revision_words", state_id)


class Texts:
    """The texts of an article's states, each read once. at_hand: texts that are not stored yet."""

    def __init__(self, conn: Connection, at_hand: Mapping[int, Article] = NOTHING) -> None:
        self._conn, self._read = conn, dict(at_hand)

    def article(self, state_id: int) -> Article:
        """The article as a state shows it."""
        if state_id not in self._read:
            self._read[state_id] = article_in(self._conn, state_id)
        return self._read[state_id]

    def changes(self, before: int, after: int) -> list[tuple[str, Significance]]:
        """The name of each property that differs between two states, and the significance of its change.

        In the order of `differences`; [] if none differs.
        """
        found = differences(self.article(before), self.article(after))
        return [(name, significance_of(name, old, new)) for name, old, new in found]


def current_state(conn: Connection, article_id: int) -> int:
    """The row id of the state that is the article's current text."""
    sql = """
        select s.id from articles a join states s on s.article_id = a.id and s.content_digest = a.content_digest
         where a.id = ?
        """
    return int(conn.execute(sql, (article_id,)).fetchone()[0])


def make_current(conn: Connection, article_id: int, texts: Texts, state_id: int, shown_at: str, url: str) -> None:
    """Make a state the current text of an article, with its moment and address; store the text before as superseded.

    If the state is current already, only the moment and the address are set.
    """
    was = current_state(conn, article_id)
    if was == state_id:
        _move(conn, article_id, shown_at, url)
        return
    article, before = texts.article(state_id), texts.article(was)
    put_text(conn, article_id, article, state_id, {"shown_at": shown_at, "url": url})
    replace_parts(conn, article_id, article, shown_at)
    forget_text(conn, state_id)
    store_text(conn, article_id, was, before)


def replace_text(conn: Connection, state_id: int, article: Article) -> None:
    """Replace the stored text of a state by an equal one: they may differ in properties beside the state.

    Nothing changes for a hidden article, whose text is in no row.
    """
    article_id, shown_at = conn.execute(
        "select a.id, a.shown_at from states s join articles a on a.id = s.article_id where s.id = ?", (state_id,)
    ).fetchone()
    if is_hidden(conn, article_id):
        return
    if current_state(conn, article_id) == state_id:
        put_text(conn, article_id, article, state_id, {})
        replace_parts(conn, article_id, article, shown_at)
    else:
        forget_text(conn, state_id)
        store_text(conn, article_id, state_id, article)


def _move(conn: Connection, article_id: int, shown_at: str, url: str) -> None:
    sql = "update articles set shown_at = ?2, url = ?3 where id = ?1 and (shown_at <> ?2 or url <> ?3)"
    if conn.execute(sql, (article_id, shown_at, url)).rowcount:
        settle_people(conn, article_id)


def put_text(conn: Connection, article_id: int, article: Article, state_id: int, more: dict[str, Any]) -> None:
    """Write the text of a state to the row of its article and the search index; `more` are values of other columns."""
    row = article_row(article) | more
    (digest,) = conn.execute("select content_digest from states where id = ?", (state_id,)).fetchone()
    place, published = conn.execute(
        "select search_id, date_published_utc from articles where id = ?", (article_id,)
    ).fetchone()
    moved = row["date_published_utc"] != published
    row |= {
        "content_digest": digest,
        "search_id": search_id(conn, row["date_published_utc"]) if moved else place,
    }
    assignments = ", ".join(f"{name} = :{name}" for name in row)
    conn.execute(f"update articles set {assignments} where id = :id", row | {"id": article_id})
    set_section(conn, article_id)
    conn.index_later("article_words", place)
    conn.index_later("article_words", row["search_id"], index_of(article, more_texts(conn, article_id)))
