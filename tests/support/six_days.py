"""Six days of two sites with edits, revisits, a removal and compressed bodies, and two saved pages."""

import gzip
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from support.archiving import NOON, PARAGRAPHS, SOURCE, fetched, page, url

from archive import Archive
from archive.importing.filing import IMPORTED
from archive.importing.importer import import_paths
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.fetched import Fetched, SentRequest
from archive.settings.source_record import SourceRecord

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


def write_six_days(archive: Archive, folder: Path) -> None:
    """Write them into an archive; the saved pages stand in `folder` first."""
    for day, answers in enumerate(DAYS):
        responses = [answered(number, day, answer, headers) for number, answer, headers in answers]
        crawled(archive, SOURCE, day, responses)
        crawled(archive, OTHER, day, [elsewhere(response) for response in responses[:2]])
    import_paths(archive, [saved_pages(folder)], IMPORTED)


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


def saved_pages(folder: Path) -> Path:
    """Two pages saved by hand; of one the address is known."""
    (folder / "known.html").write_bytes(page(8))
    (folder / "unknown.html").write_bytes(page(9))
    (folder / "MANIFEST.tsv").write_text(f"file\toriginal_url\nknown.html\t{url(8)}\nunknown.html\tunknown\n")
    return folder
