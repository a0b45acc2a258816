"""Import: WARC files, saved pages and text dumps become captures with their own time and origin."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from csv import DictReader
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any, Self, get_args

from archive import Archive
from archive.events import Missing
from archive.importing.records import LIMIT, Again, Refused, foreign_records, is_digest_of
from archive.ingest import Fetched, Ingest, Outcome, SourceRecord
from archive.judging.parsing import Parser
from archive.judging.readings import PageReader
from archive.progress import Meter, Progress, unheard
from archive.warc import HttpMessage, digest
from archive.warc_files import DERIVED, series_of
from parsers.urls import urlkey

CONTENT_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".shtml": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".json": "application/json",
    ".txt": "text/plain",
}
WARC_NAMES = re.compile(r"\.warc(\.gz)?$")
ADDRESS = re.compile(r"(https?://\S+)(?:\s+\(.*\))?$")
IMPORTED = SourceRecord("imported", in_language="zh-Hans", timezone="Asia/Shanghai")
MANIFEST = "MANIFEST.tsv"
UNKNOWN = "it says that bytes came again that are not in the archive"
GROUP = 32  # captures of one transaction


@dataclass(frozen=True, slots=True)
class NotAnArticle:
    """A capture that was kept and shows no article: where it came from, and why."""

    path: str
    reason: str


@dataclass(slots=True)
class ImportSummary:
    """An import in figures (house.md, section 8)."""

    captures: int = 0
    new_articles: int = 0
    new_revisions: int = 0
    not_articles: list[NotAnArticle] = field(default_factory=list)
    errors: list[NotAnArticle] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Revisited:
    """Another archive's record that bytes came again: the head of the answer, and whose bytes they are."""

    head: Fetched
    of: Again


@dataclass(frozen=True, slots=True)
class Saved:
    """One thing to import: where it lies, and a response, a revisit or a saved file."""

    path: str
    url: str
    content: Fetched | Revisited | tuple[bytes, str, datetime]  # payload, content type, moment


def import_paths(
    archive: Archive,
    paths: list[Path],
    source_for: Callable[[str], SourceRecord | None],
    source: SourceRecord | None = None,
    pages: PageReader | None = None,
    progress: Progress = unheard,
) -> ImportSummary:
    """Import every file under the paths; what cannot be read is listed, the rest goes on.

    source_for names the source a url belongs to; `source` overrules it. `pages` reads the pages.
    progress hears of the files' bytes. Raises FileNotFoundError and Locked.
    """
    meter = Meter(progress, sum(map(_size, paths)))
    with _Import(archive, source_for, source, pages) as importing:
        for saved in chain.from_iterable(_read(path, importing.summary, meter) for path in paths):
            importing.take(saved)
        importing.finish()
    return importing.summary


class _Import:
    """An import under way: a writer for each source that something belongs to, and what came too early."""

    def __init__(
        self,
        archive: Archive,
        source_for: Callable[[str], SourceRecord | None],
        source: SourceRecord | None,
        pages: PageReader | None,
    ) -> None:
        self.summary = ImportSummary()
        self._archive, self._source_for, self._source = archive, source_for, source
        self._stack = ExitStack()
        self._pages = pages or self._stack.enter_context(closing(Parser()))
        self._ingests: dict[str, Ingest] = {}
        self._last: Ingest | None = None
        self._waiting = 0
        self._early: list[Saved] = []  # revisits that came before the bytes they are of

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)

    def take(self, saved: Saved) -> None:
        """Keep one thing; a revisit of bytes that have not come yet waits for them."""
        outcome = self._add(saved)
        if outcome is None:
            self._early.append(saved)
        else:
            self._note(saved, outcome)

    def finish(self) -> None:
        """Place what waits, and end the import in each source."""
        for saved in sorted(self._early, key=_moment):
            if (outcome := self._add(saved)) is None:
                self.summary.not_articles.append(NotAnArticle(saved.path, UNKNOWN))
            else:
                self._note(saved, outcome)
        self._commit()
        for ingest in self._ingests.values():
            ingest.finish_import()
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
            case payload, content_type, at:
                return ingest.add_resource(payload, content_type, saved.url, at)

    def _note(self, saved: Saved, outcome: Outcome) -> None:
        if outcome.error is not None or outcome.kind in get_args(Missing):
            self.summary.not_articles.append(NotAnArticle(saved.path, outcome.error or outcome.kind))

    def _writer(self, url: str) -> Ingest:
        owner = self._source or self._source_for(url) or IMPORTED
        if owner.name not in self._ingests:
            self._commit()
            ingest = Ingest(self._archive, owner, self._pages, "import")
            self._ingests[owner.name] = self._stack.enter_context(ingest)
        ingest = self._ingests[owner.name]
        self._waiting += 1
        if self._last is not ingest or self._waiting % GROUP == 0:
            self._commit()  # one connection: a group never spans two sources
        self._last = ingest
        return ingest

    def _commit(self) -> None:
        if self._last is not None:
            self._last.commit()


