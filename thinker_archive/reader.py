"""An archive opened for reading: what the commands answer, as rows and tables for Python."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from warnings import warn

from archive import Home, answers, read_archive
from archive import search as searching
from archive.files import from_environment, moment_of, stamp
from archive.replaying import what_lags
from thinker_archive.reading import querying, reading
from thinker_archive.records import (
    ArticleVersion,
    FoundArticle,
    PhraseHistory,
    RecordedEvent,
    RemovedArticle,
    kinds_of,
    kinds_of_article,
)
from thinker_archive.results import ArticleResult, ListedResult, PhraseResult, Result

if TYPE_CHECKING:
    from archive.publish.exporting.frames import Kinds

When = str | date | datetime | None

HITS_READ_AT_ONCE = 200  # articles, with their texts
CLOSED = "the archive is closed: open it again with thinker_archive.open(home)"


def open(home: Path | str | None = None) -> Reader:  # noqa: A001 - as of a file: thinker_archive.open(home)
    """The archive at a home, for reading; without one it is that of the commands: THINKER_HOME, else ./data.

    Nothing is written, and a crawl may go on meanwhile. Warns if the captures hold what the database lacks, as the
    commands do. Raises FileNotFoundError without an archive, and OtherVersion for one that another version of the
    program made; both say what to do.
    """
    with closing(read_archive(from_environment() if home is None else home)) as opened:
        for line in what_lags(opened):
            warn(line, stacklevel=2)
        return Reader(opened.home)  # each reading has a connection of its own, so that any thread may ask


class Reader:
    """An archive opened for reading. Articles that were withdrawn never appear."""

    def __init__(self, home: Home) -> None:
        self._home: Home | None = home
        self._path = home.path

    def search(
        self, query: str, *, ever: bool = False, gone: bool = False, exact: bool = False, limit: int = 0
    ) -> Result[FoundArticle]:
        """The articles that match a query, as `thinker search` finds them, the newest first; at most `limit` (0: all).

        `ever`: earlier versions too. `gone`: only text that was later removed. `exact`: traditional and simplified
        characters differ. The number is known at once, and the texts are read when they are asked for.
        """
        _require_count(limit)
        with reading(self._opened()) as conn:
            found = searching.newest_found(conn, query, limit, ever, gone, exact)

        def hits() -> Iterator[dict[str, Any]]:
            places = iter(found.items())
            with reading(self._opened()) as conn:
                while some := dict(islice(places, HITS_READ_AT_ONCE)):
                    for hit in searching.hits_of(conn, some, query, exact).values():
                        yield asdict(hit) | {"matched": [asdict(each) for each in hit.matched]}

        return Result(f"search {query!r}", hits, lambda: kinds_of(FoundArticle), len(found))

    def article(self, key: str) -> ArticleResult:
        """The article with that key, in its latest version: `article["body_text"]`, or a table of one row.

        Raises Unknown if no article has the key, and Withdrawn if nothing of it is shown.
        """
        with reading(self._opened()) as conn:
            return ArticleResult(answers.show(conn, key), kinds_of_article())

    def versions(self, key: str, *, every: bool = False) -> ListedResult[ArticleVersion]:
        """The versions of an article, the first one first, each with what changed. Raises as `article`.

        `every`: edits of form only (spacing, punctuation, counters) too.
        """
        with reading(self._opened()) as conn:
            found: Any = answers.history(conn, key, every)
        return ListedResult(f"versions of {key}", found, kinds_of(ArticleVersion))

    def changes(
        self, *, since: When = None, until: When = None, kind: str | Sequence[str] = ()
    ) -> Result[RecordedEvent]:
        """The events, the one recorded first comes first: new, edited, removed, restored, …

        Only those from `since` to `until`, both included: a date or a time, in UTC if it names no zone; `until` a date
        includes that whole day. `kind`: one or several kinds. Raises ValueError for a text that is no date or no kind.
        """
        kinds = (kind,) if isinstance(kind, str) else tuple(kind)
        _require_kinds(kinds)
        first, end = _beginning(since), _end(until)

        def events() -> Iterator[dict[str, Any]]:
            with reading(self._opened()) as conn:
                yield from answers.each_change(conn, first, end, kinds)

        return Result("changes", events, lambda: kinds_of(RecordedEvent))

    def removed(self) -> Result[RemovedArticle]:
        """The articles that are gone: removed, redirected, restricted or delisted, those missed last first."""

        def articles() -> Iterator[dict[str, Any]]:
            with reading(self._opened()) as conn:
                yield from answers.removed(conn)

        return Result("removed articles", articles, lambda: kinds_of(RemovedArticle))

    def phrase(self, *texts: str) -> PhraseResult:
        """The history of each phrase over all versions: first and last appearance, and counts by month.

        Raises ValueError for a text that cannot be searched as one phrase. `.months()` has a row for each month.
        """
        for reason in filter(None, map(searching.why_not, texts)):
            raise ValueError(reason)
        with reading(self._opened()) as conn:
            covered = searching.covered_months(conn)
            found: Any = [searching.told(searching.history_of(conn, text), covered) for text in texts]
        return PhraseResult("phrases", found, kinds_of(PhraseHistory))

    def sql(
        self,
        query: str,
        parameters: Mapping[str, object] | Sequence[object] = (),
        *,
        seconds: float | None = None,
    ) -> Result[dict[str, Any]]:
        """The rows of one SELECT: docs/data-model.md describes the tables; `terms('…')` makes a query for `match`.

        It can neither write nor attach a file, and Ctrl-C stops it. Raises TimeoutError if rows are still read after
        `seconds`, and sqlite3.Error with SQLite's message. Columns have the types of their values: times are texts.
        """
        known: dict[str, None] = {}

        def columns() -> Kinds:
            if not known:
                next(rows(), None)
            return known

        def rows() -> Iterator[dict[str, Any]]:
            with querying(self._opened(), seconds) as conn:
                cursor = conn.execute(query, parameters)
                known.update(dict.fromkeys(_names(cursor)))
                for row in cursor:
                    yield dict(zip(known, row, strict=True))

        return Result("sql", rows, columns)

    def close(self) -> None:
        """Close the archive; what was read stays, and nothing more is read."""
        self._home = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<archive at {self._path}>"

    def _opened(self) -> Home:
        if self._home is None:
            raise ValueError(CLOSED)
        return self._home


def _names(cursor: sqlite3.Cursor) -> list[str]:
    """The names of a cursor's columns, each once: a second `key` is `key:1`, as in SQLite's own subqueries."""
    if cursor.description is None:
        raise sqlite3.ProgrammingError("the query gives no rows: write one SELECT")
    seen: Counter[str] = Counter()
    names = []
    for name, *_ in cursor.description:
        names.append(f"{name}:{seen[name]}" if seen[name] else name)
        seen[name] += 1
    return names


def _require_count(limit: int) -> None:
    if limit < 0:
        raise ValueError(f"limit={limit}: give the maximum number of articles, or 0 for all")


def _require_kinds(kinds: Sequence[str]) -> None:
    if kinds:
        from archive.decisions import EVENT_KINDS  # slow to load

        if unknown := next((each for each in kinds if each not in EVENT_KINDS), None):
            raise ValueError(f"{unknown!r} is no kind of event: choose of {', '.join(EVENT_KINDS)}")


def _beginning(when: When) -> str | None:
    return None if when is None else stamp(_moment(when))


def _end(when: When) -> str | None:
    """The moment before which events are wanted: a second after `when`, or after the end of a day."""
    if when is None:
        return None
    whole_day = not isinstance(when, datetime) and (isinstance(when, date) or len(when) <= len("2026-11-01"))
    return stamp(_moment(when) + (timedelta(days=1) if whole_day else timedelta(seconds=1)))


def _moment(when: str | date | datetime) -> datetime:
    moment = moment_of(when if isinstance(when, str) else when.isoformat())
    return moment.astimezone(UTC)
