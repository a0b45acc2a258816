"""Segments: what a worker fetched stays provable from its spool to the depot, and nothing that was synced is lost."""

import json
import os
import resource
import signal
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

from archive.files import SealedRecord, http_head, seal
from crawler.segments.delivery import Delivery, Failure, SegmentError
from crawler.segments.depot import Depot, DepotError
from crawler.segments.segment import LINES, WARC, content_of
from crawler.segments.spool import Closed, Spool, SpoolBusy, SpoolOfAnother

AT = datetime(2026, 11, 25, 11, 3, tzinfo=UTC)
URL = "https://town.example/article/1.html"
FAILED = Failure("timeout", "no complete answer within 30 s")
FIELDS = (("Content-Type", "text/html"), ("Transfer-Encoding", "chunked"), ("X-Note", "名".encode().decode("latin-1")))


def _answer(spool: Spool, order: str, payload: bytes = "<p>城市治理</p>".encode()) -> tuple[Delivery, SealedRecord]:
    fields = [("WARC-Target-URI", URL), ("WARC-Warcinfo-ID", f"<{spool.warcinfo('town')}>")]
    record = seal("response", AT, (http_head(200, FIELDS), payload), fields)
    return Delivery(order, "t.1", "town", URL, AT.isoformat(), 200, record.record_id, size=len(payload)), record


def _failure(order: str) -> Delivery:
    return Delivery(order, "t.2", "town", URL, AT.isoformat(), failure=FAILED)


def _closed(folder: Path) -> Closed:
    """A closed segment of an answer and a failure."""
    spool = Spool(folder)
    spool.add(*_answer(spool, "a"))
    spool.add(_failure("b"), None)
    spool.close()
    (closed,) = spool.closed()
    spool.shut()
    return closed


def test_a_segment_arrives_as_it_was_fetched(tmp_path: Path) -> None:
    closed, depot = _closed(tmp_path / "spool"), Depot(str(tmp_path / "depot"), tmp_path / "inbox")
    depot.ship(closed)
    assert (depot.sources(), depot.names("town"), depot.names("other")) == (["town"], [closed.name], [])
    segment = depot.take(closed.name)
    answer, failure = segment.deliveries
    assert segment.deliveries == closed.deliveries
    assert (answer.order, answer.status, failure.order, failure.failure) == ("a", 200, "b", FAILED)
    content = content_of(segment.warc, answer)
    assert (content.fields, content.payload.decode()) == (FIELDS, "<p>城市治理</p>")
    with segment.warc.open("rb") as file:
        assert [record.rec_type for record in ArchiveIterator(file)] == ["warcinfo", "response"]
    depot.remove(closed.name)
    assert depot.names("town") == []
    with pytest.raises(FileNotFoundError):
        depot.take(closed.name)


def test_an_object_store_has_the_same_segments_as_a_folder(tmp_path: Path) -> None:
    closed, depot = _closed(tmp_path / "spool"), Depot("memory://bucket/segments", tmp_path / "inbox")
    depot.ship(closed)
    depot.ship(closed)  # its worker was killed before it could note that it had shipped it
    assert (depot.sources(), depot.names("town")) == (["town"], [closed.name])
    segment = depot.take(closed.name)
    assert segment.deliveries == closed.deliveries
    assert content_of(segment.warc, segment.deliveries[0]).payload.decode() == "<p>城市治理</p>"
    depot.remove(closed.name)
    assert (depot.names("town"), segment.warc.exists()) == ([], False)


def test_a_payload_of_another_size_than_its_line_says_is_refused(tmp_path: Path) -> None:
    closed = _closed(tmp_path)
    with pytest.raises(SegmentError, match="a payload of another size than its line says"):
        content_of(closed.warc, replace(closed.deliveries[0], size=1))


@pytest.mark.parametrize(
    ("use", "line"),
    [
        (lambda depot, _: depot.sources(), "cannot be listed: [Errno 111] Connection refused"),
        (lambda depot, folder: depot.ship(_closed(folder)), "cannot be written: [Errno 111] Connection refused"),
    ],
)
def test_a_store_that_is_away_is_one_line_at_its_first_use(
    tmp_path: Path, use: Callable[[Depot, Path], object], line: str
) -> None:
    """The maker of the depot hears nothing of it: the store may be back by then."""
    depot = Depot("simplecache::ftp://bob:s3cret@127.0.0.1:9/x", tmp_path / "inbox")
    with pytest.raises(DepotError) as caught:
        use(depot, tmp_path / "spool")
    remedy = "check `segments` of [cluster] in thinker.toml"
    assert str(caught.value) == f"simplecache::ftp://127.0.0.1:9/x {line}: {remedy}"


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def _later(path: Path) -> None:
    content = path.read_bytes().replace(b'"format": 1', b'"format": 9')
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("harm", "ending", "fault"),
    [
        (_cut, LINES, "its outcome lines are cut or altered"),
        (_flip, LINES, "its outcome lines are cut or altered"),
        (_later, LINES, "its outcome lines are cut or altered"),
        (_cut, WARC, "its WARC file is cut or altered"),
        (_flip, WARC, "its WARC file is cut or altered"),
        (os.unlink, WARC, "its WARC file is cut or altered"),
    ],
)
def test_a_segment_that_was_harmed_is_refused(
    tmp_path: Path, harm: Callable[[Path], None], ending: str, fault: str
) -> None:
    closed, depot = _closed(tmp_path / "spool"), Depot(str(tmp_path / "depot"), tmp_path / "inbox")
    depot.ship(closed)
    harm(tmp_path / "depot" / f"{closed.name}{ending}")
    with pytest.raises(SegmentError, match=fault):
        depot.take(closed.name)
    depot.set_aside(closed.name)
    assert depot.names("town") == []