def _moment(saved: Saved) -> datetime:
    assert isinstance(saved.content, Revisited)
    return saved.content.head.captured_at


def _size(path: Path) -> int:
    """Bytes of a file, or of all that lie in a folder."""
    return sum(_bytes(each) for each in path.rglob("*") if not _derived(each)) if path.is_dir() else _bytes(path)


def _bytes(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _read(path: Path, summary: ImportSummary, meter: Meter) -> Iterator[Saved]:
    if not path.exists():
        raise FileNotFoundError(f"nothing to import at {path}")
    if path.is_dir():
        yield from _folder(path, summary, meter)
    else:
        yield from _one(path, None, summary, meter)


def _one(path: Path, address: str | None, summary: ImportSummary, meter: Meter) -> Iterator[Saved]:
    if address is None and WARC_NAMES.search(path.name):
        yield from _warc(path, summary, meter)
    else:
        yield from _file(path, address, summary)
    meter.add(_bytes(path))


def _folder(folder: Path, summary: ImportSummary, meter: Meter) -> Iterator[Saved]:
    """The files a manifest lists with their addresses, else every file by its name."""
    manifest = folder / MANIFEST
    if not manifest.exists():
        files = sorted(path for path in folder.rglob("*") if path.is_file() and not _derived(path))
        if not files:
            raise FileNotFoundError(f"nothing to import at {folder}: no file is in it")
        for path in files:
            yield from _one(path, None, summary, meter)
        return
    with manifest.open(encoding="utf-8", newline="") as file:
        for row in DictReader(file, delimiter="\t"):
            path = (folder / row["file"]).resolve()
            if not path.is_relative_to(folder.resolve()):
                reason = "the manifest names a file outside its folder"
                summary.errors.append(NotAnArticle(row["file"], reason))
            else:
                yield from _file(path, row.get("original_url"), summary)
                meter.add(_bytes(path))


def _derived(path: Path) -> bool:
    """Whether a file of an archive of ours holds what was made of its captures, and nothing else."""
    return WARC_NAMES.search(path.name) is not None and series_of(path.name).endswith(DERIVED)


def _file(path: Path, address: str | None, summary: ImportSummary) -> Iterator[Saved]:
    content_type = CONTENT_TYPES.get(path.suffix.lower())
    if content_type is None:
        known = ", ".join(sorted(CONTENT_TYPES))
        reason = f"unknown kind of file; known: .warc, .warc.gz, {known}"
        summary.errors.append(NotAnArticle(str(path), reason))
        return
    try:
        if path.stat().st_size > LIMIT:
            reason = f"the file is larger than {LIMIT >> 20} MiB: {path.stat().st_size} bytes"
            summary.errors.append(NotAnArticle(str(path), reason))
            return
        payload = path.read_bytes()
        at = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(microsecond=0)
    except OSError as error:
        summary.errors.append(NotAnArticle(str(path), str(error)))
        return
    if not payload:
        summary.errors.append(NotAnArticle(str(path), "the file is empty"))
        return
    url = _address(address) or f"urn:{digest(payload)}"
    yield Saved(str(path), url, (payload, content_type, at))


def _address(text: str | None) -> str | None:
    """The address a manifest gives, or None when it only describes where the page came from."""
    found = ADDRESS.fullmatch((text or "").strip())
    if found is None:
        return None
    try:
        urlkey(found[1])
    except ValueError:
        return None
    return found[1]


def _warc(path: Path, summary: ImportSummary, meter: Meter) -> Iterator[Saved]:
    for found in foreign_records(path, meter):
        if isinstance(found, Refused):
            listed = summary.errors if found.fault else summary.not_articles
            listed.append(NotAnArticle(found.where, found.reason))
        elif isinstance(found.content, HttpMessage):
            message = found.content
            fetched = Fetched(found.url, message.status, message.headers, message.payload, found.at)
            yield Saved(found.where, found.url, fetched)
        elif isinstance(found.content, Again):
            head = found.content.head
            fetched = Fetched(found.url, head.status, head.headers, b"", found.at)
            yield Saved(found.where, found.url, Revisited(fetched, found.content))
        else:
            yield Saved(found.where, found.url, (*found.content, found.at))
