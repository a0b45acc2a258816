"""`thinker serve` as a process: it says where it is, answers there, and ends when asked."""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from support.browsing import SERVE, memory
from support.checkout import ROOT
from support.small_archive import build

from archive import connect
from archive.files.home import Home
from archive.publish.database.sql_sandbox import MAX_QUERIES_AT_ONCE
from archive.publish.serving import address, listen, site

Served = tuple[subprocess.Popen[str], str]  # the process and its address


@contextmanager
def serving(home: Home) -> Iterator[Served]:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(home.path)],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert server.stdout is not None
    yield server, server.stdout.readline().strip()
    server.kill()
    server.communicate()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving(build(tmp_path)) as started:
        yield started


@pytest.fixture(scope="module")
def asked_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for tests that neither end it nor write into its archive."""
    with serving(build(tmp_path_factory.mktemp("home"))) as started:
        yield started


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_the_server_answers_until_a_signal_ends_it_with_exit_0(served: Served, stop: signal.Signals) -> None:
    server, url = served
    page = httpx.get(f"{url}/a/newsroom-1", timeout=30)
    found = httpx.get(f"{url}/archive/articles.json?_search=治理&_shape=array", timeout=30).json()
    server.send_signal(stop)
    out, err = server.communicate(timeout=30)
    assert (page.status_code, {row["key"] for row in found} >= {"newsroom-1"}) == (200, True)
    assert (server.returncode, out, err) == (0, "", "")


def test_a_taken_port_and_a_missing_archive_raise_errors(tmp_path: Path) -> None:
    taken = listen("127.0.0.1", 0)
    with pytest.raises(OSError, match="in use"):
        listen("127.0.0.1", taken.getsockname()[1])
    taken.close()
    with pytest.raises(FileNotFoundError, match="no archive at"):
        site(Home(tmp_path), hosts=[])


def test_an_ipv6_address_is_written_in_brackets() -> None:
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    assert address(listening, "::1") == f"http://[::1]:{listening.getsockname()[1]}"
    listening.close()


def test_a_kept_connection_does_not_wait_for_acknowledgements(asked_only: Served) -> None:
    _, url = asked_only
    with httpx.Client(timeout=30) as client:
        client.get(f"{url}/robots.txt")
        took = [client.get(f"{url}/robots.txt").elapsed.total_seconds() for _ in range(20)]
    assert min(took) < 0.035  # with Nagle's algorithm each took 40 ms and more, on any machine


def test_a_wrong_parameter_is_one_line_and_a_server_goes_on_if_its_parent_reads_no_output(served: Served) -> None:
    server, url = served
    long = "x" * 200
    with httpx.Client(timeout=30) as client:
        asked = (f"articles.json?_facet=source&_facet_size={'9' * 5000}", "articles?_through=[1]")
        refused = [client.get(f"{url}/archive/{path}").status_code for path in asked]
        wrong = {client.get(f"{url}/nowhere/{long}-{n}").status_code for n in range(400)}  # more than a pipe holds
        page = client.get(f"{url}/a/newsroom-1")
    assert (refused, wrong, page.status_code) == ([400, 400], {404}, 200)
    server.send_signal(signal.SIGTERM)
    _, err = server.communicate(timeout=30)
    first, second, third, *lines = err.splitlines()
    said = [line.split(": ")[1] for line in (first, second)]
    assert said == ["400 GET /archive/articles.json", "400 GET /archive/articles"]
    assert third == f"thinker: 404 GET /nowhere/{long}-0: not_found"
    assert all(line.startswith("thinker: ") for line in lines)


@pytest.mark.slow
def test_a_reader_overtakes_many_wrong_addresses(asked_only: Served) -> None:
    """The reader's 20 pages are there before the 480 answers to 8 strangers, who asked first."""
    _, url = asked_only

    def ask_wrongly(client: httpx.Client) -> set[int]:
        return {client.get(f"{url}/{path}").status_code for path in ("nope", "archive/nope", "a/nope") * 20}

    with httpx.Client(timeout=30) as client, ThreadPoolExecutor(8) as strangers:
        client.get(url)
        flood = [strangers.submit(ask_wrongly, client) for _ in range(8)]
        read = {client.get(f"{url}/a/newsroom-1").status_code for _ in range(20)}
        still_asked = not all(each.done() for each in flood)
        answers = [each.result() for each in flood]
    assert (answers, read, still_asked) == ([{404}] * 8, {200}, True)


