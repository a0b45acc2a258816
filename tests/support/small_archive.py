"""A small archive, written by the archive's own functions: versions, a removal, hostile text, English."""

import hashlib
import json
import sqlite3
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlite_utils import Database

from archive import connect
from archive.files.home import Home
from archive.history.revisions import add_article, add_state
from archive.history.sighting_rows import ReadCapture, ReadingLine
from archive.history.states import MadeState
from archive.migrations import migrate
from archive.rows.captures import CaptureRow
from archive.rows.connection import Connection
from archive.rows.keys import known_key
from archive.rules.identity import state_of
from archive.rules.rule_numbers import adopt
from parsers.article import Article, Media, RelatedLink

SOURCE = "newsroom"
HOSTILE = "\"><img src=x onerror=alert(1)><script>alert('改革')</script>"
FILLING = "这一段讲城市治理如何落到每一条街道，也讲数字怎样帮助基层减轻负担。" * 4

TALK = Article(
    headline="把小事办好，城市才有温度",
    alternative_headline="从一张便民清单说起",
    article_section="思想者",
    speaker="林知远",
    authors=("林知远",),
    editors=("周一帆",),
    source_line="解放日报",
    keywords=("城市治理", "基层减负"),
    date_published=datetime.fromisoformat("2024-04-14T05:01:00+08:00"),
    date_published_raw="2024-04-14 05:01",
    date_precision="minute",
    in_language="zh-Hans",
    identity="1",
    paragraphs=tuple(f"第{n}段。{FILLING}" for n in range(1, 13)),
    headings=("清单从哪里来", "温度从哪里来"),
    heading_positions=(2, 7),
    biography="林知远，研究城市治理的学者。",
    reprint_notice="转载请注明出处。",
    related=(
        RelatedLink("清单之外", "https://news.example/2", "另一篇的提要。"),
        RelatedLink("无链接的相关文章"),
        RelatedLink("Small things", "http://127.0.0.1:8765/articles/2"),
        RelatedLink("按要求撤下的文章", "http://127.0.0.1:8765/articles/5"),
    ),
    media=(Media("https://news.example/1.jpg", "image", "讲座现场"),),
)
EDITED = replace(
    TALK,
    headline="把小事办实，城市才有温度",
    paragraphs=(*TALK.paragraphs[:5], TALK.paragraphs[5].replace("数字", "数据", 1), *TALK.paragraphs[6:]),
)
LATEST = replace(EDITED, reprint_notice="转载请注明出处 。")
ENGLISH = Article(
    headline="Small things make a city warm",
    speaker="Lin Zhiyuan",
    article_section="Thinker",
    keywords=("governance",),
    date_published=datetime.fromisoformat("2024-04-15T10:00:00+08:00"),
    date_precision="day",
    in_language="en",
    identity="2",
    paragraphs=("A list on a wall, 改革 in small steps.", "Governance begins at the door."),
)
ATTACK = Article(
    headline=f"改革{HOSTILE}",
    alternative_headline=HOSTILE,
    speaker=HOSTILE,
    keywords=(HOSTILE,),
    in_language='zh"><script>alert(1)</script>',
    canonical_url="javascript:alert(1)",
    identity="3",
    paragraphs=(HOSTILE, "改革"),
    headings=(HOSTILE,),
    heading_positions=(0,),
    biography=HOSTILE,
    reprint_notice=HOSTILE,
    related=(RelatedLink(HOSTILE, "javascript:alert(1)", HOSTILE),),
    media=(Media("javascript:alert(1)", "image", HOSTILE),),
    metadata=((HOSTILE, HOSTILE),),
)
GONE = replace(TALK, headline="一篇不见了的文章", identity="4", related=(), media=(), headings=(), heading_positions=())
WITHDRAWN = replace(GONE, headline="按要求撤下的文章", identity="5", paragraphs=("不应再被看见的文字",))


def digest_of(article: Article) -> str:
    return state_of(article, "1").digest


def build(folder: Path) -> Home:
    """The archive in a folder; article keys are newsroom-1 … newsroom-5. It is written once and copied from then on."""
    home = Home(folder)
    home.create()
    home.database.write_bytes(_written())
    return home


@cache
def _written() -> bytes:
    with TemporaryDirectory() as folder:
        home = Home(Path(folder))
        _write(home)
        return home.database.read_bytes()


