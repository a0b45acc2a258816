"""Checks the health rules of the archive at --home; the command status prints them."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import typer

from cli.program import common, opening
from cli.program.common import AsJson, echo_json, say
from cli.program.exit_codes import OK, UNMET
from cli.program.opening import reading as reading_only
from cli.terminal.table import say_table

if TYPE_CHECKING:
    from archive import Archive
    from archive.answers import Running
    from archive.files import Home
    from archive.settings import Settings
    from schedules.health import HealthRule

MAX_ARTICLES_LISTED = 1_000  # in --json, and as many failing lists
MAX_LINES_SHOWN = 3  # of a crawl's log, and as many months of growth; --json has more
MONTHS_OF_GROWTH = 12


def status(as_json: AsJson = False) -> None:
    """Print the result of every health rule, and the daily head. Exits 3 when a rule fails.

    It also lists the crawls that are running now, with process and last request. For each scheduled source it prints
    how the last crawl ended, with its last lines if it failed, and how much the captures grew in recent months. The
    rule `disk` estimates how long the disk space lasts.

    The daily head is one digest over the ends of all ledger chains. Keep a copy somewhere else: it proves later that
    nothing before it was changed.

    Example: thinker status --json
    """
    from archive.answers import failing_lists, scheduler, unjudged
    from archive.files import Home, heads
    from schedules.health import cluster_health
    from schedules.slots import Book

    with reading_only() as opened:
        settings = opening.settings()
        home = Home(common.Chosen.home)
        cluster = cluster_health(settings)
        found = Status(
            rules=[*health(opened, settings), *([cluster.rule] if cluster else [])],
            dead_letters=given_up(opened, settings),
            running=tuple(scheduler(home, datetime.now(UTC)).running),
            runs=Book(home.schedule_database).runs(latest=True),
            growth=growth(opened, settings),
            lists=failing_lists(opened.conn, MAX_ARTICLES_LISTED),
            unjudged=unjudged(opened.conn, MAX_ARTICLES_LISTED),
            heads=heads(opened.conn),
            cluster=asdict(cluster.state) if cluster and cluster.state else None,
        )
    raise typer.Exit(echo_status(found, as_json))


def health(opened: Archive, settings: Settings) -> list[HealthRule]:
    """Check every health rule of the archive and the rule `scheduler` now; returns them with their verdicts."""
    from archive.answers import scheduler
    from crawler.sources import all_sources
    from schedules.health import HealthRule, check

    now = datetime.now(UTC)
    found, alive = list(all_sources(settings).values()), scheduler(opened.home, now)
    return [
        *check(opened.conn, opened.home, settings, found, now),
        HealthRule("scheduler", alive.ok, alive.detail, alive.detail_zh, known=alive.state != "never"),
    ]


def growth(opened: Archive, settings: Settings) -> dict[str, Any]:
    """The archive's size, its growth, and the forecast of its disk space, as JSON values.

    `size` is an object, `months` an array with one object per source and month (the last 12). The fields of the
    forecast follow beside them; `full_at` has a moment, or None if it is unknown or more than ten years away.
    """
    from archive.answers import by_month, size_of
    from archive.files import stamp
    from schedules.health import outlook

    now = datetime.now(UTC)
    room = outlook(opened.conn, opened.home.path, settings.free_space_floor, now)
    return {
        "size": asdict(size_of(opened.conn)),
        "months": [asdict(each) for each in by_month(opened.conn, now, MONTHS_OF_GROWTH)],
        **asdict(room),
        "full_at": stamp(room.full_at) if room.full_at else None,
    }


def echo_rules(rules: list[HealthRule], as_json: bool) -> int:
    """Print the result of each rule; returns the exit code, UNMET if a rule is broken, else OK."""
    well = all(rule.ok for rule in rules)
    if as_json:
        echo_json({"ok": well, "rules": [asdict(rule) for rule in rules]})
    else:
        say_table(("rule", "found"), [(f"{_mark(rule)} {rule.name}:", rule.detail) for rule in rules])
    return OK if well else UNMET


def _mark(rule: HealthRule) -> str:
    if not rule.known:
        return "–"
    return "✓" if rule.ok else "✗"


def given_up(opened: Archive, settings: Settings) -> list[dict[str, Any]]:
    """The addresses of known sources that were given up after failures, but for those that `never` excludes.

    Each is a dict: source, url, attempts, and status (of the last attempt; None: no answer).
    """
    from crawler.sources import all_sources
    from schedules.health import dead_letters

    found = dead_letters(opened.conn, settings, all_sources(settings).values())
    return [{"source": source, **asdict(letter)} for source, letters in found.items() for letter in letters]


@dataclass(frozen=True, slots=True)
class Status:
    """The output of `thinker status`.

    dead_letters: addresses that were given up. running: crawls. runs: each source's last slot for which a crawl was
    started. growth: as `growth` gives it. lists: those that fail. unjudged: articles that were missed, but whose
    absence is not judged. heads: by ledger chain the digest of its last line.
    """

    rules: list[HealthRule]
    dead_letters: list[dict[str, Any]]
    running: tuple[Running, ...]
    runs: list[dict[str, Any]]
    growth: dict[str, Any]
    lists: list[dict[str, Any]]
    """Failing lists. Only --json prints them, `dead_letters`, `unjudged` and the single heads."""
    unjudged: list[dict[str, Any]]
    heads: dict[str, str]
    cluster: dict[str, Any] | None = None
    """Orders, leased (those that workers have), segments (not yet wholly in the archive), lag (seconds since the oldest
    of these came), workers (name, heard: seconds ago, said); None without a cluster, or if its server is silent."""


def echo_status(status: Status, as_json: bool) -> int:
    """Print the rules, the running crawls, how each source's last scheduled one ended, the growth and the daily head.

    With as_json, print all that `status` has. Returns the exit code, UNMET if a rule is broken, else OK.
    """
    from archive.files import daily_head

    if not as_json:
        code = echo_rules(status.rules, as_json)
        for each in status.running:
            _say_running(each)
        for run in status.runs:
            _say_run(run)
        if status.cluster:
            _say_workers(status.cluster["workers"])
        _say_growth(status.growth)
        say(f"daily head: {daily_head(status.heads)}")
        return code
    well, fields = all(rule.ok for rule in status.rules), asdict(status)
    heads = fields.pop("heads")
    echo_json({"ok": well, **fields, "daily_head": daily_head(heads), "heads": heads})
    return OK if well else UNMET


def _say_running(crawl: Running) -> None:
    """Print a running crawl as of its scheduler's last heartbeat."""
    last = f"last request at {crawl.asked_at}: {crawl.url}" if crawl.url else "no request yet"
    say(f"  {crawl.source}: process {crawl.pid}, started at {crawl.started_at} for the slot of {crawl.due_at}; {last}")


