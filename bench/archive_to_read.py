"""The archive for the benchmarks of the site: articles with speakers and columns, some of them edited."""

import random
from dataclasses import replace
from pathlib import Path

from ingest import crawl, made

from archive import open_archive
from parsers import Article

EDITED = 10  # every tenth article has a second version
SPEAKERS, COLUMNS = 400, 12  # of all articles; the first ones have the most


def build(home: Path, count: int, characters: int) -> None:
    """Make an archive of so many articles with speakers and columns, every tenth of them edited once."""
    articles = [(url, _filed(number, article)) for number, (url, article) in enumerate(made(count, characters))]
    archive = open_archive(home)
    crawl(archive, articles)
    crawl(archive, [(url, _edited(article)) for url, article in articles[::EDITED]])
    archive.close()


def _filed(number: int, article: Article) -> Article:
    """The article in a column, and two times of three with a speaker."""
    chance = random.Random(number)
    speaker = f"讲者{_one_of(SPEAKERS, chance)}" if number % 3 else None
    return replace(article, article_section=f"栏目{_one_of(COLUMNS, chance)}", speaker=speaker)


def _one_of(many: int, chance: random.Random) -> int:
    return int(many * chance.random() ** 2)


def _edited(article: Article) -> Article:
    first, *rest = article.paragraphs
    return replace(article, paragraphs=(f"新{first[1:]}", *rest))
