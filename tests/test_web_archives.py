"""Articles taken away as WARC and WACZ: their captures byte for byte, and nothing of others."""

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest
from cdxj_indexer.main import CDXJIndexer
from fastwarc.warc import ArchiveIterator as FastWarcIterator
from support.archiving import NOON, PARAGRAPHS, crawl, fetched, page, rows
from support.pywb_replay import ask_pywb, moments
from support.six_days import write_six_days
from support.tables import every_row
from wacz.main import main as py_wacz
from warcio.archiveiterator import ArchiveIterator

from archive import Archive, open_archive, read_archive
from archive.files import WarcError, warc_fields
from archive.files import warc_files
from archive.files.warc import read_members
from archive.judging import Acting, hide
from archive.publish.exporting.selecting import Slice
from archive.publish.exporting.web_archives.writing import write_wacz, write_warc

DAY = timedelta(days=1)
SMALL = 6_000  # bytes after which a WARC file is followed by a new one
WRITERS = {"warc": write_warc, "wacz": write_wacz}


def exported(home: Path, form: str, to: Path, query: str | None = None) -> Path:
    with closing(read_archive(home)) as archive:
        archive.conn.execute("begin")
        WRITERS[form](archive.conn, Slice(query=query), to, "")
        archive.conn.execute("commit")
    return to


def warc_in(file: Path) -> bytes:
    """The bytes of the WARC file, which a WACZ file has within."""
    if file.suffix == ".gz":
        return file.read_bytes()
    with ZipFile(file) as package:
        return package.read("archive/data.warc.gz")


@dataclass(frozen=True)
class Taken:
    """An archive whose WARC files are small, and all its articles as WARC and as WACZ."""

    home: Path
    warc: Path
    wacz: Path
    moments: list[tuple[str, str, int, str]]


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> Taken:
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("out")
    with pytest.MonkeyPatch.context() as patch, closing(open_archive(home)) as archive:
        patch.setattr(warc_files, "MAX_FILE_BYTES", SMALL)
        write_six_days(archive, tmp_path_factory.mktemp("saved"))
        every = moments(archive)
    warc, wacz = (exported(home, form, folder / name) for form, name in (("warc", "a.warc.gz"), ("wacz", "a.wacz")))
    return Taken(home, warc, wacz, every)


@pytest.fixture(params=["warc", "wacz"])
def records(taken: Taken, request: pytest.FixtureRequest) -> list[dict[str, str]]:
    """The fields of every record of a file, as warcio reads them; it checks each digest."""
    stream = BytesIO(warc_in(taken.warc if request.param == "warc" else taken.wacz))
    return [
        {name.lower(): value for name, value in record.rec_headers.headers}
        for record in ArchiveIterator(stream, check_digests="raise")
        if record.content_stream().read() is not None
    ]


def test_every_capture_leaves_with_its_request_and_the_head_of_its_304(taken: Taken, records: list[dict[str, str]]):
    with closing(read_archive(taken.home)) as archive:
        captured = rows(archive, "select '<' || record_id || '>', record_type from captures")
        beside = rows(
            archive,
            """select '<' || record_id || '>', warc_type from warc_records
                where warc_type in ('request', 'metadata') and warc_file not like '%-derived-%'""",
        )
    found = [(each["warc-record-id"], each["warc-type"]) for each in records if each["warc-type"] != "warcinfo"]
    assert sorted(found) == sorted(captured + beside)
    assert {each["warc-type"] for each in records} == {
        "warcinfo", "response", "revisit", "resource", "request", "metadata",
    }  # fmt: skip


def test_some_requests_stand_in_the_file_after_that_of_their_response(taken: Taken):
    with closing(read_archive(taken.home)) as archive:
        firsts = rows(
            archive,
            """select distinct second.warc_type from warc_records first join warc_records second
                 on second.warc_file = first.warc_file and second.warc_offset = first.warc_length
                where first.warc_offset = 0""",
        )
    assert ("request",) in firsts


@pytest.mark.parametrize("field", ["warc-refers-to", "warc-concurrent-to", "warc-warcinfo-id"])
def test_what_a_record_refers_to_is_in_the_file(records: list[dict[str, str]], field: str):
    ids = Counter(each["warc-record-id"] for each in records)
    assert set(ids.values()) == {1}
    named = [each[field] for each in records if field in each]
    assert len(named) > 10
    assert set(named) <= set(ids)


