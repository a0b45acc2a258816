"""Half a page is no edit: it is a capture that says so, shows nothing, and is asked for again."""

import gzip
import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from backports import zstd
from support.archiving import NOON, SOURCE, crawl, dump, fetched, page, rows
from support.parser_versions import at_hand
from support.tables import every_row

import parsers
from archive import Archive, open_archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.fetched import Fetched
from archive.judging.reading.readings import SourceReader, UnreadPage, read_page
from archive.judging.reading.wholeness import ends
from archive.judging.runs.outcomes import Outcome
from archive.reparsing.applying import apply
from archive.reparsing.selecting import Selection
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database
from archive.rows.captures import latest_payload, stored_record

DAY = timedelta(days=1)
WHOLE = page(1)
OTHER = page(1, paragraphs=("全文已经改写，与先前的版本完全不同，读者可以对照。",) * 3)
GZIP = (("Content-Type", "text/html"), ("Content-Encoding", "gzip"))
ZSTD = (("Content-Type", "text/html"), ("Content-Encoding", "zstd"))


def half(payload: bytes = OTHER, **how: object) -> Fetched:
    return replace(fetched(1, payload[: len(payload) * 2 // 3], NOON + DAY, {"ETag": '"half"'}), **how)  # type: ignore[arg-type]


HALVES = {
    "shorter than it said": (half(truncated="disconnect"), "disconnect", "the connection ended before it did"),
    "longer than is fetched": (half(truncated="length"), "length", "larger than what is fetched"),
    "without a length": (half(open_ended=True), "disconnect", "does not end as a page does"),
    "a gzip that ends too early": (
        half(gzip.compress(OTHER), headers=GZIP),
        "unspecified",
        "the compressed payload ends too early",
    ),
    "a gzip that ends too early, without a length": (
        half(gzip.compress(OTHER), headers=GZIP, open_ended=True),
        "unspecified",
        "the compressed payload ends too early",
    ),
    "a gzip cut between two members, without a length": (
        replace(half(), payload=gzip.compress(half().payload), headers=GZIP, open_ended=True),
        "disconnect",
        "does not end as a page does",
    ),
    "a zstd cut within the header of its second frame, without a length": (
        replace(half(), payload=zstd.compress(half().payload) + b"\x28", headers=ZSTD, open_ended=True),
        "disconnect",
        "does not end as a page does",
    ),
    "the end of another page stands in a script": (
        half(
            OTHER.replace(b"</title>", b"</title><script>var box = '<html></body></html>';</script>"), open_ended=True
        ),
        "disconnect",
        "does not end as a page does",
    ),
    "the bytes are those of the page as it was": (
        replace(fetched(1, WHOLE, NOON + DAY), truncated="disconnect"),
        "disconnect",
        "the connection ended before it did",
    ),
}


@pytest.fixture
def archive(tmp_path: Path):
    opened = open_archive(tmp_path)
    yield opened
    opened.close()


def crawled(archive: Archive, at, *responses: Fetched) -> list[Outcome]:
    with CrawlIngest(archive, SOURCE, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        outcomes = [ingest.add(response, ingest.prepare(response)) for response in responses]
        ingest.finish("finished", len(responses), 0, at)
    return outcomes


@pytest.mark.parametrize("name", HALVES)
def test_half_a_page_is_a_capture_and_no_revision(archive: Archive, name: str):
    response, reason, said = HALVES[name]
    crawl(archive, NOON, {1: WHOLE})
    (outcome,) = crawled(archive, NOON + DAY, response)
    assert (outcome.kind, said in (outcome.error or "")) == ("incomplete", True)
    ((record_id, *capture),) = rows(
        archive, "select record_id, record_type, verdict, truncated, status from captures where id = 2"
    )
    assert capture == ["response", "incomplete", reason, 200]
    record = stored_record(archive.conn, archive.home.captures, record_id)
    assert (record.fields["warc-truncated"], record.block.endswith(response.payload)) == (reason, True)
    assert rows(archive, "select state, revisions, misses from articles") == [("live", 1, 0)]
    assert rows(archive, "select kind from events") == [("new",)]


@pytest.mark.parametrize("name", HALVES)
def test_after_half_a_page_the_next_visit_asks_for_all_of_it(archive: Archive, name: str):
    """Nothing is compared with the half, nothing refers to it, and no 304 confirms it."""
    crawl(archive, NOON, {1: WHOLE})
    crawled(archive, NOON + DAY, HALVES[name][0])
    known = latest_payload(archive.conn, "newsroom", "com,example)/article/1.html")
    assert known is not None
    assert (known.captured_at, known.etag) == ("2026-11-25T12:00:00Z", None)
    summary, (same,) = crawl(archive, NOON + 2 * DAY, {1: WHOLE})
    assert (same.kind, summary.revisits) == ("revisit", 1)
    assert rows(archive, "select refers_to from captures where id = 3") == rows(
        archive, "select record_id from captures where id = 1"
    )
    _, (edit,) = crawl(archive, NOON + 3 * DAY, {1: OTHER})
    assert edit.kind == "edited"
    assert rows(archive, "select number, captured_at from revisions order by 1") == [
        (1, "2026-11-25T12:00:00Z"),
        (2, "2026-11-28T12:00:00Z"),
    ]


def test_a_page_that_is_first_seen_in_half_is_no_article_yet(archive: Archive):
    outcomes = crawled(archive, NOON, half(truncated="disconnect"))
    assert [outcome.kind for outcome in outcomes] == ["incomplete"]
    assert rows(archive, "select count(*) from articles") == [(0,)]
    assert crawl(archive, NOON + DAY, {1: OTHER})[1][0].kind == "new"


def test_a_rebuild_knows_the_halves_and_a_reparse_leaves_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    archive = open_archive(tmp_path)
    crawl(archive, NOON, {1: WHOLE})
    elsewhere = replace(half(open_ended=True), url="http://example.com/article/2.html")
    crawled(archive, NOON + DAY, half(truncated="disconnect"), elsewhere)
    before = dump(archive)
    assert prove(archive, tmp_path) == ()
    archive.close()
    rebuild_database(tmp_path, NOON + 2 * DAY)
    archive = open_archive(tmp_path)
    assert dump(archive) == before
    monkeypatch.setattr(parsers, "PARSER_VERSION", "99")
    apply(archive, Selection("newsroom"), "reparse-1", lambda: NOON + 2 * DAY, readers=at_hand())
    assert rows(archive, "select verdict, truncated from captures") == [
        ("article", None),
        ("incomplete", "disconnect"),
        ("incomplete", "disconnect"),
    ]
    assert rows(archive, "select count(*) from articles") == [(1,)]
    archive.close()


def test_a_stored_half_page_is_read_as_incomplete(archive: Archive):
    """The state is that after a crash: the half is stored and nothing is decided of it."""
    crawled(archive, NOON, half(open_ended=True))
    ((record_id,),) = rows(archive, "select record_id from captures")
    reader = SourceReader.of(
        type("Pages", (), {"read": staticmethod(read_page), "close": lambda _: None})(), "newsroom"
    )
    found = reader.record(stored_record(archive.conn, archive.home.captures, record_id))
    assert found == UnreadPage("incomplete", "the body is only a part (disconnect)")


HTML = "<!DOCTYPE html><html><head><title>一</title></head><body><p>文</p></body></html>"


@every_row(
    "content",
    [
        HTML.encode(),
        HTML.encode("gbk"),
        b"\xef\xbb\xbf" + HTML.encode(),
        HTML.encode("utf-16"),
        HTML.encode() + b"\n<!-- 0.02 s --> <script>x()</script>",
        b"<!-- a <b> --><HTML><BODY>x</BODY >",
        b"<html><p>x</html >\n",
        b"<html><!--[if !IE]><!--><p>x<!--<![endif]--><!--><!---></body>",
        b"<html><script>document.write('</body>')</script><p>x</html>",
        b'<?xml version="1.0"?>\n<!-- of today --><urlset xmlns="x"><url/></urlset>\n<!-- cached -->\n',
        b'<rss version="2.0"><channel></channel></rss>',
        b"<div class='a'>x</div>",
        json.dumps({"a": [1]}).encode(),
        b"[]",
        b"http://a.example/1\nhttp://a.example/2\n",
    ],
)
def test_complete_bodies_are_accepted(content: bytes):
    assert ends(content)
    assert len(content) < 5 or not ends(content[: len(content) * 2 // 5])


@every_row(
    "content",
    [
        b"<!doctype html><title>x</title><p>text",
        b"<html>" + b"<body>" * 1000,
        b"<html><script>document.write('</body></html>')</script><p>x",
        b"<HTML><SCRIPT>document.write('</BODY></HTML>'",
        b"<html><!-- </body></html> --><p>x",
        b"<html><!-- </body></html>",
        b"<html><textarea></html></textarea><p>x",
        b"<html>" + b"<!--" * 50_000 + b"<script" * 50_000,
        b"<!-- never closed",
        b"<?xml",
        b"<",
        b"<" + b"a" * 1000,
        b"[" * 100_000,
        b'{"a": "' + b"x" * 100,
        b"http://a.example/1\nhttp://a.exam",
        b"plain",
        b"",
    ],
)
def test_bodies_without_a_proper_end_are_rejected(content: bytes):
    assert not ends(content)
