"""A hidden article has no word in any row, and once the act is undone all rows are those of a life without it."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from support.archiving import NOON, PARAGRAPHS, SOURCE, crawl, fetched, page, rows
from support.lives import MIRROR, proved
from support.tables import every_row

from archive import Archive, open_archive
from archive.judging import Acting, UnfitError, hide, merge, merge_doubles, remains_of, split, undo
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.import_ingest import ImportIngest
from archive.reparsing.selecting import candidates, how_many
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database

DAY = timedelta(days=1)
OPS = Acting("ops", "request")
SECRET, EDITED, NEWEST = (
    (*PARAGRAPHS, "港口的灯塔整夜照着归航的渔船。", f"第二段写{word}，写了很久，也写了很多。")
    for word in ("潮水", "雾", "雪")
)
HEADLINE = "灯塔守望者的一天"


def secret(paragraphs: tuple[str, ...] = SECRET) -> bytes:
    return page(1, HEADLINE, paragraphs)


def linking(number: int, paragraphs: tuple[str, ...]) -> bytes:
    """A page whose related links name article 1 and article 4."""
    links = "".join(
        f'<li><a href="/article/{to}.html">{name}</a></li>' for to, name in ((1, HEADLINE), (4, "第4篇文章谈一体化"))
    )
    return page(number, paragraphs=paragraphs).replace(
        b"</body>", f"<div class=related><h3>相关阅读</h3><ul>{links}</ul></div></body>".encode()
    )


def begun(home: Path) -> Archive:
    """Articles 1 (in two versions), 2 and 3 (which link it, one in two versions) and 4, over two days."""
    archive = open_archive(home)
    texts = (PARAGRAPHS, (*PARAGRAPHS, "这里多讲一段社区食堂的账目。"))
    crawl(archive, NOON, {1: secret(), 2: linking(2, texts[0]), 3: linking(3, texts[0]), 4: page(4)})
    crawl(archive, NOON + DAY, {1: secret(EDITED), 2: linking(2, texts[1]), 3: 304, 4: 404})
    return archive


def words(archive: Archive) -> set[str]:
    """The tables in which a row has a word of article 1."""
    return {
        table
        for table, found in proved(archive).items()
        if any(word in str(row) for row in found for word in ("灯塔", "潮水", "第二段写"))
    }


def traces(before: dict[str, Any], after: dict[str, Any]) -> set[str]:
    return {table for table in before if before[table] != after[table]}


def test_nothing_is_left_and_undoing_it_leaves_no_trace_but_the_acts(tmp_path: Path) -> None:
    with closing(begun(tmp_path)) as archive:
        before = proved(archive)
        assert words(archive) == {"articles", "states", "state_texts", "related_records"}
        act = hide(archive, "newsroom-1", OPS, lambda: NOON + 2 * DAY)
        assert words(archive) == set()
        assert rows(archive, "select state, headline, revisions from articles where key = 'newsroom-1'") == [
            ("withdrawn", "", 0)
        ]
        assert rows(archive, "select count(*) from related_records where headline <> ''") == [(2,)]
        assert [each for each in tmp_path.glob("archive.db*") if "灯塔守望者".encode() in each.read_bytes()] == []
        undo(archive, act, OPS, lambda: NOON + 3 * DAY)
        after = proved(archive)
    assert traces(before, after) == {"acts", "applied", "events"}
    added = [row for row in after["events"] if row not in before["events"]]
    assert sorted(str(kind) for *_, kind, _, _, _, _ in added) == ["undone", "withdrawn"]


def test_later_lines_show_nothing_and_undo_gives_the_life_without_the_act(tmp_path: Path) -> None:
    """The life without the act is a replay of the same files without the chain of the operator."""
    with closing(begun(tmp_path / "home")) as archive:
        act = hide(archive, "newsroom-1", OPS, lambda: NOON + 2 * DAY)
        crawl(archive, NOON + 3 * DAY, {1: secret(NEWEST), 2: 304, 3: linking(3, (*PARAGRAPHS, "第三天又添了一段。"))})
        with CrawlIngest(archive, MIRROR, clock=lambda: NOON + 4 * DAY) as ingest:
            ingest.begin_crawl(NOON + 4 * DAY)
            ingest.add(fetched(1, secret(NEWEST), NOON + 4 * DAY))
            ingest.finish("finished", 1, 0, NOON + 4 * DAY)
        for source in (SOURCE, MIRROR):
            with ImportIngest(archive, source, clock=lambda: NOON + 5 * DAY) as imported:
                imported.add_resource(secret(), "text/html", "http://example.com/kept.html", None)
        crawl(archive, NOON + 6 * DAY, {1: 404, 3: 304, 4: page(4)})
        assert words(archive) == set()
        hidden = rows(archive, "select key from articles where state = 'withdrawn' order by key")
        assert [str(key).partition("-")[0] for (key,) in hidden] == ["mirror", "mirror", "newsroom", "newsroom"]
        (tmp_path / "scratch").mkdir()
        assert prove(archive, tmp_path / "scratch") == ()
        undo(archive, act, OPS, lambda: NOON + 7 * DAY)
        live = proved(archive)
    home = tmp_path / "home"
    for path in [*home.glob("archive.db*"), home / "ledger" / "operator.jsonl"]:
        path.unlink()
    rebuild_database(home, NOON + 8 * DAY)
    with closing(open_archive(home)) as archive:
        assert traces(live, proved(archive)) == {"acts", "applied", "events"}


def test_a_line_without_its_rows_is_caught_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(begun(tmp_path)) as archive:
        archive.conn.execute("vacuum into ?", (str(tmp_path / "before.db"),))
        hide(archive, "newsroom-1", OPS, lambda: NOON + 2 * DAY)
        live = proved(archive)
    for path in tmp_path.glob("archive.db*"):
        path.unlink()
    (tmp_path / "before.db").rename(tmp_path / "archive.db")
    with closing(open_archive(tmp_path)) as archive:
        assert proved(archive) == live
        assert words(archive) == set()


@every_row(
    ("acting", "line"),
    [
        (lambda archive: hide(archive, "newsroom-1", OPS, lambda: NOON + 3 * DAY), "newsroom-1 is withdrawn already"),
        (
            lambda archive: merge(archive, "newsroom-4", "newsroom-1", OPS, lambda: NOON + 3 * DAY),
            "undo that act first",
        ),
        (
            lambda archive: split(
                archive, "newsroom-1", ["http://example.com/article/1.html"], OPS, lambda: NOON + 3 * DAY
            ),
            "undo that act first",
        ),
        (lambda archive: remains_of(archive.conn, "newsroom-9"), "no article with the key 'newsroom-9'"),
    ],
)
def test_another_act_on_a_hidden_article_is_refused(tmp_path_factory: Any, acting: Any, line: str) -> None:
    with closing(begun(tmp_path_factory.mktemp("home"))) as archive:
        hide(archive, "newsroom-1", OPS, lambda: NOON + 2 * DAY)
        before = proved(archive)
        with pytest.raises(UnfitError, match=line):
            acting(archive)
        assert proved(archive) == before


def test_a_reparse_reads_no_capture_of_it(tmp_path: Path) -> None:
    with closing(begun(tmp_path)) as archive:
        before = [each.url for each in candidates(archive.conn, "newsroom", None, 0, "another")]
        hide(archive, "newsroom-1", OPS, lambda: NOON + 2 * DAY)
        after = [each.url for each in candidates(archive.conn, "newsroom", None, 0, "another")]
        assert how_many(archive.conn, "newsroom", None) == len(after)
    assert sorted(set(before) - set(after)) == ["http://example.com/article/1.html"]


def test_the_facts_that_stay_visible_have_no_word(tmp_path: Path) -> None:
    with closing(begun(tmp_path)) as archive:
        remains = remains_of(archive.conn, "newsroom-1")
        assert (remains.keys, remains.addresses, len(remains.digests)) == (
            ["newsroom-1"], ["http://example.com/article/1.html"], 2
        )  # fmt: skip
        hide(archive, "newsroom-1", OPS, lambda: NOON + 2 * DAY)
        assert remains_of(archive.conn, "newsroom-1") == remains


def test_another_text_at_a_hidden_address_is_hidden_and_waits_for_the_undoing(tmp_path: Path) -> None:
    with closing(open_archive(tmp_path)) as archive:
        crawl(archive, NOON, {1: page(1), 2: page(2)})
        act = hide(archive, "newsroom-1", Acting("ops", "request"), lambda: NOON + DAY)
        with ImportIngest(archive, MIRROR, clock=lambda: NOON + 2 * DAY) as ingest:
            ingest.add(fetched(1, page(1, headline="别处存下的题目"), NOON + 2 * DAY))
        assert merge_doubles(archive, lambda: NOON + 3 * DAY).count == 0
        assert rows(archive, "select headline, state from articles order by headline") == [
            ("", "withdrawn"),
            ("", "withdrawn"),
            ("第2篇文章谈一体化", "live"),
        ]
        undo(archive, act[7:19], Acting("ops", "mistake"), lambda: NOON + 4 * DAY)
        assert merge_doubles(archive, lambda: NOON + 5 * DAY).count == 1


def test_a_page_that_stands_at_a_hidden_address_later_hides_no_other_article(tmp_path: Path) -> None:
    with closing(open_archive(tmp_path)) as archive:
        crawl(archive, NOON, {1: page(1), 2: page(2)})
        hide(archive, "newsroom-1", Acting("ops", "request"), lambda: NOON + DAY)
        crawl(archive, NOON + 2 * DAY, {1: page(2), 2: page(2)})
        assert rows(archive, "select key, state from articles order by key") == [
            ("newsroom-1", "withdrawn"),
            ("newsroom-2", "live"),
        ]
