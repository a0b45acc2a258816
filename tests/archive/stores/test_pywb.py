"""pywb, a replay program that knows nothing of us, shows every capture of an archive as it came."""

import gzip
import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, PARAGRAPHS, SOURCE, fetched, page, rows, url
from support.checkout import ROOT, SUPPORT

from archive import Archive, open_archive
from archive.importing.filing import IMPORTED
from archive.importing.importer import import_paths
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.fetched import Fetched, SentRequest
from archive.settings.source_record import SourceRecord

pytestmark = [pytest.mark.slow, pytest.mark.pywb]

PYWB = ROOT / ".venv-pywb" / "bin" / "python"
SCRIPT = SUPPORT / "replay_by_pywb.py"
DAY = timedelta(days=1)
OTHER = SourceRecord("elsewhere", homepage="http://example.org")
EDITED = page(1, paragraphs=(*PARAGRAPHS, "补充一段说明，供读者参考。"))
PACKED, REPACKED = (gzip.compress(page(number), mtime=0) for number in (4, 5))  # as a server compresses
FIRST, SECOND = {"ETag": '"first"'}, {"ETag": '"second"'}

# What each day's crawl of the first source is answered: article, answer, header fields.
Answer = tuple[int, bytes | int, Mapping[str, str]]
DAYS: tuple[tuple[Answer, ...], ...] = (
    ((1, page(1), FIRST), (2, page(2), {}), (3, page(3), {}), (4, PACKED, {})),
    ((1, 304, FIRST), (2, page(2), {}), (3, 304, {}), (4, PACKED, {})),
    ((1, EDITED, SECOND), (2, 304, {}), (3, 404, {}), (4, 304, {})),
    ((1, 304, SECOND), (2, page(2, headline="改过的题目谈发展"), {}), (3, 404, {}), (4, REPACKED, {})),
    ((1, 304, FIRST), (2, page(2), {}), (3, page(3), {}), (4, 304, {})),  # 1: the server went back to what it was
    ((1, EDITED, SECOND), (2, 304, {}), (3, 304, {}), (4, PACKED, {})),
)


def answered(number: int, day: int, answer: bytes | int, headers: Mapping[str, str]) -> Fetched:
    """One response of a day; a 404 has a body too, and a compressed body has its Content-Encoding."""
    response = fetched(number, answer, NOON + day * DAY, {**headers, "Date": f"day {day}", "Vary": "Accept-Encoding"})
    response = replace(response, asked=SentRequest("GET", (("Accept-Encoding", "gzip"), ("User-Agent", "thinker"))))
    if isinstance(answer, bytes) and answer.startswith(b"\x1f\x8b"):
        return replace(response, headers=(*response.headers, ("Content-Encoding", "gzip")))
    return replace(response, payload=b"<p>not here</p>") if answer == 404 else response


