"""A session: the state of one writer of one source from its start to its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from archive.decisions import Origin, Stores
from archive.files import Record
from archive.judging.reading import SourceReader
from archive.judging.runs.drift import Layouts
from archive.judging.runs.outcomes import Counts
from archive.judging.runs.page_tallies import ScriptedPages, UnmatchedSelectors
from archive.judging.runs.witnesses import LivingHosts, Witnesses
from archive.rows import Connection, stored_record
from archive.settings import SourceRecord


@dataclass(slots=True)
class Session:
    """The stores of a source, the reader of its pages, and what this run has counted and learned so far."""

    source: SourceRecord
    stores: Stores
    reader: SourceReader
    origin: Origin
    counts: Counts = field(default_factory=Counts)
    conn: Connection = field(init=False)
    layouts: Layouts = field(init=False)
    witnesses: Witnesses = field(init=False)
    living: LivingHosts = field(init=False)
    failed_hosts: set[str] = field(default_factory=set)  # hosts of lists that may be ill: nothing is judged there
    unmatched: UnmatchedSelectors = field(default_factory=UnmatchedSelectors)
    scripted: ScriptedPages = field(default_factory=ScriptedPages)
    crawl: str | None = None  # its key, once one has begun
    warcinfo: str | None = None  # the warcinfo record of this run
    moved: list[str] = field(default_factory=list)  # keys whose article stands elsewhere now, by lines of this run

    def __post_init__(self) -> None:
        self.conn = self.stores.conn
        self.layouts = self._layouts()
        self.witnesses = Witnesses(self.source.delay)
        self.living = LivingHosts(self.conn, self.source.name)

    def stored(self, record_id: str) -> Record:
        """A record by its id, from its file. Raises Unproved if the database has none, and as `read_record`."""
        return stored_record(self.conn, self.stores.folder, record_id)

    @contextmanager
    def not_counted(self, origin: Origin) -> Iterator[None]:
        """Inside the block the session has this origin, and new counts and layouts; after it those of before are back.

        They are back also after an error. So captures of an earlier run are decided without a change of this run's
        counts.
        """
        before, counts, layouts = self.origin, self.counts, self.layouts
        self.origin, self.counts, self.layouts = origin, Counts(), self._layouts()
        try:
            yield
        finally:
            self.origin, self.counts, self.layouts = before, counts, layouts

    def counted(self) -> Counts:
        """A copy of the counts, for `uncount`.

        It shares the list of misses: note the list's length too, to which `uncount` cuts it.
        """
        return replace(self.counts)

    def uncount(self, before: Counts, missing: int) -> None:
        """Go back to earlier counts. missing: the length of the shared list of misses at that time."""
        del before.missing[missing:]
        self.counts = before

    def _layouts(self) -> Layouts:
        return Layouts(self.conn, self.stores.folder, self.source.name)
