"""A rule that changed: the first writing command derives an older home anew, also after a kill; readers say so."""

import json
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, PARAGRAPHS, SOURCE, crawl, fetched, page, rows
from support.attacks import copied
from support.journeys import ENOUGH
from support.loaded import Loaded
from support.rule_fixtures import digests

from archive import Archive, OtherVersion, open_archive, read_archive
from archive.files.lock import locked
from archive.judging.crawl_ingest import CrawlIngest
from archive.replaying import deriving
from archive.rows.connection import connect
from archive.rows.quarantine import key_or_url
from archive.rules.rule_numbers import RULES, Rule, outdated
from archive.search.fields import COLUMNS, index_row
from archive.search.text import match_query

DAY = timedelta(days=1)
SEEN = {
    "strict": "select kind, count(*) from events group by 1",
    "lenient": "select kind, count(*) from events group by 1",
    "words": "select count(*) from article_words where article_words match 'x'",
    "identity": "select count(*) from addresses",
}
BEFORE: dict[str, list[tuple[object, ...]]] = {
    "strict": [("edited", 2), ("new", 6)],
    "lenient": [("edited", 2), ("new", 6)],
    "words": [(0,)],
    "identity": [(6,)],
}
AFTER: dict[str, list[tuple[object, ...]]] = {
    "strict": [("edited", 6), ("new", 6)],
    "lenient": [("new", 6)],
    "words": [(6,)],
    "identity": [(5,)],
}
RULE: dict[str, Rule] = {"strict": "significance", "lenient": "significance", "words": "words", "identity": "identity"}

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the current rules: two addresses that differ by a session alone, edits, and insignificant changes."""
    home = tmp_path_factory.mktemp("homes") / "before"
    narrow = tuple(text.replace("，", ",") for text in PARAGRAPHS)
    with closing(open_archive(home)) as archive:
        crawl(archive, NOON, {number: page(number) for number in range(4)})
        with CrawlIngest(archive, SOURCE, clock=lambda: NOON + DAY) as ingest:
            ingest.begin_crawl(NOON + DAY)
            for session in range(2):
                like = fetched(9, page(9, headline=f"第{session}个会话里的一篇"), NOON + DAY)
                ingest.add(replace(like, url=f"{like.url}?session={session}"))
            ingest.finish("finished", 2, 0, NOON + DAY)
        crawl(archive, NOON + 2 * DAY, {number: page(number, paragraphs=narrow) for number in range(4)})
        crawl(archive, NOON + 3 * DAY, {number: page(number, paragraphs=PARAGRAPHS[:2]) for number in range(2)})
    return home


@pytest.fixture
def run(tmp_path: Path) -> Run:
    def with_rule(home: Path, *words: str | int) -> subprocess.CompletedProcess[str]:
        command = ["-m", "support.changed_rules", str(home), *map(str, words)]
        process = Loaded(command, {"TMPDIR": str(tmp_path)})
        out, err = process.communicate(timeout=ENOUGH)
        return subprocess.CompletedProcess(command, process.returncode, out, err)

    return with_rule


def held(home: Path, which: str) -> list[tuple[object, ...]]:
    """The rows of the database, read without the archive, which may refuse to open it."""
    with closing(sqlite3.connect(home / "archive.db")) as conn:
        return conn.execute(SEEN[which]).fetchall()


@pytest.mark.parametrize(
    "which", ["words", *(pytest.param(rule, marks=pytest.mark.slow) for rule in ("lenient", "identity", "strict"))]
)
def test_an_older_home_is_derived_anew_by_the_first_that_writes(tmp_path: Path, before: Path, run: Run, which: str):
    home = copied(before, tmp_path / "home")
    assert held(home, which) == BEFORE[which]
    reading = run(home, which, "read")
    assert (reading.returncode, reading.stderr.count("\n")) == (0, 1)
    assert "rules of an earlier version" in reading.stderr
    assert "`thinker migrate`" in reading.stderr
    (fault,) = json.loads(run(copied(home, tmp_path / "examined"), which, "check").stdout)["faults"]
    assert fault in reading.stderr

    steps = int(run(copied(home, tmp_path / "measured"), which, "write").stdout)
    for share in (0.3, 0.9):
        assert run(home, which, "write", int(share * steps)).returncode == -9
        assert "rules of an earlier version" in run(home, which, "read").stderr
    writing = run(home, which, "write")
    assert (writing.returncode, writing.stderr.count("\n")) == (0, 1), writing.stderr
    assert held(home, which) == AFTER[which]
    assert run(home, which, "read").stderr == ""
    assert json.loads(run(home, which, "check").stdout) == {"faults": [], "lost": [], "differ": []}
    assert run(home, which, "write").stdout == ""  # once


def with_other_fields(home: Path) -> None:
    """Replace both indexes by those of a version that did not search the body, alike in everything else."""
    fields = ", ".join(name for name in COLUMNS if name != "body_text")
    with closing(connect(home / "archive.db")) as conn:
        said = dict(conn.execute("select search_id, headline from articles").fetchall())
        for table in ("article_words", "revision_words"):
            conn.execute(f"drop table {table}")
            conn.execute(
                f"create virtual table {table} using fts5({fields}, content='', contentless_delete=1, tokenize='ascii')"
            )
        rows = [(place, index_row({"headline": headline})[1]) for place, headline in said.items()]
        conn.executemany("insert into article_words (rowid, headline) values (?, ?)", rows)


@pytest.mark.slow
def test_indexes_of_other_fields_are_made_anew_beside_those_that_are_asked(tmp_path: Path, before: Path, run: Run):
    """Until the new ones are whole the old ones answer, also after a kill."""
    in_body, in_headline = PARAGRAPHS[0][:4], "一篇"
    home = copied(before, tmp_path / "home")
    with closing(read_archive(home)) as archive:
        whole = {each: hits(archive, each) for each in (in_body, in_headline)}
    assert all(whole.values())
    with_other_fields(home)
    assert "the search index" in run(home, "fields", "read").stderr
    steps = int(run(copied(home, tmp_path / "measured"), "fields", "write").stdout)
    for share in (0.3, 0.9):
        assert run(home, "fields", "write", int(share * steps)).returncode == -9
        with closing(read_archive(home)) as archive:
            assert (hits(archive, in_body), hits(archive, in_headline)) == (0, whole[in_headline])
    assert run(home, "fields", "write").returncode == 0
    with closing(read_archive(home)) as archive:
        assert {each: hits(archive, each) for each in whole} == whole
    assert json.loads(run(home, "fields", "check").stdout) == {"faults": [], "lost": [], "differ": []}
    assert run(home, "fields", "write").stdout == ""  # once


def hits(archive: Archive, words: str) -> int:
    return int(
        rows(archive, f"select count(*) from article_words where article_words match '{match_query(words)}'")[0][0]
    )


def test_addresses_that_become_one_may_become_two_again(tmp_path: Path, before: Path, run: Run):
    """Each is the article's that was seen there first, also of articles that shared one meanwhile."""
    sql = "select urlkey, url, article_id, first_seen_at, last_seen_at from addresses order by 1"
    home = copied(before, tmp_path / "home")
    with closing(open_archive(home)) as archive:
        stood = rows(archive, sql)
        waiting = rows(archive, "select urlkey from frontier order by 1")
    assert run(home, "identity", "write").returncode == 0
    with closing(sqlite3.connect(home / "archive.db")) as conn:
        ((first, last),) = conn.execute("select first_seen_at, last_seen_at from addresses where url like '%9.html%'")
        assert (first, last) == ("2026-11-26T12:00:00Z", "2026-11-26T12:00:00Z")
    assert run(home, "apart", "write").returncode == 0
    assert json.loads(run(home, "apart", "check").stdout) == {"faults": [], "lost": [], "differ": []}
    with closing(sqlite3.connect(home / "archive.db")) as conn:
        assert conn.execute(sql).fetchall() == stood
        assert {*waiting} <= {*conn.execute("select urlkey from frontier")}