def crawled(archive: Archive, source: SourceRecord, day: int, responses: list[Fetched]) -> None:
    at = NOON + day * DAY
    with CrawlIngest(archive, source, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        for response in responses:
            ingest.add(response)
        ingest.finish("finished", len(responses), 0, at)


def elsewhere(response: Fetched) -> Fetched:
    """The same response from the second source, an hour later."""
    address = response.url.replace("example.com/article", "example.org/%E6%96%87%E7%AB%A0")
    return replace(
        response, url=f"{address}?from=%E6%80%9D%E6%83%B3&page=1", captured_at=response.captured_at + timedelta(hours=1)
    )


@dataclass(frozen=True, slots=True)
class Replayed:
    """Moment, url, status and payload digest: of each capture as the archive has it, and as pywb shows it."""

    expected: list[tuple[str, str, int, str]]
    shown: list[tuple[str | None, str, int, str]]
    listed: list[tuple[str, str]]  # moment and url of every line of pywb's index
    kinds: set[tuple[object, ...]]
    careless: list[tuple[str | None, str, int, str]]  # as pywb shows them when it is given the derived files too


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    """Six days of two sites with edits, revisits and a removal, and saved pages, replayed by pywb."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("pywb")
    archive = open_archive(home)
    for day, answers in enumerate(DAYS):
        responses = [answered(number, day, answer, headers) for number, answer, headers in answers]
        crawled(archive, SOURCE, day, responses)
        crawled(archive, OTHER, day, [elsewhere(response) for response in responses[:2]])
    import_paths(archive, [saved_pages(tmp_path_factory.mktemp("saved"))], IMPORTED)
    expected = moments(archive)
    kinds = set(rows(archive, "select record_type, status from captures"))
    asked = [(at, address) for at, address, *_ in expected]
    shown = ask_pywb(folder, page_files(archive.home.captures), asked)
    everything = sorted(archive.home.captures.glob("*.warc.gz"))
    careless = ask_pywb(tmp_path_factory.mktemp("careless"), everything, asked)
    archive.close()
    return Replayed(expected, shown, index_of(folder), kinds, careless)


def saved_pages(folder: Path) -> Path:
    """Two pages saved by hand; of one the address is known."""
    (folder / "known.html").write_bytes(page(8))
    (folder / "unknown.html").write_bytes(page(9))
    (folder / "MANIFEST.tsv").write_text(f"file\toriginal_url\nknown.html\t{url(8)}\nunknown.html\tunknown\n")
    return folder


def page_files(captures: Path) -> list[Path]:
    """The files to give to a replay program: not SOURCE-derived-UTCSTAMP-SERIAL.warc.gz, which hold our own records.

    pywb takes a conversion record for one more capture of its url, and would show our JSON.
    """
    files = sorted(captures.glob("*.warc.gz"))
    return [file for file in files if not file.name.rsplit("-", 2)[0].endswith("-derived")]


def moments(archive: Archive) -> list[tuple[str, str, int, str]]:
    """Every capture; a revisit shows the bytes, and with a 304 the status, of the capture it refers to."""
    found = rows(
        archive,
        """
        select replace(replace(replace(replace(c.captured_at, '-', ''), ':', ''), 'T', ''), 'Z', ''), c.url,
               coalesce(held.status, c.status, 200), c.payload_digest
          from captures c left join captures held on held.record_id = c.refers_to
         order by c.url, c.captured_at
        """,
    )
    return [(str(at), str(address), int(str(status)), str(digest)) for at, address, status, digest in found]


def ask_pywb(
    folder: Path, files: list[Path], questions: list[tuple[str, str]]
) -> list[tuple[str | None, str, int, str]]:
    lines = "".join(json.dumps(question) + "\n" for question in questions)
    command = [PYWB, SCRIPT, folder, *files]
    direct = {**os.environ, "NO_PROXY": "*"}  # its two halves talk over loopback
    done = subprocess.run(command, input=lines, capture_output=True, text=True, timeout=300, env=direct)
    assert done.returncode == 0, done.stderr[-4000:]
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    asked = zip(questions, answers, strict=True)
    return [(at, address, status, digest) for (_, address), (status, at, digest) in asked]


def index_of(folder: Path) -> list[tuple[str, str]]:
    (file,) = folder.glob("collections/*/indexes/index.cdxj")
    lines = [line.split(" ", 2) for line in file.read_text().splitlines()]
    return sorted((at, json.loads(fields)["url"]) for _, at, fields in lines)


def test_the_archive_that_is_replayed_holds_every_kind_of_capture(replayed: Replayed):
    assert replayed.kinds == {
        ("response", 200), ("response", 404), ("revisit", 200), ("revisit", 304), ("resource", None),
    }  # fmt: skip
    assert len({(at, address) for at, address, *_ in replayed.expected}) == len(replayed.expected) == 38


def test_each_capture_is_shown_at_its_moment_byte_for_byte(replayed: Replayed):
    differing = [pair for pair in zip(replayed.expected, replayed.shown, strict=True) if pair[0] != pair[1]]
    assert differing == []


def test_our_articles_never_stand_in_for_a_page_even_if_they_are_indexed_too(replayed: Replayed):
    differing = [pair for pair in zip(replayed.expected, replayed.careless, strict=True) if pair[0] != pair[1]]
    assert differing == []


def test_nothing_but_captures_is_listed_in_the_calendar(replayed: Replayed):
    assert replayed.listed == sorted((at, address) for at, address, *_ in replayed.expected)
