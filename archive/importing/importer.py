"""Import WARC files, saved pages and text dumps as captures with their own time and origin."""

from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Self, get_args

from archive.files import Meter, Progress, unheard
from archive.importing.files import Reading, Revisited, Saved, SavedFile, saved_under, size_of
from archive.importing.records import Refused, is_digest_of
from archive.judging import Fetched, ImportIngest, Outcome, PageParser
from archive.rows import Archive
from archive.rules import Missing
from archive.settings import SourceRecord

IMPORTED = SourceRecord("imported", in_language="zh-Hans", timezone="Asia/Shanghai")
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
    for any other reason, such as damage, an unknown file type or a moment in the future.
    """

    captures: int = 0
    new_articles: int = 0
    new_revisions: int = 0
    undated: int = 0  # captures whose moment is unknown
    not_articles: list[ImportWithoutArticle] = field(default_factory=list)
    errors: list[ImportWithoutArticle] = field(default_factory=list)


def import_paths(
    archive: Archive,
    paths: list[Path],
    source_for: Callable[[str], SourceRecord | None],
    progress: Progress = unheard,
    captured_at: datetime | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> ImportSummary:
    """Import every capture that `saved_under` finds at the paths; refused ones are listed, and the rest goes on.

    source_for returns the source of a url; None stands for the source `imported`. progress counts the files' bytes.
    captured_at is the moment of saved files for which no manifest states one. Raises FileNotFoundError and Locked.
    """
    reading = Reading(Meter(progress, sum(map(size_of, paths))), clock(), captured_at)
    with _Import(archive, source_for, clock) as importing:
        for found in chain.from_iterable(saved_under(path, reading) for path in paths):
            if isinstance(found, Refused):
                importing.refuse(found)
            else:
                importing.take(found)
        importing.finish()
    return importing.summary


class _Import:
    """An import under way: a writer for each source, and revisits that came before their bytes."""

    def __init__(
        self,
        archive: Archive,
        source_for: Callable[[str], SourceRecord | None],
        clock: Callable[[], datetime],
    ) -> None:
        self.summary = ImportSummary()
        self._clock = clock
        self._archive, self._source_for = archive, source_for
        self._stack = ExitStack()
        self._pages = self._stack.enter_context(closing(PageParser()))
        self._ingests: dict[str, ImportIngest] = {}
        self._last: ImportIngest | None = None
        self._waiting = 0
        self._early: list[Saved] = []  # revisits that came before their bytes

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)

    def refuse(self, refused: Refused) -> None:
        """List a file or record that is not stored: among the errors, or as no article if it has no web address."""
        listed = self.summary.errors if refused.fault else self.summary.not_articles
        listed.append(ImportWithoutArticle(refused.where, refused.reason))

    def take(self, saved: Saved) -> None:
        """Store one capture; a revisit whose bytes have not come yet waits for them."""
        outcome = self._add(saved)
        if outcome is None:
            self._early.append(saved)
        else:
            self._note(saved, outcome)

    def finish(self) -> None:
        """Store the waiting revisits, and end the import in each source; adds up its figures in the summary.

        Revisits whose bytes never came are listed in `summary.not_articles`.
        """
        for saved in sorted(self._early, key=_moment):
            if (outcome := self._add(saved)) is None:
                self.summary.not_articles.append(ImportWithoutArticle(saved.path, UNKNOWN))
            else:
                self._note(saved, outcome)
        self._commit()
        for ingest in self._ingests.values():
            ingest.finish()
            self.summary.captures += ingest.counts.captures
            self.summary.new_articles += ingest.counts.new_articles
            self.summary.new_revisions += ingest.counts.new_revisions

    def _add(self, saved: Saved) -> Outcome | None:
        ingest = self._writer(saved.url)
        match saved.content:
            case Fetched():
                return ingest.add(saved.content)
            case Revisited(head, of):
                held = ingest.bytes_of(of.url, of.at, head.captured_at)
                if held is None or (of.at is None and not is_digest_of(of.payload_digest, ingest.payload(held))):
                    return None
                return ingest.add_revisit(head, of.profile, held)
            case SavedFile(payload, content_type, at):
                outcome = ingest.add_resource(payload, content_type, saved.url, at)
                if at is None and outcome != HELD:
                    self.summary.undated += 1
                return outcome

    def _note(self, saved: Saved, outcome: Outcome) -> None:
        if outcome.error is not None or outcome.kind in get_args(Missing):
            self.summary.not_articles.append(ImportWithoutArticle(saved.path, outcome.error or outcome.kind))

    def _writer(self, url: str) -> ImportIngest:
        owner = self._source_for(url) or IMPORTED
        if owner.name not in self._ingests:
            self._commit()
            ingest = ImportIngest(self._archive, owner, self._pages, self._clock)
            self._ingests[owner.name] = self._stack.enter_context(ingest)
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
