"""What others saved becomes captures with their own time and the origin `import`."""

from io import BytesIO
from pathlib import Path

from archiving import NOON, SOURCE, crawl, page, rows, url
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive import open_archive
from archive.importer import import_paths


def warc(path: Path, *pages: tuple[str, str, bytes]) -> Path:
    """A WARC file as other tools write it: (url, date, payload)."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for address, date, payload in pages:
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    address,
                    "response",
                    payload=BytesIO(payload),
                    http_headers=head,
                    warc_headers_dict={"WARC-Date": date},
                )
            )
    return path


def test_a_foreign_warc_keeps_its_capture_times(tmp_path: Path):
    file = warc(
        tmp_path / "old.warc.gz",
        (url(1), "2019-03-02T08:00:00Z", page(1, headline="新题目谈一体化发展")),
        (url(1), "2018-03-02T08:00:00Z", page(1, headline="旧题目谈一体化发展")),
        (url(2), "2019-03-02T08:00:00Z", b"<html><a href='/'>only a link</a></html>"),
    )
    archive = open_archive(tmp_path / "home")
    summary = import_paths(archive, [file], lambda _: SOURCE)
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
    summary = import_paths(second, [first.home.captures], lambda _: SOURCE)
    assert (summary.new_articles, summary.errors, summary.not_articles) == (3, [], [])
    same = "select key, headline, content_digest, first_seen_at, body_text from articles order by key"
    assert rows(second, same) == rows(first, same)
    first.close()
    second.close()


def test_a_manifest_gives_the_addresses(tmp_path: Path):
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "a.html").write_bytes(page(1))
    (folder / "b.html").write_bytes(page(2))
    (folder / "MANIFEST.tsv").write_text(
        "file\toriginal_url\na.html\thttp://example.com/article/1.html (inferred)\nb.html\tunknown\n../x.html\thttp://e.x/\n"
    )
    archive = open_archive(tmp_path / "home")
    summary = import_paths(archive, [folder], lambda _: None)
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
    summary = import_paths(archive, [tmp_path / "broken.warc.gz", file], lambda _: SOURCE)
    assert summary.new_articles == 1
    (lost,) = summary.errors
    assert lost.path.endswith("broken.warc.gz")
    archive.close()
