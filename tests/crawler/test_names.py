"""Attacks by a hostile name server, or its absence: a resolver of our own, in a network of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support.checkout import ROOT, SUPPORT, TESTS
from support.name_server import ARTICLES, NAME
from support.towns import rows

pytestmark = [pytest.mark.slow, pytest.mark.soak]

MACHINE = SUPPORT / "name_server.py"
ALL = 2 + ARTICLES  # robots.txt, the list and what it names


def crawls(home: Path, *words: str) -> list[dict[str, Any]]:
    """The results of crawls of the site, one after another, while the name leads here and there."""
    command = ["unshare", "--mount", "--net", sys.executable, str(MACHINE), str(home), json.dumps(words)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{TESTS}"}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    told: list[dict[str, Any]] = json.loads(ended.stdout)
    return told


def figures(told: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(told.get(name) for name in ("finish_reason", "new_articles", "errors", "public", "private"))


@pytest.mark.root
def test_a_name_that_is_bound_anew_reaches_nothing_private(tmp_path: Path) -> None:
    """The name moves within one crawl, then from crawl to crawl: to a private address, to both at once, and back."""
    told = crawls(tmp_path, "rebound", "private", "both", "public")
    assert [figures(each) for each in told] == [
        ("finished", ARTICLES, 0, ALL, 0),
        ("outage", 0, 1, 0, 0),
        ("outage", 0, 1, 0, 0),
        ("finished", 0, 0, ALL, 0),
    ]
    assert all(f"refused: {NAME} is 127.0.0.1 (loopback)" in each["stderr"] for each in told[1:3])
    assert rows(tmp_path, "select state, count(*) from articles group by 1") == [("live", ARTICLES)]
    assert rows(tmp_path, "select count(*) from frontier where given_up is not null") == [(0,)]


@pytest.mark.root
def test_a_name_server_that_is_late_is_asked_again_and_one_that_is_silent_is_an_outage(tmp_path: Path) -> None:
    told = crawls(tmp_path, "late", "silent", "public")
    assert [figures(each) for each in told] == [
        ("finished", ARTICLES, 0, ALL, 0),
        ("outage", 0, 1, 0, 0),
        ("finished", 0, 0, ALL, 0),
    ]
    assert rows(tmp_path, "select state, count(*) from articles group by 1") == [("live", ARTICLES)]
