"""An article in three pages, and crawls over them."""

from collections.abc import Mapping
from datetime import datetime
from html import escape
from zlib import crc32

from support.archiving import SOURCE

from archive import Archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.fetched import Fetched
from archive.judging.runs.outcomes import Outcome
from archive.judging.runs.run import CrawlSummary

FIRST = "http://example.com/article/7.html"
TEXTS = tuple(
    f"第{n}段讲长三角一体化发展上升为国家战略以来，相关支撑机制逐步形成，三省一市各扬所长，协同推进重点领域建设。"
    for n in range(1, 7)
)
Answers = Mapping[int, bytes | int]


def address(number: int) -> str:
    return FIRST if number == 1 else f"http://example.com/article/7_{number}.html"


def part(number: int, of: int = 3, texts: tuple[str, ...] = TEXTS, note: str = "", headline: str = "一篇长文") -> bytes:
    """One page: its share of the paragraphs, and links to the other pages."""
    share = len(texts) // of
    body = "".join(f"<p>{escape(text)}</p>" for text in texts[(number - 1) * share : number * share])
    turn = "".join(f'<a href="{address(n)}">{n}</a> ' for n in range(1, of + 1))
    turn += f'<a href="{address(number + 1)}">下一页</a>' if number < of else ""
    return f"""<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{headline}</title>
    <meta property="og:title" content="{headline}">
    <meta property="article:published_time" content="2024-04-13T23:01:07+08:00"></head>
    <body><!-- {note} --><article><h1>{headline}</h1>{body}</article><p>{turn}</p></body></html>""".encode()


def etag(payload: bytes) -> str:
    return f'"{len(payload)}-{crc32(payload)}"'


def response(number: int, answer: bytes | int, at: datetime, kind: str) -> Fetched:
    status, payload = (200, answer) if isinstance(answer, bytes) else (answer, b"")
    validators = (("ETag", etag(payload)),) if payload else ()
    headers = (("Content-Type", "text/html; charset=utf-8"), *validators)
    return Fetched(address(number), status, headers, payload, at, kind)


def visit(ingest: CrawlIngest, at: datetime, answers: Answers) -> list[Outcome]:
    """Ask for page 1 and then for every page that is wanted; a page without an answer is a crash."""
    outcomes = [ingest.add(response(1, answers[1], at, "article"))]
    while (unfinished := outcomes[-1].unfinished) is not None:
        number = next(n for n in range(2, 99) if address(n) == unfinished.url)
        if number not in answers:
            break
        outcomes.append(ingest.add_page(unfinished, response(number, answers[number], at, "page")))
    return outcomes


def crawl_pages(archive: Archive, at: datetime, answers: Answers) -> tuple[CrawlSummary, list[Outcome]]:
    with CrawlIngest(archive, SOURCE, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        outcomes = visit(ingest, at, answers)
        return ingest.finish("finished", len(outcomes), 0, at), outcomes


def three(**changed: object) -> dict[int, bytes | int]:
    return {number: part(number, **changed) for number in (1, 2, 3)}  # type: ignore[arg-type]
