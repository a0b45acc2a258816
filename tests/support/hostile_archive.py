"""An archive whose every text was written by an attacker, made by real crawls of such pages."""

import json
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from html import escape
from pathlib import Path

from support.archiving import NOON, SOURCE, Reads, fetched

from archive import Archive, open_archive
from archive.files.home import Home
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.parser_process import ParserProcess
from archive.judging.reading.readings import PageReader
from archive.rules.identity import state_of
from parsers import Document
from parsers.article import Article, Media, RelatedLink

BATCH = 10  # strings that stand side by side in the lists of every tenth article
PROSE = "下一步要在科技创新、产业协同、基础设施和公共服务等方面继续发力，让群众有更多获得感。"
TOLD = 1_000_000  # the number of the first article of which we say what its page says
KEY = f"newsroom-{TOLD}"


def build(folder: Path, texts: list[str]) -> Home:
    """Make an archive with two articles for each string; returns its home.

    One was read by the parser from a page that has the string everywhere; every other of these then disappears. One has
    the string in every property, and is then edited, so that a diff shows the string.
    """
    archive = open_archive(folder)
    pages = {number: _page(number, texts) for number in range(len(texts))}
    told = {TOLD + number: _article(number, texts) for number in range(len(texts))}
    _crawl(archive, 0, pages, ParserProcess())
    _crawl(archive, 1, dict.fromkeys(told, b"<p>told</p>"), _Told(told))
    edited = {TOLD + number: _edited(article) for number, article in enumerate(told.values())}
    _crawl(archive, 2, dict.fromkeys(told, b"<p>edited</p>"), _Told(edited))
    for hour in (3, 4):
        _crawl(archive, hour, {n: 404 if n % 2 else payload for n, payload in pages.items()}, ParserProcess())
    archive.close()
    return Home(folder)


class _Told(Reads):
    """A reader that reads each article's page as that article."""

    def __init__(self, articles: dict[int, Article]) -> None:
        self._articles = articles

    def read(self, page: Document):  # type: ignore[no-untyped-def]
        return state_of(self._articles[int(page.url.rpartition("/")[2].removesuffix(".html"))], "1")


def _crawl(archive: Archive, hour: int, answers: dict[int, bytes | int], reader: PageReader) -> None:
    at = NOON + timedelta(hours=hour)
    with closing(reader), CrawlIngest(archive, SOURCE, reader, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        for done, (number, answer) in enumerate(answers.items(), start=1):
            ingest.add(fetched(number, answer, at))
            if done % 32 == 0:
                ingest.commit()
        ingest.finish("finished", len(answers), 0, at)


def _batch(number: int, texts: list[str]) -> tuple[str, ...]:
    return tuple(texts[number : number + BATCH]) if number % BATCH == 0 else (texts[number],)


def _article(number: int, texts: list[str]) -> Article:
    """An article with the string in every property; lists hold its neighbours too."""
    text, batch = texts[number], _batch(number, texts)
    return Article(
        headline=text, alternative_headline=text, kicker=text, article_section=text, speaker=text, standfirst=text,
        authors=batch, editors=batch, source_line=text, keywords=batch, date_published=NOON, date_precision="minute",
        date_published_raw=text, in_language=text, canonical_url=text, identity=str(TOLD + number), paragraphs=batch,
        headings=batch, heading_positions=tuple(range(len(batch))), biography="\n".join(batch),
        reprint_notice=" ".join(batch), related=tuple(RelatedLink(each, each, each) for each in batch),
        media=tuple(Media(each, "attachment", each) for each in batch), metadata=tuple(zip(batch, batch, strict=True)),
    )  # fmt: skip


def _edited(article: Article) -> Article:
    paragraphs = (*article.paragraphs[1:], f"{PROSE}{article.headline}")
    return replace(article, headline=f"{article.headline} 改", speaker="另一人", paragraphs=paragraphs)


def _page(number: int, texts: list[str]) -> bytes:
    """A page with the string as text in every place for text, and as markup in its body."""
    text = texts[number]
    said = escape(text)
    thing = {"@type": "NewsArticle", "headline": text, "author": {"name": text}, "articleSection": text,
             "keywords": _batch(number, texts), "datePublished": "2024-04-13T23:01:00+08:00"}  # fmt: skip
    linked = json.dumps(thing).replace("<", "\\u003c")
    return f"""<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{said}</title>
    <meta property="og:title" content="{said}"><link rel="canonical" href="{said}">
    <meta name="author" content="{said}"><meta name="keywords" content="{said}">
    <meta property="article:published_time" content="2024-04-13T23:01:00+08:00">
    <script type="application/ld+json">{linked}</script></head>
    <body><article><h1>{said}</h1><div class="content"><p>{PROSE}</p><h2>{said}</h2><p>{said}</p>
    <p><a href="{said}">{said}</a><img src="{said}" alt="{said}"></p><p>{PROSE * 2}</p>
    <p>{text}</p></div></article>
    </body></html>""".encode("utf-8", "replace")
