"""Articles that stand at another address: found at the end of any crawl, whichever came first, and shown to readers."""

from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, crawl, fetched, page, rows, steps_of, url
from support.journeys import asked
from support.lives import proved
from support.small_site import get, served, text
from support.tables import every_row

from archive import Archive, open_archive
from archive.files.home import Home
from archive.judging import Acting, undo
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.moving import tell_moved
from archive.judging.reading.fetched import Whence
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database
from archive.rows import are_parted, article_id_of

DAY = timedelta(days=1)
HEADLINE = "把实事办到群众心里"
LONG = tuple(
    f"{name}要紧的是把群众的感受放在心上，把好事办实，把实事办好，让街坊邻里住得更舒心，让老人孩子走得更安心，"
    "也让远道而来的人愿意留下；制度的生命在于执行，执行的关键在于人心，所谓久久为功，难的不是开始，而是坚持。"
    for name in ("改革", "治理", "城市更新", "教育")
)
SAME = page(1, HEADLINE, LONG)
SHORT = page(1, HEADLINE, LONG[:2])
OTHERS = {8: page(8), 9: page(9)}
MOVED = "select k.key, e.detail ->> 'other' from events e join keys k on k.number = e.key_number where kind = 'moved'"


def days(archive: Archive, *answers: Mapping[int, bytes | int]) -> None:
    """One crawl a day; the articles 8 and 9 are always there."""
    first = len(rows(archive, "select 1 from crawls"))
    for day, each in enumerate(answers, first):
        crawl(archive, NOON + day * DAY, {**each, **OTHERS})


@every_row(
    ("courses", "moved"),
    [
        ([{1: SAME}, {1: 404}, {1: 404}, {2: SAME}], True),  # gone, then published again
        ([{1: SAME}, {1: SAME, 2: SAME}, {1: 404}, {1: 404}], True),  # published again, then gone
        ([{1: SAME}, {1: 404, 2: SAME}, {1: 404}], True),
        ([{1: SAME}, {1: 404, 2: SAME}], False),  # missed once
        ([{1: SAME}, {1: SAME, 2: SAME}], False),
        ([{1: SAME}, {1: 451}, {1: 451}, {2: SAME}], False),  # behind a bar, not gone
        ([{1: SHORT}, {1: 404}, {1: 404}, {2: SHORT}], False),
        ([{1: SAME}, {1: 404}, {1: 404}, {2: SAME, 3: SAME}], False),  # which of them?
        ([{1: SAME, 3: SHORT}, {1: 404}, {1: 404}, {2: SAME}], False),  # the headline is that of a column
        ([{1: SAME}, {1: 404}, {1: 404}, {2: page(2, "另一个题目", LONG)}], False),
    ],
)
def test_an_article_gone_with_a_witness_and_seen_under_another_number_moved(
    tmp_path_factory: pytest.TempPathFactory, courses: list[Mapping[int, bytes | int]], moved: bool
) -> None:
    with closing(open_archive(tmp_path_factory.mktemp("home"))) as archive:
        days(archive, *courses)
        assert rows(archive, MOVED) == ([("newsroom-1", "newsroom-2")] if moved else [])
        live = {str(key) for (key,) in rows(archive, "select key from articles where state = 'live'")}
        assert not moved or live == {"newsroom-1", "newsroom-8", "newsroom-9"}


def test_the_next_crawl_finds_what_a_killed_one_would_have_recorded(tmp_path: Path) -> None:
    with closing(open_archive(tmp_path)) as archive:
        days(archive, {1: SAME}, {1: 404}, {1: 404})
        killed = CrawlIngest(archive, SOURCE, clock=lambda: NOON + 3 * DAY).__enter__()
        killed.begin_crawl(NOON + 3 * DAY)
        killed.add(fetched(2, SAME, NOON + 3 * DAY))
        killed.commit()
        killed.stores.close()
        killed._held.close()
        assert rows(archive, MOVED) == []
        crawl(archive, NOON + 4 * DAY, OTHERS)
        assert rows(archive, MOVED) == [("newsroom-1", "newsroom-2")]


def test_a_crawl_that_begins_in_the_second_of_the_one_before_looks_too(tmp_path: Path) -> None:
    with closing(open_archive(tmp_path)) as archive:
        days(archive, {1: SAME}, {1: 404}, {1: 404})
        crawl(archive, NOON + 2 * DAY, {2: SAME, **OTHERS})
        assert rows(archive, MOVED) == [("newsroom-1", "newsroom-2")]


@pytest.fixture
def led(tmp_path: Path) -> Home:
    """Article 1 leads to number 2 on the second day."""
    with closing(open_archive(tmp_path)) as archive:
        days(archive, {1: SAME})
        with CrawlIngest(archive, SOURCE, clock=lambda: NOON + DAY) as ingest:
            ingest.begin_crawl(NOON + DAY)
            ingest.add(replace(fetched(2, SAME, NOON + DAY), whence=Whence(sought=url(1))))
            assert ingest.names_one(url(1), "newsroom-2")
            assert ingest.left_addresses() == ["com,example)/article/1.html"]
            ingest.finish("finished", 1, 0, NOON + DAY)
        return archive.home