def _say_run(run: dict[str, Any]) -> None:
    """Print a source's last slot and how its crawl ended; unless with exit code 0, also the last lines of its log.

    A crawl without an exit code (None) counts as not ended with 0.
    """
    from archive.files import counted

    seen = "" if run["articles_seen"] is None else f", {counted(run['articles_seen'], 'article')} seen"
    again = f", started {run['starts']} times" if run["starts"] > 1 else ""
    say(f"  {run['source']}: slot of {run['due_at']}: {_end(run)}{seen}{again}")
    for line in (run["last_lines"] or "").splitlines()[-MAX_LINES_SHOWN:] if run["exit_code"] != 0 else ():
        say(f"      {line}")


def _say_workers(workers: Sequence[dict[str, Any]]) -> None:
    """Print what each worker of the cluster does."""
    for each in workers:
        figures = ", ".join(f"{value:,} {name}" for name, value in each["said"].items())
        say(f"  worker {each['name']}: heard {each['heard']:.0f} s ago: {figures}")


def _say_growth(grown: dict[str, Any]) -> None:
    """Print the size of the archive, and the growth of each source in the last months."""
    from archive.answers import in_words

    say("  size: " + ", ".join(f"{name} {in_words(size)}" for name, size in grown["size"].items()))
    by_source: dict[str, list[str]] = {}
    for each in grown["months"]:
        by_source.setdefault(each["source"], []).append(f"{in_words(each['bytes'])} in {each['month']}")
    for source, months in sorted(by_source.items()):
        say(f"  {source} grew by {', '.join(months[:MAX_LINES_SHOWN])}")


