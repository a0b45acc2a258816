"""Every key that an article has or had leads to it: on the site by a redirect, in commands at once."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from datasette.app import Datasette
from support.archiving import NOON, crawl, page, rows, url
from support.lives import proved
from support.small_site import get, served, text
from support.tables import every_row

from archive import Archive, open_archive
from archive.answers import history, show
from archive.files.home import Home
from archive.judging import Acting, merge, split, undo
from archive.replaying.proof import prove

DAY = timedelta(days=1)
OPS = Acting("ops", "same_work")
TEXT = page(1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Article 1 answers with 404 from the second day on, and its text stands under number 2."""
    with closing(open_archive(tmp_path_factory.mktemp("home"))) as archive:
        crawl(archive, NOON, {1: TEXT, 3: page(3)})
        for day in (1, 2):
            crawl(archive, NOON + day * DAY, {1: 404, 2: TEXT, 3: page(3)})
        merge(archive, "newsroom-2", "newsroom-1", OPS, lambda: NOON + 3 * DAY)
        return archive.home


@pytest.fixture(scope="module")
def site(home: Home) -> Iterator[Datasette]:
    with served(home) as there:
        yield there


def test_the_key_that_was_seen_first_leads_and_both_texts_are_one_version(home: Home) -> None:
    with closing(open_archive(home.path)) as archive:
        assert rows(
            archive, "select key, revisions, state, first_seen_at, last_seen_at from articles order by key"
        ) == [
            ("newsroom-1", 1, "live", "2026-11-25T12:00:00Z", "2026-11-27T12:00:00Z"),
            ("newsroom-3", 1, "live", "2026-11-25T12:00:00Z", "2026-11-27T12:00:00Z"),
        ]
        assert rows(archive, "select key, state from keys where state is not null order by key") == [
            ("newsroom-1", "removed"),
            ("newsroom-2", "live"),
        ]
        assert [show(archive.conn, key)["key"] for key in ("newsroom-1", "newsroom-2")] == ["newsroom-1"] * 2
        assert history(archive.conn, "newsroom-1") == history(archive.conn, "newsroom-2")


@every_row(
    ("asked", "location"),
    [
        ("/a/newsroom-2", "/a/newsroom-1"),
        ("/a/newsroom-2.json", "/a/newsroom-1.json"),
        ("/a/newsroom-2?ui=en", "/a/newsroom-1?ui=en"),
        ("/a/newsroom-2/v/1", "/a/newsroom-1/v/1"),
        ("/a/newsroom-2/timemap.json", "/a/newsroom-1/timemap.json"),
        ("/a/newsroom-2/captures", "/a/newsroom-1/captures"),
        ("/a/newsroom-2/diff/1..1", "/a/newsroom-1/diff/1..1"),
    ],
)
def test_another_key_redirects_to_the_leading_one(site: Datasette, asked: str, location: str) -> None:
    answer = get(site, asked)
    assert (answer.status_code, answer.headers["location"]) == (302, location)
    assert get(site, location).status_code in (200, 302, 400)


def test_a_permalink_and_a_citation_under_another_key_lead_to_the_same_text(site: Datasette) -> None:
    (version,) = get(site, "/a/newsroom-1.json").json()["versions"]
    digits = version["content_digest"][7:19]
    for path in (f"v/{digits}", f"v/{digits}.json", f"v/{digits}.bib"):
        assert get(site, f"/a/newsroom-2/{path}").headers["location"] == f"/a/newsroom-1/{path}"
        assert get(site, f"/a/newsroom-1/{path}").status_code == 200
    assert get(site, "/a/newsroom-9").status_code == 404


def test_the_page_of_an_article_names_the_acts_that_joined_it(site: Datasette) -> None:
    (act,) = get(site, "/a/newsroom-1.json").json()["acts"]
    assert (act["kind"], act["detail"]["other"], act["detail"]["by"]) == ("merged", "newsroom-1", "ops")
    for language, said in (
        ("zh", "合并 与 newsroom-1 合为一篇。处理人：ops，原因：same_work。"),
        ("en", "Merged One article with newsroom-1. By ops; reason: same_work."),
    ):
        assert said in text(get(site, f"/a/newsroom-1?ui={language}"))
        assert said.partition(" ")[2] in text(get(site, f"/changes?ui={language}"))