@pytest.mark.parametrize(
    "name", ["../town/20261125T110300Z-0123456789ab-0000000001", "town/x", "town", "", "/etc/passwd"]
)
def test_a_name_that_no_worker_gives_is_never_opened(tmp_path: Path, name: str) -> None:
    with pytest.raises(SegmentError, match="is not the name of a segment"):
        Depot(str(tmp_path), tmp_path).take(name)


@pytest.mark.parametrize(
    "change",
    [
        {"order": 1}, {"source": None}, {"record": None}, {"failure": {"kind": "unheard", "said": ""}}, {"at": "then"},
        {"failure": {"kind": "timeout", "said": "", "detail": {}}}, {"offset": -1}, {"offset": True}, {"status": "200"},
        {"at": "0001-01-01T00:00:00+00:00"}, {"truncated": "torn"}, {"open_ended": 1}, {"status": -5}, {"status": 1000},
        {"at": "0001-01-01T00:00:00+23:59"}, {"at": "9999-12-31T23:59:59-23:59"}, {"at": "2026-11-25T11:03:00"},
        {"size": -1}, {"status": None}, {"url": "http://a/\ud800"}, {"record": "\ud800"},
    ],
)  # fmt: skip
def test_an_outcome_line_of_another_form_is_refused(change: dict[str, object]) -> None:
    told = json.loads(Delivery("a", "t", "town", URL, AT.isoformat(), 200, "urn:uuid:1").line)
    assert Delivery.read(json.dumps(told).encode()).status == 200
    with pytest.raises(ValueError, match=r".+"):
        Delivery.read(json.dumps({**told, **change}).encode())


@pytest.mark.parametrize("torn", [0, 1, 40])
def test_a_worker_that_was_killed_ships_at_its_next_start_all_that_it_had_synced(tmp_path: Path, torn: int) -> None:
    """The last line, or the last record, may be half there."""
    if not (child := os.fork()):
        spool = Spool(tmp_path)
        spool.add(*_answer(spool, "a"))
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    name = (tmp_path / "worker").read_text()
    (warc,), (lines,) = tmp_path.glob("*/*.warc.gz"), tmp_path.glob("*/*.open")
    with warc.open("ab") as more, lines.open("ab") as line:
        more.write(b"\x1f\x8b half a record"[:torn])
        line.write(_failure("b").line[:torn])
    again = Spool(tmp_path)
    assert again.worker == name
    again.recover()
    (closed,) = again.closed()
    again.shut()
    assert [each.order for each in closed.deliveries] == ["a"]
    depot = Depot(str(tmp_path / "depot"), tmp_path / "inbox")
    depot.ship(closed)
    assert content_of(closed.warc, depot.take(closed.name).deliveries[0]).payload.decode() == "<p>城市治理</p>"


def test_two_workers_never_share_a_spool(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    with pytest.raises(SpoolBusy, match="give this one another --spool"):
        Spool(tmp_path)
    spool.shut()
    Spool(tmp_path).shut()


def test_answers_for_one_cluster_are_never_shipped_to_another(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    for cluster in ("redis://a.example/0 town", "redis://b.example/0 town"):  # nothing waits
        spool.bind_to(cluster)
    spool.add(_failure("a"), None)
    spool.bind_to("redis://b.example/0 town")
    with pytest.raises(SpoolOfAnother, match=r"has answers for another cluster \(redis://b.example/0 town\)"):
        spool.bind_to("redis://a.example/0 town")


@pytest.mark.parametrize("source", ["../evil", "/etc", "", "a/b", ".."])
def test_a_spool_writes_nothing_outside_of_its_folder(tmp_path: Path, source: str) -> None:
    spool = Spool(tmp_path / "spool")
    with pytest.raises(SegmentError, match="is no name of a source"):
        spool.add(replace(_failure("a"), source=source), None)
    spool.shut()
    assert [path.name for path in tmp_path.iterdir()] == ["spool"]
    assert sorted(path.name for path in (tmp_path / "spool").iterdir()) == ["lock", "worker"]


def test_names_are_never_given_twice(tmp_path: Path) -> None:
    names = set()
    for _ in range(3):
        closed = _closed(tmp_path)
        names.add(closed.name)
        closed.lines.unlink()
        closed.warc.unlink()
    assert len(names) == 3


def _limited(folder: Path, most: int) -> None:
    """A worker whose files may not grow beyond so many bytes, as on a full disk, and then may again."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    spool = Spool(folder)
    spool.add(*_answer(spool, "a"))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    with pytest.raises(OSError, match=r"too large|only a part"):
        spool.add(*_answer(spool, "b", os.urandom(4000)))
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    spool.add(*_answer(spool, "c"))
    spool.close()
    spool.shut()


@pytest.mark.parametrize("most", [1100, 2000, 3000])
def test_a_full_disk_costs_the_answer_that_had_no_room_and_no_other(tmp_path: Path, most: int) -> None:
    if not (child := os.fork()):
        try:
            _limited(tmp_path, most)
        except BaseException:
            os._exit(1)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    spool = Spool(tmp_path)
    (closed,) = spool.closed()
    spool.shut()
    depot = Depot(str(tmp_path / "depot"), tmp_path / "inbox")
    depot.ship(closed)
    segment = depot.take(closed.name)
    assert [each.order for each in segment.deliveries] == ["a", "c"]
    for each in segment.deliveries:
        assert content_of(segment.warc, each).payload.decode() == "<p>城市治理</p>"
