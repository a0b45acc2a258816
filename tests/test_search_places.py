"""Search is one rule in four places: the command line, our page, Datasette's search box, and its JSON API."""

import asyncio
import html
import random
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from support.journeys import SOAK, Thinker

from archive import open_archive
from archive.publish.serving import site
from archive.search import scan, search
from newsroom.process import running

pytestmark = [pytest.mark.slow, pytest.mark.soak]

QUERIES = 1_000 if SOAK else 250
FIELDS = """
    select a.key, a.headline, a.alternative_headline, a.body_text, a.speaker, k.name
      from articles a
      left join article_keywords ak on ak.article_id = a.id
      left join keywords k on k.id = ak.keyword_id
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    with running(articles=80) as newsroom:
        thinker = Thinker(tmp_path_factory.mktemp("home"), newsroom)
        thinker.run("crawl", "newsroom")
    return thinker.home


def test_every_place_answers_like_a_scan(home: Path):
    archive = open_archive(home)
    fields = _fields(archive)
    queries = list(_queries(random.Random(11), [text for texts in fields.values() for text in texts], QUERIES))
    asyncio.run(_compare(archive, fields, queries))
    archive.close()


async def _compare(archive, fields: dict[str, list[str]], queries: list[str]) -> None:
    served = site(archive.home, hosts=["localhost"])
    await served.invoke_startup()
    for q in queries:
        expected = {key for key, texts in fields.items() if scan(q, texts)}
        by_cli = [hit.key for hit in search(archive.conn, q, limit=0)]
        assert (set(by_cli), len(by_cli)) == (expected, len(expected)), q
        page = await served.client.get("/search?" + urlencode({"q": q, "limit": 1000}))
        by_page = {html.unescape(key) for key in re.findall(r'class="headline" href="/a/([^"#]+)["#]', page.text)}
        assert by_page == expected, q
        rows = await served.client.get("/archive/articles.json?" + urlencode({"_search": q, "_size": 1000}))
        assert {row[1] for row in rows.json()["rows"]} == expected, q
        table = await served.client.get("/archive/articles?" + urlencode({"_search": q, "_size": 1}))
        assert table.status_code == 200, q
        counted = re.search(r"<span>([\d,]+) 行</span>", table.text)
        assert int(counted[1].replace(",", "")) == len(expected) if counted else not expected, q


def _fields(archive) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, *texts in archive.conn.execute(FIELDS):
        found.setdefault(key, []).extend(text for text in texts if text)
    return {key: list(dict.fromkeys(texts)) for key, texts in found.items()}


def _queries(chance: random.Random, texts: list[str], count: int):
    """Queries of 1 to 8 Chinese characters, words, numbers and mixtures from the texts, and some without a hit."""
    han = [run for text in texts for run in re.findall(r"[\u4e00-\u9fff]+", text)]
    words = [word for text in texts for word in re.findall(r"[A-Za-z]{2,}|\d+", text)]
    for _ in range(count):
        run, word = chance.choice(han), chance.choice(words)
        start = chance.randrange(len(run))
        piece = run[start : start + chance.randint(1, 8)]
        yield chance.choice(
            [piece, piece, piece, word, f"{piece} {word}", f"{piece}{word}", f'"{word} {piece}"', f"{word[:2]}*",
             f"{piece}，{chance.choice(han)[:2]}", piece[::-1], word.upper()]
        )  # fmt: skip
