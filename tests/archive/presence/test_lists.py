"""Addresses that lists leave out: not by ageing or moving, but missing twice between their neighbours."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.archiving import NOON, SOURCE, fetched, page, rows, url
from support.tables import every_row

from archive import Archive, open_archive
from archive.files.clock import stamp
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.presence.failing import FailedList
from archive.judging.presence.list_places import LeftOut, ListedPlace, compare
from archive.judging.presence.lists import Listing
from archive.judging.reading.fetched import Fetched
from archive.rules.urlkeys import key_of

DAY = timedelta(days=1)
FEED, OTHER = "http://example.com/feed.xml", "http://example.com/list"


def left_out(*readings: str) -> set[str]:
    """The addresses that the last of these readings leaves out; each reading is a text of one-letter addresses."""
    known: list[ListedPlace] = []
    found = None
    for number, reading in enumerate(readings, start=1):
        found = compare(known, list(reading), number)
        known = applied(known, list(reading), number)
    assert found is not None
    return {each.urlkey for each in found.left_out}


def applied(known: Sequence[ListedPlace], shown: Sequence[str], reading: int) -> list[ListedPlace]:
    """The places after a reading."""
    found = compare(known, shown, reading)
    kept = {} if found.turned else {place.urlkey: place for place in known if place.urlkey not in found.forgotten}
    for place in found.new:
        kept[place.urlkey] = place
    for urlkey, place in kept.items():
        if urlkey in found.back:
            kept[urlkey] = ListedPlace(urlkey, place.place, place.first)
        elif urlkey in found.lacking:
            kept[urlkey] = ListedPlace(urlkey, place.place, place.first, reading - 1)
    return sorted(kept.values(), key=lambda place: place.place)


@every_row(
    ("readings", "out"),
    [
        (("abcde", "abde"), "c"),
        (("abcde", "abde", "abde"), "c"),
        (("abcde", "ade", "ade"), "bc"),
        (("abcde", "abde", "abcde"), ""),  # it is back
        (("abcde", "abcd"), ""),  # aged out at the end,
        (("abcde", "xyabc"), ""),  # where new ones came,
        (("abcde", "bcde"), ""),  # or at the beginning: old ones first
        (("abcde", "xabde"), "c"),  # while new ones came
        (("abcde", "abdexy"), "c"),
        (("abcde", "xabde", "yxabd"), "c"),
        (("abcde", "xabde", "yxab"), ""),  # and then aged out
        (("abcde", "abxde"), ""),  # another one in its stead: a ranking, say
        (("abcde", "abxde", "abxde"), ""),
        (("abcde", "abxcde", "abxde"), "c"),  # that had been there before
        (("abcde", "badce"), ""),  # another order: it says nothing,
        (("abcde", "badce", "badc"), ""),
        (("abcde", "badce", "bace"), "d"),  # until it was read in that order
        (("abcde", "vwxyz"), ""),  # another list
        (("abcde", "vwxyz", "vwyz"), "x"),
        (("abcde", "xbcde"), ""),  # what stood first has no neighbour before it
        (("abcde", "xbcde", "yxbcde"), ""),
        (("abcde", ""), ""),
        (("abcde", "", "abcde"), ""),
        (("a", "a"), ""),
    ],
)
def test_a_reading_leaves_out_only_addresses_missing_between_their_neighbours(
    readings: tuple[str, ...], out: str
) -> None:
    assert left_out(*readings) == set(out)


def test_the_nearest_neighbours_are_named() -> None:
    known = [ListedPlace(letter, float(number), 1) for number, letter in enumerate("abcdef")]
    assert compare(known, list("abef"), 2).left_out == (LeftOut("c", "b", "e"), LeftOut("d", "b", "e"))


@given(st.lists(st.integers(0, 99), unique=True, min_size=1), st.lists(st.integers(0, 5), max_size=8))
def test_a_list_that_only_gets_new_entries_and_forgets_old_ones_leaves_nothing_out(
    first: list[int], steps: list[int]
) -> None:
    shown, known, fresh = [str(number) for number in first], list[ListedPlace](), 100
    for reading, count in enumerate([0, *steps], start=1):
        shown = ([str(fresh + number) for number in range(count)] + shown)[: len(first)]
        fresh += count
        assert compare(known, shown, reading).left_out == ()
        known = applied(known, shown, reading)


@given(st.sets(st.integers(1, 28)), st.integers(0, 3))
def test_exactly_the_entries_taken_from_the_middle_of_a_list_are_left_out(taken: set[int], new: int) -> None:
    before = [str(number) for number in range(30)]
    after = [f"new {number}" for number in range(new)] + [name for name in before if int(name) not in taken]
    known = applied([], before, 1)
    assert {int(each.urlkey) for each in compare(known, after, 2).left_out} == taken


@given(st.lists(st.lists(st.integers(0, 9), unique=True), max_size=6))
def test_current_places_are_the_entries_of_the_last_reading_in_its_order(readings: list[list[int]]) -> None:
    known: list[ListedPlace] = []
    for number, reading in enumerate(readings, start=1):
        known = applied(known, [str(each) for each in reading], number)
        assert [place.urlkey for place in known if place.last is None] == [str(each) for each in reading]
        assert len({place.place for place in known if place.last is None}) == len(reading)


# -- in crawls --------------------------------------------------------------------------------------------------------


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = open_archive(tmp_path)
    yield opened
    opened.close()


def crawl(
    archive: Archive,
    day: int,
    lists: dict[str, Sequence[int]],
    missing: Sequence[int] = (),
    failed: Sequence[str] = (),
    asked: Sequence[int] = range(1, 7),
) -> list[str]:
    """Crawl with these lists and answers. Returns the urlkeys that the lists want asked."""
    at = NOON + day * DAY
    with CrawlIngest(archive, SOURCE, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        wanted = [urlkey for address, numbers in lists.items() for urlkey in told(ingest, address, numbers, at)]
        for address in failed:
            ingest.list_failed(FailedList(address, address, "HTTP 500"))
        for number in asked:
            ingest.add(fetched(number, 404 if number in missing else page(number), at))
        ingest.finish("finished", 0, 0, at)
    return wanted


def told(
    ingest: CrawlIngest, address: str, numbers: Sequence[int], at: datetime, lastmod: datetime | None = None
) -> list[str]:
    kept = ingest.add(Fetched(address, 200, (), str((numbers, at)).encode(), at, "list"))
    pages = ((str(kept.record_id), tuple(key_of(url(n)) for n in numbers)),)
    return ingest.lists.note(Listing(address, pages, stamp(lastmod) if lastmod else None))


def happened(archive: Archive) -> list[tuple[object, ...]]:
    sql = (
        "select e.kind, a.key from events e join articles a on a.id = e.article_id where e.kind <> 'new' order by e.id"
    )
    return rows(archive, sql)


def state(archive: Archive, number: int) -> object:
    return rows(archive, f"select state from articles where key = 'newsroom-{number}'")[0][0]


ALL, WITHOUT = [6, 5, 4, 3, 2, 1], [6, 5, 4, 2, 1]


def test_two_crawls_whose_list_leaves_out_a_live_article_delist_it(archive: Archive) -> None:
    assert crawl(archive, 0, {FEED: ALL}) == []
    assert crawl(archive, 1, {FEED: WITHOUT}) == [key_of(url(3))]
    assert state(archive, 3) == "live"
    crawl(archive, 2, {FEED: WITHOUT})
    assert (happened(archive), state(archive, 3)) == ([("delisted", "newsroom-3")], "delisted")
    assert crawl(archive, 3, {FEED: WITHOUT}) == []  # it answers, and stays what it is
    assert (happened(archive), state(archive, 3)) == ([("delisted", "newsroom-3")], "delisted")
    crawl(archive, 4, {FEED: ALL})
    assert happened(archive) == [("delisted", "newsroom-3"), ("restored", "newsroom-3")]
    assert state(archive, 3) == "live"


def test_a_delisting_names_its_lists_and_neighbours(archive: Archive) -> None:
    for day, numbers in enumerate((ALL, WITHOUT, WITHOUT)):
        crawl(archive, day, {FEED: numbers})
    lists = [record for (record,) in rows(archive, "select record_id from captures where kind = 'list' order by id")]
    ((detail,),) = rows(archive, "select detail from events where kind = 'delisted'")
    found = json.loads(str(detail))
    assert (found["listed_in"], found["last_listed_at"]) == (lists[0], "2026-11-25T12:00:00Z")
    assert found["unlisted"] == [
        {"at": f"2026-11-2{day}T12:00:00Z", "capture": record, "before": "newsroom-4", "after": "newsroom-2"}
        for day, record in ((6, lists[1]), (7, lists[2]))
    ]


@pytest.mark.parametrize(
    "readings",
    [
        [{FEED: ALL}, {FEED: [7, 6, 5, 4]}, {FEED: [8, 7, 6, 5]}],  # it ages out
        [{FEED: ALL, OTHER: ALL}, {FEED: WITHOUT, OTHER: ALL}, {FEED: WITHOUT, OTHER: ALL}],  # another shows it
        [{FEED: ALL}, {FEED: WITHOUT}, {}],  # not read again
        [{FEED: ALL}, {FEED: WITHOUT}, {FEED: ALL}, {FEED: WITHOUT}],
    ],
)
def test_an_article_that_ages_out_or_is_listed_again_or_elsewhere_is_not_delisted(
    archive: Archive, readings: list[dict[str, Sequence[int]]]
) -> None:
    for day, lists in enumerate(readings):
        crawl(archive, day, lists)
    assert happened(archive) == []


def test_nothing_is_delisted_while_a_list_that_answered_before_fails(archive: Archive) -> None:
    crawl(archive, 0, {FEED: ALL, OTHER: [7]})
    for day in (1, 2, 3):
        crawl(archive, day, {FEED: WITHOUT}, failed=[OTHER])
    assert happened(archive) == []
    for day in (4, 5):
        crawl(archive, day, {FEED: WITHOUT})
    assert happened(archive) == [("delisted", "newsroom-3")]


def test_a_removed_article_is_delisted_only_after_it_is_restored(archive: Archive) -> None:
    crawl(archive, 0, {FEED: ALL})
    for day in (1, 2, 3):
        crawl(archive, day, {FEED: WITHOUT}, missing=[3])
    assert happened(archive) == [("removed", "newsroom-3")]
    crawl(archive, 4, {FEED: WITHOUT})  # its page is back, its place in the list is not
    assert happened(archive) == [("removed", "newsroom-3"), ("restored", "newsroom-3"), ("delisted", "newsroom-3")]


def test_a_delisted_article_can_be_removed(archive: Archive) -> None:
    for day, numbers in enumerate((ALL, WITHOUT, WITHOUT)):
        crawl(archive, day, {FEED: numbers})
    for day, expected in ((3, "delisted"), (4, "removed")):
        crawl(archive, day, {FEED: WITHOUT}, missing=[3])
        assert state(archive, 3) == expected
    assert happened(archive) == [("delisted", "newsroom-3"), ("removed", "newsroom-3")]


def test_an_article_that_was_not_asked_since_is_not_judged_by_its_list(archive: Archive) -> None:
    crawl(archive, 0, {FEED: ALL})
    for day in (1, 2):
        assert crawl(archive, day, {FEED: WITHOUT}, asked=[1, 2]) == [key_of(url(3))]
    assert happened(archive) == []
    crawl(archive, 3, {FEED: WITHOUT})
    assert happened(archive) == [("delisted", "newsroom-3")]


def test_a_list_that_two_seeds_lead_to_is_read_once_a_crawl(archive: Archive) -> None:
    crawl(archive, 0, {FEED: ALL})
    at = NOON + DAY
    with CrawlIngest(archive, SOURCE, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        assert told(ingest, FEED, WITHOUT, at) == [key_of(url(3))]
        assert told(ingest, FEED, WITHOUT, at) == []
        for number in range(1, 7):
            ingest.add(fetched(number, page(number), at))
        ingest.finish("finished", 0, 0, at)
    assert happened(archive) == []


def read_where_it_changed(
    archive: Archive,
    day: int,
    numbers: Sequence[int],
    lastmod: datetime,
    failed: Sequence[str] = (),
    asked: Sequence[int] = range(1, 7),
) -> bool:
    """Crawl a list that is read only if its index gives another lastmod. Returns True if it was read."""
    at = NOON + day * DAY
    with CrawlIngest(archive, SOURCE, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        changed = ingest.unchanged_list(FEED, lastmod) is None
        if changed:
            told(ingest, FEED, numbers, at, lastmod)
        for address in failed:
            ingest.list_failed(FailedList(address, address, "HTTP 500"))
        for number in asked:
            ingest.add(fetched(number, page(number), at))
        ingest.finish("finished", 0, 0, at)
    return changed


def test_two_crawls_of_one_second_are_two(archive: Archive) -> None:
    """The index of a sitemap answered in the second in which the next crawl begins, where it fails."""
    unjudged = []
    for status, missing in ((200, ()), (500, (1,))):
        with CrawlIngest(archive, SOURCE, clock=lambda: NOON) as ingest:
            ingest.begin_crawl(NOON)
            ingest.add(Fetched(OTHER, status, (), str(status).encode(), NOON, "list"))
            if status == 500:
                ingest.list_failed(FailedList(OTHER, OTHER, "HTTP 500"))
            for number in range(1, 7):
                ingest.add(fetched(number, 404 if number in missing else page(number), NOON))
            unjudged.append(ingest.finish("finished", 0, 0, NOON).unjudged)
    assert unjudged == [0, 1]


EARLIER, LATER = NOON - 9 * DAY, NOON - 8 * DAY


@pytest.mark.parametrize(
    "hindered",
    [
        pytest.param({"failed": [OTHER]}, id="another list could not be read"),
        pytest.param({"asked": [1, 2]}, id="its page was not asked"),
    ],
)
def test_a_list_is_read_until_all_that_it_leaves_out_is_judged(archive: Archive, hindered: dict[str, Any]) -> None:
    """Its lastmod stands, and two crawls cannot count what it leaves out: the next ones do."""
    crawl(archive, -1, {OTHER: [7]})
    assert read_where_it_changed(archive, 0, ALL, EARLIER)
    assert [read_where_it_changed(archive, day, WITHOUT, LATER, **hindered) for day in (1, 2)] == [True, True]
    for day in (3, 4, 5):
        read_where_it_changed(archive, day, WITHOUT, LATER)
    assert happened(archive) == [("delisted", "newsroom-3")]
    assert not read_where_it_changed(archive, 6, WITHOUT, LATER)


@pytest.mark.parametrize("lastmod", [LATER, EARLIER - DAY])
def test_a_lastmod_that_is_another_says_that_the_list_changed(archive: Archive, lastmod: datetime) -> None:
    """Taking away the newest article of a sitemap may bring its lastmod back to that of the article before."""
    assert read_where_it_changed(archive, 0, ALL, EARLIER)
    assert not read_where_it_changed(archive, 1, WITHOUT, EARLIER)
    assert read_where_it_changed(archive, 2, WITHOUT, lastmod)


def test_a_long_list_is_compared_in_time() -> None:
    names = [str(number) for number in range(50_000)]
    known = [ListedPlace(name, float(number), 1) for number, name in enumerate(names)]
    assert len(compare(known, names[1:49_990:2] + names[49_990:], 2).left_out) == 24_994


def test_a_list_of_several_pages_is_one(archive: Archive) -> None:
    def read(day: int, *pages: Sequence[int]) -> None:
        at = NOON + day * DAY
        with CrawlIngest(archive, SOURCE, clock=lambda: at) as ingest:
            ingest.begin_crawl(at)
            parts = []
            for number, numbers in enumerate(pages):
                payload = str((numbers, at)).encode()
                kept = ingest.add(Fetched(f"{OTHER}?page={number}", 200, (), payload, at, "list"))
                parts.append((str(kept.record_id), tuple(key_of(url(n)) for n in numbers)))
            ingest.lists.note(Listing(OTHER, tuple(parts)))
            for number in range(1, 7):
                ingest.add(fetched(number, page(number), at))
            ingest.finish("finished", 0, 0, at)

    read(0, [6, 5, 4], [3, 2, 1])
    read(1, [6, 5, 4], [2, 1])
    read(2, [6, 5, 4], [2, 1])
    assert happened(archive) == [("delisted", "newsroom-3")]
    sql = """select c.url, c.captured_at from events e join captures c on c.record_id = e.detail ->> 'listed_in'"""
    assert rows(archive, sql) == [(f"{OTHER}?page=1", "2026-11-25T12:00:00Z")]
