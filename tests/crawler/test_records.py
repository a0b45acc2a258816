"""Records of a crawl in its WARC files: request and response side by side, the program, and the rules it followed."""

import json
import subprocess
import sys
from collections import Counter
from email.parser import Parser
from pathlib import Path

import pytest
from support.journeys import Thinker

from archive.files import warc_fields
from archive.files.versions import PROGRAM
from archive.files.warc import Record, read_records
from newsroom.process import running

Asked = tuple[str, str, str, str | None]  # method, path, user agent, If-None-Match


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Asked]]:
    """Two crawls of a small newsroom: the folder of the captures, and what the newsroom was asked."""
    with running(articles=5) as site:
        thinker = Thinker(tmp_path_factory.mktemp("home"), site)
        thinker.run("crawl", "newsroom")
        site.event(do="edit", article=2)
        thinker.run("crawl", "newsroom")
        return thinker.home / "captures", [asked_of(entry) for entry in site.log()]


def asked_of(entry: dict[str, object]) -> Asked:
    headers = entry["headers"]
    assert isinstance(headers, dict)
    return str(entry["method"]), str(entry["path"]), str(headers.get("user-agent")), headers.get("if-none-match")


def records(folder: Path, pattern: str = "newsroom-2*") -> list[Record]:
    return [record for path in sorted(folder.glob(pattern)) for record in read_records(path)]


def as_sent(record: Record) -> Asked:
    head = record.block.partition(b"\r\n\r\n")[0].decode()
    line, _, fields = head.partition("\r\n")
    method, path, protocol = line.split(" ")
    assert protocol == "HTTP/1.1"
    named = Parser().parsestr(fields)
    return method, path, named["user-agent"], named["if-none-match"]


@pytest.mark.slow
def test_every_response_has_the_request_that_it_answers(crawled: tuple[Path, list[Asked]]):
    found = records(crawled[0])
    answers = [each.fields["warc-record-id"] for each in found if each.warc_type in ("response", "revisit")]
    requests = [each for each in found if each.warc_type == "request"]
    assert Counter(each.fields["warc-concurrent-to"] for each in requests) == Counter(answers)
    assert {each.fields["content-type"] for each in requests} == {"application/http; msgtype=request"}


def test_the_requests_are_those_that_the_server_received(crawled: tuple[Path, list[Asked]]):
    stored = Counter(as_sent(each) for each in records(crawled[0]) if each.warc_type == "request")
    received = Counter(crawled[1])
    assert stored == received
    assert any(validator for *_, validator in stored)


def test_the_status_line_and_headers_of_a_304_are_kept(crawled: tuple[Path, list[Asked]]):
    found = records(crawled[0])
    empty = [each for each in found if each.warc_type == "revisit" and not each.block]
    heads = {each.fields["warc-concurrent-to"]: each for each in found if each.warc_type == "metadata"}
    assert empty
    for each in empty:
        said = heads[each.fields["warc-record-id"]].block.decode().splitlines()
        assert said[0] == "http-status-line: HTTP/1.1 304 Not Modified"
        assert f"http-header: ETag: {each.fields['warc-etag']}".lower() in [line.lower() for line in said]


def test_a_revisit_names_address_date_and_digest_of_the_capture_it_repeats(crawled: tuple[Path, list[Asked]]):
    found = {each.record_id: each for each in records(crawled[0])}
    for each in (each for each in found.values() if each.warc_type == "revisit"):
        held = found[each.fields["warc-refers-to"].strip("<>")]
        assert (
            each.fields["warc-refers-to-target-uri"],
            each.fields["warc-refers-to-date"],
            each.fields["warc-payload-digest"],
        ) == (held.fields["warc-target-uri"], held.fields["warc-date"], held.fields["warc-payload-digest"])


def test_warcinfo_names_the_program_the_robots_policy_and_the_source(crawled: tuple[Path, list[Asked]]):
    for path in crawled[0].iterdir():
        first, *_ = read_records(path)
        said = warc_fields(first.block)
        assert (first.warc_type, first.fields["warc-filename"]) == ("warcinfo", path.name)
        assert (said["software"], said["robots"], said["source"]) == (
            PROGRAM,
            "obey",
            "newsroom",
        )
        assert json.loads(said["declaration"])["name"] == "newsroom"


@pytest.mark.parametrize("program", ["warcio", "fastwarc"])
def test_other_programs_find_the_files_whole(crawled: tuple[Path, list[Asked]], program: str):
    for path in crawled[0].iterdir():
        command = [str(Path(sys.executable).with_name(program)), "check", str(path)]
        checked = subprocess.run(command, capture_output=True, text=True)
        assert (checked.returncode, "fail" in checked.stdout.lower()) == (0, False), checked.stdout + checked.stderr
