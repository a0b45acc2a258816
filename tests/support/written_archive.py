"""Sixty generated articles over five days, and every text that each of them had."""

import random
import unicodedata
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from archive import Archive, open_archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.fetched import Fetched
from archive.rules.identity import state_of
from archive.settings.source_record import SourceRecord
from parsers import Article

PHRASES = 300
ARTICLES = 60
HAN = "人民主改革发展老城市治理新质生产力一二大小"
OTHERS = ["，", "。", "\n", " ", "GDP", "5G", "⼈", "㍻", "ＡＩ", "《", "》", "é", "老"]
SOURCE = SourceRecord("newsroom", homepage="http://example.com", removal_probes=2, removal_spacing=0)
START = datetime(2026, 11, 20, 12, tzinfo=UTC)
BEIJING = timezone(timedelta(hours=8))


@dataclass
class Known:
    """A reader of pages that knows each page's article."""

    articles: dict[str, Article]

    def read(self, page: Any) -> Any:
        return state_of(self.articles[page.url], "1")

    def close(self) -> None:
        """Do nothing: the reader holds no resource."""


@dataclass
class Written:
    """The archive, and by number every text of an article, oldest first; the last article is withdrawn."""

    home: Path
    versions: dict[int, list[Article]]


def url(number: int) -> str:
    return f"http://example.com/article/{number}.html"


def write_archive(home: Path) -> Written:
    chance = random.Random(17)
    versions = {number: [_article(chance, number)] for number in range(1, ARTICLES + 1)}
    with closing(open_archive(home)) as archive:
        _crawl(archive, 0, versions)
        for day in range(1, 5):
            for number in chance.sample(range(1, ARTICLES + 1), 20):
                said = versions[number]
                said.append(
                    chance.choice([said[0], _edited(chance, said[-1])]) if day > 1 else _edited(chance, said[-1])
                )
            _crawl(archive, day, versions, gone=(3, 4) if day > 2 else ())
        archive.conn.execute("update articles set state = 'withdrawn' where url = ?", (url(ARTICLES),))
        archive.conn.execute(
            "delete from article_words where rowid = (select search_id from articles where state = 'withdrawn')"
        )
    return Written(home, {number: said for number, said in versions.items() if number < ARTICLES})


def _crawl(archive: Archive, day: int, versions: dict[int, list[Article]], gone: tuple[int, ...] = ()) -> None:
    at = START + timedelta(days=day)
    known = Known({url(number): said[-1] for number, said in versions.items()})
    with CrawlIngest(archive, SOURCE, known, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        for number in versions:
            page = repr(known.articles[url(number)]).encode()
            status, payload = (404, b"") if number in gone else (200, page)
            ingest.add(Fetched(url(number), status, (("Content-Type", "text/html"),), payload, at))
        ingest.finish("finished", len(versions), 0, at)


def _article(chance: random.Random, number: int) -> Article:
    published = datetime(2023, 11, 1, 0, 30, tzinfo=BEIJING) + timedelta(hours=chance.randrange(9_000))
    return Article(
        headline=_text(chance, 8),
        alternative_headline=_text(chance, 6) if number % 3 else None,
        article_section=f"栏目{number % 4}",
        speaker=_text(chance, 3) if number % 2 else None,
        keywords=tuple({_text(chance, 3) for _ in range(number % 4)}),
        date_published=published if number % 10 else None,
        date_precision="minute" if number % 10 else None,
        identity=str(number),
        paragraphs=tuple(_text(chance, 60) for _ in range(4)),
    )


def _text(chance: random.Random, length: int) -> str:
    drawn = [chance.choice(HAN if chance.random() < 0.85 else OTHERS) for _ in range(length)]
    return chance.choice(HAN) + "".join(drawn).replace("\n", "：")


def _edited(chance: random.Random, article: Article) -> Article:
    """Another text in one paragraph, which the next edit may take away again."""
    at = chance.randrange(4)
    paragraphs = (*article.paragraphs[:at], _text(chance, 60), *article.paragraphs[at + 1 :])
    return replace(article, paragraphs=paragraphs)


def fields_of(article: Article) -> list[str]:
    fields = (article.headline, article.alternative_headline, "\n".join(article.paragraphs), article.speaker)
    return [field for field in (*fields, *article.keywords) if field]


def plain(field: str) -> str:
    return unicodedata.normalize("NFKC", field).casefold()


def phrases_to_ask(versions: dict[int, list[Article]]) -> Iterator[str]:
    """Yield texts of 1 to 8 characters that stand in a version; every twelfth is random and may stand in none."""
    chance = random.Random(5)
    for number in range(PHRASES):
        field = plain(chance.choice(fields_of(chance.choice(chance.choice(list(versions.values()))))))
        runs = "".join(c if "\u4e00" <= c <= "\u9fff" else " " for c in field).split() or ["人"]
        run = chance.choice(runs)
        length = number % 8 + 1
        at = chance.randrange(max(1, len(run) - length + 1))
        yield run[at : at + length] if number % 12 else "".join(chance.choices(HAN, k=length))
