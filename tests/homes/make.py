"""Make a home as the program of a commit does, and pack it: `.venv/bin/python tests/homes/make.py 94516bf`.

Every command is a process of that commit's program, its site is that commit's newsroom on loopback, and its clock is
Debian's libfaketime. The texts are the newsroom's own. Two homes of one commit differ by ports and random names.
"""

import io
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tarfile
import time
import urllib.request
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
ARTICLES = 30
MORNING = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SETTINGS = '[sources.newsroom]\nschedule = "0 0 * * *"\n'  # few slots, however long after this the home is opened
EARLIER = {  # an earlier parser: the same one, but it finds no keywords
    'PARSER_VERSION = "': 'from dataclasses import replace\nPARSER_VERSION = "earlier-',
    "return page_of(document).article()": "return replace(page_of(document).article(), keywords=())",
}


@dataclass(frozen=True)
class Making:
    """A home in the making, its site and its clock."""

    home: Path
    site: Any
    clock: Any

    def start(self, program: Path, *arguments: str) -> subprocess.Popen[str]:
        environment = {**os.environ, "PYTHONPATH": str(program), "THINKER_NEWSROOM": self.site.address}
        command = [*self.clock.under, sys.executable, "-P", "-m", "thinker", "--home", str(self.home), *arguments]
        return subprocess.Popen(command, cwd=program, env=environment, text=True, stdout=subprocess.PIPE)

    def run(self, program: Path, *arguments: str) -> Any:
        """Run a command an hour after the one before. Returns the data that it prints with --json."""
        self.clock.step(int(HOUR.total_seconds()))
        with self.start(program, *arguments, "--json") as process:
            out = process.communicate()[0]
        assert process.returncode == 0, (arguments, process.returncode, out)
        print(*arguments)
        return json.loads(out)

    def page(self, number: int) -> tuple[str, bytes]:
        """The address and the bytes of an article."""
        address = f"{self.site.address}/article/{number}.html"
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address) as answer:
            return address, answer.read()

    def rows(self, database: str, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.home / database}?mode=ro", uri=True)) as conn:
            return conn.execute(sql).fetchall()

    def scheduled(self, program: Path, sql: str, expected: list[tuple[Any, ...]]) -> None:
        """Run a scheduler until the query of schedule.db gives the expected rows, and end it."""
        with self.start(program, "schedule", "run") as process:
            while not (self.home / "schedule.db").exists() or self._schedule(sql) != expected:
                assert process.poll() is None, "the scheduler ended"
                time.sleep(0.2)
            process.send_signal(signal.SIGTERM)
        print("schedule run: exit", process.returncode)

    def _schedule(self, sql: str) -> list[tuple[Any, ...]]:
        try:
            return self.rows("schedule.db", sql)
        except sqlite3.OperationalError:  # its tables are not made yet
            return []


def make(program: Path, making: Making, scratch: Path) -> None:
    """Run two weeks of a home's life."""
    site = making.site
    for number in range(1, ARTICLES + 1):  # short texts make a small fixture
        text = "\n".join(site.truth(number)["paragraphs"][: 1 if number % 4 else 3])
        site.event(do="edit", article=number, property="body_text", text=text)
    older = (making.page(20)[0], "2026-11-02T08:00:00Z", making.page(20)[1])
    foreign = ("https://jianghai.example/2019/31.html", "2019-03-02T08:00:00Z", making.page(21)[1])
    site.event(do="edit", article=20)

    making.run(earlier(program, scratch / "earlier"), "crawl", "newsroom", "--limit", "8")
    making.run(program, "crawl", "newsroom")
    site.event(do="edit", article=12)
    site.event(do="edit", article=14, property="headline", text="一个改过的题目")
    site.event(do="cosmetic", article=13)
    site.event(do="remove", article=7, how="404")
    making.run(program, "crawl", "newsroom")
    making.run(program, "import", str(warc(scratch / "saved.warc.gz", older, foreign)))
    (applied,) = making.run(program, "reparse", "newsroom", "--apply")
    assert applied["other"], applied
    making.run(program, "reparse", "--undo", applied["reparse"])

    (making.home / "thinker.toml").write_text(SETTINGS, encoding="utf-8")
    making.scheduled(program, "select count(*) from apscheduler_jobs", [(1,)])
    making.clock.set(MORNING + 3 * DAY)  # nothing runs for three slots: two are missed, the last confirms the removal
    outcomes = "select state, count(*) from slots group by 1 order by 1"
    making.scheduled(program, outcomes, [("ended", 1), ("missed", 2)])


def earlier(program: Path, folder: Path) -> Path:
    """A copy of the program with the earlier parser, whose readings a reparse changes."""
    shutil.copytree(program, folder)
    module = folder / "parsers" / "__init__.py"
    text = module.read_text("utf-8")
    for now, then in EARLIER.items():
        assert text.count(now) == 1, now
        text = text.replace(now, then)
    module.write_text(text, encoding="utf-8")
    return folder


def warc(path: Path, *pages: tuple[str, str, bytes]) -> Path:
    """A WARC file as another program saves it, of pages (url, date, payload)."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for address, date, payload in pages:
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                address, "response", payload=io.BytesIO(payload), http_headers=head,
                warc_headers_dict={"WARC-Date": date},
            )  # fmt: skip
            writer.write_record(record)
    return path


def packed(home: Path, to: Path) -> None:
    """Pack the home into one file, from which a checkout restores its times, empty folders and databases."""
    assert not [*home.rglob("*-wal"), *home.rglob("*-shm"), *home.rglob("*-journal")], "a database is still open"
    with tarfile.open(to, "w:xz", preset=9) as archive:
        archive.add(home, to.name.partition(".")[0], filter=nobodys)


def nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def main(commit: str) -> None:
    """Make the home of a commit beside this script."""
    with TemporaryDirectory() as folder:
        scratch = Path(folder)
        source = subprocess.run(["git", "archive", commit], cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout
        with tarfile.open(fileobj=io.BytesIO(source)) as archive:
            archive.extractall(scratch / "program", filter="data")
        program = scratch / "program"
        sys.path[:0] = [str(program), str(ROOT / "tests")]
        running = import_module("newsroom.process").running
        clock = import_module("support.fake_clock").FakeClock(scratch / "clock", MORNING)
        with running(articles=ARTICLES, clock=(MORNING - DAY).isoformat()) as site:
            making = Making(scratch / "home", site, clock)
            make(program, making, scratch)
        packed(making.home, HERE / f"{commit}.tar.xz")
    print(HERE / f"{commit}.tar.xz")


if __name__ == "__main__":
    main(*sys.argv[1:])
