"""The parser's own process says exactly what the parser says."""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.checkout import ROOT

from archive.judging.reading.parser_process import ParserProcess, ParserUnavailable
from archive.judging.reading.readings import UnreadPage, read_page
from parsers import Document

AT = datetime(2024, 4, 13, 12, tzinfo=UTC)
PAGE = """<html lang="zh"><head><title>思想者 | 题目_站</title><meta charset="gbk">
<meta name="publishdate" content="2024-04-13 09:30:00"></head><body><article><h1>思想者 | 题目</h1>
<div class="content"><p>{0}</p><p>{0}</p><p>{0}</p></div></article></body></html>""".format("长三角一体化发展，" * 12)
DOCUMENTS = [
    Document(PAGE.encode("gbk"), "text/html", "https://news.example/a/1", AT),
    Document(PAGE.encode(), "text/html; charset=utf-8", "https://news.example/a/2", AT, "newsroom"),
    Document(b"", None, "https://news.example/a/3", AT),
    Document(b'{"data": []}', "application/json", "https://news.example/a/4", AT),
    Document(b"\n\x00\xff\n{", None, "https://news.example/a/5", AT),
    Document(b"<html><body>" + b"<div>" * 9000, "text/html", "https://news.example/a/6", AT),
]


@pytest.fixture(scope="module")
def parser() -> Iterator[ParserProcess]:
    """One for all tests: a child that a test ends is replaced."""
    parser = ParserProcess()
    yield parser
    parser.close()


def test_readings_are_those_of_the_parser(parser: ParserProcess) -> None:
    for document in DOCUMENTS:
        assert parser.read(document) == read_page(document)


def test_a_parser_that_died_is_replaced(parser: ParserProcess) -> None:
    first = parser.read(DOCUMENTS[1])
    assert parser._child is not None
    os.kill(parser._child.pid, signal.SIGKILL)
    parser._child.wait()
    assert parser.read(DOCUMENTS[1]) == first  # no verdict on the page: another child reads it


def test_a_child_that_cannot_be_started_is_no_verdict_on_a_page(monkeypatch) -> None:
    parser = ParserProcess()
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(ParserUnavailable, match=r"cannot be started: .*No such file"):
        parser.read(DOCUMENTS[1])
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(ParserUnavailable, match="ended at its start, with code 1"):
        parser.read(DOCUMENTS[1])


def test_a_machine_that_allows_less_memory_is_obeyed() -> None:
    command = ["bash", "-c", f"ulimit -v 900000; exec {sys.executable} -m archive.judging.reading.parser_process"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        child.stdin.close()
        assert child.wait(timeout=30) == 0


LOST = UnreadPage("crashed", "the parser failed: it takes more than 5 s")


@pytest.mark.slow
def test_a_page_that_takes_too_long_ends_the_child_alone(parser: ParserProcess) -> None:
    """The tree builder compares each attribute with all before it; a > inside quotes hides how many they are."""
    endless = b"<p " + b" ".join(b"a%d='>'" % number for number in range(400_000)) + b">"
    assert parser.read(Document(endless, "text/html", "https://news.example/a/7", AT)) == LOST
    assert parser.read(DOCUMENTS[1]) == read_page(DOCUMENTS[1])


def test_a_page_that_takes_too_much_memory_is_unread_and_the_next_is_read(parser: ParserProcess) -> None:
    first = parser.read(DOCUMENTS[1])
    assert parser._child is not None
    used = int(Path(f"/proc/{parser._child.pid}/statm").read_text().split()[0]) * resource.getpagesize()
    resource.prlimit(parser._child.pid, resource.RLIMIT_AS, (used + 4_000_000, used + 4_000_000))
    large = b"<title>x</title>" + b"<p>A sentence of it, and more.</p>" * 90_000
    assert isinstance(parser.read(Document(large, "text/html", "https://news.example/a/8", AT)), UnreadPage)
    parser._end()
    assert parser.read(DOCUMENTS[1]) == first


def test_the_child_ends_with_its_parent() -> None:
    command = [sys.executable, "-m", "archive.judging.reading.parser_process"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as child:
        assert child.stdin is not None
        child.stdin.close()
        assert child.wait(timeout=30) == 0
