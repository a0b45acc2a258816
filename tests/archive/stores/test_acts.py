"""Acts of the operator: each has its place behind what its chains held then, so a replay gives what was there live."""

import json
import random
import sqlite3
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pydantic.dataclasses import dataclass
from support.archiving import NOON, crawl, fetched, page, rows
from support.attacks import CAPTURES, file_of, lines
from support.busy_archive import busy_archive
from support.journeys import SOAK
from support.lives import HOUR, MIRROR, SOURCES, Acting, copy, lived

from archive import Archive, open_archive
from archive.decisions import CLOSED, Decision, LedgerEntry, OperatorAct
from archive.files import ledger as archive_ledger
from archive.files.clock import stamp
from archive.files.ledger import LedgerLine, as_text, heads, read_lines, sealed
from archive.files.lock import Locked, locked
from archive.files.warc import read_records
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.runs.operator_acts import act
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database
from archive.rows.captures import Unproved
from archive.rows.presence import note_standing
from archive.rules.standing import Standing

DAY = timedelta(days=1)
MIRRORED = "mirror-f64016e52166"  # of the address of article 1
SEEN = """
    select a.key, a.headline, a.revisions, a.state, a.last_seen_at,
           (select count(*) from sightings s where s.article_id = a.id)
      from articles a where a.source in (select value from json_each(?)) order by a.key
    """


@pytest.fixture
def counted() -> Iterator[type[OperatorAct]]:
    """A kind of act that no version has: one class is all it takes. It leaves a mark of all that it finds."""

    @dataclass(frozen=True, kw_only=True, config=CLOSED)
    class Counted(OperatorAct):
        """The operator counted what the archive holds of some sources, and marks one article with it."""

        kind = "counted"
        key: str
        by: str = "ops"
        reason: str = "counting"

        def carry_out(self, entry: LedgerEntry) -> None:
            article_id = self.article(entry, self.key)
            found = entry.conn.execute(SEEN, (json.dumps(list(self.heads)),)).fetchall()
            sql = "select state, misses, first_missed_at, last_missed_at from articles where id = ?"
            state, misses, first, last = entry.conn.execute(sql, (article_id,)).fetchone()
            mark = zlib.crc32(repr((misses, found)).encode())
            note_standing(entry.conn, article_id, Standing(state, mark, first, last))

    yield Counted
    del Decision.KINDS["counted"]


def mark(archive: Archive, key: str = "newsroom-1") -> int:
    (found,) = archive.conn.execute("select misses from articles where key = ?", (key,)).fetchone()
    return int(found)


def chain(home: Path, name: str) -> list[LedgerLine]:
    return [line for _, line in read_lines(home / "ledger", name)]


def both(home: Path) -> Archive:
    """An archive of two sources with a history each."""
    archive = busy_archive(home)
    with CrawlIngest(archive, MIRROR, clock=lambda: NOON) as ingest:
        ingest.begin_crawl(NOON)
        ingest.add(fetched(1, page(1), NOON))
        ingest.finish("finished", 1, 0, NOON)
    return archive


def test_an_act_records_the_heads_of_its_chains_and_touches_articles_of_those_chains_only(
    tmp_path: Path, counted: type[OperatorAct]
):
    with closing(both(tmp_path)) as archive:
        seen = {name: head for name, head in heads(archive.conn).items() if name != "operator"}
        with pytest.raises(Unproved, match="is of the source mirror, whose chain the line does not name"):
            act(archive, counted, ["newsroom"], lambda: NOON, key=MIRRORED)
        assert heads(archive.conn) == seen
        act(archive, counted, ["newsroom", "mirror", "nobody"], lambda: NOON, key=MIRRORED)
        (line,) = chain(tmp_path, "operator")
        assert line.detail == {"heads": {**seen, "nobody": None}}
        assert rows(archive, "select kind, source, digest from events where kind = 'counted'") == [
            ("counted", "mirror", line.digest)
        ]


