"""Corrections of properties: values are read as the parser reads, and search finds both values after any later act."""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, crawl, fetched, page, rows
from support.lives import MIRROR, proved
from support.tables import every_row

from archive import Archive, open_archive
from archive.answers import history, show
from archive.judging import Acting, UnfitError, correct, merge, split, undo
from archive.judging.crawl_ingest import CrawlIngest
from archive.properties import CORRECTABLE, last_corrections
from archive.replaying import verify
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database
from archive.rules import corrected_value
from archive.search import match_query, reindex, search
from archive.search.uses import uses_of

DAY = timedelta(days=1)
OPS = Acting("ops", "misread")
HEADLINE = "第1篇文章谈一体化"


def at(day: int):
    return lambda: NOON + day * DAY


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Articles 1 and 2, seen on the first day."""
    with closing(open_archive(tmp_path / "home")) as opened:
        crawl(opened, NOON, {1: page(1), 2: page(2)})
        yield opened


def found(archive: Archive, q: str) -> list[str]:
    return sorted(hit.key for hit in search(archive.conn, q))


def in_field(archive: Archive, field: str, q: str) -> list[str]:
    sql = """
        select a.key from article_words f join articles a on a.search_id = f.rowid
         where article_words match ? order by 1
        """
    return [key for (key,) in archive.conn.execute(sql, (f"{field} : ({match_query(q)})",))]


@every_row(
    ("name", "said", "value"),
    [
        ("headline", ["  江与海　的连接\n"], "江与海 的连接"),
        ("alternative_headline", ["从长江口说起"], "从长江口说起"),
        ("kicker", ["思想者"], "思想者"),
        ("article_section", ["思想者"], "思想者"),
        ("speaker", ["林\u200b知远"], "林知远"),
        ("speaker", [""], None),
        ("standfirst", ["Cafe\u0301 与\x00茶"], "Café 与茶"),
        ("authors", ["林知远", "周牧"], "林知远\n周牧"),
        ("authors", ["林知远、周牧；Smith, John;周牧"], "林知远\n周牧\nSmith, John"),
        ("editors", [""], None),
        ("editors", ["admin"], "admin"),
        ("source_line", ["江海日报"], "江海日报"),
        ("keywords", ["江海\n城市", "城市"], "江海\n城市"),
        ("date_published", ["2024年4月13日 23:01"], "2024-04-13T23:01:00+08:00"),
        ("date_published", ["2024-04-13"], "2024-04-13"),
        ("date_published", ["20240413"], "2024-04-13"),
        ("date_published", [""], None),
        ("date_modified", ["2024-04-13T15:01:00Z"], "2024-04-13T15:01:00+00:00"),
        ("in_language", ["zh-Hans"], "zh-Hans"),
    ],
)
def test_a_value_is_cleaned_and_read_as_a_page_is(name: str, said: list[str], value: str | None) -> None:
    assert corrected_value(name, said) == value
    if value is not None:
        assert corrected_value(name, value.split("\n")) == value


def test_a_date_without_a_zone_is_of_the_source() -> None:
    assert corrected_value("date_published", ["2024-04-13 23:01"], "Europe/Berlin") == "2024-04-13T23:01:00+02:00"


DATES = "2024-04-13, 2024-04-13 23:01 or 2024-04-13T23:01:00+08:00"


@every_row(
    ("name", "said", "why"),
    [
        ("spaeker", ["x"], "no property 'spaeker' can be corrected: did you mean speaker?"),
        ("body_text", ["x"], f"no property 'body_text' can be corrected: choose one of {', '.join(CORRECTABLE)}"),
        ("date_published", ["昨天"], f"date_published: '昨天' is not a date such as {DATES}"),
        ("date_published", ["3小时前"], f"date_published: '3小时前' is not a date such as {DATES}"),
        ("date_published", ["4月13日"], f"date_published: '4月13日' is not a date such as {DATES}"),
        ("date_published", ["03/04/2024"], f"date_published: '03/04/2024' is not a date such as {DATES}"),
        ("date_published", ["2024-02-30"], f"date_published: '2024-02-30' is not a date such as {DATES}"),
        (
            "date_published",
            ["约2024年4月13日"],
            f"date_published: '约2024年4月13日' is not a date such as {DATES}",
        ),
        ("in_language", ["中文"], "in_language: '中文' is not a language such as zh-Hans or en"),
        ("speaker", ["林知远", "周牧"], "speaker has one value, not 2: put it between quotes"),
        ("speaker", [" \u202e"], 'speaker: the value shows nothing: to say that there is none, write ""'),
        ("speaker", ["林\udcff"], "speaker: the value is not text in UTF-8"),
        ("headline", [""], "headline: an article is not without a headline"),
        ("standfirst", ["字" * 10_001], "standfirst: the value has 10,001 characters, more than 10,000"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_one_line(name: str, said: list[str], why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why[:40])) as raised:
        corrected_value(name, said)
    assert str(raised.value) == why


def test_a_correction_changes_no_version_and_no_text_of_it_is_in_the_ledger(archive: Archive) -> None:
    before, versions = proved(archive), history(archive.conn, "newsroom-1", every=True)
    act = correct(archive, "newsroom-1", "speaker", ["林知远"], OPS, at(1))
    assert history(archive.conn, "newsroom-1", every=True) == versions
    (told,) = show(archive.conn, "newsroom-1")["corrections"]
    assert told == {
        "property": "speaker", "value": "林知远", "lost": False, "at": "2026-11-26T12:00:00Z", "by": "ops",
        "reason": "misread", "act": act,
    }  # fmt: skip
    assert show(archive.conn, "newsroom-1")["speaker"] is None
    after = proved(archive)
    changed = {"acts", "applied", "corrections", "events", "article_words"}
    assert {table for table in before if before[table] != after[table]} == changed
    chain = (archive.home.ledger / "operator.jsonl").read_text("utf-8")
    assert ("知远" in chain, '"corrected"' in chain) == (False, True)
    undo(archive, act, OPS, at(2))
    left = proved(archive)
    assert {table for table in before if before[table] != left[table]} == {"acts", "applied", "events"}


def test_the_last_correction_counts_and_undoing_it_brings_back_the_one_before(archive: Archive) -> None:
    def values() -> list[object]:
        return [each["value"] for each in show(archive.conn, "newsroom-1")["corrections"]]

    acts = [correct(archive, "newsroom-1", "speaker", [said], OPS, at(1)) for said in ("林知远", "周牧", "")]
    assert (values(), found(archive, "林知远"), found(archive, "周牧")) == ([None], [], [])
    undo(archive, acts[2], OPS, at(2))
    assert (values(), found(archive, "林知远"), found(archive, "周牧")) == (["周牧"], [], ["newsroom-1"])
    undo(archive, acts[0], OPS, at(2))
    assert values() == ["周牧"]
    undo(archive, acts[1], OPS, at(2))
    assert (values(), found(archive, "周牧")) == ([], [])


def test_a_value_that_is_shown_already_is_refused(archive: Archive) -> None:
    for name, said, why in (
        ("headline", HEADLINE, f"newsroom-1: headline is shown as '{HEADLINE}' already"),
        ("speaker", "", "newsroom-1 shows no speaker already"),
    ):
        with pytest.raises(UnfitError) as raised:
            correct(archive, "newsroom-1", name, [said], OPS, at(1))
        assert str(raised.value) == why
    assert not (archive.home.ledger / "operator.jsonl").exists()


def test_both_values_are_found_after_an_edit_a_reindex_and_a_rebuild(archive: Archive, tmp_path: Path) -> None:
    correct(archive, "newsroom-1", "headline", ["江与海的连接"], OPS, at(1))
    correct(archive, "newsroom-1", "keywords", ["长江口", "海上风电"], OPS, at(1))
    said = ["江与海", "长江口", "海上风电", "江与海 海上风电 一体化发展", '"江与海的连接"']

    def checked(archive: Archive, headline: str) -> None:
        assert [q for q in [*said, f'"{headline}"'] if found(archive, q) != ["newsroom-1"]] == []
        assert [in_field(archive, "headline", q) for q in ("江与海的连接", headline)] == [["newsroom-1"]] * 2
        assert in_field(archive, "keywords", "长江口") == ["newsroom-1"]
        assert in_field(archive, "body_text", "江与海的连接") == in_field(archive, "speaker", "长江口") == []
        assert found(archive, '"长江口海上"') == found(archive, "口海") == []  # across two keywords

    checked(archive, HEADLINE)
    words = proved(archive)["article_words"]
    reindex(archive.conn)
    assert proved(archive)["article_words"] == words
    crawl(archive, NOON + 2 * DAY, {1: page(1, headline="改过的题目谈协调"), 2: page(2)})
    checked(archive, "改过的题目谈协调")
    assert found(archive, f'"{HEADLINE}"') == []
    assert [hit.key for hit in search(archive.conn, f'"{HEADLINE}"', gone=True)] == ["newsroom-1"]
    live = proved(archive)
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    assert prove(archive, scratch) == ()
    rebuild_database(archive.home.path, NOON)
    with closing(open_archive(archive.home.path)) as again:
        assert proved(again) == live
        checked(again, "改过的题目谈协调")


def test_a_hit_by_a_correction_alone_says_so_and_shows_the_text_of_the_site(archive: Archive) -> None:
    correct(archive, "newsroom-1", "speaker", ["林知远"], OPS, at(1))
    (hit,) = search(archive.conn, "林知远")
    assert [(each.property, each.text, each.ours) for each in hit.matched] == [("speaker", "林知远", True)]
    assert hit.snippet.startswith("长三角一体化发展上升")
    (hit,) = search(archive.conn, "一体化 知远")
    assert [each.ours for each in hit.matched] == [True]


def test_a_phrase_is_counted_in_what_sites_said(archive: Archive) -> None:
    correct(archive, "newsroom-1", "headline", ["江与海的连接"], OPS, at(1))
    correct(archive, "newsroom-1", "speaker", ["林知远"], OPS, at(1))
    assert len(uses_of(archive.conn, "江与海")[0]) == 0
    assert len(uses_of(archive.conn, "一体化")[0]) == 2


def test_a_correction_follows_the_key_that_was_named(archive: Archive) -> None:
    first = correct(archive, "newsroom-2", "speaker", ["林知远"], OPS, at(1))
    second = correct(archive, "newsroom-1", "keywords", ["长江口"], OPS, at(1))
    words = proved(archive)["article_words"]
    merged = merge(archive, "newsroom-1", "newsroom-2", OPS, at(2))
    assert [each["act"] for each in show(archive.conn, "newsroom-2")["corrections"]] == [first, second]
    assert found(archive, "林知远 长江口") == ["newsroom-1"]
    third = correct(archive, "newsroom-1", "speaker", ["周牧"], OPS, at(3))
    assert (found(archive, "林知远"), found(archive, "周牧")) == ([], ["newsroom-1"])
    undo(archive, third, OPS, at(3))
    undo(archive, merged, OPS, at(4))
    assert proved(archive)["article_words"] == words
    assert (found(archive, "林知远"), found(archive, "长江口")) == (["newsroom-2"], ["newsroom-1"])


def test_a_correction_stays_with_its_keys_part_after_a_split(archive: Archive) -> None:
    merge(archive, "newsroom-1", "newsroom-2", OPS, at(1))
    correct(archive, "newsroom-2", "speaker", ["林知远"], OPS, at(2))
    split(archive, "newsroom-1", ["http://example.com/article/2.html"], OPS, at(3))
    assert (found(archive, "林知远"), show(archive.conn, "newsroom-1")["corrections"]) == (["newsroom-2"], [])


def test_a_missing_value_is_a_fault_with_its_remedy_and_a_rebuild_goes_on(archive: Archive, tmp_path: Path) -> None:
    act = correct(archive, "newsroom-1", "speaker", ["林知远"], OPS, at(1))
    assert verify(archive).ok
    (path,) = (archive.home.ledger / "values").iterdir()
    kept = path.rename(tmp_path / "kept")
    (fault,) = verify(archive).faults
    assert (fault.file, fault.kind) == (f"ledger/values/{path.name}", "missing")
    assert fault.detail == (
        "it holds our correction of speaker of newsroom-1, and is missing: put it back from a backup and run "
        f"`thinker rebuild`, or run `thinker undo {act[7:19]}` and correct it again"
    )
    rebuild_database(archive.home.path, NOON)
    with closing(open_archive(archive.home.path)) as again:
        (told,) = show(again.conn, "newsroom-1")["corrections"]
        assert (told["value"], told["lost"], found(again, "林知远")) == (None, True, [])
        assert rows(again, "select value, value_digest from corrections") == [(None, path.stem)]
    path.write_text("周牧", "utf-8")
    rebuild_database(archive.home.path, NOON)
    with closing(open_archive(archive.home.path)) as again:
        assert [fault.kind for fault in verify(again).faults] == ["altered"]
        assert show(again.conn, "newsroom-1")["corrections"][0]["lost"]
    shutil.copy(kept, path)
    rebuild_database(archive.home.path, NOON)
    with closing(open_archive(archive.home.path)) as again:
        assert (verify(again).ok, found(again, "林知远")) == (True, ["newsroom-1"])


def test_a_correction_needs_few_reads_among_many(archive: Archive) -> None:
    """No correction is scanned for one article's: the plan names the index of its keys."""
    correct(archive, "newsroom-1", "speaker", ["林知远"], OPS, at(1))
    plan = archive.conn.execute(f"explain query plan {last_corrections('1')}").fetchall()
    assert [line for *_, line in plan if line.startswith("SCAN")] == []


def test_a_correction_of_an_article_of_another_source_reads_its_zone(archive: Archive) -> None:
    with CrawlIngest(archive, MIRROR, clock=lambda: NOON) as ingest:
        ingest.begin_crawl(NOON)
        ingest.add(fetched(1, page(1), NOON))
        ingest.finish("finished", 1, 0, NOON)
    (key,) = archive.conn.execute("select key from articles where source = 'mirror'").fetchone()
    correct(archive, key, "date_published", ["2024-05-01 08:00"], OPS, at(1))
    assert show(archive.conn, key)["corrections"][0]["value"] == "2024-05-01T08:00:00+08:00"
    with pytest.raises(UnfitError, match="no article with the key"):
        correct(archive, "nothing-1", "speaker", ["林知远"], OPS, at(1))
