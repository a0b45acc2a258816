"""Judgements when a list fails, and the witnesses for an article that stands alone on its host."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, dump, fetched, page, rows, url

from archive import Archive, open_archive
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.import_ingest import ImportIngest
from archive.judging.presence.failing import FailedList
from archive.judging.presence.lists import Listing
from archive.judging.reading.fetched import Fetched
from archive.judging.runs.run import CrawlReach
from archive.replaying.rebuild import rebuild_database
from archive.rules.urlkeys import key_of
from archive.settings.source_record import SourceRecord

DAY = timedelta(days=1)
LIST, OTHER = "http://example.com/list.html", "http://example.com/feed.xml"
FRONT = "http://example.com/"
HTML = (("Content-Type", "text/html; charset=utf-8"),)
SHELL = "<title>页面不存在</title><h1>404</h1><p>您访问的页面不存在。</p>".encode()
LOGIN = "<title>登录</title><h1>请登录</h1><p>本文仅限会员阅读，请登录后继续。</p>".encode()
NGINX = b"<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1><a href=http://nginx.org/>nginx.org</a>"
REPAIR = (
    "<title>系统维护中</title><h1>系统维护中</h1><p>请稍后访问。<a href=/>刷新</a> <a href=/?1>重试</a></p>".encode()
)
INDEX = "<title>首页</title><a href=/list.html>全部文章</a><a href=/about>关于我们</a>".encode()
EMPTY = "<title>全部文章</title><h1>全部文章</h1><p>暂无</p>".encode()
AWAY: Fetched = Fetched(url(1), 302, (("Location", FRONT),), b"", NOON)
FAR = "http://elsewhere.example.com/article/2.html"  # an article that a list of the host names, on another host


@dataclass
class Crawl:
    """A crawl: what its lists name (None: the list fails), the page of an empty one, what stands at the addresses.

    led_to: where the lists redirect. reads_lists, begun and whole: what the crawl was to read, and came to read.
    """

    lists: Mapping[str, Sequence[str] | None] = field(default_factory=dict)
    answers: Mapping[str, bytes | int | Fetched] = field(default_factory=dict)
    front: bytes | int | None = None
    empty: bytes = EMPTY
    led_to: str | None = None
    waits: bool = False  # its lists that fail were not asked
    reads_lists: bool = True
    whole: bool = True


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(open_archive(tmp_path / "home")) as opened:
        yield opened


def crawled(archive: Archive, day: int, crawl: Crawl, source: SourceRecord = SOURCE) -> list[str]:
    """Do a crawl. Returns the front pages that it asked."""
    at, asked = NOON + day * DAY, list[str]()
    with CrawlIngest(archive, source, clock=lambda: at) as ingest:
        ingest.begin_crawl(at, reads_lists=crawl.reads_lists)
        for address, named in crawl.lists.items():
            if named is None:
                ingest.list_failed(FailedList(address, address, "HTTP 500", asked=not crawl.waits))
            else:
                payload = crawl.empty if not named else f"<title>全部文章</title>{day}{named}".encode()
                kept = ingest.add(Fetched(crawl.led_to or address, 200, HTML, payload, at, "list"))
                ingest.lists.note(Listing(address, ((str(kept.record_id), tuple(map(key_of, named))),)))
        for address, answer in crawl.answers.items():
            ingest.add(_fetched(address, answer, at))
            front = ingest.front_of(address)
            if front is not None:
                asked.append(front)
                status, payload = (200, crawl.front) if isinstance(crawl.front, bytes) else (crawl.front or 503, b"")
                kept = ingest.add(Fetched(front, status, HTML, payload, at, "list"))
                ingest.note_front(address, str(kept.record_id))
        ingest.finish("finished", 1, 0, at, CrawlReach(lists_read=crawl.reads_lists and crawl.whole))
    return asked


def _fetched(address: str, answer: bytes | int | Fetched, at) -> Fetched:
    if isinstance(answer, Fetched):
        return replace(answer, captured_at=at)
    return replace(fetched(1, answer, at), url=address)


def stands(archive: Archive, number: int = 1) -> tuple[object, ...]:
    return rows(archive, f"select state, unjudged_since is not null from articles where url = '{url(number)}'")[0]


def counted(archive: Archive) -> list[object]:
    return [each for (each,) in rows(archive, "select distinct counted from probes order by id")]


# -- lists that fail --------------------------------------------------------------------------------------------------

HALF = {url(number): 404 if number <= 5 else page(number) for number in range(1, 11)}
WHOLE = {url(number): page(number) for number in range(1, 11)}


def test_a_list_that_never_answered_blocks_no_removal(archive: Archive) -> None:
    crawled(archive, 0, Crawl({LIST: [url(1)], OTHER: None}, WHOLE))
    for day in (1, 2):
        crawled(archive, day, Crawl({LIST: [url(6)], OTHER: None}, HALF))
    assert rows(archive, "select state, count(*) from articles group by 1") == [("live", 5), ("removed", 5)]
    failing = "select url, crawls, cause, since, answered_at from failing_lists"
    assert rows(archive, failing) == [(OTHER, 3, "HTTP 500", "2026-11-25T12:00:00Z", None)]


def test_a_list_that_answered_before_and_fails_blocks_removals_for_three_crawls(archive: Archive) -> None:
    crawled(archive, 0, Crawl({LIST: [url(1)], OTHER: [url(1)]}, WHOLE))
    for day in (1, 2, 3):
        crawled(archive, day, Crawl({LIST: [url(6)], OTHER: None}, HALF))
        assert stands(archive) == ("live", True)
    assert counted(archive) == ["seeds_failed"]
    for day, state in ((4, "soft_gone"), (5, "removed")):
        crawled(archive, day, Crawl({LIST: [url(6)], OTHER: None}, HALF))
        assert stands(archive) == (state, False)
    ((missed,),) = rows(archive, f"select first_missed_at from articles where url = '{url(1)}'")
    assert missed == "2026-11-29T12:00:00Z"  # what was not judged bounds nothing
    failing = "select crawls, since, answered_at from failing_lists"
    assert rows(archive, failing) == [(5, "2026-11-26T12:00:00Z", "2026-11-25T12:00:00Z")]


def test_a_list_that_answers_again_has_failed_no_more(archive: Archive) -> None:
    for day, named in enumerate(([url(1)], None, None, [url(1)], None, None, None)):
        crawled(archive, day, Crawl({OTHER: named}, HALF if day else WHOLE))
    assert stands(archive) == ("soft_gone", True)  # counted on the day on which the list answered
    assert rows(archive, "select crawls, since from failing_lists") == [(3, "2026-11-29T12:00:00Z")]


def test_a_crawl_without_answers_counts_no_failure_of_a_list(archive: Archive) -> None:
    crawled(archive, 0, Crawl({LIST: [url(1)]}, WHOLE))
    for day in (1, 2, 3, 4):
        crawled(archive, day, Crawl({LIST: None}, WHOLE if day == 1 else {}))
    assert rows(archive, "select crawls from failing_lists") == [(1,)]


def test_a_crawl_that_reads_no_list_takes_one_that_fails_as_it_was(archive: Archive) -> None:
    crawled(archive, 0, Crawl({LIST: [url(1)]}, WHOLE))
    crawled(archive, 1, Crawl({LIST: None}, WHOLE))
    for day in (2, 3, 4):
        crawled(archive, day, Crawl({}, HALF, reads_lists=False))
    assert (stands(archive), counted(archive)) == (("live", True), ["seeds_failed"])
    assert rows(archive, "select crawls from failing_lists") == [(1,)]


def test_a_failing_list_that_is_not_asked_delays_removals_and_counts_no_new_failure(archive: Archive) -> None:
    crawled(archive, 0, Crawl({LIST: [url(1)]}, WHOLE))
    crawled(archive, 1, Crawl({LIST: None}, WHOLE))
    for day in (2, 3, 4, 5):
        crawled(archive, day, Crawl({LIST: None}, HALF, waits=True))
    assert (stands(archive), counted(archive)) == (("live", True), ["seeds_failed"])
    assert rows(archive, "select crawls from failing_lists") == [(1,)]
    crawled(archive, 6, Crawl({LIST: [url(1)], OTHER: None}, HALF, waits=True))
    assert rows(archive, "select * from failing_lists") == []


def test_a_list_that_answers_in_a_crawl_cut_short_has_failed_no_more(archive: Archive) -> None:
    crawled(archive, 0, Crawl({LIST: [url(1)], OTHER: [url(1)]}, WHOLE))
    crawled(archive, 1, Crawl({LIST: None, OTHER: None}, WHOLE))
    crawled(archive, 2, Crawl({LIST: [url(1)]}, WHOLE, whole=False))
    assert rows(archive, "select url, crawls from failing_lists") == [(OTHER, 1)]


def test_a_list_of_another_host_blocks_nothing_here(archive: Archive) -> None:
    far = "http://elsewhere.example.com/feed.xml"
    crawled(archive, 0, Crawl({far: [FAR]}, WHOLE))
    for day in (1, 2):
        crawled(archive, day, Crawl({far: None}, HALF))
    assert stands(archive) == ("removed", False)


# -- one article on its host ------------------------------------------------------------------------------------------

ALONE = Crawl({LIST: [url(1)]}, {url(1): page(1)})
BOTH = Crawl({LIST: [url(1), FAR]}, {url(1): page(1), FAR: page(2)})


@pytest.mark.parametrize(
    ("first", "then", "state", "fronts"),
    [
        # a list of the host that names it no longer
        (BOTH, Crawl({LIST: [FAR]}, {url(1): 404}), "removed", 0),
        (BOTH, Crawl({LIST: [FAR]}, {url(1): SHELL}), "removed", 0),
        (BOTH, Crawl({LIST: [FAR]}, {url(1): AWAY}), "redirected", 0),
        (BOTH, Crawl({LIST: [FAR]}, {url(1): LOGIN}), "restricted", 0),
        (ALONE, Crawl({LIST: []}, {url(1): SHELL}), "removed", 0),  # it named nothing else, and is empty now
        (ALONE, Crawl({LIST: []}, {url(1): AWAY}), "redirected", 0),
        # a list says nothing where it still names the article, is empty for another reason, or fails
        (ALONE, Crawl({LIST: [url(1)]}, {url(1): 404}, front=INDEX), "live", 0),
        (ALONE, Crawl({LIST: []}, {url(1): SHELL}, empty=SHELL), "live", 0),
        (BOTH, Crawl({LIST: []}, {url(1): SHELL}), "live", 0),
        (BOTH, Crawl({LIST: None}, {url(1): 404}, front=INDEX), "live", 0),  # a failing list holds up every judgement
        (BOTH, Crawl({LIST: [FAR], OTHER: [url(1)]}, {url(1): 404}, front=INDEX), "live", 0),
        # the front page, where no list can vouch, for 404 and 410 alone
        (Crawl({}, {url(1): page(1)}), Crawl({}, {url(1): 404}, front=INDEX), "removed", 2),
        (Crawl({}, {url(1): page(1)}), Crawl({}, {url(1): 410}, front=INDEX), "removed", 2),
        (BOTH, Crawl({LIST: []}, {url(1): 404}, front=INDEX), "removed", 2),
        (Crawl({}, {url(1): page(1)}), Crawl({}, {url(1): SHELL}, front=INDEX), "live", 0),
        (Crawl({}, {url(1): page(1)}), Crawl({}, {url(1): AWAY}, front=INDEX), "live", 0),
        (Crawl({}, {url(1): page(1)}), Crawl({}, {url(1): 402}, front=INDEX), "live", 0),
        (Crawl({}, {url(1): page(1)}), Crawl({}, {url(1): 404}, front=503), "live", 2),
        (Crawl({}, {url(1): page(1)}), Crawl({}, {url(1): 404}, front=404), "live", 2),
        (Crawl({}, {url(1): page(1)}), Crawl({}, {url(1): 404}, front=SHELL), "live", 2),
        (Crawl({}, {url(1): page(1)}), Crawl({}, {url(1): 404}, front=LOGIN), "live", 2),
        # a front page that leads nowhere is that of a server without its site
        (Crawl({}, {url(1): page(1)}), Crawl({}, {url(1): 404}, front=NGINX), "live", 2),
        (Crawl({}, {url(1): page(1)}), Crawl({}, {url(1): 404}, front=REPAIR), "live", 2),
        (Crawl({}, {url(1): page(1)}), Crawl({}, {url(1): 404}, front=b""), "live", 2),
        # a list that leads to another page, or to another host, says nothing of this one
        (ALONE, Crawl({LIST: []}, {url(1): AWAY}, led_to="http://example.com/repair"), "live", 0),
        (BOTH, Crawl({LIST: [FAR]}, {url(1): AWAY}, led_to="http://elsewhere.example.com/list.html"), "live", 0),
        (BOTH, Crawl({LIST: [FAR]}, {url(1): AWAY}, led_to="https://www.example.com/list.html"), "redirected", 0),
        # a crawl that reads no lists, or a part of them, does not know what they would name
        (ALONE, Crawl({}, {url(1): 404}, front=INDEX, reads_lists=False), "live", 0),
        (Crawl({}, {url(1): page(1)}), Crawl({}, {url(1): 404}, front=INDEX, reads_lists=False), "removed", 2),
        (ALONE, Crawl({}, {url(1): 404}, front=INDEX, whole=False), "live", 2),
        # another article of the host is its witness, or says that the host is ill
        (Crawl({}, {url(1): page(1), url(2): page(2)}), Crawl({}, {url(1): 404, url(2): page(2)}), "removed", 0),
        (Crawl({}, {url(1): page(1), url(2): page(2)}), Crawl({}, {url(1): 404, url(2): 404}, front=INDEX), "live", 0),
        (Crawl({}, {url(1): page(1), url(2): page(2)}), Crawl({}, {url(1): 404, url(2): 503}, front=INDEX), "live", 1),
        (Crawl({}, {url(1): page(1), url(2): page(2)}), Crawl({}, {url(1): 404}, front=INDEX), "live", 0),
    ],
)
def test_a_lone_article_is_judged_if_a_list_the_front_page_or_another_article_vouches(
    archive: Archive, first: Crawl, then: Crawl, state: str, fronts: int
) -> None:
    assert crawled(archive, 0, first) == []
    asked = [front for day in (1, 2) for front in crawled(archive, day, then)]
    assert asked == [FRONT] * fronts
    crawled(archive, 3, then)
    assert stands(archive) == (state, state == "live")
    ((events,),) = rows(archive, "select count(*) from events where kind in ('removed', 'redirected', 'restricted')")
    assert events == (state != "live")


def test_the_last_article_of_a_host_is_judged_although_others_are_gone(archive: Archive) -> None:
    crawled(archive, 0, Crawl({}, {url(1): page(1), url(2): page(2)}))
    for day in (1, 2):
        crawled(archive, day, Crawl({}, {url(1): page(1), url(2): 404}))
    for day in (3, 4):
        assert crawled(archive, day, Crawl({}, {url(1): 404, url(2): 404}, front=INDEX)) == [FRONT]
    assert (stands(archive, 1), stands(archive, 2)) == (("removed", False), ("removed", False))


def test_two_articles_that_go_one_after_the_other_are_both_judged(archive: Archive) -> None:
    """The second goes before the first is judged: what was missed with a witness says nothing of the host later."""
    crawled(archive, 0, Crawl({}, {url(1): page(1), url(2): page(2)}))
    crawled(archive, 1, Crawl({}, {url(1): 404, url(2): page(2)}))
    for day in (2, 3, 4):
        crawled(archive, day, Crawl({}, {url(1): 404, url(2): 404}, front=INDEX))
    assert (stands(archive, 1), stands(archive, 2)) == (("removed", False), ("removed", False))


def test_the_list_or_front_page_that_vouches_is_the_witness_of_the_probe(archive: Archive) -> None:
    crawled(archive, 0, BOTH)
    crawled(archive, 1, Crawl({LIST: [FAR]}, {url(1): 404}))
    crawled(archive, 2, Crawl({LIST: []}, {url(1): 404}, front=INDEX))
    witnesses = "select p.counted, w.url, w.kind from probes p join captures w on w.id = p.witness_id order by p.id"
    assert rows(archive, witnesses) == [("yes", LIST, "list"), ("yes", FRONT, "list")]


def test_an_article_that_is_seen_again_no_longer_waits_for_a_judgement(tmp_path: Path, archive: Archive) -> None:
    crawled(archive, 0, ALONE)
    crawled(archive, 1, Crawl({LIST: [url(1)]}, {url(1): 404}))
    assert rows(archive, "select unjudged_since from articles") == [("2026-11-26T12:00:00Z",)]
    crawled(archive, 2, Crawl({LIST: [url(1)]}, {url(1): 404}))
    assert rows(archive, "select unjudged_since from articles") == [("2026-11-26T12:00:00Z",)]
    before = dump(archive)["articles"]
    archive.close()
    rebuild_database(tmp_path / "home", NOON + 3 * DAY)
    with closing(open_archive(tmp_path / "home")) as rebuilt:
        assert dump(rebuilt)["articles"] == before
        crawled(rebuilt, 4, ALONE)
        assert rows(rebuilt, "select state, unjudged_since from articles") == [("live", None)]


def test_the_live_articles_of_a_host_are_not_looked_for_at_each_miss(archive: Archive) -> None:
    """An import may bring a million articles of which none is live: looking through them takes seconds."""
    with ImportIngest(archive, SOURCE, clock=lambda: NOON) as ingest:
        for number in range(1, 31):
            ingest.add(fetched(number, page(number), NOON))
    assert rows(archive, "select distinct state from articles") == [("unvisited",)]
    asked: list[str] = []
    archive.conn.set_trace_callback(asked.append)
    crawled(archive, 1, Crawl({}, {url(number): 404 for number in range(1, 31)}, front=INDEX))
    archive.conn.set_trace_callback(None)
    assert len([each for each in asked if "d.urlkey >= " in each and "a.state = 'live'" in each]) == 1
    assert stands(archive) == ("unvisited", True)
    crawled(archive, 2, Crawl({}, {url(1): 404, url(2): page(2)}))
    assert stands(archive) == ("soft_gone", False)


def test_the_front_page_is_not_asked_for_a_miss_that_comes_too_soon_to_count(archive: Archive) -> None:
    crawled(archive, 0, Crawl({}, {url(1): page(1)}))
    gone = Crawl({}, {url(1): 404}, front=INDEX)
    assert crawled(archive, 1, gone) == [FRONT]
    slow = replace(SOURCE, removal_spacing=3 * DAY.total_seconds())
    assert [crawled(archive, day, gone, slow) for day in (2, 3, 4)] == [[], [], [FRONT]]
    assert stands(archive) == ("removed", False)


def test_an_ill_list_spares_the_front_page_its_request_until_it_holds_up_nothing(archive: Archive) -> None:
    crawled(archive, 0, ALONE)
    asked = [crawled(archive, day, Crawl({LIST: None}, {url(1): 404}, front=INDEX)) for day in range(1, 6)]
    assert (asked, stands(archive)) == ([[], [], [], [FRONT], [FRONT]], ("removed", False))