def test_a_writer_of_an_older_version_stops_where_a_newer_one_derived(tmp_path: Path, before: Path, run: Run):
    home = copied(before, tmp_path / "home")
    with closing(open_archive(home)) as archive:
        assert run(home, "words", "write").returncode == 0
        with pytest.raises(OtherVersion, match="made by a newer version of thinker: upgrade"):
            crawl(archive, NOON + 4 * DAY, {1: page(1)})


def test_addresses_that_swap_their_urlkeys_are_rekeyed_correctly(
    tmp_path: Path, before: Path, monkeypatch: pytest.MonkeyPatch
):
    """Address 1 gets the key of address 2, and that one the key of 1; so do the frontier and related links."""
    with closing(open_archive(copied(before, tmp_path / "home"))) as archive:
        archive.conn.execute(
            "insert into related_records (article_id, position, url, urlkey, headline)"
            " select id, 99, url, 'old', 'x' from articles limit 1"
        )
        keys = dict(rows(archive, "select url, urlkey from addresses"))
        one, two = sorted(keys)[:2]
        swapped = {**keys, one: keys[two], two: keys[one]}
        monkeypatch.setattr(deriving, "key_or_url", lambda url: swapped.get(url, key_or_url(url)))
        archive.conn.execute("begin")
        deriving.rekey(archive.conn)
        archive.conn.execute("commit")
        assert dict(rows(archive, "select url, urlkey from addresses")) == swapped
        assert dict(rows(archive, "select url, urlkey from frontier where url like '%article/%'")) == swapped
        assert (
            dict(rows(archive, "select url, urlkey from captures where url in (select url from addresses)")) == swapped
        )
        assert rows(archive, "select url is not null and urlkey <> 'old' from related_records where position = 99") == [
            (1,)
        ]