def test_an_undone_merge_leaves_no_trace_but_the_acts(tmp_path_factory: pytest.TempPathFactory) -> None:
    with closing(open_archive(tmp_path_factory.mktemp("home"))) as archive:
        crawl(archive, NOON, {1: TEXT, 2: page(2)})
        crawl(archive, NOON + DAY, {1: 404, 2: page(2, headline="又一个题目谈发展")})
        before = proved(archive)
        act = merge(archive, "newsroom-1", "newsroom-2", OPS, lambda: NOON + 2 * DAY)
        assert rows(archive, "select count(*) from articles") == [(1,)]
        undo(archive, act[7:19], Acting("ops", "mistake"), lambda: NOON + 3 * DAY)
        after = proved(archive)
    assert {table for table in before if before[table] != after[table]} == {"acts", "applied", "events", "joins"}
    added = [event for event in after["events"] if event not in before["events"]]
    assert sorted(str(kind) for *_, kind, _, _, _, _ in added) == ["merged", "undone"]


def test_two_addresses_that_stay_online_with_texts_of_their_own_make_no_edits(tmp_path: Path) -> None:
    with closing(open_archive(tmp_path)) as archive:
        crawl(archive, NOON, {1: TEXT, 2: page(2)})
        merge(archive, "newsroom-1", "newsroom-2", OPS, lambda: NOON + DAY)
        for day in range(2, 5):
            crawl(archive, NOON + day * DAY, {1: TEXT, 2: page(2)})
        crawl(archive, NOON + 5 * DAY, {1: page(1, headline="换了题目谈发展"), 2: page(2)})
        assert [
            (each["number"], [change["property"] for change in each["changes"]])
            for each in history(archive.conn, "newsroom-1")
        ] == [(1, []), (2, ["headline", "date_published"]), (3, ["headline"])]


def test_an_undone_merge_of_one_text_gives_each_its_own_pictures_again(tmp_path: Path) -> None:
    picture = '<p><img src="/picture{}.jpg" alt="第{}幅图"></p></article>'
    shown = {number: TEXT.replace(b"</article>", picture.format(number, number).encode()) for number in (1, 2)}
    with closing(open_archive(tmp_path)) as archive:
        crawl(archive, NOON, shown)
        before = proved(archive)
        assert len(before["article_media"]) == 2
        act = merge(archive, "newsroom-2", "newsroom-1", OPS, lambda: NOON + DAY)
        undo(archive, act[7:19], Acting("ops", "mistake"), lambda: NOON + 2 * DAY)
        after = proved(archive)
    assert {table for table in before if before[table] != after[table]} == {"acts", "applied", "events", "joins"}


def works(archive: Archive) -> list[set[object]]:
    """The keys of each article."""
    found = rows(archive, "select article_id, key from keys order by key")
    return sorted(({key for one, key in found if one == article} for article in {one for one, _ in found}), key=min)


def test_a_split_leaves_the_rest_one_and_an_undone_merge_parts_what_it_joined(tmp_path: Path) -> None:
    one, two, three = (f"newsroom-{number}" for number in (1, 2, 3))
    with closing(open_archive(tmp_path / "home")) as archive:
        crawl(archive, NOON, {number: page(number) for number in (1, 2, 3)})
        first = merge(archive, one, two, OPS, lambda: NOON + DAY)
        merge(archive, one, three, OPS, lambda: NOON + DAY)
        parted = split(archive, one, [url(1)], OPS, lambda: NOON + 2 * DAY)
        assert works(archive) == [{one}, {two, three}]  # that only article 1 had held together
        undo(archive, parted[7:19], OPS, lambda: NOON + 3 * DAY)
        split(archive, one, [url(1), url(2)], OPS, lambda: NOON + 4 * DAY)
        assert works(archive) == [{one, two}, {three}]
        undo(archive, first[7:19], OPS, lambda: NOON + 5 * DAY)
        assert works(archive) == [{one}, {two}, {three}]
        (tmp_path / "scratch").mkdir()
        assert prove(archive, tmp_path / "scratch") == ()
