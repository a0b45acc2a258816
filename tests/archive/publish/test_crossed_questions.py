"""Ready questions that cross two tags, speakers and years, or months and a phrase, against counts of our own."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from datasette.app import Datasette
from support.small_archive import TALK, add_versions, build
from support.small_site import get, served
from support.tables import every_row

from archive import connect
from archive.files.home import Home

ROWS = [  # speaker, date, tags, first paragraph
    ("林知远", "2022-03-01", ("甲", "乙"), "城市治理靠大家。"),
    ("林知远", "2022-03-09", ("甲",), "城市的治理靠大家。"),
    ("林知远", "2023-01-01", ("乙", "甲", "丙"), "城市治理与城市治理。"),
    ("周一帆", "2023-01-31", ("乙",), "Urban governance."),
    ("周一帆", "2023-02-28", ("甲", "乙"), "没有。"),
    (None, "2023-02-01", ("甲", "乙"), "城市治理。"),
]


def archive(home: Home) -> Home:
    """The small archive with ROWS, keys newsroom-100 and so on; the fifth of them is withdrawn."""
    for number, (speaker, day, tags, said) in enumerate(ROWS, 100):
        at = datetime.fromisoformat(f"{day}T09:00:00+08:00")
        plain = replace(TALK, alternative_headline=None, authors=(), headings=(), heading_positions=(), related=())
        told = replace(plain, identity=str(number), headline=f"第{number}篇", date_published=at, paragraphs=(said,))
        add_versions(home, replace(told, speaker=speaker, keywords=tags))
    with closing(connect(home.database)) as conn, conn:
        conn.execute("update articles set state = 'withdrawn' where key = 'newsroom-104'")
    return home


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with served(archive(build(tmp_path_factory.mktemp("crossed") / "home"))) as there:
        yield there


def rows(site: Datasette, name: str, **asked: str) -> list[tuple[Any, ...]]:
    reply = get(site, f"/archive/{name}.json", params={**asked, "_shape": "arrays"})
    assert reply.status_code == 200
    return [tuple(row) for row in reply.json()["rows"]]


@every_row(
    ("tags", "keys"),
    [
        (("甲", "乙"), ["newsroom-105", "newsroom-102", "newsroom-100"]),
        (("乙", "甲"), ["newsroom-105", "newsroom-102", "newsroom-100"]),
        (("丙", "甲"), ["newsroom-102"]),
        (("甲", "甲"), ["newsroom-105", "newsroom-102", "newsroom-101", "newsroom-100"]),
        (("甲", "没有"), []),
        (("", ""), []),
        (("' or 1=1 --", "甲"), []),
    ],
)
def test_articles_have_both_tags(site: Datasette, tags: tuple[str, str], keys: list[str]) -> None:
    assert [row[0] for row in rows(site, "two_tags", tag_a=tags[0], tag_b=tags[1])] == keys


def test_speakers_are_counted_year_by_year(site: Datasette) -> None:
    assert rows(site, "speakers_by_years", from_year="2022", to_year="2023") == [
        ("林知远", "2022", 2, 3), ("林知远", "2023", 1, 3), ("周一帆", "2023", 1, 1),
    ]  # fmt: skip
    every = rows(site, "speakers_by_years")
    assert [row for row in every if row[1] < "2024"] == [
        ("林知远", "2022", 2, every[0][3]), ("林知远", "2023", 1, every[0][3]), ("周一帆", "2023", 1, 1),
    ]  # fmt: skip
    assert Counter(row[0] for row in rows(site, "speakers_by_years", to_year="2022")) == {"林知远": 1}
    assert rows(site, "speakers_by_years", from_year="x") == []


def test_a_phrase_has_a_share_of_each_month_that_has_articles(site: Datasette) -> None:
    of_phrase = rows(site, "phrase_by_months", phrase="城市治理")
    assert [row for row in of_phrase if row[0] < "2024"] == [
        ("2022-03", 1, 2, 0.5), ("2023-01", 1, 2, 0.5), ("2023-02", 1, 1, 1.0),
    ]  # fmt: skip
    assert [row[1] for row in rows(site, "phrase_by_months", phrase='urban "governance') if row[0] < "2024"] == [
        0,
        1,
        0,
    ]
    assert {row[1] for row in rows(site, "phrase_by_months", phrase="没有这个词")} == {0}
    assert {row[1] for row in rows(site, "phrase_by_months", phrase="")} == {0}


MANY = 100_000


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    """A hundred thousand articles of 4.5 kB, written by SQL: each has a speaker, two tags and the phrase."""
    home = build(tmp_path_factory.mktemp("many") / "home")
    with closing(connect(home.database)) as conn, conn:
        _multiply(conn)
    with served(home) as there:
        yield there


def _multiply(conn: sqlite3.Connection) -> None:
    names = [name for _, name, *_ in conn.execute("pragma table_info(articles)")]
    made = {
        "id": "1000 + n", "key": "'many-' || n", "search_id": "1000 + n", "body_text": "substr(body_text, 1, 1500)",
        "published_month": "printf('%d-%02d', 2010 + n % 15, 1 + n % 12)", "state": "'live'",
        "published_date": "printf('%d-%02d-13', 2010 + n % 15, 1 + n % 12)",
    }  # fmt: skip
    numbers = f"with recursive numbers(n) as (select 1 union all select n + 1 from numbers limit {MANY})"
    conn.execute(f"""{numbers} insert into articles ({", ".join(names)})
        select {", ".join(made.get(name, name) for name in names)}
          from (select * from articles where key = 'newsroom-1'), numbers""")
    conn.execute(f"{numbers} insert into people (id, name) select 1000 + n, '讲者' || n from numbers where n <= 400")
    conn.execute(f"""{numbers} insert into article_people (article_id, person_id, role, position)
        select 1000 + n, 1001 + n % 400, 'speaker', 0 from numbers""")
    conn.execute(f"""{numbers} insert into article_keywords (article_id, keyword_id, position)
        select 1000 + n, k.id, k.id from numbers, (select id from keywords order by id limit 2) k""")
    columns = [name for _, name, *_ in conn.execute("pragma table_info(article_words)")]
    conn.execute(f"""{numbers} insert into article_words (rowid, {", ".join(columns)})
        select 1000 + n, {", ".join("'城市 市治 治理'" for _ in columns)} from numbers""")


@pytest.mark.slow
@every_row(
    ("name", "asked"),
    [
        ("two_tags", {"tag_a": TALK.keywords[0], "tag_b": TALK.keywords[1]}),
        ("speakers_by_years", {"from_year": "", "to_year": ""}),
        ("phrase_by_months", {"phrase": "城市治理"}),
    ],
)
def test_a_hundred_thousand_articles_are_answered_within_the_second_that_sql_has(
    many: Datasette, name: str, asked: dict[str, str]
) -> None:
    assert rows(many, name, **asked)