def test_an_act_waits_for_no_crawl(tmp_path: Path, counted: type[OperatorAct]):
    with closing(both(tmp_path)) as archive, locked(archive.home, "mirror"):
        with pytest.raises(Locked, match="mirror is in use by process"):
            act(archive, counted, ["newsroom", "mirror"], lambda: NOON, key="newsroom-1")
        assert not (tmp_path / "ledger" / "operator.jsonl").exists()


def test_an_act_that_a_kill_kept_from_the_database_is_entered_before_its_chain_goes_on(
    tmp_path: Path, counted: type[OperatorAct]
):
    """The next writer of the chain may have opened the archive before the act."""
    with closing(both(tmp_path)) as archive:
        with closing(open_archive(tmp_path)) as other:
            copy(tmp_path / "archive.db", tmp_path / "before.db")
            act(other, counted, ["newsroom", "mirror"], lambda: NOON, key="newsroom-1")
            expected = mark(other)
        with closing(sqlite3.connect(tmp_path / "before.db")) as before:
            before.backup(archive.conn)
        with locked(archive.home, "mirror"), pytest.raises(Locked, match="mirror is in use"):
            crawl(archive, NOON + DAY, {1: page(1, headline="又一个题目谈发展")})
        crawl(archive, NOON + DAY, {2: page(2, headline="又一个题目谈发展")})
        assert mark(archive) == expected
    rebuild_database(tmp_path, NOON)
    with closing(open_archive(tmp_path)) as archive:
        assert mark(archive) == expected


def test_an_act_covers_revisits_that_no_line_names_also_after_a_rebuild(tmp_path: Path, counted: type[OperatorAct]):
    with closing(both(tmp_path)) as archive:
        killed = CrawlIngest(archive, MIRROR, clock=lambda: NOON + DAY).__enter__()
        killed.begin_crawl(NOON + DAY)
        killed.add(fetched(1, 304, NOON + DAY))
        killed.commit()
        killed.stores.close()
        killed._held.close()
        act(archive, counted, ["mirror"], lambda: NOON + DAY, key=MIRRORED)
        (line,) = chain(tmp_path, "operator")
        (size,) = [path.stat().st_size for path in (tmp_path / "captures").glob("mirror-2*")]
        assert list(line.detail["unnamed"].values()) == [size]
        expected = mark(archive, MIRRORED)
    rebuild_database(tmp_path, NOON)
    with closing(open_archive(tmp_path)) as archive:
        assert mark(archive, MIRRORED) == expected


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("sha256:" + "0" * 64, "newsroom.jsonl has no line sha256:0000"),
        (0, "newsroom.jsonl has gone on behind sha256:"),
        (None, "newsroom.jsonl has gone on behind its beginning"),
    ],
)
def test_an_act_without_its_place_is_left_out_and_named(
    tmp_path: Path, counted: type[OperatorAct], head: str | int | None, said: str
):
    with closing(both(tmp_path)) as archive:
        act(archive, counted, ["newsroom"], lambda: NOON, key="newsroom-1")
        expected = mark(archive)
    named = chain(tmp_path, "newsroom")[head].digest if isinstance(head, int) else head
    last = chain(tmp_path, "operator")[-1]
    detail = {"heads": {"newsroom": named}}
    forged = sealed(
        LedgerLine("operator", stamp(NOON), stamp(NOON), "counted", "newsroom-1", detail=detail), last.digest
    )
    with (tmp_path / "ledger" / "operator.jsonl").open("a") as file:
        file.write(as_text(forged))
    (lost,) = rebuild_database(tmp_path, NOON).lost
    assert "operator.jsonl at " in lost
    assert said in lost
    rebuild_database(tmp_path, NOON, accept_loss=True)
    assert rebuild_database(tmp_path, NOON).lost == ()
    with closing(open_archive(tmp_path)) as archive:
        assert mark(archive) == expected


