"""A saved page is dated by what says when it was saved, and never by the time of a file."""

import os
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.archiving import NOON, SOURCE, crawl, page, rows, url
from support.journeys import Thinker, asked
from support.tables import every_row
from support.warcs import warc

from archive import Archive, open_archive
from archive.importing.importer import ImportSummary, import_paths
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database

DAY = timedelta(days=1)
LATER = datetime(2099, 1, 1, tzinfo=UTC)
EVENTS = "select kind, at from events order by id"
CAPTURES = "select captured_at, dating, record_type from captures order by id"
SEEN = "select first_seen_at, last_seen_at, headline, revisions from articles"
HISTORY = "select number, captured_at, headline, dating from revisions order by position"


def stamped(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def saved(folder: Path, headline: str, mtime: datetime, name: str = "a.html", **columns: str) -> Path:
    """A folder with a saved page of article 1 and a manifest with its address."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(page(1, headline))
    os.utime(folder / name, (mtime.timestamp(), mtime.timestamp()))
    row = {"file": name, "original_url": url(1), **columns}
    (folder / "MANIFEST.tsv").write_text("\t".join(row) + "\n" + "\t".join(row.values()) + "\n")
    return folder


def taken(archive: Archive, folder: Path, now: datetime, captured_at: datetime | None = None) -> ImportSummary:
    return import_paths(archive, [folder], SOURCE, captured_at=captured_at, clock=lambda: now)


def proved(archive: Archive, scratch: Path) -> None:
    """Check that every row follows from the files, and that a rebuild gives them again."""
    scratch.mkdir()
    assert prove(archive, scratch) == ()


@pytest.fixture
def archive(tmp_path: Path) -> Any:
    with closing(open_archive(tmp_path / "home")) as opened:
        yield opened


@pytest.mark.parametrize("mtime", [LATER, datetime(1970, 1, 2, tzinfo=UTC)])
def test_the_time_of_a_file_dates_nothing(archive: Archive, tmp_path: Path, mtime: datetime) -> None:
    """The text of a file from 2099 was current for ever: also after a later edit and a confirmed removal."""
    crawl(archive, NOON, {1: page(1, "新题目谈一体化"), 2: page(2), 3: page(3)})
    summary = taken(archive, saved(tmp_path / "saved", "旧题目谈一体化", mtime), NOON + DAY)
    assert (summary.captures, summary.undated) == (1, 1)
    assert rows(archive, CAPTURES)[-1] == (stamped(NOON + DAY), "unknown", "resource")
    crawl(archive, NOON + 2 * DAY, {1: page(1, "更新的题目谈一体化"), 2: page(2), 3: page(3)})
    for day in (3, 4):
        crawl(archive, NOON + day * DAY, {1: 404, 2: page(2), 3: page(3)})
    assert rows(archive, f"{SEEN} where url = '{url(1)}'") == [
        (stamped(NOON), stamped(NOON + 2 * DAY), "更新的题目谈一体化", 2)
    ]
    of_it = f"where article_id = (select id from articles where url = '{url(1)}')"
    assert rows(archive, f"select kind, at from events {of_it} order by id") == [
        ("new", stamped(NOON)), ("edited", stamped(NOON + 2 * DAY)), ("removed", stamped(NOON + 4 * DAY)),
    ]  # fmt: skip
    assert rows(archive, f"select number, captured_at, headline, dating from revisions {of_it} order by position") == [
        (None, stamped(NOON + DAY), "旧题目谈一体化", "unknown"),
        (1, stamped(NOON), "新题目谈一体化", "stated"),
        (2, stamped(NOON + 2 * DAY), "更新的题目谈一体化", "stated"),
    ]
    proved(archive, tmp_path / "scratch")


def test_an_article_with_only_undated_captures_shows_the_text_received_last(archive: Archive, tmp_path: Path) -> None:
    for day, headline in enumerate(("甲题目谈一体化", "乙题目谈一体化", "甲题目谈一体化")):
        folder = saved(tmp_path / str(day), headline, LATER)
        (folder / "a.html").write_bytes((folder / "a.html").read_bytes() + b"<!-- %d -->" % day)
        taken(archive, folder, NOON + day * DAY)
    assert rows(archive, SEEN) == [(stamped(NOON), stamped(NOON + 2 * DAY), "甲题目谈一体化", 1)]
    assert rows(archive, EVENTS) == [("new", stamped(NOON))]
    assert rows(archive, HISTORY) == [
        (None, stamped(NOON + DAY), "乙题目谈一体化", "unknown"),
        (1, stamped(NOON), "甲题目谈一体化", "unknown"),
    ]
    proved(archive, tmp_path / "scratch")


def test_a_dated_sighting_makes_an_article_dated_whenever_it_comes(archive: Archive, tmp_path: Path) -> None:
    taken(archive, saved(tmp_path / "saved", "旧题目谈一体化", LATER), NOON)
    crawl(archive, NOON + DAY, {1: page(1, "新题目谈一体化")})
    dated = [(stamped(NOON + DAY), stamped(NOON + DAY), "新题目谈一体化", 1)]
    assert rows(archive, SEEN) == dated
    assert rows(archive, "select first_seen_at, last_seen_at from addresses") == [dated[0][:2]]
    assert rows(archive, EVENTS) == [("new", stamped(NOON + DAY))]
    assert rows(archive, HISTORY) == [
        (None, stamped(NOON), "旧题目谈一体化", "unknown"),
        (1, stamped(NOON + DAY), "新题目谈一体化", "stated"),
    ]
    proved(archive, tmp_path / "scratch")


def test_a_text_that_is_dated_too_is_not_listed_as_undated(archive: Archive, tmp_path: Path) -> None:
    taken(archive, saved(tmp_path / "saved", "新题目谈一体化", LATER), NOON)
    assert taken(archive, tmp_path / "saved", NOON + DAY).undated == 0, "it is held already"
    taken(archive, tmp_path / "saved", NOON + DAY, captured_at=NOON - DAY)
    assert rows(archive, CAPTURES) == [
        (stamped(NOON), "unknown", "resource"), (stamped(NOON - DAY), "stated", "resource"),
    ]  # fmt: skip
    assert rows(archive, HISTORY) == [(1, stamped(NOON - DAY), "新题目谈一体化", "stated")]
    assert rows(archive, "select count(*) from revision_captures") == [(2,)]
    assert rows(archive, SEEN) == [(stamped(NOON - DAY), stamped(NOON - DAY), "新题目谈一体化", 1)]
    proved(archive, tmp_path / "scratch")
    archive.close()
    rebuild_database(archive.home.path, NOON)
    with closing(open_archive(archive.home.path)) as again:
        assert rows(again, HISTORY) == [(1, stamped(NOON - DAY), "新题目谈一体化", "stated")]


STATED = [  # the manifest's captured_at, --captured-at, the mark in the file: what the capture is dated, and by whom
    ("2026-11-20T10:00:00+08:00", NOON - DAY, "2026-11-18", ("2026-11-20T02:00:00Z", "stated")),
    ("", NOON - DAY, "2026-11-18", (stamped(NOON - DAY), "stated")),
    ("", None, "2026-11-18", ("2026-11-18T10:00:00Z", "stated")),
    ("", None, "", (stamped(NOON), "unknown")),
]


@every_row("manifest, option, mark, expected", STATED)
def test_a_saved_page_is_dated_by_manifest_then_option_then_mark_in_the_file(
    tmp_path_factory: pytest.TempPathFactory,
    manifest: str,
    option: datetime | None,
    mark: str,
    expected: tuple[str, str],
) -> None:
    folder = saved(tmp_path_factory.mktemp("saved"), "题目谈一体化", LATER, captured_at=manifest)
    if mark:
        left = f"<!--\n     FILE ARCHIVED ON 10:00:00 Nov {mark[-2:]}, 2026 AND RETRIEVED FROM THE\n"
        left += "     INTERNET ARCHIVE ON 12:00:00 Nov 20, 2026.\n-->"
        (folder / "a.html").write_bytes((folder / "a.html").read_bytes() + left.encode())
    with closing(open_archive(tmp_path_factory.mktemp("home"))) as archive:
        assert taken(archive, folder, NOON, option).errors == []
        assert [row[:2] for row in rows(archive, CAPTURES)] == [expected]


REFUSED = [
    ("2099-01-01T00:00:00Z", "its time is in the future: 2099-01-01T00:00:00Z, and now it is 2026-11-25T12:00:00Z"),
    ("2026-11-26", "MANIFEST.tsv, line 2: captured_at '2026-11-26' is not a time such as 2026-11-26T10:00:00+08:00"),
    ("昨天", "MANIFEST.tsv, line 2: captured_at '昨天' is not a time such as 2026-11-26T10:00:00+08:00"),
]


@every_row("said, reason", REFUSED)
def test_a_manifest_that_dates_wrongly_is_refused(
    tmp_path_factory: pytest.TempPathFactory, said: str, reason: str
) -> None:
    folder = saved(tmp_path_factory.mktemp("saved"), "题目谈一体化", NOON, captured_at=said)
    with closing(open_archive(tmp_path_factory.mktemp("home"))) as archive:
        summary = taken(archive, folder, NOON)
        assert ([lost.reason for lost in summary.errors], summary.captures) == ([reason], 0)
        assert rows(archive, CAPTURES) == []


def test_a_record_of_the_future_is_refused_at_its_place(archive: Archive, tmp_path: Path) -> None:
    near, far = (warc(tmp_path / f"{name}.warc.gz", (url(1), stamped(at), page(1))) for name, at in
                 (("near", NOON + DAY), ("far", NOON + DAY + timedelta(seconds=1))))  # fmt: skip
    assert taken(archive, near, NOON).errors == []
    (lost,) = taken(archive, far, NOON).errors
    assert lost.path == f"{far}: {url(1)}"
    assert lost.reason == "its time is in the future: 2026-11-26T12:00:01Z, and now it is 2026-11-25T12:00:00Z"
    assert rows(archive, "select count(*) from captures") == [(1,)]


def test_an_undated_capture_of_our_archive_stays_undated_in_another_archive(archive: Archive, tmp_path: Path) -> None:
    taken(archive, saved(tmp_path / "saved", "旧题目谈一体化", LATER), NOON)
    taken(archive, saved(tmp_path / "dated", "新题目谈一体化", LATER), NOON, captured_at=NOON - DAY)
    with closing(open_archive(tmp_path / "other")) as other:
        assert taken(other, archive.home.captures, NOON + DAY).errors == []
        assert taken(other, archive.home.captures, NOON + 2 * DAY).captures == 0
        assert rows(other, CAPTURES) == [
            (stamped(NOON + DAY), "unknown", "resource"), (stamped(NOON - DAY), "stated", "resource"),
        ]  # fmt: skip


def test_an_undated_text_is_found_by_search_ever_alone_and_says_nothing_of_presence(tmp_path: Path) -> None:
    thinker = Thinker(tmp_path / "home")
    thinker.run("import", str(saved(tmp_path / "old", "旧事谈一体化", LATER)), "--source", "newsroom")
    now = datetime.now(UTC)
    said = thinker.run("history", "newsroom-1")
    assert "undated, imported at this time" in said
    assert "first seen" not in said
    folder = saved(tmp_path / "new", "新事谈一体化", LATER)
    thinker.run("import", str(folder), "--captured-at", stamped(now - DAY), "--source", "newsroom")
    assert [hit["headline"] for hit in thinker.json("search", "新事")] == ["新事谈一体化"]
    assert thinker.json("search", "旧事") == []
    assert [hit["headline"] for hit in thinker.json("search", "旧事", "--ever")] == ["新事谈一体化"]
    assert [(each["number"], each["dating"]) for each in thinker.json("history", "newsroom-1")] == [
        (None, "unknown"), (1, "stated"),
    ]  # fmt: skip
    assert [each["kind"] for each in thinker.json("changes")] == ["new"]
    assert thinker.json("verify", "--deep")["ok"]


WRONG = [
    (stamped(datetime.now(UTC) + 3 * DAY), "its time is in the future"),
    ("2026-11-26", "is not a time with a time zone, such as 2026-11-26T10:00:00+08:00"),
    ("gestern", "is not a time with a time zone, such as 2026-11-26T10:00:00+08:00"),
]


@every_row("said, reason", WRONG)
def test_a_moment_that_cannot_be_is_a_wrong_use(
    tmp_path_factory: pytest.TempPathFactory, said: str, reason: str
) -> None:
    home = tmp_path_factory.mktemp("home")
    code, _, err = asked(home, "import", str(home), "--captured-at", said)
    assert (code, reason in err.replace("\n", " ")) == (2, True), err
    assert not (home / "archive.db").exists()
