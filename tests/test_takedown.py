"""The command takedown: no word of a hidden article is shown anywhere, and undoing it shows everything again."""

import asyncio
import json
import re
import shutil
import sqlite3
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import closing, contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from support.journeys import Thinker, asked
from support.leaking import Runs, rows_with, runs_of
from support.lives import proved
from support.small_site import get, served
from support.stranger import close
from support.tables import every_row

from archive import open_archive
from archive.files.home import Home
from newsroom.process import running

KEY, NUMBER = "newsroom-9", 9
OF_A_KIND = 12  # addresses of one kind that are asked for; the others differ by a number or a name
STARTS = (
    "/", "/sitemap.xml", "/changes.atom", "/changes.json?all=1", "/.atom", "/.feed.json", "/search?q=发展&ever=1",
    "/search.csv?q=发展", "/browse/people", "/browse/tags", "/phrase?q=发展", f"/a/{KEY}", f"/a/{KEY}.json",
    f"/a/{KEY}/captures", f"/a/{KEY}/timemap", f"/a/{KEY}/diff/1..2", f"/a/{KEY}/v/1", f"/a/{KEY}/v/1.bib",
    "/-/metrics", "/archive/articles.json?_size=100", "/archive/revisions.csv?_size=100", "/archive/changes.json",
    "/archive/related_records.json?_size=100", "/archive.json?sql=select+*+from+events",
)  # fmt: skip


@pytest.fixture(scope="module")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Thinker, Runs, Path]]:
    """An archive whose ninth article, in three versions and linked by others, is hidden; and a copy of before."""
    folder = tmp_path_factory.mktemp("hidden")
    with running(articles=36) as site:
        thinker = Thinker(folder / "home", site)
        thinker.run("crawl", "newsroom")
        for _ in range(2):
            site.event(do="edit", article=NUMBER)
            thinker.run("crawl", "newsroom")
        runs = runs_of(thinker.home / "archive.db", KEY)
        shutil.copytree(thinker.home, folder / "before")
        thinker.run("takedown", KEY, "--hide", "--reason", "copyright", "--yes")
        yield thinker, runs, folder / "before"


def test_no_table_and_no_page_of_the_file_has_a_word_of_it(hidden: tuple[Thinker, Runs, Path]) -> None:
    thinker, runs, before = hidden
    assert {"articles", "states", "state_texts", "related_records"} <= rows_with(before / "archive.db", runs)
    assert rows_with(thinker.home / "archive.db", runs) == set()
    assert [path.name for path in thinker.home.glob("archive.db*") if runs.in_(path.read_bytes())] == []


@pytest.mark.slow
def test_the_whole_site_has_no_word_of_it(hidden: tuple[Thinker, Runs, Path]) -> None:
    thinker, runs, before = hidden
    starts = (f"/a/{KEY}", f"/a/{KEY}/captures", "/a/newsroom-1/captures", *STARTS)
    with served(Home(before)) as site:
        had = [path for path, found in walked(site, runs, starts) if found]
        assert {kind_of(path) for path in had} >= {"/", "/a/*", "/capture/*", "/capture/*/bytes"}
    with served(Home(thinker.home)) as site:
        seen = list(walked(site, runs, starts))
        assert {path: found for path, found in seen if found} == {}
        assert {get(site, path).status_code for path in had if path.startswith("/capture/")} == {410}
        assert 200 in {get(site, path).status_code for path, _ in seen if path.startswith("/capture/")}
    assert len(seen) > 300


def test_plain_datasette_has_no_word_of_it(hidden: tuple[Thinker, Runs, Path]) -> None:
    thinker, runs, _ = hidden
    with plain(thinker.home) as site:
        assert {path: found for path, found in walked(site, runs, ("/", "/archive"), 150) if found} == {}


@every_row(
    ("command", "code"),
    [
        (f"show {KEY}", 1), (f"show {KEY} --json", 1), (f"history {KEY}", 1), (f"history {KEY} --all", 1),
        (f"diff {KEY}", 1), (f"diff {KEY} 1..2", 1), ("changes", 0), ("changes --json", 0),
        ("search HEADLINE --json", 0), ("search HEADLINE --ever", 0), ("phrase HEADLINE --json", 0), ("status", None),
        ("undo --json", 0), ("sources show newsroom", None),
    ],
)  # fmt: skip
def test_no_command_has_a_word_of_it(hidden: tuple[Thinker, Runs, Path], command: str, code: int | None) -> None:
    thinker, runs, before = hidden
    headline = json.loads(asked(before, "show", KEY, "--json")[1])["headline"]
    words = [word if word != "HEADLINE" else headline for word in command.split()]
    found, out, err = asked(thinker.home, *words)
    assert code in (None, found)
    said = (out + err).replace(headline, "") if headline in words else out + err  # a phrase is repeated
    assert runs.in_(said.encode()) == []
    if code == 1:
        assert re.fullmatch(rf"thinker: {KEY}: withdrawn at \S+; nothing of it is shown\n", err)


def test_the_index_is_healthy_without_it(hidden: tuple[Thinker, Runs, Path]) -> None:
    rules = json.loads(asked(hidden[0].home, "status", "--json")[1])["rules"]
    assert [rule["ok"] for rule in rules if rule["name"] == "search"] == [True]


