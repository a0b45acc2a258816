"""Attacks besides forging and cutting: each leaves the archive true, or is found."""

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.archiving import NOON, PARAGRAPHS, SOURCE, crawl, fetched, page, rows, url
from support.busy_archive import DAY, busy_archive
from support.forging import forge, found
from support.tables import every_row

from archive import Archive, open_archive
from archive.decisions import Removed, line_of
from archive.files.ledger import Ledger
from archive.files.warc import digest, http_block, read_records, seal
from archive.files.warc_files import WarcWriter
from archive.judging.crawl_ingest import CrawlIngest
from archive.replaying.proof import prove
from archive.replaying.rebuild import rebuild_database
from archive.rules.identity import article_key
from archive.rules.standing import Standing
from parsers.article import Article

FORGED = page(1, paragraphs=(*PARAGRAPHS, "这一句从来没有人说过。"))
TAGGED = {"ETag": '"one"'}


def texts(archive: Archive) -> str:
    return json.dumps(rows(archive, "select body_text from revisions"), ensure_ascii=False)


def test_a_304_for_other_bytes_than_ours_confirms_nothing(tmp_path: Path):
    """The queue's ETag was changed, or a server tags a 304 wrongly: the old text is not seen again."""
    archive = open_archive(tmp_path)
    with CrawlIngest(archive, SOURCE, clock=lambda: NOON) as ingest:
        ingest.begin_crawl(NOON)
        ingest.add(fetched(1, page(1), NOON, TAGGED))
        ingest.finish("finished", 1, 0, NOON)
    with CrawlIngest(archive, SOURCE, clock=lambda: NOON + DAY) as ingest:
        ingest.begin_crawl(NOON + DAY)
        outcome = ingest.add(fetched(1, 304, NOON + DAY, {"ETag": '"two"'}))
        again = ingest.add(fetched(1, 304, NOON + DAY, {"ETag": 'W/"one"'}))
        ingest.finish("finished", 2, 0, NOON + DAY)
    assert (outcome.kind, again.kind) == ("unreachable", "revisit")
    assert rows(archive, "select record_type, status from captures order by id") == [
        ("response", 200), ("response", 304), ("revisit", 304),
    ]  # fmt: skip
    archive.close()


@pytest.mark.parametrize(
    "change",
    [
        "drop view removed_articles",
        "create view more as select 1",
        "create trigger t after insert on health begin update health set ok = 1; end",
        "drop index articles_state",
    ],
)
def test_a_schema_that_is_not_ours_is_found(tmp_path: Path, change: str):
    archive = busy_archive(tmp_path / "home")
    archive.conn.execute(change)
    assert any(fault.detail.startswith("schema ") for fault in prove(archive, tmp_path))
    archive.close()


def appended(home: Path, at: datetime) -> None:
    """Append a consistent record behind the end of a crawl, with the id of the crawl's warcinfo."""
    (path,) = (home / "captures").glob("newsroom-2*")
    warcinfo = next(record.record_id for record in read_records(path) if record.warc_type == "warcinfo")
    fields = [
        ("WARC-Target-URI", url(1)), ("WARC-Warcinfo-ID", f"<{warcinfo}>"), ("Thinker-Kind", "article"),
        ("Content-Type", "application/http; msgtype=response"), ("WARC-Payload-Digest", digest(FORGED)),
    ]  # fmt: skip
    block = http_block(200, [("Content-Type", "text/html; charset=utf-8")], FORGED)
    with path.open("ab") as file:
        file.write(seal("response", at, block, fields).member)


def test_a_record_behind_the_end_of_its_crawl_makes_no_version(tmp_path: Path):
    busy_archive(tmp_path).close()
    appended(tmp_path, datetime(2001, 1, 1, tzinfo=UTC))
    archive = open_archive(tmp_path)
    crawl(archive, NOON + 3 * DAY, {0: page(0)})
    assert "从来没有人说过" not in texts(archive)
    assert rows(archive, "select verdict, parse_error from captures where captured_at < '2002'") == [
        ("quarantined", "it names a crawl that had ended: no crash leaves such a capture")
    ]
    archive.close()


