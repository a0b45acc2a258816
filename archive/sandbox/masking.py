"""Lets a connection of the site read of texts only what leaves the site: `TextMask`.

Temporary views have the names of the tables with texts, so all SQL reads them first. SQLite's authorizer makes a text
null wherever SQL reads it past these views, such as `main.articles.body_text`.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex

from archive.sandbox.rights import PASSAGES, Rights, shown_details, shown_text

# Articles of several sources may have been merged: the strictest source decides.
_STRICTEST = "(select k.source from {} order by shown_rank(k.source) desc limit 1)"
_OF_ITSELF = _STRICTEST.format("main.keys k where k.article_id = t.id")
_OF_ARTICLE = _STRICTEST.format("main.keys k where k.article_id = t.article_id")
_OF_KEY = _STRICTEST.format("main.keys o join main.keys k on k.article_id = o.article_id where o.number = t.key_number")
# A biography stands on the page of an article, of several at one moment on that of the strictest source.
_OF_PERSON = _STRICTEST.format(
    """main.article_people p join main.articles a on a.id = p.article_id join main.keys k on k.article_id = a.id
        where p.person_id = t.id and p.role = 'speaker' and a.shown_at = t.biography_at"""
)
_NAMED = ", ".join(f"'{name}'" for name in sorted(PASSAGES))
# By table: SQL for the source of a row of it, `t`, and SQL for each column with text, from that source.
_TEXTS: dict[str, tuple[str, dict[str, str]]] = {
    "articles": (
        _OF_ITSELF,
        {
            "body_text": "shown_text({source}, t.body_text)",
            "standfirst": "shown_text({source}, t.standfirst)",
            "details": "shown_details({source}, t.details)",
        },
    ),
    "state_texts": (
        _OF_ARTICLE,
        {
            "body_text": "shown_text({source}, t.body_text)",
            "details": "shown_details({source}, t.details)",
        },
    ),
    "related_records": (_OF_ARTICLE, {"teaser": "shown_text({source}, t.teaser)"}),
    "article_media": (_OF_ARTICLE, {"caption": "shown_text({source}, t.caption)"}),
    "people": (_OF_PERSON, {"biography": "shown_text({source}, t.biography)"}),
    "corrections": (_OF_KEY, {"value": f"iif(t.property in ({_NAMED}), shown_text({{source}}, t.value), t.value)"}),
}
RAW = {"sqlite_dbpage", "dbstat", "sqlite_stmt"}
"""Tables that show the file's raw bytes, or other statements."""
INDEXES = ("article_words", "revision_words")
_INDEX_BYTES = {f"{name}_data" for name in INDEXES}  # FTS5 reads them without the authorizer, and so may still search
_VIEW = re.compile(r"create\s+view\s+", re.IGNORECASE)
# Between a schema and its dot SQL may have blanks, a byte order mark and comments, and the name may be quoted.
_PAST_THE_VIEWS = re.compile(
    r"\bmain[\"'`\]]?(?:[\s\ufeff]|--[^\n]*(?:\n|$)|/\*.*?(?:\*/|$))*\.", re.IGNORECASE | re.DOTALL
)


class ShownConnection(sqlite3.Connection):
    """A connection of the site. `mask`: what it may read of texts; None for all."""

    mask: TextMask | None = None


class TextMask:
    """The part of texts that a connection may read, by their sources.

    The names of the inner views are random, so that no SQL can pass for one of them.
    """

    def __init__(self, rights: Rights) -> None:
        self._rights = rights
        self._prefix = f"shown_{token_hex(16)}_"
        self._schema: int | None = None  # the number of the schema from which the views were made
        self._making = False
        self.whole = False

    def refresh(self, conn: sqlite3.Connection) -> None:
        """Make the views, or after a change of the schema, such as a migration, make them again.

        Without them every text is null, so a failure in between shows nothing. Call it outside of transactions.
        """
        number = conn.execute("pragma main.schema_version").fetchone()[0]
        if number == self._schema:
            return
        self._making = True
        try:
            self._make(conn)
        finally:
            self._making = False
        self._schema = number

    def _make(self, conn: sqlite3.Connection) -> None:
        if self._schema is None:
            conn.create_function("shown_text", 2, self._text, deterministic=True)
            conn.create_function("shown_details", 2, self._details, deterministic=True)
            conn.create_function("shown_rank", 1, self._rank, deterministic=True)
            conn.set_authorizer(self.may)
        conn.execute("pragma query_only = off")  # it would forbid the temporary views too; the file is opened read-only
        for (name,) in conn.execute("select name from temp.sqlite_schema where type = 'view'").fetchall():
            conn.execute(f"drop view temp.{_quoted(name)}")
        for statement in self._views(conn):
            conn.execute(statement)
        conn.execute("pragma query_only = on")

    def may(self, action: int, first: str | None, second: str | None, _schema: str | None, view: str | None) -> int:
        """The answer of SQLite's authorizer: a text that is not read by one of our views is null."""
        if action != sqlite3.SQLITE_READ or first is None or self._making:
            return sqlite3.SQLITE_OK
        if first in RAW or first.startswith("sqlite_temp"):
            return sqlite3.SQLITE_DENY
        if first in _INDEX_BYTES:
            return sqlite3.SQLITE_IGNORE if second == "block" else sqlite3.SQLITE_OK
        if first not in _TEXTS or second not in _TEXTS[first][1] or _schema != "main":
            return sqlite3.SQLITE_OK
        return sqlite3.SQLITE_OK if view == self._prefix + first else sqlite3.SQLITE_IGNORE

    def _views(self, conn: sqlite3.Connection) -> Iterator[str]:
        for table, (sought, texts) in _TEXTS.items():
            source = sought if self._rights.sources else "null"  # one mode for all
            names = [row[1] for row in conn.execute(f"pragma main.table_info({table})")]
            columns = [
                f"{texts[name].format(source=source)} as {_quoted(name)}" if name in texts else f"t.{_quoted(name)}"
                for name in names
            ]
            if columns:  # else an older archive lacks the table
                yield f"create temp view {self._prefix}{table} as select {', '.join(columns)} from main.{table} t"
                yield f"create temp view {table} as select * from {self._prefix}{table}"
        # A view of the archive reads its tables past ours, unless it stands beside ours.
        for (sql,) in conn.execute("select sql from main.sqlite_schema where type = 'view'").fetchall():
            yield _VIEW.sub("create temp view ", sql, count=1)

    def _text(self, source: str | None, text: str | None) -> str | None:
        return text if self.whole else shown_text(self._rights.of(source), text)

    def _details(self, source: str | None, details: str) -> str:
        return details if self.whole else shown_details(self._rights.of(source), details)

    def _rank(self, source: str | None) -> int:
        return self._rights.rank(source)


def refuse_past_views(sql: str) -> None:
    """Raise sqlite3.OperationalError if SQL names the schema `main`, in which the tables hold whole texts.

    The authorizer alone is not enough: SQLite asks it of no column that `full join … using` joins.
    """
    if _PAST_THE_VIEWS.search(sql):
        raise sqlite3.OperationalError("main. is not open here: write the name of the table alone")


@contextmanager
def whole_texts(conn: sqlite3.Connection) -> Iterator[None]:
    """Let the block read whole texts. It must give out only numbers, names and what `excerpt` allows."""
    mask = conn.mask if isinstance(conn, ShownConnection) else None
    if mask is None or mask.whole:
        yield
        return
    mask.whole = True
    try:
        yield
    finally:
        mask.whole = False


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