def test_an_act_on_lines_that_were_accepted_as_lost_is_kept(tmp_path: Path, counted: type[OperatorAct]):
    """The line that it names is gone: it was before the line that accepts the loss."""
    with closing(both(tmp_path)) as archive:
        act(archive, counted, ["newsroom", "mirror"], lambda: NOON, key="newsroom-1")
    path = tmp_path / "ledger" / "mirror.jsonl"
    path.write_bytes(b"".join(lines(path)[:-1]))
    rebuild_database(tmp_path, NOON, accept_loss=True)
    for path in tmp_path.glob("archive.db*"):
        path.unlink()
    assert rebuild_database(tmp_path, NOON).lost == ()
    with closing(open_archive(tmp_path)) as archive:
        assert rows(archive, "select count(*) from events where kind = 'counted'") == [(1,)]
        crawl(archive, NOON + 5 * DAY, {1: 304})
        (tmp_path / "scratch").mkdir()
        assert prove(archive, tmp_path / "scratch") == ()


def test_acts_make_no_damaged_revisit_a_witness(tmp_path: Path, counted: type[OperatorAct]):
    """A bit of its gzip header flipped: the record is what it was, and the range that a line names is not."""
    with closing(open_archive(tmp_path)) as archive:
        crawl(archive, NOON, {1: page(1)})
        crawl(archive, NOON + HOUR, {1: 304})
        for _ in range(2):
            act(archive, counted, ["newsroom"], lambda: NOON + HOUR, key="newsroom-1")
    path = file_of(tmp_path, CAPTURES)
    offset = next(record.place.offset for record in read_records(path) if record.warc_type == "revisit")
    content = bytearray(path.read_bytes())
    content[offset + 4] ^= 1  # of the time in the header (RFC 1952)
    path.write_bytes(content)
    assert rebuild_database(tmp_path, NOON, accept_loss=True).lost != ()
    with closing(open_archive(tmp_path)) as archive:
        assert rows(archive, "select verdict from captures where record_type = 'revisit'") == [("quarantined",)]
        assert rows(archive, "select count(*) from sightings") == [(1,)]


def test_an_act_names_sources(tmp_path: Path, counted: type[OperatorAct]):
    with closing(both(tmp_path)) as archive:
        for chains in ([], ["operator"], ["../evil"]):
            with pytest.raises(ValueError, match="an act touches the chains of sources, and at least one: "):
                act(archive, counted, chains, lambda: NOON, key="newsroom-1")
    assert sorted(path.name for path in (tmp_path / "locks").iterdir()) == ["mirror.lock", "newsroom.lock"]


def test_a_chain_is_read_a_few_times_for_all_acts_on_it(
    tmp_path: Path, counted: type[OperatorAct], monkeypatch: pytest.MonkeyPatch
):
    acts = 30
    with closing(both(tmp_path)) as archive:
        for _ in range(acts):
            act(archive, counted, ["newsroom", "mirror"], lambda: NOON, key="newsroom-1")
    lines = sum(len(chain(tmp_path, name)) for name in ("newsroom", "mirror", "operator"))
    read = []
    step = archive_ledger._step
    monkeypatch.setattr(archive_ledger, "_step", lambda *given: read.append(1) or step(*given))
    rebuild_database(tmp_path, NOON)
    assert len(read) < 6 * lines  # for what its lines name, for their heads, and to enter them; acts times lines: 900


def counting(kind: type[OperatorAct]) -> Acting:
    """Acts of this kind on any article, with any chains."""

    def once(archive: Archive, chance: random.Random, now: Callable[[], datetime]) -> bool:
        keys = rows(archive, "select key, source from articles order by key")
        if keys:
            key, source = chance.choice(keys)
            chains = {source, *chance.sample([each.name for each in SOURCES], chance.randint(0, 2))}
            act(archive, kind, sorted(map(str, chains)), now, key=key)
        return bool(keys)

    return once


def test_a_life_with_acts_between_is_replayed_as_it_was(tmp_path: Path, counted: type[OperatorAct]):
    assert sum(lived(tmp_path, counting(counted), seed) for seed in (0, 1)) > 3


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.parametrize("first", range(100, 200 if SOAK else 105, 5))
def test_many_random_lives_with_acts_are_replayed_as_they_were(tmp_path: Path, counted: type[OperatorAct], first: int):
    assert sum(lived(tmp_path, counting(counted), seed) for seed in range(first, first + 5)) > 10
