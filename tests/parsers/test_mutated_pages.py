"""Saved pages with damage in them: cut, torn, spliced, nested, repeated, in another encoding. Each is read or refused.

A child reads them, each within 5 s of CPU, and may take 200 MB more than the parsers need to be loaded.
"""

import gzip
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.checkout import ROOT, TESTS
from support.journeys import SOAK

from parsers import Document, ParseError, parse, to_json

pytestmark = [pytest.mark.slow, pytest.mark.soak, pytest.mark.shared]

SECONDS = 5.0  # of CPU for one page
MEMORY = 200_000  # kB above those of the parsers themselves
PAGES = 300  # of `make test-all`
SOAK_SECONDS = 480.0  # of CPU, of `make soak`
NOW = datetime(2026, 1, 2, tzinfo=UTC)

Mutation = Callable[[random.Random, bytes, bytes], bytes]
TAGS = (
    b"div",
    b"p",
    b"td",
    b"table",
    b"a",
    b"ul",
    b"li",
    b"h1",
    b"time",
    b"article",
    b"figure",
    b"br",
    b"svg",
    b"template",
)
BITS = (
    b"<", b">", b"</div>", b"</p>", b"<!--", b"-->", b"<script>", b"</script>", b"<table><tr><td>", b"<h1>", b"\0",
    b"\xff\xfe", b"\xa1\xa1", b"&#0;", b"&nbsp;", b"<base href=x>", b"<meta charset=utf-16>", b'"', b"'", b"=", b"{",
    b"<noscript>", b"<title>", b"<body>", b"<svg><style>", b"<a href=/1>", "作者：".encode(), "2026年1月1日".encode(),
    "来源：".encode(), "（记者 ".encode(), "\u202e".encode(), "一、".encode(),
)  # fmt: skip


def _range(rng: random.Random, page: bytes, most: int) -> slice:
    start = rng.randrange(len(page) + 1)
    return slice(start, min(len(page), start + rng.randrange(most)))


def cut(rng: random.Random, page: bytes, _other: bytes) -> bytes:
    gone = _range(rng, page, 20_000)
    return page[: gone.start] + page[gone.stop :]


def end_early(rng: random.Random, page: bytes, _other: bytes) -> bytes:
    return page[: rng.randrange(len(page) + 1)]


def repeat(rng: random.Random, page: bytes, _other: bytes) -> bytes:
    part = _range(rng, page, 3_000)
    return page[: part.start] + page[part] * rng.choice((2, 30, 300)) + page[part.stop :]


def splice(rng: random.Random, page: bytes, other: bytes) -> bytes:
    return page[: rng.randrange(len(page) + 1)] + other[rng.randrange(len(other) + 1) :]


def nest(rng: random.Random, page: bytes, _other: bytes) -> bytes:
    at, tag = rng.randrange(len(page) + 1), rng.choice(TAGS)
    return page[:at] + b"<%s>" % tag * rng.choice((3, 100, 2_000)) + page[at:]


def rename(rng: random.Random, page: bytes, _other: bytes) -> bytes:
    old, new = rng.sample(TAGS, 2)
    return page.replace(b"<%s" % old, b"<%s" % new)


def unclose(rng: random.Random, page: bytes, _other: bytes) -> bytes:
    return page.replace(b"</%s>" % rng.choice(TAGS), b"")


def strew(rng: random.Random, page: bytes, _other: bytes) -> bytes:
    torn = bytearray(page)
    for _ in range(rng.choice((1, 20, 200))):
        at = rng.randrange(len(torn) + 1)
        torn[at:at] = rng.choice(BITS)
    return bytes(torn)


def flip(rng: random.Random, page: bytes, _other: bytes) -> bytes:
    torn = bytearray(page)
    for _ in range(min(len(torn), rng.choice((5, 500, 20_000)))):
        torn[rng.randrange(len(torn))] = rng.randrange(256)
    return bytes(torn)


def encode_again(rng: random.Random, page: bytes, _other: bytes) -> bytes:
    return page.decode("utf-8", "replace").encode(rng.choice(("gb18030", "big5", "utf-16", "utf-8-sig")), "replace")


MUTATIONS: tuple[Mutation, ...] = (
    cut, end_early, repeat, splice, nest, rename, unclose, strew, flip, encode_again,
)  # fmt: skip


def mutated(seed: int, pages: list[bytes]) -> tuple[list[str], bytes]:
    """The names of one to six mutations, and a page with them; the same for the same seed. At most 4 MB."""
    rng = random.Random(seed)
    page, other = rng.sample(pages, 2)
    chosen = rng.choices(MUTATIONS, k=rng.randint(1, 6))
    for mutation in chosen:
        page = mutation(rng, page, other)[:4_000_000]
    return [mutation.__name__ for mutation in chosen], page


def saved_pages(shared: Path) -> list[bytes]:
    files = sorted((shared / "data/extraction/pages").iterdir())
    local = sorted((shared / "data/policy-pages").glob("*.html"))
    return [*(gzip.decompress(file.read_bytes()) for file in files[::6]), *(file.read_bytes() for file in local)]


def seeds() -> Iterator[int]:
    if not SOAK:
        yield from range(PAGES)
        return
    first = seed = int(os.environ.get("THINKER_SEED") or time.time())
    print(json.dumps(["seeds from", first]), flush=True)
    while time.process_time() < SOAK_SECONDS:
        yield seed
        seed += 1


def child(shared: Path) -> None:
    """Read the pages and print a line for each; the default action of the alarm ends the process even inside C code."""
    pages = saved_pages(shared)
    outcomes = {"article": 0, "refused": 0}
    parse(Document(pages[0], "text/html", "https://example.com/a/1", NOW))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for seed in seeds():
        names, page = mutated(seed, pages)
        print(json.dumps(["reads", seed, names]), flush=True)
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
        try:
            json.dumps(to_json(parse(Document(page, "text/html", "https://example.com/a/1", NOW))))
            outcomes["article"] += 1
        except ParseError as refused:
            outcomes["refused" if "\n" not in refused.reason else refused.reason] += 1
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        assert grown <= MEMORY, f"{grown} kB more"
    print(json.dumps(["done", outcomes]), flush=True)


def test_a_damaged_page_is_read_or_refused_in_one_line(shared: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "import sys, pathlib, test_mutated_pages as it; it.child(pathlib.Path(sys.argv[1]))",
    ]
    environment = {**os.environ, "PYTHONPATH": f"{Path(__file__).parent}:{ROOT}:{TESTS}"}
    done = subprocess.run([*command, str(shared)], env=environment, capture_output=True, text=True, check=False)
    lines = done.stdout.splitlines()
    assert done.returncode == 0, f"{lines[-1:]} {done.stderr[-2000:]}"
    kind, outcomes = json.loads(lines[-1])
    print(outcomes)
    assert kind == "done"
    assert outcomes["article"] > outcomes["refused"] > 0
