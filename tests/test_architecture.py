"""docs/architecture.md draws what a crawl and a request really visit."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.checkout import ROOT, SUPPORT
from support.small_archive import build

from newsroom.process import running

PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
ARTICLE, REQUEST = PAGE.split("\n## ")[1:]
# All rooms of parsers are drawn as one, and a template as the file that fills it.
ROOM = re.compile(r"archive/publish/(?!templates)[a-z_]+/|(?!archive/publish)(?:crawler|archive)/[a-z_]+/")


def drawn(part: str) -> set[str]:
    """The files in the boxes of a picture."""
    return set(re.findall(r'\["([a-z_/]+\.py)<br/>', part))


def listed(part: str) -> set[str]:
    """The rooms that any step may use."""
    (sentence,) = re.findall(r"any step may use:(.*?)(?:\n\n|\Z)", part, re.DOTALL)
    return {f"{room}/" for room in re.findall(r"`([a-z_/]+)`", sentence)}


def rooms(files: set[str]) -> set[str]:
    return {found[0] for file in files if (found := ROOM.match(file))}


def visited(*arguments: str, **environment: str) -> set[str]:
    """The files of ours in which a function was called, as support/visited_files.py traces them."""
    command = [sys.executable, str(SUPPORT / "visited_files.py"), *arguments]
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    told = {**os.environ, "PYTHONPATH": path, **environment}
    ended = subprocess.run(command, env=told, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return set(ended.stdout.split())


def compare(part: str, files: set[str]) -> None:
    assert len(drawn(part)) > 8
    assert drawn(part) - files == set()
    assert rooms(files) - rooms(drawn(part)) - listed(part) == set()
    assert listed(part) - rooms(files) == set()


@pytest.mark.slow
def test_the_way_of_an_article_is_as_drawn(tmp_path: Path) -> None:
    with running(articles=3) as site:
        compare(ARTICLE, visited("crawl", str(tmp_path), THINKER_NEWSROOM=site.address))


@pytest.mark.slow
def test_the_way_of_a_request_is_as_drawn(tmp_path: Path) -> None:
    compare(REQUEST, visited("request", str(build(tmp_path).path)))