def test_the_bytes_of_each_record_are_those_of_the_archive(taken: Taken):
    stored = {member for path in taken.home.glob("captures/*.gz") for _, member, _ in read_members(path)}
    first, *others = (member for _, member, _ in read_members(taken.warc))
    assert set(others) <= stored
    assert b"".join([first, *others]) == taken.warc.read_bytes()
    assert [each for _, each, _ in read_members(taken.warc)][1:] == others


def test_fastwarc_reads_the_same_records(taken: Taken, records: list[dict[str, str]]):
    read = [record.record_id for record in FastWarcIterator(BytesIO(warc_in(taken.wacz)))]
    assert read[1:] == [each["warc-record-id"].strip("<>") for each in records[1:]]


def test_py_wacz_finds_no_fault(taken: Taken, capsys: pytest.CaptureFixture[str]):
    assert py_wacz(["validate", "-f", str(taken.wacz)]) == 0
    assert capsys.readouterr().out == (
        "\nVersion detected as 1.1.1\nValidation succeeded, the passed WACZ is valid\n"
    )


def test_warc_file_and_index_are_not_compressed_again(taken: Taken):
    with ZipFile(taken.wacz) as package:
        stored = {each.filename for each in package.infolist() if each.compress_type == ZIP_STORED}
    assert stored == {"archive/data.warc.gz", "indexes/index.cdx.gz"}


def lines_of(index: str) -> list[tuple[str, str, dict[str, str]]]:
    parts = (line.split(" ", 2) for line in index.splitlines())
    return [(key, at, json.loads(fields)) for key, at, fields in parts]


def test_the_index_is_that_which_cdxj_indexer_makes(taken: Taken, tmp_path: Path):
    (tmp_path / "data.warc.gz").write_bytes(warc_in(taken.wacz))
    out = tmp_path / "index.cdxj"
    CDXJIndexer(str(out), [str(tmp_path / "data.warc.gz")], sort=True, post_append=True, digest_records=True).process_all()
    with ZipFile(taken.wacz) as package:
        index = gzip.decompress(package.read("indexes/index.cdx.gz")).decode()
    assert lines_of(index) == lines_of(out.read_text())
    assert index.splitlines() == sorted(index.splitlines())
    assert len(index.splitlines()) == len(taken.moments)


