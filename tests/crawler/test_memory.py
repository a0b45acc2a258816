"""The cost of a hostile site: the peak memory of a crawl's processes, compared with that of a calm one."""

import gzip
import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from support.checkout import ROOT, SUPPORT
from support.crawls import rows
from support.journeys import SOAK
from support.raw_site import PARAGRAPH, article, raw_site, reply

from newsroom.process import Site, running
from parsers.links import MAX_UNPACKED_BYTES

pytestmark = pytest.mark.soak

MOST = 64  # MB over a calm crawl, of every process by itself
ARTICLES = 20
LARGE = 19_000_000  # bytes; 20 MB are not fetched any more


def peak(pid: int) -> float:
    """The most memory in MB that a process has held (VmHWM); ru_maxrss may be that of who started it."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1000 if found else 0.0


def children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def measured(
    address: str, home: Path, source: str = "newsroom", limit: int | None = None
) -> tuple[float, dict[str, object]]:
    """The peak of the largest process of a crawl, and its figures; a parser's process is as calm as the crawler's."""
    home.mkdir(exist_ok=True)
    environment = {**os.environ, "THINKER_NEWSROOM": address, "PYTHONPATH": str(ROOT)}
    options = json.dumps({"source": source, "limit": limit})
    command = [sys.executable, str(SUPPORT / "crawling.py"), str(home), options]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        most = 0.0
        while process.poll() is None:
            most = max([most, peak(process.pid), *map(peak, children(process.pid))])
            time.sleep(0.02)
        assert process.stdout is not None
        return most, json.loads(process.stdout.read())


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> float:
    with running(articles=ARTICLES) as site:
        return measured(site.address, tmp_path_factory.mktemp("calm") / "home")[0]


HOSTILE: dict[str, Callable[[Site], None]] = {
    "a bomb of 300 MB": lambda site: site.event(do="bomb", article=1, bytes=300_000_000),
    "a flood of 200 MB of header fields": lambda site: site.event(
        do="header_flood", article=1, bytes=200_000_000 if SOAK else 20_000_000, lines=100_000
    ),
    "one header field of 200 MB": lambda site: site.event(
        do="header_flood", article=1, bytes=200_000_000 if SOAK else 20_000_000, lines=1
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_answer_costs_no_memory(tmp_path: Path, calm: float, name: str) -> None:
    """A flood is one of 20 MB here, and of 200 MB in `make soak`."""
    with running(articles=ARTICLES) as site:
        HOSTILE[name](site)
        most, summary = measured(site.address, tmp_path)
    assert (summary["finish_reason"], summary["new_articles"], summary["errors"]) == ("finished", ARTICLES - 1, 1)
    print(f"{name}: {most - calm:.0f} MB over a calm crawl")
    assert most - calm <= MOST


FORMS: dict[str, Callable[[bytes], tuple[bytes, list[str]]]] = {
    "as it is": lambda body: (body, []),
    "a file of gzip": lambda body: (gzip.compress(body, 6), []),
    "in a coding": lambda body: (gzip.compress(body, 6), ["Content-Encoding: gzip"]),
}


ENTRIES = 50_000  # the most that a sitemap may have


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_a_sitemap_of_fifty_megabytes_is_read_a_piece_at_a_time(tmp_path: Path, calm: float, form: str) -> None:
    """In one form with as many entries as may be; in the others they are fewer and longer, but in `make soak`."""
    entries = ENTRIES if SOAK or form == "in a coding" else ENTRIES // 10
    paths = [f"/article/{number}.html" for number in range(ARTICLES)]
    with raw_site({path: reply(article(number)) for number, path in enumerate(paths)}) as site:
        site.declared(tmp_path)
        room = 52_350_000 // entries - 120  # bytes of an entry's caption
        caption = (PARAGRAPH * (room // len(PARAGRAPH)))[: room // 3]
        lines = (
            f"<url><loc>{site.address}/article/{number}.html</loc><lastmod>2024-04-13</lastmod>"
            f"<caption>{number} {caption}</caption></url>"
            for number in range(entries)
        )
        body = f"<urlset>{''.join(lines)}</urlset>".encode()
        assert 52_000_000 < len(body) <= MAX_UNPACKED_BYTES
        packed, fields = FORMS[form](body)
        site.answers["/sitemap.xml"] = reply(packed, "application/xml", *fields)
        most, summary = measured(site.address, tmp_path, "raw", ARTICLES)
    assert (summary["finish_reason"], summary["new_articles"], summary["errors"]) == ("limit", ARTICLES, 0)
    assert rows(tmp_path, "select count(*) from frontier") == [(entries,)]
    print(f"a sitemap of {len(body):,} bytes {form} ({len(packed):,}): {most - calm:.0f} MB over a calm crawl")
    assert most - calm <= MOST


def text() -> bytes:
    """A page that can be packed well, and is longer than any article."""
    body = article(0).replace(
        b"</article>", (f"<p>{PARAGRAPH}</p>\n".encode() * 200_000)[: LARGE - 2000] + b"</article>"
    )
    assert LARGE - 2000 < len(body) < LARGE
    return body


def noise() -> bytes:
    """A body that cannot be packed at all: its record is as long as it is."""
    return random.Random(14).randbytes(LARGE)


@pytest.mark.slow
@pytest.mark.parametrize("make", [text, noise])
def test_large_bodies_at_once_share_one_room(tmp_path: Path, calm: float, make: Callable[[], bytes]) -> None:
    """Four here, sixteen in `make soak`; each is kept, and read by nobody."""
    count = 16 if SOAK else 4
    body = make()
    answers = {f"/article/large-{number}.html": reply(body + b"%d" % number) for number in range(count)}
    answers |= {f"/article/{number}.html": reply(article(number)) for number in range(ARTICLES)}
    with raw_site(answers) as site:
        site.declared(tmp_path)
        most, summary = measured("", tmp_path, "raw")
    assert (summary["finish_reason"], summary["new_articles"]) == ("finished", ARTICLES)
    assert rows(tmp_path, "select count(*) from captures where url like '%large%' and truncated is null") == [(count,)]
    print(f"{count} bodies: {most - calm:.0f} MB over a calm crawl")
    assert most - calm <= MOST


@pytest.mark.slow
def test_a_crawl_that_holds_too_much_ends_in_order(tmp_path: Path, calm: float) -> None:
    """A limit of a little more than a calm crawl takes, and large bodies one after another: one is there at a look."""
    answers = {f"/article/large-{number}.html": reply(bytes(LARGE)) for number in range(8)} | {
        f"/article/{number}.html": reply(article(number)) for number in range(ARTICLES)
    }
    with raw_site(answers) as site:
        site.declared(tmp_path)
        environment = {**os.environ, "THINKER_HOME": str(tmp_path)}
        limit = f"MEMORY_LIMIT_MB={calm + 8:.0f}"
        command = [sys.executable, "-m", "scrapy", "crawl", "articles", "-a", "source=raw", "-s", limit]
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90)
    assert "MB of memory and is stopped" in ended.stderr
    assert rows(tmp_path, "select finish_reason from crawls") == [("memusage_exceeded",)]
    assert rows(tmp_path, "select count(*) from frontier where lease_token is not null") == [(0,)]
    command = [sys.executable, "-m", "thinker", "--home", str(tmp_path), "verify", "--deep", "--json"]
    proved = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=90, check=True)
    assert json.loads(proved.stdout)["faults"] == []


def test_the_wall_is_one_that_the_kernel_keeps() -> None:
    tried = "from crawler.process.memory_watch import build_wall; build_wall(200_000_000); bytearray(300_000_000)"
    ended = subprocess.run([sys.executable, "-c", tried], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ended.stderr.endswith("MemoryError\n")
