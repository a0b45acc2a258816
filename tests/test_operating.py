"""docs/operating.md does what it says: its commands are run as they stand there, while a crawl goes on."""

import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from support.attacks import CAPTURES, file_of, places
from support.checkout import ROOT
from support.doc_blocks import done
from support.journeys import Thinker, asked
from support.redis_server import RedisServer

from newsroom.process import running

PAGE = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
ARTICLES, EARLY = 250, 50_000  # bytes of captures: enough to be in the middle of something


def commands(heading: str) -> str:
    """The code block under a heading."""
    (section,) = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    (block,) = re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    return block


def states(home: Path) -> set[tuple[str, str]]:
    with closing(sqlite3.connect(f"{(home / 'archive.db').as_uri()}?mode=ro", uri=True)) as conn:
        return set(conn.execute("select key, content_digest from articles"))


@pytest.mark.soak
@pytest.mark.slow
def test_copies_taken_while_a_crawl_goes_on_are_restored(tmp_path: Path):
    with running(articles=ARTICLES) as site:
        thinker = Thinker(tmp_path / "home", site)
        thinker.run("init")
        with (thinker.home / "thinker.toml").open("a") as file:
            file.write("[sources.newsroom]\ndelay = 0.04\n")
        thinker.run("watch", "add", "all", "--to", "env:HOOK")
        crawl = thinker.start("crawl", "newsroom")
        copies = []
        for number in range(2):
            _until_captured(thinker.home, EARLY * (number + 1))
            copies.append(tmp_path / f"backup-{number}")
            done(commands("Back up"), tmp_path, THINKER_HOME=thinker.home, BACKUP=copies[-1])
        assert crawl.poll() is None, "the crawl was over before the copies: the trial says little"
        assert crawl.wait(300) == 0
        crawl.communicate()
        for number, copy in enumerate(copies):
            restored = tmp_path / f"restored-{number}"
            told = done(commands("Restore"), tmp_path, BACKUP=copy, RESTORED=restored)
            assert ("lost" not in told, "0 faults" in told) == (True, True)
            assert states(restored) <= states(thinker.home)
            assert asked(restored, "watch", "list") == asked(thinker.home, "watch", "list")
        Thinker(restored, site).run("crawl", "newsroom")
    assert states(restored) == states(thinker.home)
    assert (restored / "thinker.toml").read_text() == (thinker.home / "thinker.toml").read_text()


def _until_captured(home: Path, size: int) -> None:
    deadline = time.monotonic() + 120
    while sum(path.stat().st_size for path in (home / "captures").glob("newsroom-2*")) < size:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.soak
@pytest.mark.slow
def test_a_loss_is_accepted_and_crawls_go_on(tmp_path: Path):
    with running(articles=6) as site:
        thinker = Thinker(tmp_path / "home", site)
        thinker.run("crawl", "newsroom")
        path = file_of(thinker.home, CAPTURES)
        offset, length = places(path)[5]
        content = bytearray(path.read_bytes())
        content[offset + length // 2] ^= 1
        path.write_bytes(content)
        told = done(commands("When something is lost"), tmp_path, THINKER_HOME=thinker.home)
        assert f"lost: {path.name} at {offset}" in told
        assert list(thinker.home.glob("archive.db.before-*"))
        thinker.run("crawl", "newsroom")
    assert len(states(thinker.home)) == 6


@pytest.mark.redis
def test_every_rule_of_status_is_explained(tmp_path: Path):
    (tmp_path / "server").mkdir()
    assert asked(tmp_path, "init")[0] == 0
    with RedisServer(tmp_path / "server") as server:
        (tmp_path / "thinker.toml").write_text(f'[cluster]\nurl = "{server.url}"\n')
        rules = re.findall(r"^[✓✗–] ([\w ]+):", asked(tmp_path, "status")[1], re.MULTILINE)
    assert len(rules) > 5
    section = PAGE.partition("\n## When `thinker status` is red\n")[2].partition("\n## ")[0]
    explained = re.findall(r"^\| `([\w ]+)` \|", section, re.MULTILINE)
    assert rules == explained
