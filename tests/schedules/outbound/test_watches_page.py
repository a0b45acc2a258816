"""docs/watches.md: its mail arrives, its receiver takes our webhooks alone, and its schema describes them."""

import email
import email.policy
import json
import re
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from support.checkout import ROOT
from support.folders import typing
from support.journeys import asked
from support.receiving import logged_in, mail_server
from support.two_schemes import certified
from support.watched import article, hooked, hours_ago, plant

from archive import open_archive
from archive.files.home import Home
from newsroom.process import Site, running
from schedules.notifier import Notifier
from schedules.outbound import Delivered, Later, Outgoing, address, send

PAGE = (ROOT / "docs" / "watches.md").read_text("utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
PREPARED, ADDED, SENT, SIGNED = (block for language, block in BLOCKS if language == "sh")
[ADDRESS] = (block.strip() for language, block in BLOCKS if language == "text")
[RECEIVER] = (block for language, block in BLOCKS if language == "python")
SCHEMA = json.loads((ROOT / "docs" / "webhook.schema.json").read_text("utf-8"))


def typed(block: str, folder: Path, site: Site, **variables: str) -> str:
    """The output of a block in a shell that stops at the first failure."""
    environment = {**typing(folder), "THINKER_NEWSROOM": site.address, **variables}
    ended = subprocess.run(["sh", "-eu", "-c", block], env=environment, cwd=folder, capture_output=True, text=True)
    assert ended.returncode == 0, f"{block}\n{ended.stdout}\n{ended.stderr}"
    return ended.stdout


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running(articles=5) as found:
        yield found


@pytest.mark.slow
def test_the_mail_of_the_page_arrives(site: Site, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certified(tmp_path))
    typed("thinker crawl newsroom", tmp_path, site)
    with mail_server(tls_context=context, require_starttls=True, authenticator=logged_in, auth_required=True) as server:
        mine = ADDRESS.replace("smtp.example.org:587", server.place).replace("PASSWORD", "hunter2")
        editor = tmp_path / "editor"
        editor.write_text(f"#!/bin/sh\necho '{mine}' > \"$1\"\n")
        editor.chmod(0o755)
        typed(PREPARED, tmp_path, site, EDITOR=str(editor))
        assert (tmp_path / "data/mail.txt").stat().st_mode & 0o077 == 0
        typed(ADDED, tmp_path, site)
        site.event(do="edit", article=3, text="房地产税改革试点的范围由国务院确定。")
        typed(SENT.replace("shangguan", "newsroom"), tmp_path, site, SSL_CERT_FILE=str(tmp_path / "ca.pem"))
    [got] = server.got
    assert (got.sender, got.to) == ("anna@example.org", ["team@example.org"])
    mail: Any = email.message_from_bytes(got.content, policy=email.policy.default)
    assert mail["Subject"].startswith("Edited: ")
    text, html = (each.get_content() for each in mail.iter_parts())
    assert "房地产税" in text
    assert "房地产税" in html


def test_the_receiver_of_the_page_takes_signed_messages_once(tmp_path: Path) -> None:
    making = SIGNED.splitlines()[0].replace("python ", f"{sys.executable} ").replace("data/", "")
    subprocess.run(["sh", "-eu", "-c", making], cwd=tmp_path, check=True)
    (tmp_path / "receiver.py").write_text(RECEIVER.replace("HTTPServer((", "print(end='', flush=True)\nHTTPServer(("))
    with hooked() as free:
        port = free.url.split(":")[2].partition("/")[0]
    command = [sys.executable, "receiver.py", "signing.txt", port]
    message = Outgoing("5d" * 32, "税", "主题", "", "", "", {"subject": "主题"})
    [place] = re.findall(r"--to '(.+?)'", SIGNED)
    place = place.replace(":8080", f":{port}")
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as receiver:
        try:
            signed, unsigned = address(place, tmp_path), address(place.partition("#")[0], tmp_path)
            while send(unsigned, message) != Later("HTTP 401", None):
                assert receiver.poll() is None
            assert [send(each, message) for each in (signed, signed)] == [Delivered(), Delivered()]
        finally:
            receiver.terminate()
        assert receiver.communicate()[0].decode() == "主题\n"


@pytest.mark.slow
def test_a_webhook_is_as_its_schema_says(tmp_path: Path) -> None:
    home, all_kinds = tmp_path / "home", "new,edited,removed,restored,moved,gap,drift,health"
    tax, city = article(1, "谈税收", "税收的事。"), article(2, "谈城市", "城市的事。")
    with closing(open_archive(home)) as archive, hooked() as hook:
        plant(archive, hours_ago(9), {1: tax, 2: city})
        for name, every in (("now", "now"), ("day", "daily")):
            assert asked(home, "watch", "add", name, "--to", hook.url, "--every", every, "--on", all_kinds)[0] == 0
        plant(archive, hours_ago(8), {1: replace(tax, paragraphs=("房地产税的事。",)), 2: city, 3: article(3, "三")})
        for hours in (7, 6):
            plant(archive, hours_ago(hours), {1: tax}, gone=[2])
        notifier = Notifier(Home(home), "https://archive.example")
        notifier.once()
        assert asked(home, "takedown", "newsroom-1", "--hide", "--reason", "court_order", "--yes")[0] == 0
        notifier.once()
        sent = [payload for _, payload in hook.got]
    assert {event["kind"] for each in sent for event in each["events"]} >= {"new", "edited", "removed", "withdrawn"}
    faults = [error.message for each in sent for error in Draft202012Validator(SCHEMA).iter_errors(each)]
    assert faults == []
    assert {frozenset(each) for each in sent} == {frozenset(SCHEMA["properties"])}
    of_events = SCHEMA["$defs"]["event"]["properties"]
    assert {frozenset(event) for each in sent for event in each["events"]} == {frozenset(of_events)}
