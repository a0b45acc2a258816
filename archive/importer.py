"""Import: WARC files, saved pages and text dumps become captures with their own time and origin."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from csv import DictReader
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from archive import Archive
from archive.importing.records import LIMIT, Refused, foreign_records
from archive.ingest import Fetched, Ingest, Outcome, SourceRecord
from archive.judging.parsing import Parser
from archive.judging.readings import PageReader
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
class Saved:
    """One thing to import: where it lies, and a response or a saved file."""

    path: str
    url: str
    content: Fetched | tuple[bytes, str, datetime]  # payload, content type, moment


def import_paths(
    archive: Archive,
    paths: list[Path],
    source_for: Callable[[str], SourceRecord | None],
    source: SourceRecord | None = None,
    pages: PageReader | None = None,
) -> ImportSummary:
    """Import every file under the paths; what cannot be read is listed, the rest goes on.

    source_for names the source a url belongs to; `source` overrules it. `pages` reads the pages. Raises
    FileNotFoundError and Locked.
    """
    summary = ImportSummary()
    with ExitStack() as stack:
        open_ingests: dict[str, Ingest] = {}
        if pages is None:
            pages = stack.enter_context(closing(Parser()))
        last: Ingest | None = None
        everything = chain.from_iterable(_read(path, summary) for path in paths)
        for waiting, saved in enumerate(everything, start=1):
            owner = source or source_for(saved.url) or IMPORTED
            if owner.name not in open_ingests:
                _commit(last)
                open_ingests[owner.name] = stack.enter_context(Ingest(archive, owner, pages, "import"))
            ingest = open_ingests[owner.name]
            if last is not ingest or waiting % GROUP == 0:
                _commit(last)  # one connection: a group never spans two sources
            last = ingest
            _note(summary, saved, _add(ingest, saved))
        _commit(last)
        for ingest in open_ingests.values():
            ingest.finish_import()
        _total(summary, list(open_ingests.values()))
    return summary


def _commit(ingest: Ingest | None) -> None:
    if ingest is not None:
        ingest.commit()


def _add(ingest: Ingest, saved: Saved) -> Outcome:
    if isinstance(saved.content, Fetched):
        return ingest.add(saved.content)
    payload, content_type, at = saved.content
    return ingest.add_resource(payload, content_type, saved.url, at)


def _note(summary: ImportSummary, saved: Saved, outcome: Outcome) -> None:
    if outcome.error is not None or outcome.kind in ("gone", "restricted", "redirected", "unreachable"):
        summary.not_articles.append(NotAnArticle(saved.path, outcome.error or outcome.kind))


def _total(summary: ImportSummary, ingests: list[Ingest]) -> None:
    for ingest in ingests:
        summary.captures += ingest.counts.captures
        summary.new_articles += ingest.counts.new_articles
        summary.new_revisions += ingest.counts.new_revisions


def _read(path: Path, summary: ImportSummary) -> Iterator[Saved]:
    if not path.exists():
        raise FileNotFoundError(f"nothing to import at {path}")
    if path.is_dir():
        yield from _folder(path, summary)
    elif WARC_NAMES.search(path.name):
        yield from _warc(path, summary)
    else:
        yield from _file(path, None, summary)


def _folder(folder: Path, summary: ImportSummary) -> Iterator[Saved]:
    """The files a manifest lists with their addresses, else every file by its name."""
    manifest = folder / MANIFEST
    if not manifest.exists():
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and not _derived(path)):
            yield from _warc(path, summary) if WARC_NAMES.search(path.name) else _file(path, None, summary)
        return
    with manifest.open(encoding="utf-8", newline="") as file:
        for row in DictReader(file, delimiter="\t"):
            path = (folder / row["file"]).resolve()
            if not path.is_relative_to(folder.resolve()):
                reason = "the manifest names a file outside its folder"
                summary.errors.append(NotAnArticle(row["file"], reason))
            else:
                yield from _file(path, row.get("original_url"), summary)


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


def _warc(path: Path, summary: ImportSummary) -> Iterator[Saved]:
    for found in foreign_records(path):
        if isinstance(found, Refused):
            listed = summary.errors if found.fault else summary.not_articles
            listed.append(NotAnArticle(found.where, found.reason))
        elif isinstance(found.content, HttpMessage):
            message = found.content
            fetched = Fetched(found.url, message.status, message.headers, message.payload, found.at)
            yield Saved(found.where, found.url, fetched)
        else:
            yield Saved(found.where, found.url, (*found.content, found.at))
