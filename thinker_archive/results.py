"""Results: rows that are read when they are asked for, and the same as tables of pandas and pyarrow."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from thinker_archive.records import MonthOfPhrase, PhraseHistory, kinds_of
from thinker_archive.showing import as_html

if TYPE_CHECKING:
    from archive.publish.exporting.frames import DataFrame, Kinds, RecordBatchReader, Table

R = TypeVar("R")

ROWS_SHOWN = 10  # in a notebook
UNCOUNTED = "the number of rows is not known before all are read: use len(list(result))"


class Result(Generic[R]):
    """Rows of the archive: iterate over them, or ask for a table. Each time they are read anew.

    A row is a dict, with the fields of its record in `thinker_archive.records`.
    """

    def __init__(
        self, name: str, read: Callable[[], Iterator[Any]], kinds: Callable[[], Kinds], count: int | None = None
    ) -> None:
        self._name, self._read, self._ask_kinds, self._count = name, read, kinds, count

    @cached_property
    def _kinds(self) -> Kinds:
        return self._ask_kinds()

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return list(self._kinds)

    def __iter__(self) -> Iterator[R]:
        return self._read()

    def __len__(self) -> int:
        """The number of rows. Raises TypeError if only reading all of them would tell it."""
        if self._count is None:
            raise TypeError(UNCOUNTED)
        return self._count

    def __bool__(self) -> bool:
        """True if there is a row."""
        return next(iter(self), None) is not None if self._count is None else self._count > 0

    def to_pandas(self) -> DataFrame:
        """All rows as a pandas frame with typed columns: times in UTC, dates, integers that may be missing, lists.

        Raises ImportError without pandas or pyarrow.
        """
        from archive.publish.exporting import frames

        return frames.frame(*self._source())

    def to_arrow(self) -> Table:
        """All rows as a pyarrow table with typed columns. Raises ImportError without pyarrow."""
        from archive.publish.exporting import frames

        return frames.table(*self._source())

    def to_batches(self) -> RecordBatchReader:
        """The rows as a pyarrow reader of batches, for what does not fit into memory. Raises ImportError as above."""
        from archive.publish.exporting import frames

        return frames.batches(*self._source())

    def _source(self) -> tuple[Kinds, Iterator[Mapping[str, Any]]]:
        """The columns and the rows. The first row is read already: then SQL knows its columns without a second run."""
        rows = self._rows()
        first = list(islice(rows, 1))
        return self._kinds, chain(first, rows)

    def _rows(self) -> Iterator[Mapping[str, Any]]:
        return cast("Iterator[Mapping[str, Any]]", iter(self))

    def __repr__(self) -> str:
        count = "" if self._count is None else f", {self._count:,} row{'' if self._count == 1 else 's'}"
        return f"<{self._name}{count}>"

    def _repr_html_(self) -> str:
        """The first rows as an HTML table, in which nothing of a page is HTML; notebooks show it."""
        kinds, rows = self._source()
        first = list(islice(rows, ROWS_SHOWN + 1))
        return as_html(list(kinds), first[:ROWS_SHOWN], self._count, more=len(first) > ROWS_SHOWN)


class ListedResult(Result[R]):
    """A result whose rows were read at once: few, or all made by one count. It is a sequence too."""

    def __init__(self, name: str, rows: Sequence[R], kinds: Kinds) -> None:
        super().__init__(name, lambda: iter(rows), lambda: kinds, len(rows))
        self._listed = rows

    def __getitem__(self, at: int) -> R:
        return self._listed[at]


class ArticleResult(Result[dict[str, Any]]):
    """One article: its properties by name, as `article["headline"]`, and a result of one row."""

    def __init__(self, article: dict[str, Any], kinds: Kinds) -> None:
        super().__init__(f"article {article['key']}", lambda: iter([article]), lambda: kinds, 1)
        self._article = article

    def __getitem__(self, name: str) -> Any:
        return self._article[name]


class PhraseResult(ListedResult[PhraseHistory]):
    """The histories of phrases, one row each."""

    def months(self) -> ListedResult[MonthOfPhrase]:
        """A row for each phrase and month with articles in the archive; a month that is missing was not crawled."""
        rows: list[MonthOfPhrase] = [
            {"text": each["text"], **month} for each in self._listed for month in each["months"]
        ]
        kinds = kinds_of(MonthOfPhrase)
        return ListedResult("months of phrases", rows, {"text": kinds["text"], **kinds})
