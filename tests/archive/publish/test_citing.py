"""docs/citing.md says how to cite a version: its program makes the citation and refuses another text."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from datasette.app import Datasette
from support.checkout import ROOT
from support.small_archive import EDITED, ENGLISH, LATEST, TALK, build, digest_of
from support.small_site import get, served, text

PAGE = (ROOT / "docs" / "citing.md").read_text(encoding="utf-8")
(PROGRAM,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
(TABLE,) = re.findall(r"^\| part \|.*?\n\|---.*?\n(.*?)\n\n", PAGE, re.MULTILINE | re.DOTALL)
FIRST = f"/a/newsroom-1/v/{digest_of(TALK).removeprefix('sha256:')[:12]}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with served(build(tmp_path_factory.mktemp("home"))) as there:
        yield there


@pytest.fixture
def asked(site: Datasette) -> Iterator[tuple[str, dict[str, str]]]:
    """The site on a port of its own, and what it gives otherwise than it is kept."""
    exchanged: dict[str, str] = {}

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reply = get(site, self.path, headers={**self.headers})
            body = reply.text
            for before, after in exchanged.items():
                body = body.replace(before, after)
            self.send_response(reply.status_code)
            if "location" in reply.headers:
                self.send_header("location", reply.headers["location"])
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body.encode())

        def do_HEAD(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    server = HTTPServer(("127.0.0.1", 0), Door)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", exchanged
    server.shutdown()
    server.server_close()


def cited(address: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-I", "-c", PROGRAM, address], capture_output=True, text=True)


def test_a_version_is_cited(asked: tuple[str, dict[str, str]]) -> None:
    address, _ = asked
    assert cited(f"{address}/a/newsroom-1/v/1").stdout == (
        "林知远. 把小事办好，城市才有温度. 思想者, 解放日报, 2024-04-14 05:01. http://127.0.0.1:8765/articles/1. "
        f"Version {digest_of(TALK)}, seen 2024-04-16T01:00:00Z, {address}{FIRST}\n"
    )


@pytest.mark.parametrize(("key", "article"), [("newsroom-1", EDITED), ("newsroom-1", LATEST), ("newsroom-2", ENGLISH)])
def test_the_digest_is_that_of_the_text(asked: tuple[str, dict[str, str]], key: str, article) -> None:
    address, _ = asked
    digest = digest_of(article)
    assert f"Version {digest}, " in cited(f"{address}/a/{key}/v/{digest.removeprefix('sha256:')[:12]}").stdout


def test_the_citing_program_refuses_a_text_with_another_digest(asked: tuple[str, dict[str, str]]) -> None:
    address, exchanged = asked
    exchanged["基层减轻负担"] = "基层增加负担"
    ended = cited(address + FIRST)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"this is not the text of {address}{FIRST}: it has sha256:")


def test_every_part_stands_where_the_table_says(site: Datasette) -> None:
    told, pages = get(site, f"{FIRST}.json").json(), [text(get(site, FIRST, headers=said)) for said in LANGUAGES]
    labelled = 0
    for row in TABLE.splitlines():
        _, part, on_page, in_json, _ = [cell.strip() for cell in row.split("|")]
        inside = told["version"] if in_json.startswith("`version`") else told
        assert set(re.findall(r"`(\w+)`", in_json)) <= {*inside, "version"}, part
        for page, labels in zip(pages, on_page.split(" · "), strict=False):
            assert " · " not in on_page or all(word in page for word in labels.split(", ")), (part, labels)
        labelled += " · " in on_page
    assert labelled == 5


LANGUAGES = [{"accept-language": "zh"}, {"accept-language": "en"}]


def test_the_number_leads_to_the_digest_and_the_captures_are_named(site: Datasette) -> None:
    assert get(site, "/a/newsroom-1/v/1").headers["location"] == FIRST
    told = json.loads(get(site, f"{FIRST}.json").text)
    named = set(re.findall(r"`(\w+)`", PAGE.partition("`captures` in the")[2].partition("Question 10 of")[0]))
    assert named <= set(told["captures"][0])
    assert told["events"][0]["digest"].startswith("sha256:")


(COMMANDS,) = re.findall(r"^```sh\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.curl
@pytest.mark.parametrize("command", COMMANDS.splitlines())
def test_each_documented_command_succeeds_and_prints_something(asked: tuple[str, dict[str, str]], command: str) -> None:
    given = {"SITE": asked[0], "KEY": "newsroom-1", "PATH": os.environ["PATH"]}
    ended = subprocess.run(["/bin/sh", "-c", command], env=given, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout != "") == (0, True), ended.stderr
