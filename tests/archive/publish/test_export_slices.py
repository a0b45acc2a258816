"""The rows of a slice of the archive, and their description in the codebook."""

import json
from contextlib import closing
from pathlib import Path

import pytest
from support.tables import every_row
from support.taken_away import HIDDEN, archive_to_take

from archive import read_archive
from archive.files.home import Home
from archive.publish.exporting import DATA_SETS, FORMATS, Slice, rows, selection, write_file


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return archive_to_take(tmp_path_factory.mktemp("home"))


@every_row("what", DATA_SETS)
def test_no_data_set_has_a_withdrawn_article(home: Home, what: str) -> None:
    with closing(read_archive(home.path)) as archive:
        text = json.dumps([list(row) for row in rows(archive.conn, Slice(what))], ensure_ascii=False)
    assert [word for word in HIDDEN if word in text] == []


ROWS = {
    "articles": "select count(*) from articles where state <> 'withdrawn'",
    "revisions": "select count(*) from revisions r join articles a on a.id = r.article_id where state <> 'withdrawn'",
    "changes": "select count(*) from changes",
    "events": "select count(*) from events e join articles a on a.id = e.article_id where a.state <> 'withdrawn'",
    "captures": "select count(*) from captures where url not like '%/articles/5'",
    "coverage": "select count(*) from coverage",
}


@every_row("what", DATA_SETS)
def test_a_data_set_has_the_rows_that_sql_counts(home: Home, what: str) -> None:
    with closing(read_archive(home.path)) as archive:
        found = rows(archive.conn, Slice(what))
        (count,) = archive.conn.execute(ROWS[what]).fetchone()
        assert (len(found), len(list(found))) == (count, count)
        assert {len(row) for row in found} == {len(DATA_SETS[what].columns)}


@every_row(
    ("asked", "keys"),
    [
        (Slice(query="温度"), ["newsroom-1"]),
        (Slice(query="把小事办好"), []),
        (Slice(query="把小事办好", ever=True), ["newsroom-1"]),
        (Slice(query="城市治理", gone=True), []),
        (Slice(query="speaker:林知远 -一篇"), ["newsroom-1", "newsroom-6"]),
        (Slice(query="。"), []),
        (Slice(since="2024-04-15"), ["newsroom-2"]),
        (Slice(until="2024-04-14T00:00:00Z"), ["newsroom-1", "newsroom-4", "newsroom-6"]),
        (Slice(query="governance", sources=("newsroom",)), ["newsroom-2", "newsroom-7"]),
        (Slice(sources=("shangguan",)), []),
        (Slice("revisions", since="2024-04-18", until="2024-04-18"), ["newsroom-1"]),
        (Slice("revisions", query="清单 title:小事", until="2024-04-16T01:00:00Z"), ["newsroom-1"]),
        (Slice("changes", query="城市"), ["newsroom-1", "newsroom-1", "newsroom-1", "newsroom-6", "newsroom-6"]),
        (Slice("captures", query="governance", since="2024-04-17"), ["newsroom-7"]),
        (Slice("events", since="2024-04-19", until="2024-04-19"), ["newsroom-4"]),
        (Slice("coverage", since="2024-04-17"), ["missed", "failed"]),
    ],
)
def test_a_slice_has_what_was_asked_for(home: Home, asked: Slice, keys: list[str]) -> None:
    names = [each.name for each in DATA_SETS[asked.what].columns]
    place = names.index("key" if "key" in names else "outcome")
    with closing(read_archive(home.path)) as archive:
        found = [row[place] for row in rows(archive.conn, asked)]
        if asked.what == "articles":
            ids = list(selection(archive.conn, asked))
            by_id = dict(archive.conn.execute("select id, key from articles").fetchall())
            assert [by_id[each] for each in ids] == found
    assert sorted(found) == sorted(keys)


def test_every_column_is_described_in_both_languages() -> None:
    told = {(what, each.name): (each.titles, each.told) for what, data in DATA_SETS.items() for each in data.columns}
    lacking = [name for name, texts in told.items() if not all(text for pair in texts for text in pair)]
    same = [name for name, (titles, _) in told.items() if titles[0] == titles[1]]
    assert (lacking, same) == ([], [])


def test_the_codebook_says_what_was_not_looked_at(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "taken.csv"
    with closing(read_archive(home.path)) as archive:
        write_file(archive.conn, Slice(query="城市治理", since="2024-04-01"), FORMATS["csv"], path)
    told = json.loads(path.with_name("taken.csv.datapackage.json").read_text(encoding="utf-8"))
    assert told["coverage"]["slots"] == {
        "newsroom": {
            "first_due_at": "2024-04-16T01:00:00Z", "last_due_at": "2024-04-18T01:00:00Z",
            "done": 1, "failed": 1, "missed": 1,
        }
    }  # fmt: skip
    assert told["coverage"]["not_looked_at"] == [
        {"source": "newsroom", "due_at": "2024-04-18T01:00:00Z", "outcome": "failed"},
        {"source": "newsroom", "due_at": "2024-04-17T01:00:00Z", "outcome": "missed"},
    ]
    assert told["slice"]["query"] == "城市治理"
    assert told["schema"].startswith("m0")
    (resource,) = told["resources"]
    assert (resource["bytes"], resource["path"]) == (path.stat().st_size, "taken.csv")
    assert resource["hash"].removeprefix("sha256:") in told["citation"]
    fields = {each["name"]: each for each in resource["schema"]["fields"]}
    assert fields["characters"] == {
        "name": "characters", "type": "integer", "title": "Characters", "title_zh": "字数", "unit": "characters",
        "description": "length of the body without line breaks", "description_zh": "正文字数（不含换行）",
    }  # fmt: skip
