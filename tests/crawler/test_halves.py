"""Half a page is no edit: what servers cut on real sockets, in every way that HTTP has for the end of a body."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.crawls import crawl, figures, rows
from support.raw_site import article as page
from support.raw_site import raw_site, reply

from archive.files.warc import Record, read_records
from newsroom.process import Site, running

pytestmark = pytest.mark.slow

ARTICLES = 20
ENCODINGS = ("br", "zstd", "gzip", "deflate")
CUT = {  # by article: the way its second visit fails, and the mark of the bytes that are kept
    1: ({"do": "truncate"}, "disconnect"),
    2: ({"do": "reset"}, "disconnect"),
    3: ({"do": "close"}, "disconnect"),
    4: ({"do": "close", "share": 0.9}, "disconnect"),
    5: ({"do": "close", "bytes": 0}, "disconnect"),
    6: ({"do": "wrong_length", "by": 64}, "disconnect"),
    7: ({"do": "wrong_length", "by": -200}, "disconnect"),
}
STATUSES = (
    "HTTP/1.1 -200 OK",
    "HTTP/1.1 99 Low",
    "HTTP/1.1 600 High",
    f"HTTP/1.1 {2**64} Higher",
    "HTTP/1.1 +200 OK",
    "HTTP/1.1 OK",
)


@pytest.fixture
def site() -> Iterator[Site]:
    with running(articles=ARTICLES) as site:
        yield site


def records(home: Path) -> list[Record]:
    paths = sorted((home / "captures").glob("newsroom-2*"))
    return [record for path in paths for record in read_records(path) if record.warc_type == "response"]


def states(home: Path) -> list[tuple[object, ...]]:
    return rows(home, "select state, revisions, count(*) from articles group by 1, 2 order by 2")


def test_truncated_bodies_are_kept_and_retried_and_do_not_count_as_edits(site: Site, tmp_path: Path) -> None:
    for article, how in enumerate(ENCODINGS, start=11):
        site.event(do="encoding", how=how, article=article)
    first = crawl(site, tmp_path)
    assert figures(first, "finish_reason", "new_articles", "errors") == ["finished", ARTICLES, 0]
    assert rows(tmp_path, "select min(characters) > 100 from articles") == [(1,)]

    for article, (event, _) in CUT.items():
        site.event(do="edit", article=article)
        site.event(**event, article=article)
    second = crawl(site, tmp_path)
    assert figures(second, "finish_reason", "new_revisions", "errors") == ["finished", 0, len(CUT)]
    assert states(tmp_path) == [("live", 1, ARTICLES)]
    kept = rows(
        tmp_path,
        "select url, verdict, truncated, status from captures where truncated is not null order by length(url), url",
    )
    assert kept == [
        (f"{site.address}/article/{article}.html", "incomplete", reason, 200) for article, (_, reason) in CUT.items()
    ]
    assert [each.fields.get("warc-truncated") for each in records(tmp_path)].count("disconnect") == len(CUT)
    assert rows(tmp_path, "select count(*) from frontier where attempts = 1") == [(len(CUT),)]

    site.event(do="clear")
    site.event(do="close", article=8, share=1)  # whole, though nothing says so
    site.event(do="edit", article=8)
    third = crawl(site, tmp_path)
    assert figures(third, "finish_reason", "new_revisions", "errors") == ["finished", len(CUT) + 1, 0]
    assert rows(tmp_path, "select count(*) from frontier where attempts > 0") == [(0,)]


CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
CHUNKS = {  # by the end of a body in chunks: its bytes, how many captures are kept, and their mark
    "in good order": (b"%x\r\n%b\r\n0\r\n\r\n", 1, None),
    "before its last chunk": (b"%x\r\n%b\r\n", 1, "disconnect"),
    "within a chunk": (b"%x\r\n%b", 2, "disconnect"),
    "within the last chunk's line": (b"%x\r\n%b\r\n0", 1, "disconnect"),
}


@pytest.mark.parametrize("name", CHUNKS)
def test_a_body_in_chunks_is_whole_only_with_its_last_chunk(tmp_path: Path, name: str) -> None:
    end, said, kept = CHUNKS[name]
    whole = page(1)
    body = CHUNKED + end % (said * len(whole), whole)
    with raw_site({"/article/1.html": body, "/article/2.html": reply(page(2))}) as site:
        site.declared(tmp_path)
        told = crawl(site, tmp_path, source="raw")  # type: ignore[arg-type]
    assert figures(told, "finish_reason", "new_articles", "errors") == ["finished", 1 + (not kept), bool(kept)]
    truncated = rows(tmp_path, "select truncated, verdict from captures where url like '%/1.html'")
    assert truncated == [(kept, "incomplete" if kept else "article")]


@pytest.mark.parametrize("event", [{"do": "truncate"}, {"do": "close"}])
def test_half_a_list_is_a_list_that_could_not_be_read(site: Site, tmp_path: Path, event: dict[str, str]) -> None:
    site.event(**event, path="/sitemap.xml")
    summary = crawl(site, tmp_path)
    assert figures(summary, "finish_reason", "errors") == ["finished", 1]
    assert rows(tmp_path, "select kind, verdict, truncated from captures where truncated is not null") == [
        ("list", None, "disconnect")
    ]


def test_a_status_that_http_does_not_know_is_a_failed_fetch(site: Site, tmp_path: Path) -> None:
    """Nothing is kept of it: where such an answer ends, and whether it is one, nobody can tell."""
    for article, line in enumerate(STATUSES, start=1):
        site.event(do="raw_status", line=line, article=article)
    summary = crawl(site, tmp_path)
    told = ["finished", ARTICLES - len(STATUSES), len(STATUSES)]
    assert figures(summary, "finish_reason", "new_articles", "errors") == told
    assert rows(tmp_path, "select distinct status from captures") == [(200,)]
    assert rows(tmp_path, "select count(*) from frontier where attempts = 1") == [(len(STATUSES),)]
    site.event(do="clear")
    assert figures(crawl(site, tmp_path), "new_articles", "errors") == [len(STATUSES), 0]
