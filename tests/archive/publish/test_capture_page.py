"""The page of one capture: what the site answered, what the ledger says of it, and commands that really check it."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from datasette.app import Datasette
from support.archiving import SOURCE, fetched, page, url
from support.eventful import BACK, DAY, EDITED, FORMED, GONE, IMPORTED, STRUCK, eventful, started
from support.small_archive import HOSTILE, build
from support.small_site import get, served, text
from support.tables import every_row

from archive import connect, open_archive
from archive.files.clock import stamp
from archive.files.home import Home
from archive.judging.crawl_ingest import CrawlIngest

START, LAST = started(), 7  # the last crawl comes after the import, which is of today
HEADERS = {
    "X-Title": HOSTILE.replace("改革", ""), "Set-Cookie": "session=0123", "X-Asked-By": "203.0.113.7",
    "Via": "1.1 cache (2001:db8:0:1::7)", "Date": "Sat, 13 Apr 2024 15:01:00 GMT", "X-Powered-By": "PHP/5.6.40",
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    made = eventful(tmp_path_factory.mktemp("eventful") / "home", START)
    at = START + LAST * DAY
    with closing(open_archive(made.path)) as archive, CrawlIngest(archive, SOURCE, clock=lambda: at) as ingest:
        ingest.begin_crawl(at)
        ingest.add(fetched(EDITED, page(EDITED, headline="再改一次的题目", note=url(GONE)), at, HEADERS))
        ingest.finish("finished", 1, 0, at)
    return made


@pytest.fixture(scope="module")
def site(home: Home) -> Iterator[Datasette]:
    with served(home) as there:
        yield there


def day(number: int) -> str:
    moment: datetime = START + number * DAY
    return stamp(moment)


def record_of(site: Datasette, number: int, at: str) -> str:
    captures = get(site, f"/a/newsroom-{number}.json").json()["captures"]
    found: str = next(each["record_id"] for each in captures if each["captured_at"] == at)
    return found


def probe_of(site: Datasette, number: int) -> dict[str, Any]:
    versions = get(site, f"/a/newsroom-{number}.json").json()["versions"]
    found: dict[str, Any] = next(each for each in versions[0]["absences"] if each["kind"] == "removed")["probes"][0]
    return found


def list_of(site: Datasette) -> str:
    versions = get(site, f"/a/newsroom-{STRUCK}.json").json()["versions"]
    found: str = next(each for each in versions[0]["absences"] if each["kind"] == "delisted")["lists"][0]["capture"]
    return found


def told(site: Datasette, record: str) -> dict[str, Any]:
    found: dict[str, Any] = get(site, f"/capture/{record}.json").json()
    return found


def test_each_kind_of_capture_has_a_page_and_its_bytes(site: Datasette) -> None:
    gone = probe_of(site, GONE)
    found = [
        told(site, record)
        for record in (
            record_of(site, EDITED, day(1)), record_of(site, EDITED, day(2)), gone["capture"], gone["witness"],
            list_of(site), record_of(site, IMPORTED, "2019-03-02T08:00:00Z"),
        )
    ]  # fmt: skip
    names = ("kind", "status", "record_type", "captured_at")
    shape = [(*(c[name] for name in names), (c["article"] or {}).get("key"), len(c["versions"])) for c in found]
    assert shape == [
        ("article", 200, "response", day(1), f"newsroom-{EDITED}", 1),
        ("article", 200, "revisit", day(2), f"newsroom-{EDITED}", 1),
        ("article", 404, "response", day(1), f"newsroom-{GONE}", 0),
        ("article", 200, "revisit", day(1), f"newsroom-{FORMED}", 1),
        ("list", 200, "response", day(1), None, 0),
        ("article", 200, "response", "2019-03-02T08:00:00Z", f"newsroom-{IMPORTED}", 1),
    ]
    for each in found:
        shown = get(site, f"/capture/{each['record_id']}?ui=en")
        assert (shown.status_code, each["record_id"] in text(shown), len(shown.content) < 100_000) == (200, True, True)
        digest = hashlib.sha256(get(site, f"/capture/{each['record_id']}/bytes").content).hexdigest()
        assert each["payload_digest"] == f"sha256:{digest}"


def test_a_capture_leads_to_those_before_and_after_it_at_its_address(site: Datasette) -> None:
    record = record_of(site, BACK, day(0))
    walked = []
    while record:
        capture = told(site, record)
        walked.append((capture["captured_at"], capture["status"]))
        after = capture["next"]
        assert after is None or told(site, after["record_id"])["previous"]["record_id"] == record
        record = after and after["record_id"]
    assert walked == [(day(0), 200), (day(1), 404), (day(2), 404), (day(3), 200), (day(4), 200)]


def test_every_command_of_a_capture_prints_what_the_page_says(site: Datasette, home: Home) -> None:
    record = record_of(site, EDITED, day(1))
    capture = told(site, record)
    checks = {each["name"]: each for each in capture["checks"]}
    shown = text(get(site, f"/capture/{record}"))
    assert [each["name"] for each in checks.values() if each["command"].split(" | ")[0] not in shown] == []
    address, bytes_of = urlsplit(checks.pop("check_bytes")["command"].split()[2]), checks.pop("check_all")["command"]
    assert (address.path, bytes_of) == (f"/capture/{record}/bytes", "thinker --home . verify")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    said = {
        name: subprocess.run(
            ["bash", "-c", each["command"]], cwd=home.path, capture_output=True, env={**os.environ, "PATH": path}
        ).stdout
        for name, each in checks.items()
    }
    printed = {name: out.decode().split()[0] for name, out in said.items() if checks[name]["prints"]}
    assert printed == {name: each["prints"] for name, each in checks.items() if each["prints"]}
    assert set(printed) == {"check_record", "check_range"}
    assert get(site, f"/capture/{record}/bytes").content in said["check_read"]
    assert capture["range"]["line_digest"] in said["check_range_line"].decode()
    assert [line["digest"] in said["check_lines"].decode() for line in capture["lines"]] == [True]


def test_headers_are_shown_as_text_without_values_about_the_crawler(site: Datasette) -> None:
    record = record_of(site, EDITED, day(LAST))
    headers = dict(told(site, record)["headers"])
    assert {name: headers[name] for name in HEADERS} == HEADERS | dict.fromkeys(("Set-Cookie", "X-Asked-By", "Via"))
    shown = get(site, f"/capture/{record}?ui=en")
    assert [word for word in ("session=0123", "203.0.113.7", "2001:db8", "<script>alert") if word in shown.text] == []
    assert shown.text.count("not shown</span>") == 3


@every_row("hidden", [EDITED, GONE])
def test_no_capture_of_a_withdrawn_article_or_its_address_is_shown(home: Home, tmp_path_factory, hidden: int) -> None:  # type: ignore[no-untyped-def]
    there = Home(tmp_path_factory.mktemp("hidden") / "home")
    shutil.copytree(home.path, there.path)
    with closing(connect(there.database)) as conn:
        sql = "select record_id from captures where urlkey in (select urlkey from addresses where article_id = ?)"
        records = [record for (record,) in conn.execute(sql, (hidden,))]
        (other,) = conn.execute("select record_id from captures where kind = 'list' limit 1").fetchone()
        with conn:
            conn.execute("update articles set state = 'withdrawn' where id = ?", (hidden,))
    with served(there) as datasette:
        paths = [f"/capture/{record}{ending}" for record in records for ending in ("", ".json", "/bytes")]
        assert {get(datasette, path).status_code for path in paths} == {410}
        listed = get(datasette, f"/capture/{other}?ui=en")
        assert (listed.status_code, "its lists are not offered" in listed.text, "curl" in listed.text) == (
            200,
            True,
            False,
        )
        assert get(datasette, f"/capture/{other}/bytes").status_code == 410
    assert len(records) >= 4


def test_the_bytes_of_a_page_that_names_a_withdrawn_article_are_no_link(home: Home, tmp_path: Path) -> None:
    there = Home(tmp_path / "home")
    shutil.copytree(home.path, there.path)
    with closing(connect(there.database)) as conn, conn:
        conn.execute("update articles set state = 'withdrawn' where id = ?", (GONE,))
    with served(there) as datasette:
        records = [record_of(datasette, EDITED, at) for at in (day(1), day(LAST))]
        pages = [get(datasette, f"/capture/{record}?ui=en").text for record in records]
        words = ("/bytes", "Anyone can run the first command", "names an article that is no longer shown")
        assert [
            (get(datasette, f"/capture/{record}/bytes").status_code, told(datasette, record)["kept_back"])
            for record in records
        ] == [(200, False), (410, True)]
        assert [[word in shown for word in words] for shown in pages] == [[True, True, False], [False, False, True]]


def test_without_the_files_a_capture_has_its_page_and_no_bytes(tmp_path: Path) -> None:
    with served(build(tmp_path)) as there:
        shown = get(there, "/capture/urn:uuid:1-2024-04-16T01:00:00Z")
        assert (shown.status_code, "本服务器上没有这份快照的文件" in shown.text, "/bytes" in shown.text) == (
            200,
            True,
            False,
        )
        assert get(there, "/capture/urn:uuid:1-2024-04-16T01:00:00Z/bytes").status_code == 404
        for name in ("nothing", "..%2f..%2farchive.db", "%00"):
            assert [get(there, f"/capture/{name}{end}").status_code for end in ("", ".json", "/bytes")] == [404] * 3


def test_a_reply_about_an_unknown_capture_names_no_article(tmp_path: Path) -> None:
    with served(build(tmp_path)) as there:
        assert get(there, "/capture/x.json").json()["error"] == "There is no such capture: x"
        for path in ("/capture/x", "/a/newsroom-1/capture/x"):
            assert "没有这份快照： x" in text(get(there, path, headers={"accept-language": "zh"}))
        assert "没有这篇文章： y" in text(get(there, "/a/y/capture/x", headers={"accept-language": "zh"}))
