"""One address, one article: what several sources filed at one address becomes one, by acts that a rebuild replays."""

import random
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from support.archiving import NOON, SOURCE, crawl, fetched, page, rows, url
from support.journeys import SOAK
from support.lives import MIRROR, lived, proved

from archive import Archive, open_archive
from archive.files.lock import Locked, locked
from archive.judging import (
    Acting,
    doubles,
    likely_doubles,
    merge,
    merge_doubles,
    merge_pair,
    split,
    standing_acts,
    undo,
)
from archive.judging.import_ingest import ImportIngest
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database
from archive.settings.source_record import SourceRecord

IMPORTED = SourceRecord("imported")
OPS = Acting("ops", "other_work")
ACTS = "select key, detail ->> 'other', by, reason from acts order by id"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with closing(open_archive(tmp_path / "home")) as archive:
        yield archive


def now(days: int = 9):
    return lambda: NOON + timedelta(days=days)


def bring(archive: Archive, source: SourceRecord, days: int, *numbers: int, text: bytes | None = None) -> None:
    """Import articles, as captured so many days after noon."""
    with ImportIngest(archive, source, clock=now()) as ingest:
        for number in numbers:
            ingest.add(fetched(number, text or page(number), NOON + timedelta(days=days)))
        ingest.finish()


def keys(archive: Archive) -> list[tuple[object, ...]]:
    return rows(archive, "select a.key, k.key from keys k join articles a on a.id = k.article_id order by 2")


def test_a_crawled_and_an_imported_article_at_one_address_become_one(archive: Archive, tmp_path: Path) -> None:
    crawl(archive, NOON, {1: page(1), 2: page(2), 3: page(3)})
    bring(archive, IMPORTED, -1, 2, 3)
    bring(archive, MIRROR, 1, 3)
    before = [each for (each,) in rows(archive, "select key from keys")]
    assert len(before) == 6 == rows(archive, "select count(*) from articles")[0][0]
    assert [(each.why, each.what) for each in doubles(archive.conn)] == [
        ("same_address", url(2)), ("same_address", url(3)), ("same_address", url(3))
    ]  # fmt: skip
    assert merge_doubles(archive, now()).count == 3
    assert rows(archive, "select count(distinct article_id), count(distinct urlkey) from addresses") == [(3, 3)]
    leading = {key: leads for leads, key in keys(archive)}
    assert leading.keys() == set(before)
    assert sum(leads.startswith("imported-") for leads in set(leading.values())) == 2  # they were seen first
    assert {row[2:] for row in rows(archive, ACTS)} == {("thinker", "same_address")}
    assert (list(doubles(archive.conn)), merge_doubles(archive, now()).count) == ([], 0)
    (tmp_path / "scratch").mkdir()
    assert prove(archive, tmp_path / "scratch") == ()
    live, home = proved(archive), archive.home.path
    archive.close()
    for path in home.glob("archive.db*"):
        path.unlink()
    assert rebuild_database(home, NOON).lost == ()
    with closing(open_archive(home)) as again:
        assert proved(again) == live
        assert merge_doubles(again, now()).count == 0


def test_merging_again_finds_only_what_came_since(archive: Archive) -> None:
    bring(archive, IMPORTED, 0, *range(1, 8))
    bring(archive, SOURCE, 1, *range(1, 8))
    counts = [merge_doubles(archive, now(), most=3).count for _ in range(4)]
    assert counts == [3, 3, 1, 0]
    bring(archive, SOURCE, 2, 8)
    bring(archive, MIRROR, 3, 8, 1)
    assert merge_doubles(archive, now()).count == 2


def test_an_act_names_the_chains_of_every_key_that_it_touches(archive: Archive) -> None:
    bring(archive, IMPORTED, 0, 1)
    bring(archive, SOURCE, 1, 1)
    merge_doubles(archive, now())
    bring(archive, MIRROR, 2, 1)
    merge_doubles(archive, now())
    chains = rows(archive, "select group_concat(h.key) from acts a, json_each(a.detail -> 'heads') h group by a.id")
    assert chains == [("imported,newsroom",), ("imported,mirror,newsroom",)]


