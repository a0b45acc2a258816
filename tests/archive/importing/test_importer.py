"""Pages saved by other programs become captures with their own time and the origin `import`."""

import hashlib
from base64 import b32encode
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, crawl, dump, page, rows, url
from support.warcs import warc
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import open_archive
from archive.importing.filing import IMPORTED
from archive.importing.importer import import_paths


def test_a_foreign_warc_keeps_its_capture_times(tmp_path: Path):
    file = warc(
        tmp_path / "old.warc.gz",
        (url(1), "2019-03-02T08:00:00Z", page(1, headline="新题目谈一体化发展")),
        (url(1), "2018-03-02T08:00:00Z", page(1, headline="旧题目谈一体化发展")),
        (url(2), "2019-03-02T08:00:00Z", b"<html><a href='/'>only a link</a></html>"),
    )
    archive = open_archive(tmp_path / "home")
    summary = import_paths(archive, [file], SOURCE)
    assert (summary.captures, summary.new_articles, summary.new_revisions, summary.errors) == (3, 1, 1, [])
    assert [kept.path for kept in summary.not_articles] == [f"{file}: {url(2)}"]
    assert rows(archive, "select number, captured_at, origin, headline from revisions order by number") == [
        (1, "2018-03-02T08:00:00Z", "import", "旧题目谈一体化发展"),
        (2, "2019-03-02T08:00:00Z", "import", "新题目谈一体化发展"),
    ]
    archive.close()


def test_our_own_captures_can_be_imported_elsewhere(tmp_path: Path):
    first = open_archive(tmp_path / "first")
    crawl(first, NOON, {number: page(number) for number in range(3)})
    second = open_archive(tmp_path / "second")
    summary = import_paths(second, [first.home.captures], SOURCE)
    assert (summary.new_articles, summary.errors, summary.not_articles) == (3, [], [])
    same = "select key, headline, content_digest, first_seen_at, body_text from articles order by key"
    assert rows(second, same) == rows(first, same)
    first.close()
    second.close()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])  # Excel writes a byte order mark
def test_a_manifest_gives_the_addresses(tmp_path: Path, encoding: str):
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "a.html").write_bytes(page(1))
    (folder / "b.html").write_bytes(page(2))
    (folder / "MANIFEST.tsv").write_text(
        "file\toriginal_url\na.html\thttp://example.com/article/1.html (inferred)\nb.html\tunknown\n../x.html\thttp://e.x/\n",
        encoding=encoding,
    )
    archive = open_archive(tmp_path / "home")
    summary = import_paths(archive, [folder], IMPORTED)
    assert (summary.captures, summary.new_articles) == (2, 2)
    assert [(lost.path, lost.reason) for lost in summary.errors] == [
        ("../x.html", "the manifest names a file outside its folder")
    ]
    addresses = [address for (address,) in rows(archive, "select url from articles order by url")]
    assert addresses[0] == "http://example.com/article/1.html"
    assert addresses[1].startswith("urn:sha256:")
    assert {key.split("-")[0] for (key,) in rows(archive, "select key from articles")} == {"imported"}
    archive.close()


def test_a_broken_warc_is_said_and_the_rest_goes_on(tmp_path: Path):
    file = warc(tmp_path / "old.warc.gz", (url(1), "2019-03-02T08:00:00Z", page(1)))
    (tmp_path / "broken.warc.gz").write_bytes(b"this is no gzip at all")
    archive = open_archive(tmp_path / "home")
    summary = import_paths(archive, [tmp_path / "broken.warc.gz", file], SOURCE)
    assert summary.new_articles == 1
    (lost,) = summary.errors
    assert lost.path.endswith("broken.warc.gz")
    archive.close()


def revisit(writer: WARCWriter, address: str, date: str, profile: str, **fields: str) -> None:
    """Write a revisit as other tools do, with the head of its answer."""
    head = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), ("Content-Length", "999")], protocol="HTTP/1.1")
    named = {"WARC-Date": date, "WARC-Profile": profile, **{name.replace("_", "-"): it for name, it in fields.items()}}
    writer.write_record(
        writer.create_warc_record(address, "revisit", BytesIO(b""), 0, http_headers=head, warc_headers_dict=named)
    )


IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"


def sha1(payload: bytes) -> str:
    return "sha1:" + b32encode(hashlib.sha1(payload, usedforsecurity=False).digest()).decode()


def test_revisits_before_their_bytes_are_imported_and_those_of_unknown_bytes_are_listed(tmp_path: Path):
    first = page(1)
    early = tmp_path / "a.warc.gz"  # is read before the file that holds the bytes
    with early.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        of = {"WARC_Refers_To_Target_URI": url(1), "WARC_Refers_To_Date": "2019-03-02T08:00:00Z"}
        revisit(writer, url(1), "2019-05-02T08:00:00Z", IDENTICAL, WARC_Payload_Digest=sha1(first), **of)
        revisit(writer, url(1), "2019-04-02T08:00:00Z", NOT_MODIFIED, WARC_Payload_Digest=sha1(first))
        revisit(writer, url(1), "2019-04-03T08:00:00Z", IDENTICAL, WARC_Payload_Digest=sha1(b"other bytes"))
        revisit(writer, url(9), "2019-04-04T08:00:00Z", IDENTICAL, **(of | {"WARC_Refers_To_Target_URI": url(9)}))
    warc(tmp_path / "b.warc.gz", (url(1), "2019-03-02T08:00:00Z", first))
    archive = open_archive(tmp_path / "home")
    summary = import_paths(archive, [tmp_path / "a.warc.gz", tmp_path / "b.warc.gz"], SOURCE)
    assert (summary.captures, summary.new_articles, summary.errors) == (3, 1, [])
    assert [kept.path for kept in summary.not_articles] == [f"{early}: {url(1)}", f"{early}: {url(9)}"]
    assert rows(archive, "select captured_at, record_type, status, crawl_id from captures order by 1") == [
        ("2019-03-02T08:00:00Z", "response", 200, None),
        ("2019-04-02T08:00:00Z", "revisit", 304, None),
        ("2019-05-02T08:00:00Z", "revisit", 200, None),
    ]
    assert rows(archive, "select last_seen_at, revisions from articles") == [("2019-05-02T08:00:00Z", 1)]
    assert rows(archive, "select count(*) from revision_captures") == [(3,)]
    archive.close()


def test_an_import_that_is_repeated_adds_nothing(tmp_path: Path):
    """Tried with another program's file and with the archive's own captures: revisits, errors and lists among them."""
    archive = open_archive(tmp_path / "home")
    crawl(archive, NOON, {1: page(1), 2: page(2), 3: 404})
    crawl(archive, NOON + timedelta(days=1), {1: page(1), 2: page(2, headline="改过的题目谈一体化"), 3: 404})
    foreign = warc(tmp_path / "old.warc.gz", (url(1), "2019-03-02T08:00:00Z", page(1, headline="旧题目谈一体化发展")))
    assert import_paths(archive, [foreign], SOURCE).captures == 1
    before, files = dump(archive), sizes(archive.home.path)
    for paths in ([foreign], [archive.home.captures], [archive.home.captures, foreign]):
        summary = import_paths(archive, paths, SOURCE)
        assert (summary.captures, summary.new_articles, summary.new_revisions, summary.errors) == (0, 0, 0, [])
    assert (dump(archive), sizes(archive.home.path)) == (before, files)
    archive.close()


def sizes(home: Path) -> dict[str, int]:
    return {path.name: path.stat().st_size for folder in ("captures", "ledger") for path in (home / folder).iterdir()}
