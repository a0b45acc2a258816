"""Hits come out of the index an array at a time: wherever an array ends, none is lost and none comes twice."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support.written_archive import Written

from archive.search import matching
from archive.search.matching import Order, matching_before, matching_now, newest_before
from archive.search.text import match_query

FACTS = ["a.id", "found.state_id", "a.headline"]


def looked_at(conn: sqlite3.Connection, match: str, most: int | None, order: Order) -> list[int]:
    """The ids of matching articles, found row by row, without withdrawn ones."""
    sql = f"select rowid from article_words where article_words match ? order by rowid {order} limit ?"
    places = [row[0] for row in conn.execute(sql, (match, -1 if most is None else most))]
    told = dict(conn.execute("select search_id, id from articles where state <> 'withdrawn'"))
    return [told[place] for place in places if place in told]


@pytest.fixture
def conn(written: Written, tmp_path: Path) -> sqlite3.Connection:
    """That archive, with what the index should not hold: a withdrawn article, and rows of no article at either end."""
    shutil.copytree(written.home, tmp_path / "home")
    conn = sqlite3.connect(tmp_path / "home" / "archive.db")
    conn.execute("update articles set state = 'withdrawn' where id in (7, 8)")
    conn.execute("insert into article_words (rowid, body_text) values (1, '人民 民'), (?, '人民 民')", ((1 << 62),))
    return conn


@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("step", [1, 2, 3, 5_000])
def test_no_hit_is_lost_or_doubled_where_an_array_ends(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, step: int, order: Order
) -> None:
    monkeypatch.setattr(matching, "HITS_PER_BATCH", step)
    with closing(conn):
        match = match_query("人民")
        every = looked_at(conn, match, None, order)
        assert len(every) > 20
        titles = dict(conn.execute("select id, headline from articles"))
        for most in (None, 0, 1, 2, 3, len(every), len(every) + 1, 1_000):
            ids, states, headlines = matching_now(conn, match, FACTS, most, order)
            assert ids == looked_at(conn, match, most, order)
            assert states == [None] * len(ids)
            assert headlines == [titles[article_id] for article_id in ids]


@pytest.mark.parametrize("step", [1, 2, 3, 5_000])
def test_each_article_is_found_once_with_its_newest_superseded_text_where_a_batch_ends(
    conn: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(matching, "PAST_HITS_PER_BATCH", step)
    with closing(conn):
        states = matching_before(conn, match_query("人"))
        position = dict(conn.execute("select state_id, max(position) from revision_records group by 1"))
        withdrawn = {row[0] for row in conn.execute("select id from articles where state = 'withdrawn'")}
        ids, newest, _ = newest_before(conn, states, FACTS)
    assert max(map(len, states.values())) > 1
    assert dict(zip(ids, newest, strict=True)) == {
        article_id: max(of, key=position.__getitem__)
        for article_id, of in states.items()
        if article_id not in withdrawn
    }
    assert len(ids) == len(set(ids))
