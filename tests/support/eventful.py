"""An archive with events of many kinds, made by its own functions: gone, back, struck, missed, edited, imported."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from support.archiving import PARAGRAPHS, SOURCE, fetched, page, url
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import Archive, open_archive
from archive.files.home import Home
from archive.importing.importer import import_paths
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.presence.lists import Listing
from archive.judging.reading.fetched import Fetched
from archive.rules.urlkeys import key_of

DAY = timedelta(days=1)
EDITED, FORMED, GONE, BACK, MISSED, RESTRICTED, IMPORTED, STRUCK = range(1, 9)  # the numbers of the articles
FORM = (PARAGRAPHS[0].replace("，", ","), *PARAGRAPHS[1:])


def started() -> datetime:
    """The first moment of the archive: whenever the test runs, its events are of this week."""
    return (datetime.now(UTC) - 6 * DAY).replace(microsecond=0)


def eventful(folder: Path, start: datetime) -> Home:
    """The archive in a folder: a crawl a day from `start` on; article keys are newsroom-1 … newsroom-8."""
    with closing(open_archive(folder)) as archive:
        for day, answers in enumerate(DAYS):
            _crawl(archive, start + day * DAY, EVERY | answers, LISTED[day])
        import_paths(archive, [_warc(folder.parent / "old.warc.gz")], SOURCE)
        return archive.home


EVERY: dict[int, bytes | int] = {number: page(number) for number in range(1, 9) if number != IMPORTED}
_EDIT = {EDITED: page(EDITED, headline="改过的题目谈一体化")}
_FORM = {FORMED: page(FORMED, paragraphs=FORM)}
DAYS: tuple[Mapping[int, bytes | int], ...] = (
    {},
    {GONE: 404, BACK: 404} | _EDIT,
    {GONE: 404, BACK: 404, RESTRICTED: 401} | _EDIT | _FORM,
    {GONE: 404, RESTRICTED: 401} | _EDIT | _FORM,
    {GONE: 404, MISSED: 404, RESTRICTED: 401} | _EDIT | _FORM,
)


LISTED = ([EDITED, STRUCK, FORMED], *[[EDITED, FORMED]] * 3, [EDITED, STRUCK, FORMED])


def _crawl(archive: Archive, at: datetime, answers: Mapping[int, bytes | int], listed: Sequence[int]) -> None:
    with CrawlIngest(archive, SOURCE, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        kept = ingest.add(Fetched("http://example.com/list", 200, (), f"{listed} {at}".encode(), at, "list"))
        places = (str(kept.record_id), tuple(key_of(url(number)) for number in listed))
        ingest.lists.note(Listing("http://example.com/list", (places,)))
        for number, answer in answers.items():
            ingest.add(fetched(number, answer, at))
        ingest.finish("finished", len(answers), 0, at)


def _warc(path: Path) -> Path:
    with path.open("wb") as file:
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        writer = WARCWriter(file, gzip=True)
        writer.write_record(
            writer.create_warc_record(
                url(IMPORTED), "response", BytesIO(page(IMPORTED)), len(page(IMPORTED)), http_headers=head,
                warc_headers_dict={"WARC-Date": "2019-03-02T08:00:00Z"},
            )
        )  # fmt: skip
    return path