def test_nothing_is_derived_beside_a_process_that_writes(tmp_path: Path, before: Path, run: Run):
    home = copied(before, tmp_path / "home")
    with closing(read_archive(home)) as archive, locked(archive.home, "newsroom"):
        writing = run(home, "words", "write")
    assert "newsroom is in use by process" in writing.stderr
    assert held(home, "words") == BEFORE["words"]


def test_an_archive_of_later_rules_is_refused(tmp_path: Path, before: Path):
    home = copied(before, tmp_path / "home")
    with closing(open_archive(home)) as archive:
        archive.conn.execute("update rules set number = number + 1 where name = 'words'")
    for opening in (open_archive, read_archive):
        with pytest.raises(OtherVersion, match="made by a newer version of thinker: upgrade"):
            opening(home)


def test_an_archive_that_is_made_today_follows_the_rules_of_today(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(RULES, "words", 7)
    with closing(open_archive(tmp_path)) as archive:
        assert outdated(archive.conn) == []
        assert dict(rows(archive, "select name, number from rules")) == dict(RULES)


def test_a_changed_rule_needs_a_new_number():
    """A line is added and none is ever changed: a number too few leaves archives as they were."""
    lines = Path(__file__).with_name("rules.tsv").read_text("ascii").splitlines()
    last = {rule: (int(number), digest) for rule, number, digest in (line.split("\t") for line in lines)}
    for rule, found in digests().items():
        if last[rule] != (RULES[rule], found):
            where = "archive/rules/rule_numbers.py"
            asked = f"raise RULES[{rule!r}] in {where} by one and add to tests/archive/stores/rules.tsv:"
            pytest.fail(f"the rule has changed: {asked} {rule}\t{last[rule][0] + 1}\t{found}", pytrace=False)
