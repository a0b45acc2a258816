"""Requests that workers send end as those that a crawl sends itself: answers, faults, refusals and removals."""

import json
import os
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis
from support.cluster import cluster_home, said_by, summaries, workers
from support.journeys import Thinker, asked
from support.redis_server import RedisServer
from support.towns import declare, rows, said

from archive.files import Home, http_head, locked, seal
from crawler.cluster.late import FRESH_SECONDS
from crawler.frontier import Orders, Server, Wanted
from crawler.segments import Delivery, Depot, Spool
from newsroom.process import Site, running
from schedules.heartbeat import late_lines

FAULTS: list[dict[str, object]] = [
    {"do": "status", "article": 2, "code": 500},
    {"do": "reset", "article": 3},
    {"do": "raw_status", "article": 4, "line": "HTTP/1.1 2000 OK"},
    {"do": "redirect", "article": 5, "to": "/article/6.html"},
    {"do": "encoding", "article": 7, "how": "br"},
    {"do": "wrong_length", "article": 8},
    {"do": "robots", "text": "User-agent: *\\nDisallow: /article/9.html"},
    {"do": "remove", "article": 10, "how": "410"},
    {"do": "remove", "article": 11, "how": "shell"},
    {"do": "edit", "article": 12},
]
FIGURES = ("requests", "captures", "revisits", "new_articles", "new_revisions", "errors", "finish_reason", "by_kind")


def _declared(site: Site) -> str:
    return said(site, removal_probes=2, removal_spacing=0, recheck=0)


@pytest.mark.slow
def test_an_answer_by_a_worker_is_one_that_the_crawl_had_itself(tmp_path: Path) -> None:
    """Three crawls: of a site that is well, of one with faults, and once more."""
    with running(articles=14) as site, RedisServer(tmp_path) as server:
        alone = declare(tmp_path / "alone", town=_declared(site))
        shared = cluster_home(tmp_path / "shared", server, town=_declared(site))
        with workers(shared, 1, site) as cluster:
            for round_ in range(3):
                if round_ == 1:
                    for fault in FAULTS:
                        site.event(**fault)
                one = Thinker(alone, site).start("-q", "crawl", "town", "--json")
                told = [one.communicate()[0], cluster.thinker.start("-q", "crawl", "town", "--json").communicate()[0]]
                of_one, of_many = (summaries(f"[{each}]")["town"] for each in told)
                assert {name: of_many[name] for name in FIGURES} == {name: of_one[name] for name in FIGURES}
                assert said_by(shared) == said_by(alone)
            assert Thinker(shared, site).json("verify", "--deep")["ok"]
            state = json.loads(cluster.thinker.start("status", "--json").communicate()[0])["cluster"]
    assert (state["orders"], state["segments"], len(state["workers"])) == (0, 0, 1)
    assert not [name for _, _, names in os.walk(shared / "segments") for name in names]


OLD = datetime(2026, 11, 25, 11, 3, tzinfo=UTC)
PAGE = (
    """<title>城市</title><meta charset="utf-8"><h1>城市治理的一篇旧文</h1><article>"""
    + "<p>城市治理需要耐心。</p>" * 40
)


def _shipped_long_ago(home: Path, url: str, source: str = "town") -> list[str]:
    """Ship an answer that a worker fetched when no crawl was left to take it; returns the names of its segments."""
    spool, depot = Spool(home / "old"), Depot(str(home / "segments"), home / "inbox")
    about = [("WARC-Target-URI", url), ("WARC-Warcinfo-ID", f"<{spool.warcinfo(source)}>")]
    record = seal("response", OLD, (http_head(200, [("Content-Type", "text/html")]), PAGE.encode()), about)
    spool.add(Delivery("0" * 32, "1.a@b", source, url, OLD.isoformat(), 200, record.record_id), record)
    spool.close()
    shipped = []
    for closed in spool.closed():
        depot.ship(closed)
        spool.remove(closed)
        shipped.append(closed.name)
    spool.shut()
    return shipped


@pytest.mark.slow
def test_an_answer_that_comes_too_late_is_left_for_people_to_import(tmp_path: Path) -> None:
    with running(articles=2) as site, RedisServer(tmp_path) as server:
        home = cluster_home(tmp_path / "home", server, town=_declared(site))
        _shipped_long_ago(home, f"{site.address}/article/1.html")
        with workers(home, 1, site) as cluster:
            err = cluster.thinker.start("-q", "crawl", "town").communicate()[1]
        (line,) = err.splitlines()
        assert "town: answers too late for a crawl: 1; `thinker import " in line
        assert not any((home / "segments" / "town").iterdir())
        Thinker(home, site).run("import", line.split("`")[1].removeprefix("thinker import "))
    moments = rows(home, "select substr(captured_at, 1, 10) from captures where url like '%/1.html' order by 1")
    assert moments[0] == ("2026-11-25",)
    assert len(moments) == 2


