"""Articles taken away as WARC and WACZ: their captures byte for byte, and nothing of others."""

import gzip
import json
import os
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

import pytest
from cdxj_indexer.main import CDXJIndexer
from fastwarc.warc import ArchiveIterator as FastWarcIterator
from support.archiving import NOON, crawl, page, rows
from support.checkout import ROOT
from support.interrupting import INTERRUPTED
from support.journeys import Thinker, asked
from support.pywb_replay import ask_pywb, moments
from support.six_days import write_six_days
from support.small_disks import mounted
from warcio.archiveiterator import ArchiveIterator

from archive import Archive, open_archive, read_archive
from archive.files import PROGRAM, warc_fields, warc_files
from archive.files.warc import read_members
from archive.judging import Acting, hide
from newsroom.process import running

DAY = timedelta(days=1)
VALID = "\nVersion detected as 1.1.1\nValidation succeeded, the passed WACZ is valid\n"
SMALL = 6_000  # bytes after which a WARC file is followed by a new one


def exported(home: Path, file: Path, *arguments: str) -> Path:
    """The file that `thinker export` writes, in the format that its ending names."""
    form = "wacz" if file.suffix == ".wacz" else "warc"
    code, _, err = asked(home, "export", form, *arguments, "-o", str(file))
    assert (code, err) == (0, "")
    return file


