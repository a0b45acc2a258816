"""Deep verification as its users run it: what it found, `status` says until the next one."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.attacks import copied
from support.journeys import Thinker

from newsroom.process import Site, running

pytestmark = [pytest.mark.slow, pytest.mark.soak]


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running(articles=8) as found:
        yield found


@pytest.fixture(scope="module")
def crawled(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    thinker = Thinker(tmp_path_factory.mktemp("home") / "home", site)
    thinker.run("crawl", "newsroom")
    return thinker.home


def _proof(thinker: Thinker, code: int) -> str:
    """The line of `status` on the last deep verification."""
    rules = json.loads(thinker.run("status", "--json", code=code))["rules"]
    return next(rule["detail"] for rule in rules if rule["name"] == "proof")


def _changed(home: Path, sql: str) -> None:
    with closing(sqlite3.connect(home / "archive.db", isolation_level=None)) as conn:
        conn.execute(sql)


def test_status_says_when_deep_verification_passed_and_that_it_failed(tmp_path: Path, site: Site, crawled: Path):
    thinker = Thinker(copied(crawled, tmp_path / "home"), site)
    assert _proof(thinker, code=0) == "`thinker verify --deep` was never run"
    thinker.run("verify", "--deep")
    assert _proof(thinker, code=0).startswith("`thinker verify --deep` passed at 20")
    _changed(thinker.home, "update articles set body_text = body_text || '伪' where key = 'newsroom-3'")
    thinker.run("verify")
    assert "articles newsroom-3: body_text differ" in thinker.run("verify", "--deep", code=1)
    assert _proof(thinker, code=3).startswith("`thinker verify --deep` found 1 faults at 20")
    thinker.run("rebuild")
    thinker.run("verify", "--deep")
    assert _proof(thinker, code=0).startswith("`thinker verify --deep` passed at 20")


@pytest.mark.parametrize("number", [0, 1, 3, 40])
def test_an_overwritten_page_is_one_line_that_names_the_database(
    tmp_path: Path, site: Site, crawled: Path, number: int
):
    thinker = Thinker(copied(crawled, tmp_path / "home"), site)
    with (thinker.home / "archive.db").open("r+b") as file:
        file.seek(4096 * number)
        file.write(b"\xa5" * 4096)
    process = thinker.start("verify", "--deep")
    out, err = process.communicate(timeout=60)
    assert (process.returncode, "archive.db" in out + err, "Traceback" in err) == (1, True, False)
    assert err.count("\n") <= 1
    thinker.run("rebuild")
    thinker.run("verify", "--deep")
