"""A crawl's desk with a server and a depot that anybody may have written to: no name and no line of theirs harms it."""

import asyncio
import gc
import json
import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from redis import Redis
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadFailedError
from support.redis_server import RedisServer
from support.shipping import shipped

from archive import open_archive
from archive.files import Home
from crawler.cluster.desk import Desk
from crawler.cluster.failures import error_of
from crawler.cluster.order import wanted
from crawler.cluster.remote import RemoteHandler
from crawler.frontier import Server, Wanted
from crawler.hosts import MAX_CLOSURE_SECONDS
from crawler.segments import Depot, Failure, SegmentError

ORDER = Wanted("0" * 32, "town.example", 0.0, "")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    with RedisServer(tmp_path_factory.mktemp("redis")) as found:
        yield found


@dataclass
class Office:
    """A home with a desk of the source `town`, and its server and prefix."""

    home: Path
    url: str
    prefix: str
    desk: Desk

    def answered(self) -> bool:
        """True if the answer to ORDER, which waits in the depot, is handed on."""
        arrival = asyncio.run(asyncio.wait_for(self.desk.fetch(ORDER), 20))
        return arrival.warc is not None

    def files(self) -> list[str]:
        """The endings of the files of the source in the depot."""
        return sorted(path.name.partition(".")[2] for path in (self.home / "segments" / "town").iterdir())


@pytest.fixture
def office(tmp_path: Path, server: RedisServer) -> Iterator[Office]:
    home = tmp_path / "home"
    open_archive(home).close()
    prefix = uuid4().hex
    desk = Desk(Server(server.url, prefix), Depot(str(home / "segments"), home / "inbox"), home, "town")
    with closing(desk):
        yield Office(home, server.url, prefix, desk)


@pytest.mark.parametrize(
    "name", ["../ledger/town", "/etc/passwd", "x", "other/20261125T110300Z-0123456789ab-0000000001"]
)
def test_a_name_from_the_server_that_is_no_segment_of_the_source_is_dropped(
    office: Office, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    chain = office.home / "ledger" / "town.jsonl"
    chain.parent.mkdir(exist_ok=True)
    chain.write_text("{}\n")
    with closing(Redis.from_url(office.url)) as client:
        client.rpush(f"{office.prefix}:orders:arrived:town", name, b"\xff\n")
    shipped(office.home, ORDER.id)
    with caplog.at_level(logging.WARNING, "crawler.cluster.desk"):
        assert office.answered()
    assert f"town: the server names {name!r}, which is no segment of this source: it is left out" in caplog.messages
    assert [path.name for path in chain.parent.glob("town*")] == ["town.jsonl"]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"at": "0001-01-01T00:00:00+23:59"}, "line 2: its moment has no time zone or is out of range"),
        ({"at": "2999-12-31T00:00:00+00:00"}, "it has an answer of the future"),
        ({"at": "x" * 100_000}, "line 2: Invalid isoformat string: 'xxx"),
        ({"offset": 10**30}, "line 2 names a record beyond the end of the WARC file"),
        ({"length": 10**15}, "line 2 names a record beyond the end of the WARC file"),
        ({"head": json.dumps({"format": "A" * 200_000}).encode() + b"\n"}, "of format 'AAA"),
    ],
)
def test_a_segment_that_no_worker_writes_is_set_aside_with_a_line(
    office: Office, change: dict[str, Any], fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    shipped(office.home, "1" * 32, **change)
    shipped(office.home, ORDER.id)
    with caplog.at_level(logging.WARNING, "crawler.cluster.desk"):
        assert office.answered()
        office.desk.close()  # of two segments of one second, either may be opened first
    (line,) = caplog.messages
    assert fault in line
    assert len(line) < 400
    assert office.files() == ["jsonl", "jsonl.bad", "warc.gz", "warc.gz"]


@pytest.mark.parametrize(
    ("failure", "more_at", "seconds"),
    [
        (Failure("budget", "x", {"more_at": "2026-12-02T00:00:00"}), None, None),
        (Failure("budget", "x", {"more_at": "0001-01-01T00:00:00+23:59"}), None, None),
        (Failure("budget", "x", {"more_at": "2026-12-02T08:00:00+08:00"}), datetime(2026, 12, 2, tzinfo=UTC), None),
        (Failure("closed", "x", {"seconds": 10**400}), None, MAX_CLOSURE_SECONDS),
        (Failure("closed", "x", {"seconds": float("nan")}), None, 0.0),
        (Failure("closed", "x", {"seconds": 700}), None, 700.0),
    ],
)
def test_the_details_of_a_failure_are_taken_only_if_they_make_sense(
    failure: Failure, more_at: datetime | None, seconds: float | None
) -> None:
    error = error_of(failure, "http://town.example/")
    assert (getattr(error, "more_at", None), getattr(error, "seconds", None)) == (more_at, seconds)


def remote(office: Office) -> RemoteHandler:
    """The handler of downloads in a crawl whose requests workers send."""
    crawler = Crawler(Spider)
    for name, value in {"DESK": office.desk, "SOURCE": "town", "DOWNLOAD_MAXSIZE": 20_000_000}.items():
        crawler.settings.set(name, value)
    return RemoteHandler(crawler)


LARGE = 5_000_000  # more than the memory for all bodies, and a few thousand bytes in a segment


def test_a_body_waits_for_room_as_large_as_it_is_and_not_as_it_is_shipped(office: Office) -> None:
    handler = remote(office)
    one, other = (Request(f"http://town.example/{n}", meta={"host": "town.example", "delay": 0.0}) for n in (1, 2))
    for request in (one, other):
        shipped(office.home, wanted("town", request, None).id, b" " * LARGE)

    async def fetch() -> int:
        held = [await handler.download_request(one)]
        waiting = asyncio.ensure_future(handler.download_request(other))
        assert (await asyncio.wait([waiting], timeout=0.5))[0] == set()
        held.clear()
        gc.collect()
        return len((await asyncio.wait_for(waiting, 20)).body)

    assert asyncio.run(fetch()) == LARGE


@pytest.mark.parametrize(
    ("size", "said"), [(100_000_000, "the body has more than 20000000 bytes"), (1, "the record has more than 1048577")]
)
def test_no_more_of_a_body_is_read_than_a_crawl_would_fetch_and_than_its_line_says(
    office: Office, size: int, said: str
) -> None:
    handler = remote(office)
    request = Request("http://town.example/1", meta={"host": "town.example", "delay": 0.0})
    shipped(office.home, wanted("town", request, None).id, b" " * LARGE, size=size)
    with pytest.raises(DownloadFailedError, match=said):
        asyncio.run(handler.download_request(request))


def test_a_depot_touches_no_file_whose_name_no_worker_gives(tmp_path: Path) -> None:
    for ending in (".jsonl", ".warc.gz"):
        (tmp_path / f"town{ending}").write_text("{}\n")
    depot = Depot(str(tmp_path / "depot"), tmp_path / "inbox")
    (tmp_path / "depot").mkdir()
    for act in (depot.set_aside, depot.remove, lambda name: depot.move(name, Home(tmp_path).late)):
        with pytest.raises(SegmentError, match="is not the name of a segment"):
            act("../town")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["depot", "town.jsonl", "town.warc.gz"]