def test_a_redirect_to_the_same_text_moves_an_article_at_once_and_no_404_there_removes_it(led: Home) -> None:
    with closing(open_archive(led.path)) as archive:
        assert rows(archive, MOVED) == [("newsroom-1", "newsroom-2")]
        days(archive, {1: 404}, {1: 404}, {1: 404})
        assert rows(archive, "select state from articles where key = 'newsroom-1'") == [("live",)]
        assert rows(archive, "select 1 from events where kind = 'removed'") == []
        days(archive, {1: 404, 2: 404}, {1: 404, 2: 404})
        assert rows(archive, "select state from articles where key = 'newsroom-1'") == [("removed",)]
        assert len(rows(archive, "select 1 from events where kind = 'removed'")) == 1
        (led.path / "scratch").mkdir()
        assert prove(archive, led.path / "scratch") == ()
        live = proved(archive)
    rebuild_database(led.path, NOON)
    with closing(open_archive(led.path)) as archive:
        assert proved(archive) == live


@every_row(
    ("path", "said"),
    [
        ("/changes?kind=moved&ui=zh", "原网址 http://example.com/article/1.html ，现网址 http://example.com/article/2.html"),
        ("/changes?kind=moved&ui=en", "From http://example.com/article/1.html to http://example.com/article/2.html"),
        ("/changes.atom?kind=moved&ui=en", "From http://example.com/article/1.html to http://example.com/article/2.html"),
        ("/a/newsroom-1?ui=en", "http://example.com/article/1.html → http://example.com/article/2.html"),
    ],
)  # fmt: skip
def test_readers_see_both_addresses(led: Home, path: str, said: str) -> None:
    with served(led) as site:
        assert said in text(get(site, path)).replace("&lt;", "<")
        (event,) = get(site, "/changes.json?kind=moved").json()["events"]
        assert event["moved"] == {"from": url(1), "to": url(2)}
    code, out, _ = asked(led.path, "changes")
    assert (code, f"{url(1)} → {url(2)}" in out) == (0, True)


def test_a_crawl_looks_at_the_articles_that_changed_and_not_at_all(tmp_path: Path) -> None:
    with closing(open_archive(tmp_path)) as archive:
        days(archive, {number: page(number, f"第{number}个题目", LONG) for number in range(10, 14)})
        days(archive, {10: 404}, {10: 404})
        steps = []
        for more in (range(0), range(20, 160)):
            days(archive, {number: page(number, f"第{number}个题目", LONG) for number in more}, {})
            with CrawlIngest(archive, SOURCE, clock=lambda: NOON + 30 * DAY) as ingest:
                steps.append(steps_of(archive.conn, lambda: tell_moved(ingest.session)))
        assert steps[1] < steps[0] + 100


PARTED = "select p.key, p.value from acts, json_each(detail, '$.pairs') p where kind = 'known_again' order by acts.id"


def trap(crawl_number: int, count: int, first: int = 0) -> dict[int, bytes]:
    """Pages of one text each at addresses that differ from crawl to crawl."""
    return {
        1000 * crawl_number + number: page(number, f"第{number}个题目", LONG) for number in range(first, first + count)
    }


@every_row(
    ("courses", "filed"),
    [
        ([trap(1, 12), trap(2, 12), trap(3, 12)], 24),
        ([trap(1, 12), trap(2, 9)], 0),  # too few
        ([trap(1, 12), trap(2, 12) | trap(3, 2, 50)], 0),  # 12 of 14 are not nine tenths
        ([trap(1, 20), trap(2, 20) | trap(3, 2, 50)], 20),
        ([trap(1, 12) | trap(2, 12)], 0),  # nothing was known before
    ],
)
def test_addresses_that_show_known_texts_again_are_those_of_the_known_articles(
    tmp_path_factory: pytest.TempPathFactory, courses: list[Mapping[int, bytes | int]], filed: int
) -> None:
    home = tmp_path_factory.mktemp("home")
    with closing(open_archive(home)) as archive:
        days(archive, *courses)
        assert rows(
            archive, "select count(*) from keys k join articles a on a.id = k.article_id where k.key <> a.key"
        ) == [(filed,)]
        (home / "scratch").mkdir()
        assert prove(archive, home / "scratch") == ()
        live = proved(archive)
    rebuild_database(home, NOON)
    with closing(open_archive(home)) as archive:
        assert proved(archive) == live
        for (act,) in rows(archive, "select digest from acts where kind = 'known_again' order by id"):
            undo(archive, str(act), Acting("ops", "mistake"), lambda: NOON + 40 * DAY)
            (key, known), *_ = rows(archive, PARTED)
            assert are_parted(archive.conn, *(article_id_of(archive.conn, str(each)) for each in (key, known)))
        assert rows(
            archive, "select count(*) from keys k join articles a on a.id = k.article_id where k.key <> a.key"
        ) == [(0,)]


@every_row(("ui", "said"), [
    ("zh", "12 个新网址显示的是已有文章，已归入这些文章。"),
    ("en", "12 new addresses show articles that are known; they were filed under these."),
])  # fmt: skip
def test_readers_learn_of_new_addresses_of_known_articles(
    tmp_path_factory: pytest.TempPathFactory, ui: str, said: str
) -> None:
    home = tmp_path_factory.mktemp("home")
    with closing(open_archive(home)) as archive:
        days(archive, trap(1, 12), trap(2, 12))
    with served(Home(home)) as site:
        for path in (f"/changes?kind=known_again&ui={ui}", f"/changes.atom?kind=known_again&ui={ui}"):
            assert said in text(get(site, path))