@pytest.mark.slow
def test_answers_for_a_source_that_is_crawled_no_more_are_taken_in_once_late(tmp_path: Path) -> None:
    """Segments of one that is being crawled stay, and so do fresh ones; what a hostile server names is forgotten."""
    with RedisServer(tmp_path) as server:
        home = cluster_home(tmp_path / "home", server)
        client = Redis.from_url(server.url, decode_responses=True)
        orders = Orders(Server(server.url))
        with closing(client), closing(orders):
            names = []
            for source in ("gone", "crawled", "fresh"):
                names += _shipped_long_ago(home, "http://127.0.0.1:9/article/1.html", source)
                orders.put(source, [Wanted(source, "127.0.0.1:9", 0.0, "asked")])
                orders.attend(source)
                orders.acknowledge(names[-1], source, [])
            for name in ("gone/20261125T110300Z-000000000000-0000000001", "../ledger/town"):  # one is deleted already
                orders.acknowledge(name, "gone", [])
                names.append(name)
            for key in ("desks", "shipped"):
                for member in client.zrange(f"thinker:orders:{key}", 0, -1):
                    if not member.startswith("fresh"):
                        client.zincrby(f"thinker:orders:{key}", -FRESH_SECONDS, member)
            with locked(Home(home), "crawled"):
                lines = late_lines(home)
            left = client.zrange("thinker:orders:shipped", 0, -1), client.hkeys("thinker:orders:texts")
            _, err = Thinker(home).start("ingest", "--once").communicate()
            assert client.zrange("thinker:orders:shipped", 0, -1) == names[2:3]
    path = home / "late" / f"{names[0].replace('/', '-')}.warc.gz"
    assert sorted(lines) == [
        "'../ledger/town' is not the name of a segment: it is forgotten",
        f"gone: answers too late for a crawl: 1; `thinker import {path}` adds them",
    ]
    assert (sorted(left[0]), sorted(left[1])) == (sorted(names[1:3]), ["crawled", "fresh"])
    assert "thinker: crawled: answers too late for a crawl: 1" in err.splitlines()[0]
    Thinker(home).run("import", str(path))
    assert rows(home, "select source, substr(captured_at, 1, 10) from captures") == [("imported", "2026-11-25")]


HERE = '[cluster]\nurl = "redis://127.0.0.1:9/0"\n'


@pytest.mark.parametrize("command", ["worker --once", "ingest --once newsroom", "ingest"])
@pytest.mark.parametrize(
    ("settings", "remedy"),
    [
        ("", 'write [cluster] url = "redis://HOST:PORT/0" in thinker.toml'),
        ('[cluster]\nurl = "http://:s3cret@127.0.0.1/"\n', "write redis://HOST:PORT/NUMBER, or rediss://"),
        ('[cluster]\nurl = "redis://127.0.0.1:port/0"\n', "write redis://HOST:PORT/NUMBER, or rediss://"),
        (f"{HERE}most_segments = 0\n", "cluster.most_segments"),
        (f"{HERE}workers = 2\n", "cluster.workers"),
    ],
)
def test_wrong_settings_of_a_cluster_are_one_line_with_the_remedy(
    tmp_path: Path, command: str, settings: str, remedy: str
) -> None:
    (tmp_path / "thinker.toml").write_text(settings)
    code, out, err = asked(tmp_path, *command.split())
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert remedy in err
    assert "s3cret" not in err


@pytest.mark.parametrize("command", ["worker --once", "ingest --once newsroom", "ingest"])
def test_a_missing_client_is_one_line_that_says_how_to_install_it(
    tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "redis", None)  # as where it is not installed
    (tmp_path / "thinker.toml").write_text(HERE)
    code, out, err = asked(tmp_path, *command.split())
    assert (code, out) == (2, "")
    assert err == "thinker: workers on several machines need the extra [cluster]: pip install redis\n"


def test_a_store_whose_package_is_missing_is_one_line_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)  # as where it is not installed
    (tmp_path / "thinker.toml").write_text(f'{HERE}segments = "s3://bucket/segments"\n')
    code, out, err = asked(tmp_path, "worker", "--once")
    assert (code, out) == (1, "")
    assert err == "thinker: s3://bucket/segments cannot be used for segments: Install s3fs to access S3\n"


def test_a_store_of_a_kind_that_no_package_has_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "thinker.toml").write_text(f'{HERE}segments = "simplecache::s4://bob:s3cret@bucket/segments"\n')
    code, out, err = asked(tmp_path, "worker", "--once")
    assert (code, out) == (1, "")
    assert err == "thinker: simplecache::s4://bucket/segments cannot be used for segments: Protocol not known: s4\n"


def test_doctor_says_that_the_server_of_a_cluster_is_away(tmp_path: Path) -> None:
    """Also on the machine of a worker, which has no archive."""
    (tmp_path / "thinker.toml").write_text(HERE)
    code, out, _ = asked(tmp_path, "doctor")
    assert (code, [" ".join(line.split()) for line in out.splitlines() if line.startswith("✗")]) == (
        3,
        [
            "✗ cluster: the server of [cluster] in thinker.toml cannot be used (ConnectionError): start it, or correct"
            " `url`"
        ],
    )