def _write(home: Home) -> None:
    database = Database(connect(home.database))
    migrate(database)
    adopt(database.conn)
    conn = database.conn
    conn.execute(
        "insert into sources values (?, ?, ?, ?, ?)",
        (SOURCE, "新闻室", "http://127.0.0.1:8765", "Asia/Shanghai", "zh-Hans"),
    )
    conn.execute("begin immediate")
    _crawl(conn)
    for article in (TALK, ENGLISH, ATTACK, GONE, WITHDRAWN):
        _add(conn, article, "2024-04-16T01:00:00Z")
    _edit(conn, EDITED, "2024-04-17T01:00:00Z")
    _edit(conn, LATEST, "2024-04-18T01:00:00Z")
    conn.commit_group()
    _judge(conn, "newsroom-4", "removed", "2024-04-19T01:00:00Z")
    conn.execute("update articles set state = 'withdrawn' where key = 'newsroom-5'")
    conn.execute("delete from article_words where rowid = (select search_id from articles where key = 'newsroom-5')")
    conn.execute(
        "insert into health values ('crawls', 1, 'the last crawl ended well', '2024-04-19T01:00:00Z', '采集正常结束')"
    )
    database.close()


def add_versions(home: Home, *versions: Article) -> None:
    """One more article, seen once in each of its versions, a day apart."""
    database = Database(connect(home.database))
    conn = database.conn
    conn.execute("begin immediate")
    for day, article in enumerate(versions, 20):
        (_edit if day > 20 else _add)(conn, article, f"2024-04-{day}T01:00:00Z")
    conn.commit_group()
    database.close()


def _crawl(conn: sqlite3.Connection) -> None:
    conn.execute(
        """insert into crawls (key, source, started_at, finished_at, finish_reason,
                               requests, captures, new_articles)
           values ('c1', ?, '2024-04-16T01:00:00Z', '2024-04-16T01:02:00Z', 'finished', 6, 5, 5)""",
        (SOURCE,),
    )


def _capture(conn: sqlite3.Connection, article: Article, at: str) -> CaptureRow:
    url = f"http://127.0.0.1:8765/articles/{article.identity}"
    record_id = f"urn:uuid:{article.identity}-{at}"
    cursor = conn.execute(
        """insert into captures (record_id, source, crawl_id, url, urlkey, captured_at, status, mimetype,
                                 record_type, warc_file, warc_offset, warc_length)
           values (?, ?, 1, ?, ?, ?, 200, 'text/html', 'response', 'newsroom.warc.gz', 0, 1)""",
        (record_id, SOURCE, url, f"127,0,0,1:8765)/articles/{article.identity}", at),
    )
    return CaptureRow(int(cursor.lastrowid or 0), SOURCE, url, at)


def _made(article: Article, at: str) -> MadeState:
    state = state_of(article, "1")
    return MadeState(state, at, "1", f"urn:uuid:{at}", state.digest)


def _told(article: Article, at: str) -> ReadingLine:
    digest = hashlib.sha256(f"{article.identity} {at}".encode()).hexdigest()
    return ReadingLine(at, f"sha256:{digest}", None, "1")


def _add(conn: Connection, article: Article, at: str) -> None:
    key = f"{SOURCE}-{article.identity}"
    add_article(conn, key, _made(article, at), ReadCapture(_capture(conn, article, at), _told(article, at)))


def _edit(conn: Connection, article: Article, at: str) -> None:
    key = f"{SOURCE}-{article.identity}"
    known = known_key(conn, key)
    assert known is not None
    read = ReadCapture(_capture(conn, article, at), _told(article, at), known.number)
    add_state(conn, known.article_id, _made(article, at), read)


def _judge(conn: sqlite3.Connection, key: str, state: str, at: str) -> None:
    conn.execute("update articles set state = ?, first_missed_at = ? where key = ?", (state, at, key))
    (seen,) = conn.execute("select last_seen_at from articles where key = ?", (key,)).fetchone()
    probe = {"at": at, "outcome": "gone", "capture": f"urn:uuid:{key.rpartition('-')[2]}-2024-04-16T01:00:00Z"}
    standing = {"state": state, "misses": 1, "first_missed_at": at, "last_missed_at": at}
    detail = {"standing": standing, "last_seen_at": seen, "evidence": [probe]}
    conn.execute(
        """insert into events (at, recorded_at, source, article_id, kind, detail, digest)
           select ?, ?, ?, id, ?, ?, ? from articles where key = ?""",
        (at, at, SOURCE, state, json.dumps(detail), f"sha256:{key}{state}{at}", key),
    )
