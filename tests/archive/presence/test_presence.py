"""Articles that do not answer: witnesses, chains of redirects, headlines that stand, old lines."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.archiving import NOON, SOURCE, crawl, fetched, page, rows, url

from archive import Archive, open_archive
from archive.answers.articles import history
from archive.decisions import decision_of, line_of
from archive.files.clock import stamp
from archive.files.ledger import LedgerLine
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.import_ingest import ImportIngest
from archive.judging.reading.fetched import Fetched, Whence
from archive.judging.runs.outcomes import Outcome
from archive.judging.runs.slots import record_missed
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database

DAY = timedelta(days=1)
GONE = "<title>页面不存在</title><h1>404</h1><p>您访问的页面不存在。</p>".encode()
LOGIN = "<title>登录</title><h1>请登录</h1><p>本文仅限会员阅读，请登录后继续。</p>".encode()
SLOW = replace(SOURCE, delay=30.0)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = open_archive(tmp_path / "home")
    yield opened
    opened.close()


def site(count: int, **others: bytes | int) -> dict[int, bytes | int]:
    """The answers of `count` articles, some of them others: site(3, _2=404)."""
    return {number: page(number) for number in range(1, count + 1)} | {
        int(name[1:]): answer for name, answer in others.items()
    }


def states(archive: Archive) -> dict[str, int]:
    return dict(rows(archive, "select state, count(*) from articles group by 1"))  # type: ignore[arg-type]


def events(archive: Archive) -> list[tuple[object, ...]]:
    return rows(
        archive,
        """
        select e.kind, substr(a.url, 28) from events e left join articles a on a.id = e.article_id
         where e.kind <> 'new' order by e.id
        """,
    )


def timed(archive: Archive, at: datetime, answers: Sequence[tuple[int, int, bytes | int]], source=SOURCE) -> int:
    """Crawl answers that come some seconds after the start. Returns how many were not judged."""
    with CrawlIngest(archive, source, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        for seconds, number, answer in answers:
            ingest.add(fetched(number, answer, at + timedelta(seconds=seconds)))
        return ingest.finish("finished", len(answers), 0, at + timedelta(hours=1)).unjudged


# -- witnesses --------------------------------------------------------------------------------------------------------


def test_a_whole_small_site_at_404_twice_removes_nothing(archive: Archive) -> None:
    crawl(archive, NOON, site(4))
    for day in (1, 2):
        summary, _ = crawl(archive, NOON + day * DAY, dict.fromkeys(range(1, 5), 404))
        assert summary.unjudged == 4
    assert states(archive) == {"live": 4}
    assert events(archive) == []
    counted = rows(archive, "select outcome, counted, count(*), count(capture_id) from probes group by 1, 2")
    assert counted == [("gone", "no_witness", 8, 8)]


def test_three_of_forty_are_three(archive: Archive) -> None:
    crawl(archive, NOON, site(40))
    for day in (1, 2):
        crawl(archive, NOON + day * DAY, site(40, _7=404, _8=410, _40=404))
    assert states(archive) == {"live": 37, "removed": 3}
    assert len(events(archive)) == 3


@pytest.mark.parametrize(
    ("delay", "answers", "judged"),
    [
        (0, [(0, 1, b""), (60, 2, 404)], True),
        (0, [(0, 1, b""), (61, 2, 404)], False),
        (0, [(0, 2, 404), (60, 1, b"")], True),
        (0, [(0, 2, 404), (61, 1, b"")], False),
        (0, [(0, 2, 404), (61, 1, 304), (62, 1, b"")], False),
        (0, [(0, 2, 404), (59, 1, 304)], True),
        (0, [(0, 2, 404), (59, 1, 503)], False),
        (0, [(0, 2, 404), (59, 1, GONE)], False),
        (30, [(0, 1, b""), (90, 2, 404)], True),
        (30, [(0, 1, b""), (91, 2, 404)], False),
    ],
)
def test_a_witness_answers_about_then(
    archive: Archive, delay: float, answers: list[tuple[int, int, bytes | int]], judged: bool
) -> None:
    crawl(archive, NOON, site(2))
    said = [(seconds, number, page(number) if answer == b"" else answer) for seconds, number, answer in answers]
    timed(archive, NOON + DAY, said, replace(SOURCE, delay=delay))
    assert rows(archive, "select state from articles where url like '%/2.html'")[0][0] == (
        "soft_gone" if judged else "live"
    )


def test_a_slower_host_has_more_time(archive: Archive) -> None:
    """Its robots.txt asks for a minute between two requests."""
    crawl(archive, NOON, site(2))
    at = NOON + DAY
    with CrawlIngest(archive, SOURCE, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        ingest.add(replace(fetched(1, page(1), at), delay=60.0))
        ingest.add(replace(fetched(2, 404, at + timedelta(seconds=180)), delay=60.0))
        assert ingest.finish("finished", 2, 0, at).unjudged == 0


def test_an_article_of_another_host_is_no_witness(archive: Archive) -> None:
    crawl(archive, NOON, site(1))
    at = NOON + DAY
    with CrawlIngest(archive, SOURCE, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        ingest.add(replace(fetched(2, page(2), at), url="http://m.example.com/article/2.html"))
        ingest.add(fetched(1, 404, at))
        assert ingest.finish("finished", 2, 0, at).unjudged == 1
    assert states(archive) == {"live": 2}


def test_one_known_article_is_to_be_asked_and_three_at_the_most(archive: Archive) -> None:
    crawl(archive, NOON, site(6))
    at = NOON + DAY
    with CrawlIngest(archive, SOURCE, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        assert list(ingest.witnesses(url(1))) == []  # nobody is missing
        ingest.add(fetched(6, 404, at))
        asked = []
        while found := next(ingest.witnesses(url(6)), None):
            ingest.ask(url(6), found[0])
            assert list(ingest.witnesses(url(6))) == []  # one at a time
            asked.append(found)
            ingest.add(fetched(int(found[1][-6]), 404, at))
        assert [key for key, _ in asked] == ["newsroom-1", "newsroom-2", "newsroom-3"]
        ingest.add(fetched(5, page(5), at))
        ingest.add(fetched(4, 404, at + timedelta(seconds=70)))
        # One that answered before is asked again; all the others are missing.
        assert list(ingest.witnesses(url(4))) == [("newsroom-5", "com,example)/article/5.html")]
        ingest.finish("finished", 6, 0, at)


# -- what a probe is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("answer", "state"), [(GONE, "removed"), (LOGIN, "restricted")])
@pytest.mark.parametrize("again", ["the same bytes", "304"])
def test_the_same_words_again_are_a_probe_like_the_first(
    archive: Archive, answer: bytes, state: str, again: str
) -> None:
    crawl(archive, NOON, site(2))
    crawl(archive, NOON + DAY, site(2, _1=answer))
    assert states(archive) == {"live": 1, "soft_gone": 1}
    crawl(archive, NOON + 2 * DAY, site(2, _1=304 if again == "304" else answer))
    assert states(archive) == {"live": 1, state: 1}
    assert events(archive) == [(state, "1.html")]
    crawl(archive, NOON + 3 * DAY, site(2, _1=304))
    assert events(archive) == [(state, "1.html")]


def test_mixed_ways_count_together_and_the_last_names_the_event(archive: Archive) -> None:
    source = replace(SOURCE, removal_probes=3)
    crawl(archive, NOON, site(2))
    for day, answer in enumerate((404, LOGIN, GONE), start=1):
        timed(archive, NOON + day * DAY, [(0, 2, page(2)), (0, 1, answer)], source)
    assert events(archive) == [("removed", "1.html")]
    ((detail,),) = rows(archive, "select detail from events where kind = 'removed'")
    assert [probe["outcome"] for probe in json.loads(str(detail))["evidence"]] == ["gone", "restricted", "gone"]


def chain(archive: Archive, at: datetime, *hops: tuple[str, int, dict[str, str], bytes]) -> Outcome:
    """A crawl in which article 1 redirects so often, the last answer ending the chain; article 9 is well."""
    with CrawlIngest(archive, SOURCE, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        ingest.add(fetched(9, page(9), at))
        for number, (address, status, headers, payload) in enumerate(hops, start=1):
            last = number == len(hops)
            whence = Whence(url(1) if last and number > 1 else None)
            kind = "article" if last else "hop"
            outcome = ingest.add(Fetched(address, status, tuple(headers.items()), payload, at, kind, whence=whence))
        ingest.finish("finished", len(hops), 0, at)
    return outcome


TO_2 = (url(1), 302, {"Location": url(2)}, b"")
HTML = {"Content-Type": "text/html; charset=utf-8"}


@pytest.mark.parametrize(
    ("hops", "met"),
    [
        ([(url(1), 302, {"Location": "/"}, b"")], "redirected"),
        ([(url(1), 302, {}, b"")], "unreachable"),
        ([TO_2, (url(2), 301, {"Location": url(1)}, b""), TO_2], "redirected"),  # a loop, as far as it is followed
        ([TO_2, (url(2), 200, HTML, page(2))], "redirected"),
        ([TO_2, (url(2), 404, {}, b"")], "gone"),
        ([TO_2, (url(2), 200, HTML, GONE)], "gone"),
        ([TO_2, (url(2), 200, HTML, LOGIN)], "restricted"),
        ([TO_2, (url(2), 500, {}, b"")], "unreachable"),
        ([TO_2, (url(2), 200, HTML, b"<a href=/1>1</a>")], "redirected"),
    ],
)
def test_a_chain_of_redirects_is_one_probe(
    archive: Archive, hops: list[tuple[str, int, dict[str, str], bytes]], met: str
) -> None:
    crawl(archive, NOON, {1: page(1), 9: page(9)})
    chain(archive, NOON + DAY, *hops)
    found = rows(
        archive, "select p.outcome from probes p join articles a on a.id = p.article_id where a.url like '%/1.%'"
    )
    assert found == [(met,)]
    misses = rows(archive, "select misses from articles where url like '%/1.html'")
    assert misses == [(0 if met == "unreachable" else 1,)]


def test_redirects_that_end_at_the_article_find_it(archive: Archive) -> None:
    crawl(archive, NOON, {1: page(1), 9: page(9)})
    moved = "https://www.example.com/article/1.html"
    outcome = chain(archive, NOON + DAY, (url(1), 301, {"Location": moved}, b""), (moved, 200, HTML, page(1)))
    assert outcome.kind in ("revisit", "seen")
    assert states(archive) == {"live": 2}
    assert rows(archive, "select * from probes") == []


def test_redirects_that_end_at_a_page_with_its_headline_are_no_absence(archive: Archive) -> None:
    """It has moved: another address, which names another article, shows it."""
    crawl(archive, NOON, {1: page(1), 9: page(9)})
    same = page(2, headline="第1篇文章谈一体化")
    for day in (1, 2):
        chain(archive, NOON + day * DAY, TO_2, (url(2), 200, HTML, same))
    assert states(archive) == {"live": 3}
    assert rows(archive, "select outcome, count(*) from probes group by 1") == [("answered", 2)]


@pytest.mark.parametrize(
    ("answer", "status", "gone"),
    [
        (GONE, 404, True),
        (GONE + "<h1>第1篇文章谈一体化</h1>".encode(), 404, False),
        (GONE + "<p>思想者 | 第1篇文章 谈一体化</p>".encode(), 410, False),
        (GONE + "<p>旧题目：第1篇文章谈发展</p>".encode(), 404, False),
        (GONE + "<nav>第1篇文章谈一体化</nav>".encode(), 404, True),
        (GONE + "<ul><li><a href=/1>第1篇文章谈一体化</a></li></ul>".encode(), 404, True),
        (GONE + "<p hidden>第1篇文章谈一体化</p>".encode(), 404, True),
        (GONE + "<!-- 第1篇文章谈一体化 --><script>'第1篇文章谈一体化'</script>".encode(), 404, True),
        (GONE + "<p>第2篇文章谈一体化</p>".encode(), 404, True),
        (LOGIN + "<h1>第1篇文章谈一体化</h1>".encode(), 200, True),  # restricted, not gone: the headline is no text
    ],
)
def test_an_article_is_not_gone_if_its_error_page_shows_the_headline_as_text(
    archive: Archive, answer: bytes, status: int, gone: bool
) -> None:
    crawl(archive, NOON, {1: page(1, headline="旧题目：第1篇文章谈发展"), 2: page(2)})
    crawl(archive, NOON + DAY, site(2))
    for day in (2, 3):
        at = NOON + day * DAY
        with CrawlIngest(archive, SOURCE, clock=lambda at=at: at) as ingest:
            ingest.begin_crawl(at)
            ingest.add(fetched(2, page(2), at))
            ingest.add(replace(fetched(1, answer, at), status=status))
            ingest.finish("finished", 2, 0, at)
    assert (states(archive) == {"live": 2}) is not gone
    if not gone:
        assert rows(archive, "select distinct outcome, counted from probes") == [("answered", "yes")]


def test_an_article_that_answers_at_one_address_is_not_missing_at_another(archive: Archive) -> None:
    old = "http://example.com/old/article/1.html"
    crawl(archive, NOON, site(2))
    crawled(archive, NOON + DAY, [replace(fetched(1, page(1), NOON + DAY), url=old)])
    for day in (2, 3):
        at = NOON + day * DAY
        missing = replace(fetched(1, 404, at), url=old)
        crawled(archive, at, [missing, fetched(2, page(2), at), fetched(1, page(1), at)])
    assert states(archive) == {"live": 2}
    assert rows(archive, "select counted, count(*) from probes group by 1") == [("answered", 2)]


def test_two_addresses_of_one_article_are_one_probe(archive: Archive) -> None:
    old = "http://example.com/old/article/1.html"
    crawl(archive, NOON, site(2))
    crawled(archive, NOON + DAY, [replace(fetched(1, page(1), NOON + DAY), url=old)])
    at = NOON + 2 * DAY
    crawled(archive, at, [replace(fetched(1, 404, at), url=old), fetched(2, page(2), at), fetched(1, 404, at)])
    assert states(archive) == {"live": 1, "soft_gone": 1}
    assert rows(archive, "select counted from probes order by id") == [("yes",), ("too_soon",)]


def crawled(archive: Archive, at: datetime, responses: Sequence[Fetched]) -> None:
    with CrawlIngest(archive, SOURCE, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        for response in responses:
            ingest.add(response)
        ingest.finish("finished", len(responses), 0, at)


# -- imported, restored, old ------------------------------------------------------------------------------------------


def imported(archive: Archive, at: datetime, answers: Mapping[int, bytes | int], now: datetime = NOON) -> None:
    with ImportIngest(archive, SOURCE, clock=lambda: now) as ingest:
        for number, answer in answers.items():
            ingest.add(fetched(number, answer, at))
        ingest.finish()


def test_an_imported_article_stays_unvisited_until_a_crawl_finds_or_misses_it(archive: Archive) -> None:
    imported(archive, NOON - DAY, site(3))
    assert states(archive) == {"unvisited": 3}
    crawl(archive, NOON, site(3, _2=404, _3=503))
    assert rows(archive, "select substr(url, 28), state, misses from articles order by 1") == [
        ("1.html", "live", 0),
        ("2.html", "soft_gone", 1),
        ("3.html", "unvisited", 0),
    ]
    crawl(archive, NOON + DAY, site(3, _2=404))
    assert events(archive) == [("removed", "2.html")]
    assert states(archive) == {"live": 2, "removed": 1}


def test_an_import_brings_nothing_back_and_removes_nothing(archive: Archive) -> None:
    crawl(archive, NOON, site(3))
    for day in (1, 2):
        crawl(archive, NOON + day * DAY, site(3, _1=404))
    imported(archive, NOON + timedelta(hours=1), {1: page(1, note="kept by others"), 2: 404, 3: GONE}, NOON + 3 * DAY)
    imported(archive, NOON + 3 * DAY, {1: page(1, note="kept later"), 2: GONE}, NOON + 3 * DAY)
    assert states(archive) == {"live": 2, "removed": 1}
    assert events(archive) == [("removed", "1.html")]


def test_an_article_that_comes_back_is_restored_at_once_by_a_probe_with_its_capture(archive: Archive) -> None:
    crawl(archive, NOON, site(3))
    for day in (1, 2):
        crawl(archive, NOON + day * DAY, site(3, _1=404, _2=LOGIN))
    crawl(archive, NOON + 3 * DAY, site(3, _1=page(1, headline="改过的题目谈一体化")))
    assert events(archive) == [
        ("removed", "1.html"), ("restricted", "2.html"), ("restored", "1.html"), ("edited", "1.html"),
        ("restored", "2.html"),
    ]  # fmt: skip
    shown = rows(
        archive,
        "select c.status, p.counted from probes p join captures c on c.id = p.capture_id where p.outcome = 'found'",
    )
    assert shown == [(200, "yes"), (200, "yes")]


def test_the_probes_are_rebuilt_and_proved(tmp_path: Path) -> None:
    archive = open_archive(tmp_path / "home")
    crawl(archive, NOON, site(3))
    for day in (1, 2):
        crawl(archive, NOON + day * DAY, site(3, _1=404, _2=LOGIN))
    crawl(archive, NOON + 3 * DAY, site(3))
    before = rows(archive, "select * from probes order by id")
    (tmp_path / "scratch").mkdir()
    assert prove(archive, tmp_path / "scratch") == ()
    archive.close()
    rebuild_database(tmp_path / "home", NOON)
    archive = open_archive(tmp_path / "home")
    assert rows(archive, "select * from probes order by id") == before
    archive.close()


OLD = [  # lines as earlier versions wrote them: what they did not say has its default
    ("probe", {"outcome": "gone", "standing": ["soft_gone", 1], "last_seen_at": stamp(NOON)}, "soft_gone", "yes"),
    ("probe", {"outcome": "unreachable", "standing": ["unreachable", 0], "last_seen_at": stamp(NOON)}, "unreachable",
     "unreachable"),
    ("removed", {"outcome": "gone", "standing": ["removed", 2], "last_seen_at": stamp(NOON)}, "removed", "yes"),
    ("restricted", {"outcome": "restricted", "standing": ["restricted", 0], "last_seen_at": stamp(NOON)}, "restricted",
     "yes"),
    ("restored", {"outcome": "found", "standing": ["live", 0], "last_seen_at": stamp(NOON)}, "live", "yes"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "detail", "state", "counted"), OLD)
def test_ledger_lines_of_earlier_versions_keep_their_meaning(
    archive: Archive, kind: str, detail: dict[str, Any], state: str, counted: str
) -> None:
    crawl(archive, NOON, site(1))
    name, misses = detail["standing"]
    at = stamp(NOON + DAY) if misses else None
    standing = {"state": name, "misses": misses, "first_missed_at": at, "last_missed_at": at}
    line = LedgerLine("newsroom", stamp(NOON), stamp(NOON), kind, "newsroom-1", detail={**detail, "standing": standing})
    decision = decision_of(line)
    assert line_of(decision, "newsroom", line.recorded_at) == line  # and it is written as it was
    with CrawlIngest(archive, SOURCE, clock=lambda: NOON) as ingest:
        ingest.stores.tell(decision)
    assert rows(archive, "select state from articles") == [(state,)]
    assert rows(archive, "select outcome, counted, capture_id, witness_id from probes") == [
        (detail["outcome"], counted, None, None)
    ]


# -- gaps -------------------------------------------------------------------------------------------------------------


def test_missed_slots_in_a_row_are_one_gap_that_ends_when_the_next_crawl_begins(archive: Archive) -> None:
    crawl(archive, NOON, site(1))
    missed = [stamp(NOON + timedelta(hours=hours)) for hours in (1, 2, 3)]
    record_missed(archive, "newsroom", missed, NOON + timedelta(hours=3))
    for hours, reason in ((4, "outage"), (5, "finished"), (6, "finished")):
        at = NOON + timedelta(hours=hours)
        with CrawlIngest(archive, SOURCE, clock=lambda at=at: at) as ingest:
            ingest.begin_crawl(at)
            ingest.finish(reason, 0, 0, at)
    told = [json.loads(str(detail)) for (detail,) in rows(archive, "select detail from events where kind = 'gap'")]
    assert [(gap["from"], gap["to"], gap["slots"], gap["missed"], gap["failed"]) for gap in told] == [
        (stamp(NOON), stamp(NOON + timedelta(hours=4)), 3, 3, 0),
        (stamp(NOON + timedelta(hours=4)), stamp(NOON + timedelta(hours=5)), 1, 0, 1),
    ]


def test_a_killed_crawl_is_one_gap_and_its_slot_is_not_counted_as_missed(archive: Archive) -> None:
    crawl(archive, NOON, site(1))
    slot = NOON + timedelta(hours=1)
    record_missed(archive, "newsroom", [stamp(slot)], slot)
    with CrawlIngest(archive, SOURCE, clock=lambda: slot) as ingest:
        ingest.begin_crawl(slot + timedelta(minutes=1), due_at=stamp(slot))  # late, and killed
    assert rows(archive, "select count(*) from events where kind = 'gap'") == [(0,)]
    crawl(archive, NOON + timedelta(hours=2), site(1))
    sql = "select detail ->> 'failed', detail ->> 'missed', detail ->> 'last_slot' from events where kind = 'gap'"
    assert rows(archive, sql) == [(1, 0, stamp(slot))]
    crawl(archive, NOON + timedelta(hours=3), site(1))
    assert rows(archive, "select count(*) from events where kind = 'gap'") == [(1,)]


# -- history ----------------------------------------------------------------------------------------------------------


def test_the_history_names_each_judgement_under_the_revision_it_followed(archive: Archive) -> None:
    crawl(archive, NOON, site(2))
    for day in (1, 2):
        crawl(archive, NOON + day * DAY, site(2, _1=404))
    crawl(archive, NOON + 3 * DAY, site(2, _1=page(1, headline="改过的题目谈一体化")))
    for day in (4, 5):
        crawl(archive, NOON + day * DAY, site(2, _1=LOGIN))
    first, second = history(archive.conn, "newsroom-1")
    told = [(each["kind"], each["at"], [probe["at"] for probe in each["probes"]]) for each in first["absences"]]
    assert told == [("removed", stamp(NOON + 2 * DAY), [stamp(NOON + DAY), stamp(NOON + 2 * DAY)])]
    assert (first["absences"][0]["last_seen_at"], first["absences"][0]["first_missed_at"]) == (
        stamp(NOON),
        stamp(NOON + DAY),
    )
    assert [each["kind"] for each in second["absences"]] == ["restored", "restricted"]
    assert {tuple(probe) for probe in second["absences"][1]["probes"]} == {("at", "capture", "outcome", "witness")}
    witnesses = rows(archive, "select distinct c.url from probes p join captures c on c.id = p.witness_id")
    assert witnesses == [(url(2),)]