def py_wacz(*arguments: str) -> str:
    """The output of the program of py-wacz, if it ends well."""
    command = [sys.executable, "-m", "wacz", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout


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
    warc, wacz = (exported(home, folder / name) for name in ("a.warc.gz", "a.wacz"))
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
def test_the_record_that_another_refers_to_is_in_the_file(records: list[dict[str, str]], field: str):
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
    read = [record.headers["WARC-Record-ID"] for record in FastWarcIterator(BytesIO(warc_in(taken.wacz)))]
    assert read[1:] == [each["warc-record-id"] for each in records[1:]]


@pytest.mark.slow
def test_py_wacz_finds_no_fault(taken: Taken):
    assert py_wacz("validate", "-f", str(taken.wacz)) == VALID


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
    CDXJIndexer(
        str(out), [str(tmp_path / "data.warc.gz")], sort=True, post_append=True, digest_records=True
    ).process_all()
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
    assert head == {"format": "json-pages-1.0", "id": "pages", "title": "Thinker Archive: articles, *"}
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
    file = exported(taken.home, tmp_path / "a.wacz", "改过的题目", "--ever", "--source", "newsroom")
    addresses = {
        record.rec_headers["WARC-Target-URI"]
        for record in ArchiveIterator(BytesIO(warc_in(file)))
        if record.rec_type != "warcinfo"
    }
    assert addresses == {"http://example.com/article/2.html"}


@pytest.mark.slow
def test_a_query_that_finds_nothing_gives_a_valid_file_without_captures(taken: Taken, tmp_path: Path):
    file = exported(taken.home, tmp_path / "a.wacz", "没有这样的文章")
    assert py_wacz("validate", "-f", str(file)) == VALID
    assert [record.rec_type for record in ArchiveIterator(BytesIO(warc_in(file)))] == ["warcinfo"]


def test_the_first_record_says_what_the_file_is_on_one_line_each(taken: Taken, tmp_path: Path):
    hostile = "改革\r\n\r\n\r\nWARC/1.1\r\nWARC-Type: response"
    file = exported(taken.home, tmp_path / "a.warc.gz", hostile)
    ((_, _, content),) = read_members(file)
    head, _, block = content.partition(b"\r\n\r\n")
    assert b"WARC-Type: warcinfo" in head
    said = warc_fields(block)
    assert said["query"] == "改革 WARC/1.1 WARC-Type: response"
    assert said["software"] == PROGRAM
    assert json.loads(said["chains"]).keys() == {"elsewhere", "imported", "newsroom"}


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


@pytest.mark.parametrize("name", ["a.warc.gz", "a.wacz"])
def test_a_withdrawn_article_stays_and_so_do_pages_that_name_it(hiding: Archive, tmp_path: Path, name: str):
    file = exported(hiding.home.path, tmp_path / name)
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
    ((offset,),) = rows(hiding, "select warc_offset from captures where url like '%/3.html' and status = 404")
    harmed = bytearray(path.read_bytes())
    harmed[int(str(offset)) + 9] ^= 1  # the byte that names the system: gzip checks it nowhere
    path.write_bytes(harmed)
    code, out, err = asked(hiding.home.path, "export", "wacz", "-o", str(tmp_path / "a.wacz"))
    assert (code, out) == (1, "")
    assert err == f"thinker: {path.name} at {offset}: not the bytes that were written: run `thinker verify`\n"
    assert [each.name for each in tmp_path.iterdir()] == ["home"]


@pytest.mark.slow
def test_ctrl_c_while_the_file_is_written_leaves_nothing(taken: Taken, tmp_path: Path):
    command = ["--home", str(taken.home), "export", "wacz", "-o", str(tmp_path / "a.wacz")]
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, "open", ".a.wacz.part", *command],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (7, "thinker: stopped\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.root
@pytest.mark.parametrize("name", ["a.warc.gz", "a.wacz"])
def test_a_full_disk_is_one_line_and_leaves_nothing(taken: Taken, tmp_path: Path, name: str):
    with mounted(tmp_path / "small", "-t", "tmpfs", "-o", "size=24k", "tmpfs") as folder:
        code, out, err = asked(taken.home, "export", name.partition(".")[2].split(".")[0], "-o", str(folder / name))
        assert (code, out) == (6, "")
        assert re.fullmatch(r"thinker: the disk is full .*\n", err)
        assert list(folder.iterdir()) == []


@pytest.mark.slow
def test_without_the_extra_one_line_says_what_to_install(taken: Taken, tmp_path: Path):
    program = "import runpy, sys; sys.modules['cdxj_indexer'] = None; runpy.run_module('thinker', run_name='__main__')"
    ended = subprocess.run(
        [sys.executable, "-c", program, "--home", str(taken.home), "export", "wacz", "-o", str(tmp_path / "a.wacz")],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stderr) == (
        1,
        "thinker: wacz needs cdxj_indexer, a part of the extra [export]: pip install 'thinker-archive[export]'\n",
    )


@pytest.mark.slow
def test_a_crawled_site_leaves_with_its_redirects_and_removals_but_without_lists(tmp_path: Path):
    with running(articles=4) as site:
        thinker = Thinker(tmp_path / "home", site)
        thinker.run("crawl", "newsroom")
        site.event(do="edit", article=2)
        site.event(do="redirect", article=3, to=f"{site.address}/article/1.html")
        site.event(do="remove", article=4, how="404")
        thinker.run("crawl", "newsroom")
        thinker.run("export", "wacz", "-o", str(tmp_path / "a.wacz"))
    records = {
        (
            record.rec_headers["WARC-Target-URI"].removeprefix(site.address),
            record.rec_type,
            record.http_headers and record.http_headers.get_statuscode(),
        )
        for record in ArchiveIterator(BytesIO(warc_in(tmp_path / "a.wacz")))
        if record.rec_type in ("response", "revisit")
    }
    first, edited, moved, removed = (f"/article/{number}.html" for number in range(1, 5))
    assert records == {
        *((each, "response", "200") for each in (first, edited, moved, removed)),
        (first, "revisit", "200"),  # the redirect led there
        (first, "revisit", None),  # a 304
        (moved, "response", "302"),
        (removed, "response", "404"),
    }


def test_the_codebook_counts_captures_and_so_does_that_in_the_file(taken: Taken):
    with closing(read_archive(taken.home)) as archive:
        ((articles,),) = rows(archive, "select count(*) from articles")
        ((captures, revisits),) = rows(archive, "select count(*), sum(record_type = 'revisit') from captures")
    with ZipFile(taken.wacz) as package:
        within = json.loads(package.read("datapackage.json"))
    records = list(ArchiveIterator(BytesIO(warc_in(taken.wacz))))
    assert {name: within["counts"][name] for name in ("articles", "captures", "revisits", "records", "kept_back")} == {
        "articles": articles, "captures": captures, "revisits": revisits, "records": len(records) - 1, "kept_back": 0,
    }  # fmt: skip
    for file in (taken.warc, taken.wacz):
        beside = json.loads(file.with_name(f"{file.name}.datapackage.json").read_text())
        (resource,) = beside["resources"]
        assert resource["counts"] == within["counts"]
        assert "schema" not in resource
        assert resource["hash"] == f"sha256:{sha256(file.read_bytes()).hexdigest()}"


def test_another_archive_imports_what_was_exported(taken: Taken, tmp_path: Path):
    code, _, _ = asked(tmp_path / "home", "import", str(taken.warc), "--json")
    assert code == 0
    with closing(read_archive(taken.home)) as theirs, closing(read_archive(tmp_path / "home")) as ours:
        sql = "select url, captured_at, payload_digest from captures where dating = 'stated' order by 1, 2"
        assert rows(ours, sql) == rows(theirs, sql)


@pytest.mark.slow
def test_the_commands_of_the_page_run(taken: Taken, tmp_path: Path):
    page = (ROOT / "docs" / "web-archives.md").read_text(encoding="utf-8")
    for line in page.partition("```sh\n")[2].partition("```")[0].splitlines():
        program, *arguments = shlex.split(line)
        assert program == "thinker"
        arguments[-1] = str(tmp_path / arguments[-1])
        code, _, err = asked(taken.home, *arguments)
        assert (code, err) == (0, "")
