"""docs/architecture.md draws what a crawl and a request really visit."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.checkout import ROOT, SUPPORT
from support.small_archive import build

from newsroom.process import running

PAGE = (ROOT / "docs" / "architecture.md").read_text("utf-8")
BOX = re.compile(r'^    (\w+)\["(.+?)<br/>.+"\]$', re.MULTILINE)
ARROW = re.compile(r"^    \w+(?: -(?:-|\.-)> \w+)+$", re.MULTILINE)


@dataclass(frozen=True)
class Picture:
    """A picture: files by the names of their boxes, calls as solid arrows, and what a dotted one leads to or from."""

    boxes: dict[str, str]
    calls: set[tuple[str, str]]
    handed: set[tuple[str, str]]
    listed: set[str]


def picture(part: str) -> Picture:
    drawing = part.partition("```mermaid\n")[2].partition("```")[0]
    boxes = dict(BOX.findall(drawing))
    calls, handed = set(), set()
    for line in ARROW.findall(drawing):
        names, kinds = re.split(r" -(?:-|\.-)> ", line.strip()), re.findall(r"--|-\.-", line)
        for one, kind, other in zip(names, kinds, names[1:], strict=False):
            (calls if kind == "--" else handed).add((boxes[one], boxes[other]))
    lines = [line for line in drawing.splitlines() if line.startswith("    ")]
    assert len(BOX.findall(drawing)) + len(ARROW.findall(drawing)) == len(lines), "a line is neither box nor arrow"
    (sentence,) = re.findall(r"any step may use:(.*?)(?:\n\n|\Z)", part, re.DOTALL)
    return Picture(boxes, calls, handed, set(re.findall(r"`([a-z_0-9/]+)`", sentence)))


def room(file: str) -> str:
    """The room of a file: all of parsers is drawn as one, and a template as the file that fills it."""
    package, *within = file.split("/")
    if package == "parsers":
        return package
    if within[0] == "publish" and len(within) > 1:
        return "/".join([package, *within[: min(2, len(within) - 1)]])
    return "/".join([package, *within[:-1][:1]])


def traced(drawing: Picture, *arguments: str, **environment: str) -> tuple[set[str], set[tuple[str, ...]]]:
    """The files of ours in which a function was called, and which drawn file called which."""
    command = [sys.executable, str(SUPPORT / "visited_files.py"), *arguments]
    path = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    told = {**os.environ, "PYTHONPATH": path, **environment}
    asked = "\n".join(drawing.boxes.values())
    ended = subprocess.run(command, env=told, input=asked, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ended.returncode == 0, ended.stderr[-2000:]
    lines = {tuple(line.split()) for line in ended.stdout.splitlines()}
    return {line[0] for line in lines if len(line) == 1}, {line for line in lines if len(line) == 2}


def compare(drawing: Picture, files: set[str], calls: set[tuple[str, ...]]) -> None:
    boxes = set(drawing.boxes.values())
    assert boxes - files == set(), "drawn and not visited"
    assert drawing.calls - calls == set(), "drawn and not called"
    assert boxes - {file for arrow in drawing.calls | drawing.handed for file in arrow} == set(), "without an arrow"
    rooms, drawn = {room(file) for file in files}, {room(file) for file in boxes}
    assert rooms - drawn - drawing.listed - BESIDE == set(), "entered, neither drawn nor listed"
    assert drawing.listed - rooms == set(), "listed and not entered"


ARTICLE, REQUEST = map(picture, PAGE.split("\n## ")[1:])
BESIDE = {"archive", "crawler", "archive/publish"}  # modules beside the rooms: doors, migrations, the plugin


def test_every_file_that_is_drawn_is_there() -> None:
    for drawing in (ARTICLE, REQUEST):
        assert [file for file in drawing.boxes.values() if not (ROOT / file).is_file()] == []


@pytest.mark.slow
def test_the_way_of_an_article_is_as_drawn(tmp_path: Path) -> None:
    with running(articles=3) as site:
        compare(ARTICLE, *traced(ARTICLE, "crawl", str(tmp_path), THINKER_NEWSROOM=site.address))


@pytest.mark.slow
def test_the_way_of_a_request_is_as_drawn(tmp_path: Path) -> None:
    compare(REQUEST, *traced(REQUEST, "request", str(build(tmp_path).path)))