def test_the_blocks_of_the_index_are_where_their_own_index_says(taken: Taken):
    with ZipFile(taken.wacz) as package:
        index, blocks = package.read("indexes/index.cdx.gz"), package.read("indexes/index.idx").decode()
    head, *others = lines_of(blocks.replace("!meta 0", "!meta 0", 1))
    assert head == ("!meta", "0", {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"})
    for key, at, place in others:
        block = gzip.decompress(index[place["offset"] : place["offset"] + place["length"]]).decode()
        assert block.startswith(f"{key} {at} ")
    assert sum(place["length"] for _, _, place in others) == len(index)


def test_each_version_is_a_page_that_the_index_has(taken: Taken):
    with ZipFile(taken.wacz) as package:
        head, *pages = map(json.loads, package.read("pages/pages.jsonl").decode().splitlines())
        index = lines_of(gzip.decompress(package.read("indexes/index.cdx.gz")).decode())
    assert head == {"format": "json-pages-1.0", "id": "pages", "title": "Thinker Archive"}
    with closing(read_archive(taken.home)) as archive:
        versions = rows(
            archive,
            """select a.key, c.url, r.captured_at, s.headline from revision_records r
                 join articles a on a.id = r.article_id join captures c on c.id = r.capture_id
                 join states s on s.id = r.state_id""",
        )
    assert sorted((each["key"], each["url"], each["ts"], each["title"]) for each in pages) == sorted(versions)
    assert len({each["id"] for each in pages}) == len(pages)
    indexed = {(at, fields["url"]) for _, at, fields in index}
    assert {(each["ts"].translate({45: "", 58: "", 84: "", 90: ""}), each["url"]) for each in pages} <= indexed


@pytest.mark.slow
@pytest.mark.pywb
@pytest.mark.parametrize("form", ["warc", "wacz"])
def test_pywb_shows_each_capture_with_the_bytes_that_the_archive_has(taken: Taken, tmp_path: Path, form: str):
    file = taken.warc if form == "warc" else taken.wacz
    shown = ask_pywb(tmp_path, [file], [(at, address) for at, address, *_ in taken.moments])
    assert shown == taken.moments


def test_a_query_selects_the_articles(taken: Taken, tmp_path: Path):
    file = exported(taken.home, "wacz", tmp_path / "a.wacz", '改过的题目')
    addresses = {
        record.rec_headers["WARC-Target-URI"]
        for record in ArchiveIterator(BytesIO(warc_in(file)))
        if record.rec_type != "warcinfo"
    }
    assert addresses == {"http://example.com/article/2.html"}


def test_a_query_that_finds_nothing_gives_a_valid_file_without_captures(taken: Taken, tmp_path: Path):
    file = exported(taken.home, "wacz", tmp_path / "a.wacz", "没有这样的文章")
    assert py_wacz(["validate", "-f", str(file)]) == 0
    assert [record.rec_type for record in ArchiveIterator(BytesIO(warc_in(file)))] == ["warcinfo"]


def test_the_first_record_says_what_the_file_is_on_one_line_each(taken: Taken, tmp_path: Path):
    hostile = '"改革"\r\nWARC-Type: response\r\n\r\nHTTP/1.1 200 OK'
    file = exported(taken.home, "warc", tmp_path / "a.warc.gz", hostile)
    (record,) = ArchiveIterator(BytesIO(warc_in(file)))
    said = warc_fields(record.content_stream().read())
    assert said["query"] == '"改革" WARC-Type: response HTTP/1.1 200 OK'
    assert record.rec_headers["WARC-Type"] == "warcinfo"


HEADLINE = "灯塔守望者的一天"


@pytest.fixture
def hiding(tmp_path: Path) -> Iterator[Archive]:
    """Article 1 is hidden; article 2 links it by its headline, on the first of two days; article 3 is another."""
    with closing(open_archive(tmp_path / "home")) as archive:
        link = f"<p><a href='/article/1.html'>{HEADLINE}</a></p></body>".encode()
        crawl(archive, NOON, {1: page(1, HEADLINE), 2: page(2).replace(b"</body>", link), 3: page(3)})
        crawl(archive, NOON + DAY, {1: 304, 2: 304, 3: 304})
        crawl(archive, NOON + 2 * DAY, {1: 404, 2: page(2), 3: 404})
        hide(archive, "newsroom-1", Acting("ops", "request"), lambda: NOON + 3 * DAY)
        yield archive


@pytest.mark.parametrize("form", ["warc", "wacz"])
def test_a_withdrawn_article_stays_and_so_do_pages_that_name_it(hiding: Archive, tmp_path: Path, form: str):
    file = exported(hiding.home.path, form, tmp_path / ("a.wacz" if form == "wacz" else "a.warc.gz"))
    records = [
        (record.rec_headers["WARC-Target-URI"], record.rec_headers["WARC-Date"], record.rec_type)
        for record in ArchiveIterator(BytesIO(warc_in(file)))
        if record.rec_type not in ("warcinfo", "metadata")
    ]
    two, three = (f"http://example.com/article/{number}.html" for number in (2, 3))
    assert records == [
        (three, "2026-11-25T12:00:00Z", "response"),
        (three, "2026-11-26T12:00:00Z", "revisit"),
        (two, "2026-11-27T12:00:00Z", "response"),
        (three, "2026-11-27T12:00:00Z", "response"),
    ]
    whole = gzip.decompress(warc_in(file)).decode("utf-8", "replace")
    assert HEADLINE not in whole
    assert "/article/1.html" not in whole


def test_a_record_that_is_not_the_one_written_stops_the_export(hiding: Archive, tmp_path: Path):
    (path,) = hiding.home.captures.glob("newsroom-2*.warc.gz")
    ((offset, length),) = rows(
        hiding, "select warc_offset, warc_length from captures where url like '%/3.html' and status = 404"
    )
    harmed = bytearray(path.read_bytes())
    harmed[int(str(offset)) + 9] ^= 1  # the byte that names the system: gzip checks it nowhere
    path.write_bytes(harmed)
    with pytest.raises(WarcError, match=f"{path.name} at {offset}: not the bytes that were written: run `thinker verify`"):
        exported(hiding.home.path, "warc", tmp_path / "a.warc.gz")
