"""A crawl's desk with a server and a depot that anybody may have written to: no name and no line of theirs harms it."""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from redis import Redis
from support.redis_server import RedisServer
from support.shipping import shipped

from archive import open_archive
from archive.files import Home
from crawler.cluster.desk import Desk
from crawler.frontier import Server, Wanted
from crawler.segments import Depot, SegmentError

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


def test_a_depot_touches_no_file_whose_name_no_worker_gives(tmp_path: Path) -> None:
    for ending in (".jsonl", ".warc.gz"):
        (tmp_path / f"town{ending}").write_text("{}\n")
    depot = Depot(str(tmp_path / "depot"), tmp_path / "inbox")
    (tmp_path / "depot").mkdir()
    for act in (depot.set_aside, depot.remove, lambda name: depot.move(name, Home(tmp_path).late)):
        with pytest.raises(SegmentError, match="is not the name of a segment"):
            act("../town")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["depot", "town.jsonl", "town.warc.gz"]
