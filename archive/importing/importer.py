"""Import WARC files, saved pages and text dumps as captures with their own time and origin."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Self, get_args

from archive.files import Locked, Meter, Progress, unheard
from archive.importing.files import Reading, Revisited, Saved, SavedFile, saved_under, size_of
from archive.importing.filing import AddressClaims, Filing
from archive.importing.records import Skipped, is_digest_of
from archive.judging import Fetched, ImportIngest, Outcome, PageParser, merge_doubles
from archive.rows import Archive
from archive.rules import Missing
from archive.settings import SourceRecord

UNKNOWN = "it repeats an earlier capture that is not in the archive"
HELD = Outcome("seen")  # without a key: the archive has it already
CAPTURES_PER_TRANSACTION = 32  # per transaction


@dataclass(frozen=True, slots=True)
class ImportWithoutArticle:
    """A file or record that gave no article, stored or not: its origin, and the reason."""

    path: str
    reason: str


@dataclass(slots=True)
class ImportSummary:
    """An import in figures, as `thinker import --json` prints it.

    not_articles: stored without an article, or passed over as of no web address or no known bytes. errors: not stored
    for any other reason, such as damage, an unknown file type, a moment in the future or a source that another process
    writes. sources: the captures by source. merged: articles that became part of another, at the same address.
    """

    captures: int = 0
    new_articles: int = 0
    new_revisions: int = 0
    undated: int = 0  # captures whose moment is unknown
    not_articles: list[ImportWithoutArticle] = field(default_factory=list)
    errors: list[ImportWithoutArticle] = field(default_factory=list)
    sources: dict[str, int] = field(default_factory=dict)
    merged: int = 0


def import_paths(
    archive: Archive,
    paths: list[Path],
    to: SourceRecord | AddressClaims,
    progress: Progress = unheard,
    captured_at: datetime | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ImportSummary:
    """Import every capture that `saved_under` finds at the paths; refused ones are listed, and the rest goes on.

    to: the source of all, or the declared sources, of which each page goes to that which claims it (see `Filing`).
    progress counts the files' bytes. captured_at is the moment of saved files for which no manifest states one. At the
    end articles that several sources have at one address become one. Raises FileNotFoundError, and Locked if another
    process writes the only source; otherwise the pages of such a source are listed.
    """
    reading = Reading(Meter(progress, sum(map(size_of, paths))), clock(), captured_at)
    with _Import(archive, to, clock) as importing:
        for found in chain.from_iterable(saved_under(path, reading) for path in paths):
            if isinstance(found, Skipped):
                importing.refuse(found)
            else:
                importing.take(found)
        importing.finish()
    importing.summary.merged = merge_doubles(archive, clock).count
    return importing.summary


class _Import:
    """An import under way: a writer for each source, and revisits that came before their bytes."""

    def __init__(
        self,
        archive: Archive,
        to: SourceRecord | AddressClaims,
        clock: Callable[[], datetime],
    ) -> None:
        self.summary = ImportSummary()
        self._clock = clock
        self._archive, self._filing = archive, Filing(archive.conn, to)
        self._stack = ExitStack()
        self._pages = self._stack.enter_context(closing(PageParser()))
        self._ingests: dict[str, ImportIngest] = {}
        self._refused: dict[str, Locked] = {}  # sources that another process writes
        self._last: ImportIngest | None = None
        self._waiting = 0
        self._early: list[Saved] = []  # revisits that came before their bytes

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)

    def refuse(self, refused: Skipped) -> None:
        """List a file or record that is not stored: among the errors, or as no article if it has no web address."""
        listed = self.summary.errors if refused.fault else self.summary.not_articles
        listed.append(ImportWithoutArticle(refused.where, refused.reason))

    def take(self, saved: Saved) -> None:
        """Store one capture; a revisit whose bytes have not come yet waits for them.

        One of a source that another process writes is listed among the errors.
        """
        if not self._took(saved):
            self._early.append(saved)

    def finish(self) -> None:
        """Store the waiting revisits, and end the import in each source; adds up its figures in the summary.

        Revisits whose bytes never came are listed in `summary.not_articles`. Raises Locked if other processes write
        all sources that the import has captures for.
        """
        if self._refused and not self._ingests:
            raise next(iter(self._refused.values()))
        for saved in sorted(self._early, key=_moment):
            if not self._took(saved):
                self.summary.not_articles.append(ImportWithoutArticle(saved.path, UNKNOWN))
        self._commit()
        for name, ingest in sorted(self._ingests.items()):
            ingest.finish()
            self.summary.sources[name] = ingest.counts.captures
            self.summary.captures += ingest.counts.captures
            self.summary.new_articles += ingest.counts.new_articles
            self.summary.new_revisions += ingest.counts.new_revisions

    def _took(self, saved: Saved) -> bool:
        """True if a capture is stored or listed; False if it is a revisit whose bytes have not come."""
        try:
            outcome = self._add(saved)
        except Locked as error:
            self.summary.errors.append(ImportWithoutArticle(saved.path, str(error)))
            return True
        if outcome is not None and (outcome.error is not None or outcome.kind in get_args(Missing)):
            self.summary.not_articles.append(ImportWithoutArticle(saved.path, outcome.error or outcome.kind))
        return outcome is not None

    def _add(self, saved: Saved) -> Outcome | None:
        source, url = self._filing.place_of(saved)
        ingest = self._writer(source)
        match saved.content:
            case Fetched():
                return ingest.add(saved.content)
            case Revisited(head, of):
                held = ingest.bytes_of(of.url, of.at, head.captured_at)
                if held is None or (of.at is None and not is_digest_of(of.payload_digest, ingest.payload(held))):
                    return None
                return ingest.add_revisit(head, of.profile, held)
            case SavedFile(payload, content_type, at):
                outcome = ingest.add_resource(payload, content_type, url, at)
                if at is None and outcome != HELD:
                    self.summary.undated += 1
                return outcome

    def _writer(self, owner: SourceRecord) -> ImportIngest:
        if owner.name in self._refused:
            raise self._refused[owner.name]
        if owner.name not in self._ingests:
            self._commit()
            ingest = ImportIngest(self._archive, owner, self._pages, self._clock)
            try:
                self._ingests[owner.name] = self._stack.enter_context(ingest)
            except Locked as error:
                self._refused[owner.name] = error
                raise
        ingest = self._ingests[owner.name]
        self._waiting += 1
        if self._last is not ingest or self._waiting % CAPTURES_PER_TRANSACTION == 0:
            self._commit()  # one connection: a group never spans two sources
        self._last = ingest
        return ingest

    def _commit(self) -> None:
        if self._last is not None:
            self._last.commit()


def _moment(saved: Saved) -> datetime:
    assert isinstance(saved.content, Revisited)
    return saved.content.head.captured_at
