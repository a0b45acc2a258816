"""Sightings in any order give the rows that the sorted order gives."""

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.archiving import NOON, PARAGRAPHS, SOURCE, WRITERS, Reads, dump, fetched, page, rows, url
from support.journeys import SOAK

import parsers
from archive import Archive, open_archive
from archive.history.rebuild_revisions import arrange
from archive.history.states import Texts
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.import_ingest import ImportIngest
from archive.judging.reading.readings import PageReading
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database
from archive.rules.identity import state_of
from parsers import Document

pytestmark = [pytest.mark.slow, pytest.mark.soak]

EXAMPLES = int(os.environ.get("THINKER_ORDERS", "60" if SOAK else "4"))  # each writes, proves and rebuilds two archives
HOUR = timedelta(hours=1)
FULL = "旧题目谈一体化发展"
TEXTS = {
    "A": (FULL, PARAGRAPHS),
    "B": ("新题目谈一体化发展", PARAGRAPHS),
    "a": (FULL, tuple(text.replace("，", ",") for text in PARAGRAPHS)),
}
STORY = {
    "revisions": "select number, captured_at, origin, significance, headline, body_text from revisions"
    " where article_id = {} order by position",
    "current": "select headline, body_text, revisions, first_seen_at, last_seen_at, shown_at from articles"
    " where id = {}",
    "events": "select kind, at from events where article_id = {} and kind in ('new', 'edited') order by at, id",
    "changes": "select r.captured_at, c.property, c.before, c.after, c.significance from changes c"
    " join revisions r on r.id = c.revision_id where r.article_id = {} order by r.position, c.property",
}


def story(archive: Archive, article: int) -> dict[str, list[tuple[object, ...]]]:
    return {name: rows(archive, sql.format(article)) for name, sql in STORY.items()}


def add(ingest: CrawlIngest, number: int, sightings: Sequence[tuple[int, str]]) -> None:
    """Add captures (hour, text) of an article, in this order."""
    for hour, text in sightings:
        headline, paragraphs = TEXTS[text]
        ingest.add(fetched(number, page(0, headline, paragraphs), NOON + hour * HOUR))


@pytest.mark.parametrize("texts", ["ABA", "ABAB", "AABBA", "AaB", "AaBA"])
def test_each_order_of_sightings_gives_the_same_rows(tmp_path: Path, texts: str):
    """Each order is an article of its own, the first one the sorted one."""
    orders = list(permutations(enumerate(texts)))
    archive = open_archive(tmp_path)
    with ImportIngest(archive, SOURCE, clock=lambda: NOON) as ingest:
        for number, order in enumerate(orders, start=1):
            add(ingest, number, order)
    stories = [story(archive, number) for number in range(1, len(orders) + 1)]
    assert [order for order, told in zip(orders, stories, strict=True) if told != stories[0]] == []
    archive.close()


# -- live, revisited and imported, with kills and another parser between ---------------------------------------------


@dataclass(frozen=True)
class Arrival:
    """One capture: the hour it was made, the text and bytes it shows, and the way it came."""

    hour: int
    text: str
    note: int
    imported: bool
    killed: bool  # the process dies behind it, before anything is committed
    later: int = 0  # of an import: how many captures come before it though they were made after
    undated: bool = False  # of an import: it is a saved page of which nobody says when it was captured

    @property
    def tag(self) -> str:
        return f'"{self.text}{self.note}"'


ARRIVALS = st.lists(
    st.builds(
        Arrival,
        st.just(0),
        st.sampled_from("ABa"),
        st.integers(0, 1),
        st.booleans(),
        st.booleans(),
        st.integers(0, 5),
        st.booleans(),
    ),
    min_size=2,
    max_size=6,
)


def read(version: str, page: Document) -> PageReading:
    """A parser's reading of a page; from version 2 on it knows the speaker."""
    article = parsers.parse(page)
    return state_of(replace(article, speaker="林知远") if version == "2" else article, version)


def reader() -> Reads:
    return Reads(partial(read, parsers.PARSER_VERSION))


def arrive(archive: Archive, arrival: Arrival, earlier: set[str]) -> None:
    """Crawl one page or import it, in a session of its own. Bytes that a live capture brought before come as a 304."""
    at = NOON + arrival.hour * HOUR
    ingest = WRITERS["import" if arrival.imported else "site"](archive, SOURCE, reader(), clock=lambda: at)
    ingest.__enter__()
    if not arrival.imported:
        ingest.begin_crawl(at)
    headline, paragraphs = TEXTS[arrival.text]
    confirmed = not arrival.imported and arrival.tag in earlier
    answer = 304 if confirmed else page(0, headline, paragraphs, note=str(arrival.note))
    if arrival.imported and arrival.undated:
        saved = page(0, headline, paragraphs, note=f"{arrival.note} {arrival.hour}")  # the same bytes are kept once
        ingest.add_resource(saved, "text/html", url(1), None)
    else:
        ingest.add(fetched(1, answer, at, {"ETag": arrival.tag}))
    if arrival.killed:
        ingest.stores.close()
        ingest._held.close()
    else:
        if not arrival.imported:
            ingest.finish("finished", 1, 0, at)
        ingest.__exit__(None, None, None)


def lived(arrivals: Sequence[Arrival], parser_changes: int | None = None) -> dict[str, list[tuple[object, ...]]]:
    """The story of one article; live captures come in their order. Proved by its files and by a rebuild."""
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        home, earlier = Path(folder) / "home", set[str]()
        for number, arrival in enumerate(arrivals):
            later = parser_changes is not None and number >= parser_changes
            patch.setattr(parsers, "PARSER_VERSION", "2" if later else "1")
            with closing(open_archive(home)) as archive:
                arrive(archive, arrival, earlier)
            if not arrival.imported:
                earlier.add(arrival.tag)
        with closing(open_archive(home)) as archive, CrawlIngest(archive, SOURCE, reader()):
            told, whole = story(archive, 1), dump(archive)
            (Path(folder) / "scratch").mkdir()
            assert prove(archive, Path(folder) / "scratch") == ()
            arrange(archive.conn, 1, Texts(archive.conn))
            assert dump(archive) == whole  # the short way at the end gave what all sightings give
        rebuild_database(home, NOON)
        with closing(open_archive(home)) as archive:
            assert story(archive, 1) == told
    return told


def in_order(arrivals: Sequence[Arrival]) -> list[Arrival]:
    return [replace(each, hour=hour, killed=False) for hour, each in enumerate(arrivals)]


def out_of_order(arrivals: Sequence[Arrival]) -> list[Arrival]:
    """Imports come later than they were made, live captures in their order."""
    made = [replace(each, hour=hour) for hour, each in enumerate(arrivals)]
    return sorted(made, key=lambda each: each.hour + (each.later + 0.5 if each.imported else 0))


@settings(max_examples=EXAMPLES, deadline=None)
@given(ARRIVALS)
def test_any_order_with_kills_equals_the_sorted_one(arrivals: list[Arrival]):
    assert lived(out_of_order(arrivals)) == lived(in_order(arrivals))


@settings(max_examples=EXAMPLES, deadline=None)
@given(ARRIVALS, st.integers(1, 5))
def test_a_parser_change_between_arrivals_adds_no_edit_and_hides_no_edit(arrivals: list[Arrival], changes: int):
    told, expected = lived(out_of_order(arrivals), changes), lived(in_order(arrivals))
    assert told["events"] == expected["events"]
    assert [row[:2] for row in told["revisions"] if row[0]] == [row[:2] for row in expected["revisions"] if row[0]]
    assert [row[2:5] for row in told["current"]] == [row[2:5] for row in expected["current"]]
