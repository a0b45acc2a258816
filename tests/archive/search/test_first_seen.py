"""The ready question `first_seen`: the earliest articles that have a phrase, in SQL without a function of ours."""

import random
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from support.small_archive import TALK, add_versions, build
from support.tables import every_row
from support.written_archive import Written, write_archive

from archive.files.home import Home
from archive.schema.queries import QUERIES
from archive.search import scan
from parsers.article import Article

ASKED = QUERIES["first_seen"]["sql"]
NOTE = "Use only Chinese characters up to U+9FFF, letters a-z and digits here"
LIMIT = 20
FIRST, EDIT = "2024-04-16T01:00:00Z", "2024-04-17T01:00:00Z"
BOTH = [("newsroom-1", FIRST, "yes"), ("newsroom-4", FIRST, "yes")]


def first_seen(database: Path, phrase: str) -> list[tuple[str | None, ...]]:
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as conn:
        return conn.execute(ASKED, {"phrase": phrase}).fetchall()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return build(tmp_path_factory.mktemp("small"))


@every_row(
    ("phrase", "expected"),
    [
        ("城市治理", BOTH),
        (" 城市治理 ", BOTH),
        ("单", [("newsroom-1", FIRST, "yes"), ("newsroom-4", FIRST, "yes")]),
        ("小事办好", [("newsroom-1", FIRST, "no")]),  # stood in the first headline
        ("小事办实", [("newsroom-1", EDIT, "yes")]),
        ("Governance", [("newsroom-2", FIRST, "yes")]),
        ("governanc", []),
        ("基层减负", [(None, None, None)]),  # a keyword is no use of the phrase
        ("不应再被看见", [(None, None, None)]),
        ("", []),
    ],
)
def test_first_seen_lists_since_when_articles_have_the_phrase_and_if_it_still_stands(
    home: Home, phrase: str, expected: list[tuple[str, str, str]]
) -> None:
    assert [(key, at, still) for _, key, _, _, at, still in first_seen(home.database, phrase)] == expected


@every_row("phrase", ["一张 清单", "“清单”", "café", "清单，", "ＧＤＰ", "𠮷野", '" OR "', "*"])
def test_first_seen_answers_an_unsupported_phrase_with_a_note(home: Home, phrase: str) -> None:
    ((date, key, told, *rest),) = first_seen(home.database, phrase)
    assert (date, key, (told or "").startswith(NOTE), rest) == (None, None, True, [None] * 3)


def _texts(article: Article) -> list[str]:
    return [text for text in (article.headline, article.alternative_headline, article.body_text) if text]


def _phrases(written: Written) -> Iterator[str]:
    chance = random.Random(31)
    texts = [text for versions in written.versions.values() for article in versions for text in _texts(article)]
    while True:
        run = chance.choice(re.findall(r"[A-Za-z0-9㐀-鿿]+", chance.choice(texts)) or [""])
        start = chance.randrange(len(run) or 1)
        if phrase := run[start : start + chance.randint(1, 6)]:
            yield phrase


def test_first_seen_finds_the_articles_that_a_scan_of_every_version_finds(tmp_path: Path) -> None:
    written = write_archive(tmp_path)
    phrases = _phrases(written)
    for phrase in [next(phrases) for _ in range(200)]:
        found = {str(key).rpartition("-")[2] for _, key, *_ in first_seen(tmp_path / "archive.db", phrase) if key}
        scanned = {
            str(number)
            for number, versions in written.versions.items()
            if any(scan(phrase, [text]) for article in versions for text in _texts(article))
        }
        assert found == scanned if len(scanned) <= LIMIT else (len(found), found <= scanned) == (LIMIT, True), phrase


def test_authors_are_counted_by_name(tmp_path: Path) -> None:
    home = build(tmp_path)
    add_versions(home, replace(TALK, identity="6", authors=("某甲", "林知远"), date_published=None))
    with closing(sqlite3.connect(home.database)) as conn:
        rows = conn.execute("select * from authors").fetchall()
    assert rows == [("林知远", 3, "2024-04-14", "2024-04-14"), ("某甲", 1, None, None)]