def test_a_forged_revisit_gives_no_address_and_no_sighting_once_the_loss_is_accepted(tmp_path: Path):
    busy_archive(tmp_path).close()
    path, number = found(tmp_path / "captures", lambda record: record.warc_type == "revisit" and bool(record.block))
    address = next(read_records(path, members_start(path, number))).fields["warc-target-uri"]
    forge(path, number, address.encode() + b"\r\nWARC-War", url(99).encode() + b"\r\nWARC-War", same_length=False)
    rebuild_database(tmp_path, NOON + 4 * DAY, accept_loss=True)
    archive = open_archive(tmp_path)
    assert rows(archive, f"select * from addresses where url = '{url(99)}'") == []
    crawl(archive, NOON + 5 * DAY, {99: page(99)})
    assert rows(archive, f"select revisions, headline from articles where url = '{url(99)}'") == [
        (1, "第99篇文章谈一体化")
    ]
    archive.close()


def members_start(path: Path, number: int) -> int:
    return [record.place.offset for record in read_records(path)][number]


@every_row("identity", ["页面上的一句话", "a b", "x" * 65, "a/b", "1\n2"])
def test_an_identity_that_is_a_text_stays_out_of_keys(identity: str):
    key = article_key("newsroom", url(1), Article("题", identity=identity), "sha256:" + "0" * 64)
    assert key == article_key("newsroom", url(1), Article("题"), "sha256:" + "0" * 64)


def test_a_chain_decides_on_its_own_source_only(tmp_path: Path):
    busy_archive(tmp_path).close()
    ledger = Ledger(tmp_path / "ledger", "zzz")
    gone = Removed(
        at="2026-11-27T12:00:00Z", key="newsroom-0", outcome="gone", last_seen_at="2026-11-27T12:00:00Z",
        standing=Standing("removed", 2, "2026-11-27T12:00:00Z", "2026-11-27T12:00:00Z"),
    )  # fmt: skip
    with closing(open_archive(tmp_path)) as archive:
        key = str(rows(archive, "select key from articles where state = 'live'")[0][0])
    ledger.append(line_of(type(gone)(**{**gone.__dict__, "key": key}), "zzz", "2026-11-27T12:00:00Z"))
    ledger.sync()
    told = rebuild_database(tmp_path, NOON + 4 * DAY)
    assert "whose chain the line does not name" in told.lost[0]
    with closing(open_archive(tmp_path)) as archive:
        assert rows(archive, f"select state from articles where key = '{key}'") == [("live",)]


def test_a_file_that_was_lost_keeps_its_number(tmp_path: Path):
    for _ in range(3):
        writer = WarcWriter(tmp_path, "newsroom")
        writer.close()
        writer.begin(NOON)
        writer.close()
    first, second, third = sorted(tmp_path.iterdir())
    second.unlink()
    writer = WarcWriter(tmp_path, "newsroom")
    writer.begin(NOON)
    assert writer.name.endswith("-00004.warc.gz")
    writer.close()
    assert third.name.endswith("-00003.warc.gz")
    assert first.name.endswith("-00001.warc.gz")


def test_a_database_that_was_emptied_is_not_proved(tmp_path: Path):
    busy_archive(tmp_path / "home").close()
    (tmp_path / "home" / "archive.db").unlink()
    empty = open_archive(tmp_path / "elsewhere")
    empty.close()
    (tmp_path / "elsewhere" / "archive.db").replace(tmp_path / "home" / "archive.db")
    archive = open_archive(tmp_path / "home", caught_up=False)
    assert [fault.kind for fault in prove(archive, tmp_path)] == ["lag"]
    archive.close()