def test_its_page_is_a_tombstone_and_the_feed_has_one_entry(hidden: tuple[Thinker, Runs, Path]) -> None:
    thinker, *_ = hidden
    with served(Home(thinker.home)) as site:
        told = get(site, f"/a/{KEY}.json")
        assert (told.status_code, told.json().keys(), told.json()["reason"]) == (
            410, {"key", "state", "at", "reason"}, "copyright"
        )  # fmt: skip
        shown = get(site, f"/a/{KEY}?ui=en")
        assert (shown.status_code, "copyright" in shown.text) == (410, True)
        events = [event for event in get(site, "/changes.json?all=1").json()["events"] if event["key"] == KEY]
        assert [(event["kind"], event["headline"]) for event in events] == [("withdrawn", "")]
        assert get(site, "/changes.atom").text.count(f"/a/{KEY}") == 1
        assert f"/a/{KEY}" not in get(site, "/").text + get(site, "/sitemap-1.xml").text


def test_the_search_indexes_hold_no_words_of_deleted_rows(hidden: tuple[Thinker, Runs, Path], tmp_path: Path) -> None:
    shutil.copy(hidden[0].home / "archive.db", tmp_path / "archive.db")
    with closing(sqlite3.connect(tmp_path / "archive.db")) as conn:
        for index in ("article_words", "revision_words"):
            (size,) = conn.execute(f"select sum(length(block)) from {index}_data").fetchone()
            conn.execute(f"insert into {index} ({index}) values ('optimize')")  # drops them, if there are any
            assert conn.execute(f"select sum(length(block)) from {index}_data").fetchone() == (size,)


def test_crawls_and_imports_show_nothing_of_it_and_undo_shows_it_all(tmp_path: Path) -> None:
    with running(articles=12) as site:
        thinker, other = (Thinker(tmp_path / name, site) for name in ("home", "other"))
        thinker.run("crawl", "newsroom")
        shutil.copytree(thinker.home, other.home)
        address = f"{site.address}/article/{NUMBER}.html"
        act = thinker.json("takedown", address, "--hide", "--reason", "request", "--yes")["act"]
        site.event(do="edit", article=NUMBER)
        page = tmp_path / "page.html"
        page.write_bytes(site._get(f"/article/{NUMBER}.html"))
        for each in (thinker, other):
            each.run("crawl", "newsroom")
            each.run("import", str(page), "--source", "newsroom", "--captured-at", "2026-11-01T00:00:00Z")
            each.run("import", str(page), "--captured-at", "2026-11-02T00:00:00Z")
        runs = runs_of(other.home / "archive.db", KEY)
        assert rows_with(thinker.home / "archive.db", runs) == set()
        assert thinker.json("verify", "--deep")["ok"]
        thinker.run("rebuild")
        assert rows_with(thinker.home / "archive.db", runs) == set()
        thinker.run("undo", act[7:19])
        assert thinker.json("verify", "--deep")["ok"]
        assert [texts(each) for each in (thinker,)] == [texts(other)]
        live = rows_of(thinker)
        thinker.run("rebuild")
        assert rows_of(thinker) == live


def test_takedown_without_hide_or_without_an_answer_is_refused(hidden: tuple[Thinker, Runs, Path]) -> None:
    for words, line in (
        ("newsroom-1 --reason request", "only --hide is there yet"),
        ("newsroom-1 --hide --reason request", "there is no terminal to ask on: add --yes"),
        (f"{KEY} --hide --reason request --yes", f"{KEY} is withdrawn already"),
    ):
        code, _, err = asked(hidden[0].home, "takedown", *words.split())
        assert (code, line in err) == (2, True), err


def texts(thinker: Thinker) -> list[Any]:
    """Each version of the article, by its digest, and its texts."""
    history = [{name: row[name] for name in ("number", "content_digest", "changes")} for row in
               thinker.json("history", KEY)]  # fmt: skip
    return [history, thinker.json("show", KEY)]


def rows_of(thinker: Thinker) -> dict[str, Any]:
    with closing(open_archive(thinker.home)) as archive:
        return proved(archive)


@contextmanager
def plain(home: Path) -> Iterator[Datasette]:
    """Yield stock Datasette on archive.db, without our plugin."""
    there = Datasette([str(home / "archive.db")], settings={"num_sql_threads": 1})
    asyncio.run(there.invoke_startup())
    try:
        yield there
    finally:
        close(there)


def walked(
    site: Datasette, runs: Runs, starts: tuple[str, ...] = STARTS, most: int = 900
) -> Iterator[tuple[str, list[bytes]]]:
    """Yield every address that pages lead to, of each kind at most OF_A_KIND, with the runs that its answer has."""
    waiting, seen, kinds = deque(starts), set(starts), Counter[str]()
    while waiting and len(seen) and kinds.total() < most:
        path = waiting.popleft()
        kinds[kind_of(path)] += 1
        answer = get(site, path)
        yield path, runs.in_(answer.content)
        if "html" in answer.headers.get("content-type", "") or "xml" in answer.headers.get("content-type", ""):
            for found in re.findall(r'(?:href="|<loc>|src=")(?:https?://[^/"]*)?(/[^"<#]*)', answer.text):
                link = unescape(found)
                if link not in seen and kinds[kind_of(link)] < OF_A_KIND:
                    seen.add(link)
                    waiting.append(link)


def kind_of(path: str) -> str:
    """The path with `*` for names and numbers, and `?` if it has a query."""
    plain, mark, _ = path.partition("?")
    parts = ["*" if re.search(r"\d|%", part) else part for part in plain.split("/")]
    return "/".join(parts) + mark
