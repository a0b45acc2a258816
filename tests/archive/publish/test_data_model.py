"""docs/data-model.md answers its questions: each is asked as it stands, on the site and in plain SQLite."""

import re
import sqlite3
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.checkout import ROOT
from support.journeys import Thinker
from support.small_site import get, served
from support.tables import every_row

from archive import open_archive
from archive.files.clock import stamp
from archive.files.home import Home
from archive.judging.runs.slots import record_missed
from archive.schema.descriptions import TABLES
from newsroom.process import Site, running

PAGE = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
ASKED = re.findall(r"^## (\d+)\. .*?^```sql\n(.*?)^```\n\nGives (.*?)\.\s", PAGE, re.MULTILINE | re.DOTALL)
OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
NOW = datetime.now(UTC)
OLD = NOW - timedelta(days=40)  # when the newsroom's last article appeared
ONLY_ON_THE_SITE = {8}
# Whole answers, in the columns that do not depend on the moment.
ANSWERS = {
    1: [("newsroom-7", "removed", 2)],
    2: [("newsroom-12", 2), ("newsroom-13", 2)],
    5: [("newsroom", "body_text", "substantive", 1), ("newsroom", "headline", "substantive", 1)],
    11: [("newsroom-30", "imported")],
}
ANSWERED_BY = {
    1: ("key", "kind", "probes"),
    2: ("key", "number"),
    5: ("source", "property", "significance", "edits"),
    11: ("key", "at"),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive with an edited headline, an edited text, a removal, a reprint, a list page and a slot that passed."""
    folder = tmp_path_factory.mktemp("asked")
    with running(articles=60, clock=stamp(OLD)) as site:
        thinker = Thinker(folder / "home", site)
        thinker.run("crawl", "newsroom")
        site.event(do="edit", article=12)
        site.event(do="edit", article=13, property="headline", text="一个改过的标题")
        site.event(do="remove", article=7, how="404")
        thinker.run("crawl", "newsroom")
        thinker.run("crawl", "newsroom")
        thinker.run("import", str(_saved(site, folder)))
    with closing(open_archive(thinker.home)) as archive:
        record_missed(archive, "newsroom", [stamp(NOW - timedelta(days=2))], NOW)
    return thinker.home


def _saved(site: Site, folder: Path) -> Path:
    """An article of the newsroom and one of its lists, saved as pages of another site."""
    pages = folder / "pages"
    pages.mkdir()
    for name, path in (("reprint.html", "/article/30.html"), ("list.html", "/")):
        with OPEN(f"{site.address}{path}", timeout=60) as answer:
            content = answer.read().replace(site.address.encode(), b"http://reprint.example")
        (pages / name).write_bytes(content)
    return pages


@pytest.fixture(scope="module")
def answers(home: Path) -> Iterator[dict[int, list[dict[str, object]]]]:
    with served(Home(home)) as site:
        found = {}
        for number, sql, _ in ASKED:
            reply = get(site, "/archive.json", params={"_shape": "array", "sql": sql.strip().removesuffix(";")})
            assert reply.status_code == 200, (number, reply.text)
            found[int(number)] = reply.json()
        yield found


def test_the_document_asks_questions_1_to_12() -> None:
    assert [int(number) for number, _, _ in ASKED] == list(range(1, 13))


@pytest.mark.slow
@pytest.mark.parametrize("number", range(1, 13))
def test_the_answer_has_rows_and_the_columns_that_it_says(answers: dict, number: int) -> None:
    columns = re.findall(r"`(\w+)`", ASKED[number - 1][2])
    assert answers[number]
    assert list(answers[number][0]) == columns


@pytest.mark.parametrize("number", ANSWERS)
def test_four_questions_have_the_known_answers(answers: dict, number: int) -> None:
    told = [tuple(row[name] for name in ANSWERED_BY[number]) for row in answers[number]]
    assert sorted(told) == ANSWERS[number]


@every_row("number", sorted(set(range(1, 13)) - ONLY_ON_THE_SITE))
def test_plain_sqlite_answers_alike(home: Path, answers: dict, number: int) -> None:
    with closing(sqlite3.connect(f"{(home / 'archive.db').as_uri()}?mode=ro", uri=True)) as conn:
        rows = conn.execute(ASKED[number - 1][1]).fetchall()
    assert rows == [tuple(row.values()) for row in answers[number]]


def test_the_python_that_it_prints_reads_the_archive(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    exec(code.replace("data/demo", str(home)), {})
    assert len(capsys.readouterr().out.splitlines()) == 5


def test_the_document_names_only_tables_and_views_that_readers_see() -> None:
    (table,) = re.findall(r"^\| table or view \|.*?\n\n", PAGE, re.MULTILINE | re.DOTALL)
    named = set(re.findall(r"`(\w+)`", " ".join(line.split("|")[1] for line in table.strip().splitlines()[2:])))
    views = set(re.findall(r"`(\w+)`", PAGE.partition("Ready-made views are ")[2].partition("Tables that")[0]))
    assert named | views <= set(TABLES) | {"article_words", "revision_captures"}
