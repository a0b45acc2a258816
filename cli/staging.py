"""Stages the demo: a made-up site and a bureau that reprints it are crawled into a home while they change."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from time import monotonic
from typing import TYPE_CHECKING, Any

import typer

from cli.program import common, exit_codes
from cli.program.child_commands import ChildCommands

if TYPE_CHECKING:
    from newsroom.process import Site

SITE, BUREAU = "newsroom", "dongwan"
BUSY, USUAL = "every 3s", "every 1d"  # schedules while the demo is made, and afterwards
MADE = "# Written by `thinker demo`: both sites are made up, and ran on this machine while it was made.\n"
SETTINGS = (
    MADE
    + """\
[sources.newsroom]
schedule = "{schedule}"

[sources.dongwan]
publisher = "东湾市民政局（虚构） Dongwan Civil Affairs Bureau (made up)"
homepage = "{address}/bureau/"
timezone = "Asia/Shanghai"
in_language = "zh-Hans"
lists = ["{address}/bureau/"]
hosts = ["127.0.0.1:{port}", "localhost:{port}"]
scope = 'http://(?:127\\.0\\.0\\.1|localhost):{port}/bureau/art/\\d+/\\d+\\.html'
allow = ["127.0.0.1:{port}", "localhost:{port}"]
delay = 0
recheck = 0
schedule = "{schedule}"
"""
)
ARCHIVE = ("archive.db", "captures", "ledger")
FOLDERS = ("captures", "ledger", "public", "exports")
FILES = ("archive.db", "schedule.db", "hosts.db", "watches.db", "metadata.json", "settings.json", "thinker.toml")
SETTLED = """
select count(distinct source) filter (where outcome <> 'missed'),
       count(distinct source) filter (where outcome = 'missed')
  from coverage
"""
MAX_SETTLING_SECONDS = 300.0  # if it is exceeded, the next crawl reports the reason


def is_made(home: Path) -> bool:
    """True if a home has the complete demo, False if it has no archive or an interrupted demo.

    Raises typer.BadParameter if it has another archive, or a thinker.toml that the demo did not write.
    """
    said = _settings(home)
    if not said.startswith(MADE) and (said or any((home / name).exists() for name in ARCHIVE)):
        line = f"{home} has another archive: move it away, or choose an empty folder"
        raise typer.BadParameter(line, param_hint="--home")
    return bool(said) and BUSY not in said  # not `USUAL in said`: the schedule may have been edited since


def clear(home: Path) -> None:
    """Delete the files of an interrupted demo and nothing else; lock files stay. A complete demo stays whole."""
    said = _settings(home)
    if not said.startswith(MADE) or BUSY not in said:
        return
    for path in list(home.iterdir()):
        if path.name in FOLDERS:
            shutil.rmtree(path)
        elif path.name.startswith(FILES):
            path.unlink()


def _settings(home: Path) -> str:
    path = home / "thinker.toml"
    return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


@dataclass(slots=True)
class Stage:
    """A home and a site that is crawled into it; every crawl is a process, as with a scheduler."""

    home: Path
    site: Site
    crawls: list[Any] = field(default_factory=list)  # the summaries of those by `crawl`

    def declare(self, schedule: str) -> None:
        """Write thinker.toml, with this schedule for SITE and for BUREAU; an earlier one is overwritten."""
        address = self.site.address
        said = SETTINGS.format(schedule=schedule, address=address, port=address.rpartition(":")[2])
        self.home.mkdir(parents=True, exist_ok=True)
        (self.home / "thinker.toml").write_text(said, encoding="utf-8")

    def import_earlier(self) -> dict[str, Any]:
        """Import pages that a visitor saved before the archive existed; returns the summary of the import."""
        with TemporaryDirectory(prefix="thinker-demo-") as folder:
            saved = Path(folder) / "earlier.warc.gz"
            saved.write_bytes(self.site.recording())
            found: dict[str, Any] = json.loads(self._run("import", str(saved), "--json"))
        return found

    def crawl_on_schedule(self) -> None:
        """Run the scheduler until SITE and BUREAU were each crawled at one slot and missed the next; then resume both.

        A source is paused while it is crawled, so that it misses its next slot. Ends after MAX_SETTLING_SECONDS anyway.
        """
        from archive.files import Home
        from schedules.slots import Book

        book, deadline = Book(Home(self.home).schedule_database), monotonic() + MAX_SETTLING_SECONDS

        def both_missed() -> bool:
            at_it = book.of_state("running")
            if fresh := [source for source in at_it if source not in book.paused()]:
                book.pause(fresh, datetime.now(UTC))
            settled = self._ask(SETTLED) == [(2, 2)] and not at_it
            return settled or monotonic() > deadline

        self._run("schedule", "run", until=both_missed)
        book.resume([SITE, BUREAU])

    def crawl(self, source: str) -> dict[str, Any]:
        """Crawl a source; returns the summary of the crawl and adds it to `crawls`."""
        found: dict[str, Any] = json.loads(self._run("crawl", source, "--json"))
        self.crawls.append(found)
        return found

    def happen(self, events: Sequence[dict[str, object]]) -> None:
        """Send events to the site, which it carries out."""
        for event in events:
            self.site.event(**event)

    def _ask(self, question: str) -> list[Any]:
        """The rows of a query, SQL text, of the database; [] before it exists."""
        from archive.files import Home
        from archive.rows import connect_to_read

        database = Home(self.home).database
        if not database.exists():
            return []
        with closing(connect_to_read(database)) as conn:
            return conn.execute(question).fetchall()

    def _run(self, *words: str, until: Callable[[], bool] | None = None) -> str:
        """Run a command of thinker until it ends, or is ended when `until()` is true; returns its stdout.

        Raises RuntimeError with the end of its stderr if its exit code is not OK or UNMET, and KeyboardInterrupt after
        a signal to this process.
        """
        command = common.ourselves(self.home, *words)
        with TemporaryFile("w+", encoding="utf-8") as told:
            with ChildCommands() as relay:  # so that Ctrl-C is answered once, and not by the crawl too
                environment = {"THINKER_NEWSROOM": self.site.address}
                code, out = relay.run(command, True, environment, until, told)
            if relay.stopped:
                raise KeyboardInterrupt
            if code not in (exit_codes.OK, exit_codes.UNMET):
                told.seek(0)
                raise RuntimeError(f"`thinker {' '.join(words)}` ended with exit code {code}: {told.read()[-500:]}")
        return out
