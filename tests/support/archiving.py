"""A small site that is not served: its pages are bytes, given to crawls as answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from archive import Archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.import_ingest import ImportIngest
from archive.judging.reading.fetched import Fetched
from archive.judging.reading.readings import PageReading
from archive.judging.runs.outcomes import Outcome
from archive.judging.runs.run import CrawlSummary
from archive.rows.connection import Connection
from archive.settings.source_record import SourceRecord
from parsers import Document

SOURCE = SourceRecord("newsroom", homepage="http://example.com", removal_probes=2, removal_spacing=0)
WRITERS = {"site": CrawlIngest, "import": ImportIngest}
NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
PARAGRAPHS = (
    "长三角一体化发展上升为国家战略以来，相关支撑机制逐步形成，三省一市各扬所长，协同推进重点领域建设。",
    "下一步要在科技创新、产业协同、基础设施和公共服务等方面继续发力，让群众有更多获得感。",
    "这既需要顶层设计，也需要自下而上的探索，更需要持之以恒的落实，久久为功方能见到成效。",
)


@dataclass(frozen=True)
class Reads:
    """A reader of pages that is made of a function."""

    function: Callable[[Document], PageReading]

    def read(self, page: Document) -> PageReading:
        return self.function(page)

    def close(self) -> None:
        """Do nothing: the reader holds no resource."""


def page(number: int, headline: str | None = None, paragraphs: tuple[str, ...] = PARAGRAPHS, note: str = "") -> bytes:
    """An article page of the ordinary kind."""
    title = escape(headline or f"第{number}篇文章谈一体化")
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return f"""<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{title}</title>
    <meta property="og:title" content="{title}">
    <meta property="article:published_time" content="2024-04-13T23:01:{number % 60:02}+08:00"></head>
    <body><!-- {note} --><article><h1>{title}</h1>{body}</article></body></html>""".encode()


def url(number: int) -> str:
    return f"http://example.com/article/{number}.html"


def fetched(number: int, answer: bytes | int, at: datetime, headers: Mapping[str, str] | None = None) -> Fetched:
    """A response: bytes are a 200, a number is a status without a body."""
    status, payload = (200, answer) if isinstance(answer, bytes) else (answer, b"")
    named = {"Content-Type": "text/html; charset=utf-8", **(headers or {})}
    return Fetched(url(number), status, tuple(named.items()), payload, at)


def crawl(archive: Archive, at: datetime, answers: Mapping[int, bytes | int]) -> tuple[CrawlSummary, list[Outcome]]:
    """Run one whole crawl over these answers, by article number; returns its summary and the outcome of each.

    The clock stands still at `at`.
    """
    with CrawlIngest(archive, SOURCE, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        outcomes = [ingest.add(fetched(number, answer, at)) for number, answer in answers.items()]
        return ingest.finish("finished", len(answers), 0, at), outcomes


def rows(archive: Archive, sql: str) -> list[tuple[object, ...]]:
    return archive.conn.execute(sql).fetchall()


DUMP = {
    "articles": "select * from articles order by key",
    "addresses": "select * from addresses",
    "states": "select * from states order by article_id, content_digest",
    "state_texts": "select * from state_texts order by article_id, body_text",
    "sightings": "select * from sightings",
    "revisions": "select * from revisions order by article_id, position",
    "revision_records": "select * from revision_records order by article_id, position",
    "revision_captures": "select * from revision_captures order by 1, 2",
    "changes": "select * from changes order by id",
    "keywords": "select k.name, k.in_language, a.article_id, a.position from article_keywords a "
    "join keywords k on k.id = a.keyword_id order by 3, 4",
    "people": "select p.name, p.biography, a.* from article_people a join people p on p.id = a.person_id order by 3, 5",
    "related_links": "select * from related_links",
    "events": "select * from events order by id",
    "probes": "select * from probes order by id",
    "coverage": "select * from coverage",
    "crawls": "select * from crawls",
    "field_coverage": "select * from field_coverage",
    "crawl_robots": "select * from crawl_robots",
    "captures": "select * from captures order by id",
    "warc_records": "select * from warc_records",
    "warc_ranges": "select * from warc_ranges",
    "applied": "select * from applied",
}


def dump(archive: Archive) -> dict[str, list[tuple[object, ...]]]:
    """Every row of the tables in DUMP, table by table."""
    return {name: rows(archive, sql) for name, sql in DUMP.items()}


def steps_of(conn: Connection, act: Callable[[], object]) -> int:
    """The number of SQLite's steps that an act takes: a query that reads a whole history takes more as that grows."""
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    conn.set_progress_handler(step, 1)
    act()
    conn.set_progress_handler(None, 1)
    return count