def test_a_change_of_the_database_and_a_rebuild_that_swaps_the_file_are_served_at_once(
    served: Served, tmp_path: Path
) -> None:
    _, url = served
    home = Home(tmp_path)
    before = [httpx.get(url + path, timeout=30).text for path in READ]
    conn = connect(home.database)
    conn.execute("update articles set headline = '新写入的标题' where key = 'newsroom-2'")
    conn.close()
    assert "新写入的标题" in httpx.get(url, timeout=30).text
    other = build(tmp_path / "other")
    conn = connect(other.database)
    conn.execute("update articles set headline = '重建以后的标题'")
    conn.execute("pragma wal_checkpoint(truncate)")
    conn.close()
    for suffix in ("-wal", "-shm"):
        home.database.with_name(home.database.name + suffix).unlink(missing_ok=True)
    other.database.replace(home.database)
    after = [httpx.get(url + path, timeout=30).text for path in READ]
    assert ["重建以后的标题" in text for text in before] == [False] * len(READ)
    assert ["重建以后的标题" in text for text in after] == [True] * len(READ)


READ = ("/", "/archive/articles", "/archive?sql=select+headline+from+articles", "/a/newsroom-1")


HUNDRED = "with recursive n(i) as (select 1 union all select i + 1 from n limit 100)"
ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n)"
HOSTILE = (
    f"{HUNDRED} select hex(zeroblob(7900000)) from n",
    f"{HUNDRED} select hex(zeroblob(1900000 + i)) from n",
    f"{ENDLESS} select json_group_array(hex(zeroblob(2000))) from n",
    f"{ENDLESS} select group_concat(hex(zeroblob(2000))) from n",
    f"{HUNDRED} select json_group_array(a) from (select group_concat(hex(zeroblob(9000))) over () as a from n)",
    f"{ENDLESS} select count(*) from n",
    f"{ENDLESS} select count(*) from n",
    f"{ENDLESS} select count(*) from n",
    f"{ENDLESS} select hex(randomblob(500)) as h from n order by h",
    "select group_concat(a.body_text || b.body_text) from articles a, revisions b, captures c, captures d",
)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_hostile_sql_takes_little_memory_and_no_turn_of_readers(asked_only: Served) -> None:
    """Ten strangers ask without pause; a reader who stood in one line with them would wait for ten answers a page."""
    server, url = asked_only
    over, pages, ended, refused = threading.Event(), 0, list[int](), list[int]()

    def stranger(sql: str) -> None:
        while not over.is_set():
            status = httpx.get(f"{url}/archive.json", params={"sql": sql}, timeout=30).status_code
            (refused if status == 503 else ended).append(status)

    with httpx.Client(timeout=30) as client, ThreadPoolExecutor(len(HOSTILE)) as strangers:
        client.get(f"{url}/archive.json", params={"sql": "select 1"})
        before = peak = memory(server.pid)
        asked = [strangers.submit(stranger, sql) for sql in HOSTILE]
        while len(ended) < len(HOSTILE):
            for path in ("/", "/a/newsroom-1", "/search?q=治理"):
                assert client.get(f"{url}{path}").status_code == 200
                pages, peak = pages + 1, max(peak, memory(server.pid))
        over.set()
        assert [each.result() for each in asked] == [None] * len(HOSTILE)
    assert len(HOSTILE) > MAX_QUERIES_AT_ONCE + 1
    assert set(ended) <= {200, 400}
    assert len(ended) < pages * len(HOSTILE) / 2
    assert peak - before <= 64