def test_an_article_that_an_operator_split_is_merged_with_no_other(archive: Archive) -> None:
    bring(archive, IMPORTED, 0, 1, 2)
    bring(archive, SOURCE, 1, 1, 2)
    merge_doubles(archive, now())
    one, other = (str(key) for (key,) in rows(archive, "select key from articles order by url"))
    merge(archive, one, other, OPS, now())
    split(archive, one, [url(2)], OPS, now())
    bring(archive, MIRROR, 3, 2)
    assert merge_doubles(archive, now()).count == 0
    assert {each.why for each in doubles(archive.conn)} == {"parted"}


def test_a_merge_that_an_operator_undid_is_not_done_again(archive: Archive) -> None:
    bring(archive, IMPORTED, 0, 1)
    bring(archive, SOURCE, 1, 1)
    merge_doubles(archive, now())
    undo(archive, str(rows(archive, "select digest from acts")[0][0])[7:19], OPS, now())
    assert merge_doubles(archive, now()).count == 0
    assert [each.why for each in doubles(archive.conn)] == ["parted"]
    assert len(keys(archive)) == 2


def test_a_source_that_another_process_writes_waits(archive: Archive) -> None:
    bring(archive, IMPORTED, 0, 1, 2)
    bring(archive, SOURCE, 1, 1)
    bring(archive, MIRROR, 1, 2)
    with locked(archive.home, "mirror"):
        merged = merge_doubles(archive, now())
    assert merged.count == 1
    assert isinstance(merged.locked, Locked)
    assert merged.locked.name == "mirror"
    assert merge_doubles(archive, now()).count == 1


def test_articles_of_two_sources_with_one_headline_and_date_are_only_listed(archive: Archive) -> None:
    crawl(archive, NOON, {1: page(1), 2: page(2), 3: page(3, headline="第2篇文章谈一体化")})
    with ImportIngest(archive, MIRROR, clock=now()) as ingest:
        ingest.add_resource(page(1), "text/html", "https://mirror.example/1.html", NOON)
    (found,) = likely_doubles(archive.conn)
    assert (found.why, found.what) == ("alike", "第1篇文章谈一体化")
    assert {found.key.partition("-")[0], found.other.partition("-")[0]} == {"newsroom", "mirror"}
    assert merge_doubles(archive, now()).count == 0


def merge_or_undo(archive: Archive, chance: random.Random, at: Callable[[], datetime]) -> bool:
    """Merge all doubles, import an article under both sources at one second, or undo a merge."""
    way = chance.random()
    standing = standing_acts(archive.conn)
    if way < 0.25 and standing:
        undo(archive, chance.choice(standing).digest, OPS, at)
    elif way < 0.5:
        text = page(1, note=str(chance.randint(0, 2)))
        for source in chance.sample([SOURCE, MIRROR, IMPORTED], 2):
            with ImportIngest(archive, source, clock=at) as ingest:
                ingest.add_resource(text, "text/html", url(1), chance.choice([None, NOON]))
    else:
        return merge_doubles(archive, at).count > 0
    return True


def test_a_life_with_doubles_is_replayed_as_it_was(tmp_path: Path) -> None:
    assert sum(lived(tmp_path, merge_or_undo, seed) for seed in (0, 1)) > 3


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize("first", range(100, 400 if SOAK else 105, 5))
def test_many_lives_with_doubles(tmp_path: Path, first: int) -> None:
    assert sum(lived(tmp_path, merge_or_undo, seed) for seed in range(first, first + 5)) > 5


def test_a_page_that_names_another_address_is_one_with_its_article_only_if_they_had_one_text(archive: Archive) -> None:
    crawl(archive, NOON, {1: page(1), 2: page(2), 3: page(1)})
    assert not merge_pair(archive, "newsroom-1", "newsroom-2", now())  # templates name one address on every page
    assert merge_pair(archive, "newsroom-1", "newsroom-3", now())
    assert rows(archive, "select count(*) from articles") == [(2,)]