def _end(run: dict[str, Any]) -> str:
    if run["exit_code"] is not None:
        return f"{run['finish_reason'] or 'no crawl'}, exit {run['exit_code']}"
    return run["finish_reason"] or ("the scheduler stopped before it ended" if run["ended_at"] else "running")


def machine() -> list[HealthRule]:
    """The rules `python` (3.11 or later) and `sqlite` (3.43 or later, with FTS5), checked on this machine."""
    return [_python(), _sqlite()]


def begun(home: Home, settings: Settings) -> list[HealthRule]:
    """The rules `contact` and `sources`: the needs of a first crawl of the sources in thinker.toml.

    These are a contact for public sites, seeds that may be fetched, and in [hosts] only hosts that a source has.
    Without sources in thinker.toml both are `ok`, with `known` False, as nothing was checked.
    """
    from crawler.hosts import Hosts
    from crawler.middlewares import refused_seeds
    from crawler.sources import NoSeeds, all_sources
    from schedules.health import HealthRule

    known = all_sources(settings)
    sources = [known[name] for name in sorted(settings.sources)]
    if not sources:
        none = f"none in {home.settings_file}: `thinker sources` lists the known ones"
        return [
            HealthRule("contact", True, settings.contact or "not set", known=False),
            HealthRule("sources", True, none, known=False),
        ]
    faults = []
    for source in sources:
        try:
            source.require_seeds()
        except NoSeeds as error:
            faults.append(str(error))
        faults += islice(refused_seeds(source, settings.crawler.never), 1)
    hosts = Hosts.of(sources[0], known.values(), settings.requests_per_day)
    faults += [
        f'[hosts."{host}"] is not a host of any source: `thinker sources show NAME` lists the hosts of a source'
        for host in hosts.unasked(url for source in known.values() for url in source.places)
    ]
    asks = [source.name for source in sources if not source.is_local]
    missing = f'not set → add contact = "you@example.org" to {home.settings_file}, above the first [table]'
    return [
        HealthRule(
            "contact",
            bool(settings.contact or not asks),
            settings.contact or (missing if asks else "not set: no source is on the public web"),
        ),
        HealthRule("sources", not faults, "; ".join(faults) or f"{', '.join(source.name for source in sources)}"),
    ]


def _python() -> HealthRule:
    from schedules.health import HealthRule

    version = ".".join(map(str, sys.version_info[:3]))
    return HealthRule("python", sys.version_info >= (3, 11), f"{version} (3.11 or later is needed)")


def _sqlite() -> HealthRule:
    from schedules.health import HealthRule

    version = sqlite3.sqlite_version_info
    try:
        with closing(sqlite3.connect(":memory:")) as conn:
            conn.execute("create virtual table t using fts5(a, content='', contentless_delete=1)")
    except sqlite3.Error as error:
        return HealthRule("sqlite", False, f"{sqlite3.sqlite_version}: {error}; 3.43 or later with FTS5 is needed")
    return HealthRule("sqlite", version >= (3, 43), f"{sqlite3.sqlite_version} with FTS5 (3.43 or later is needed)")


def unmade(home: Home) -> HealthRule:
    """The rule `archive` if there is no archive yet: not broken, with the command that creates one."""
    from schedules.health import HealthRule

    return HealthRule("archive", True, f"none at {home.path} yet: `thinker init` creates it", known=False)


def disk(home: Home, settings: Settings) -> HealthRule:
    """The rule `disk` if there is no archive yet: broken if less than the minimum is free.

    It is measured in the home, or in the nearest folder above it that exists.
    """
    from schedules.health import HealthRule

    whole = home.path.resolve()
    place = home.path if whole.exists() else next(above for above in whole.parents if above.exists())
    free, floor = shutil.disk_usage(place).free // 10**6, settings.free_space_floor
    short = "" if free >= floor else f", below the minimum of {floor:,} MB: free some space"
    return HealthRule("disk", not short, f"{free:,} MB free at {place}{short}")
