"""The section that a feed says fills the row of an article whose page says none; it makes no revision and no event."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, PARAGRAPHS, SOURCE, Reads, dump, fetched, page, rows, steps_of
from support.parser_versions import reads
from support.tables import every_row

from archive import Archive, open_archive
from archive.answers.articles import history, show
from archive.history.listed import note_section, settle_section
from archive.history.sightings import SightingRow
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.readings import PageReading, UnreadPage, read_page
from archive.publish.lists.event_pages import page_of_events
from archive.publish.lists.event_words import WordFilter
from archive.publish.lists.events import EventFilter
from archive.reparsing.applying import apply, undo
from archive.reparsing.selecting import Selection
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database
from archive.search import search
from parsers import Document

DAY = timedelta(days=1)
SECTION = "select article_section, listed_section, revisions from articles order by key"
CHANGES = "select property, before, after from changes order by id"
NEW, ADDED = PARAGRAPHS, (*PARAGRAPHS, "后来加上的一段，讲的是另一件事。")

Visit = tuple[str | None, Sequence[str], str | None]  # what the page says of its section, its text, what a feed says


def told(own: str | None, paragraphs: Sequence[str] = NEW, note: str = "") -> bytes:
    section = f'<meta property="article:section" content="{own}"></head>' if own else "</head>"
    return page(1, paragraphs=tuple(paragraphs), note=note).replace(b"</head>", section.encode())


def crawled(archive: Archive, day: int, payload: bytes, listed: str | None, pages: Reads | None = None) -> None:
    at = NOON + day * DAY
    with CrawlIngest(archive, SOURCE, pages, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        ingest.add(replace(fetched(1, payload, at), section=listed))
        ingest.finish("finished", 1, 0, at)


def proved(archive: Archive, folder: Path) -> None:
    """Check the rows by deep verification and by a rebuild."""
    folder.mkdir()
    assert prove(archive, folder) == ()
    before = dump(archive)
    archive.close()
    for name in ("archive.db", "archive.db-wal", "archive.db-shm"):
        (archive.home.path / name).unlink(missing_ok=True)
    rebuild_database(archive.home.path, NOON)
    with closing(open_archive(archive.home.path)) as again:
        assert dump(again) == before


@every_row(
    ("visits", "row", "changes"),
    [
        ([(None, NEW, None)], (None, None, 1), []),
        ([(None, NEW, "政策文件")], ("政策文件", "政策文件", 1), []),
        # found without the feed, named by it later: the same bytes again
        ([(None, NEW, None), (None, NEW, "政策文件")], ("政策文件", "政策文件", 1), []),
        # another category, and none: what was first stays
        ([(None, NEW, "政策文件"), (None, NEW, "观点"), (None, NEW, None)], ("政策文件", "政策文件", 1), []),
        # an edit of the text is an edit of the text alone
        (
            [(None, NEW, "政策文件"), (None, ADDED, "观点")],
            ("政策文件", "政策文件", 2),
            [("body_text", "\n".join(NEW), "\n".join(ADDED))],
        ),
        ([("要闻", NEW, "政策文件")], ("要闻", None, 1), []),
        ([("政策文件", NEW, "政策文件")], ("政策文件", None, 1), []),
        # the page gains a section, and loses it: edits of the page, in which the list's has no part
        (
            [(None, NEW, "政策文件"), ("要闻", NEW, "政策文件")],
            ("要闻", None, 2),
            [("article_section", None, "要闻")],
        ),
        (
            [("要闻", NEW, "政策文件"), (None, NEW, None)],
            ("政策文件", "政策文件", 2),
            [("article_section", "要闻", None)],
        ),
        (
            [(None, NEW, "政策文件"), ("要闻", NEW, "观点"), (None, NEW, "观点")],
            ("政策文件", "政策文件", 3),
            [("article_section", None, "要闻"), ("article_section", "要闻", None)],
        ),
        (
            [(None, NEW, None), ("政策文件", NEW, "政策文件")],
            ("政策文件", None, 2),
            [("article_section", None, "政策文件")],
        ),
    ],
)
def test_the_section_of_a_feed_fills_the_row_if_the_page_has_no_section(
    visits: list[Visit], row: tuple[object, ...], changes: list[object], tmp_path: Path
) -> None:
    home = tmp_path / str(len(list(tmp_path.iterdir())))
    archive = open_archive(home)
    for day, (own, paragraphs, listed) in enumerate(visits):
        crawled(archive, day, told(own, paragraphs), listed)
    assert rows(archive, SECTION) == [row]
    named = [section for section in ("政策文件", "要闻", "观点") if search(archive.conn, f"column:{section}")]
    assert named == [section for section in row[:1] if section]
    assert rows(archive, CHANGES) == changes
    assert rows(archive, "select count(*) from events where kind <> 'new'") == [(len(changes),)]
    (key,) = rows(archive, "select key from articles")[0]
    assert show(archive.conn, str(key))["article_section"] == row[0]
    assert [each["changes"] for each in history(archive.conn, str(key))][1:] == [
        [{"property": name, "before": before, "after": after}] for name, before, after in changes
    ]
    proved(archive, home / "proof")


def test_the_section_of_a_feed_stands_beside_every_text_of_the_article(tmp_path: Path) -> None:
    with closing(open_archive(tmp_path)) as archive:
        for day, text in enumerate((NEW, ADDED)):
            crawled(archive, day, told(None, text), "政策文件")
        kinds = [kind for (kind,) in rows(archive, "select kind from events order by id")]
        found = {
            query: page_of_events(archive.conn, EventFilter(("new", "edited"), words=WordFilter((query,))), 50).changes
            for query in ("column:政策文件", "-column:政策文件")
        }
    assert kinds == ["new", "edited"]
    assert found == {"column:政策文件": {1: "new", 2: "stayed"}, "-column:政策文件": {}}


def unread(_: Document) -> PageReading:
    return UnreadPage("not_article", "no headline")


def test_the_first_capture_that_shows_the_article_decides_also_when_it_is_read_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = open_archive(tmp_path / "home")
    crawled(archive, 0, told(None, note="x"), "政策文件", Reads(unread))
    crawled(archive, 1, told(None), "观点")
    assert rows(archive, SECTION) == [("观点", "观点", 1)]
    with monkeypatch.context() as patched:
        reads(patched, "99", read_page)
        apply(archive, Selection("newsroom"), "first", lambda: NOON + 2 * DAY)
    assert rows(archive, SECTION) == [("政策文件", "政策文件", 1)]
    undo(archive, "first", lambda: NOON + 3 * DAY)
    assert rows(archive, SECTION) == [("观点", "观点", 1)]
    assert [len(search(archive.conn, f"column:{section}")) for section in ("观点", "政策文件")] == [1, 0]
    proved(archive, tmp_path / "proof")


def test_a_daily_capture_costs_no_look_at_those_before_it(tmp_path: Path) -> None:
    """The steps of SQLite stay few with a section and without one; a section that came late is found once."""
    with closing(open_archive(tmp_path / "home")) as archive:
        steps = []
        for day in range(60):
            crawled(archive, day, told(None), "政策文件" if day > 40 else None)
            (last,) = archive.conn.execute("select * from sightings order by captured_at desc limit 1").fetchall()
            filed = SightingRow(last[1], last[2], last[3], last[4], last[5])
            steps.append(steps_of(archive.conn, lambda filed=filed: note_section(archive.conn, 1, [filed])))
        assert max(steps) < 60
        assert rows(archive, SECTION) == [("政策文件", "政策文件", 1)]
        plan = " ".join(str(row) for row in archive.conn.execute(
            "explain query plan select 1 from captures where source = 'newsroom' and listed_section is not null"
        ))  # fmt: skip
        assert "captures_listed" in plan
        settle_section(archive.conn, 1)
        assert rows(archive, SECTION) == [("政策文件", "政策文件", 1)]
