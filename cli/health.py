"""The health rules, asked for the archive at --home."""

import shutil
import sqlite3
import sys
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from archive import Archive, connect
from archive.fixity import Fault, Report
from archive.home import Home
from archive.ledger import daily_head
from archive.proof import prove
from archive.settings import Settings
from cli.common import OK, UNMET, echo_json, say, tell
from crawler.sources import all_sources
from schedules.alerts import Rule, check, proof_rule, store


def health(opened: Archive, settings: Settings) -> list[Rule]:
    """Every rule with its verdict, now."""
    return list(check(opened.conn, opened.home, settings, list(all_sources(settings).values()), datetime.now(UTC)))


def echo_rules(rules: list[Rule], as_json: bool) -> int:
    """Print each rule's verdict; the exit code says whether all are met."""
    well = all(rule.ok for rule in rules)
    if as_json:
        echo_json({"ok": well, "rules": [asdict(rule) for rule in rules]})
    else:
        for rule in rules:
            say(f"{'✓' if rule.ok else '✗'} {rule.name}: {rule.detail}")
    return OK if well else UNMET


def echo_status(rules: list[Rule], heads: dict[str, str], as_json: bool) -> int:
    """Print each rule's verdict and the daily head; the exit code says whether all are met."""
    if not as_json:
        code = echo_rules(rules, as_json)
        say(f"daily head: {daily_head(heads)}")
        return code
    well = all(rule.ok for rule in rules)
    listed = [asdict(rule) for rule in rules]
    echo_json({"ok": well, "rules": listed, "daily_head": daily_head(heads), "heads": heads})
    return OK if well else UNMET


def proved(opened: Archive) -> tuple[Fault, ...]:
    """What a replay of the files says of the database's rows."""
    with TemporaryDirectory(prefix="thinker-verify-") as scratch:
        return prove(opened, Path(scratch))


def note_proof(opened: Archive, report: Report) -> None:
    """Write what a deep verification found where `status` and the site's status page read it."""
    now = datetime.now(UTC)
    try:
        with closing(connect(opened.home.database)) as conn:
            store(conn, [proof_rule(len(report.faults), now)], now)
    except sqlite3.Error as error:  # a read-only home, a damaged file: the report is on the screen all the same
        tell(f"thinker: that it was verified could not be noted: {error}")


def note_health(opened: Archive, settings: Settings) -> None:
    """Write every rule's verdict where the site's status page reads it."""
    store(opened.conn, health(opened, settings), datetime.now(UTC))


def machine(home: Home) -> list[Rule]:
    """What the program needs of the machine: versions, SQLite with FTS5, a writable disk."""
    return [_python(), _sqlite(), _disk(home)]


def _python() -> Rule:
    version = ".".join(map(str, sys.version_info[:3]))
    return Rule("python", sys.version_info >= (3, 11), f"{version} (3.11 or later is needed)")


def _sqlite() -> Rule:
    version = sqlite3.sqlite_version_info
    try:
        sqlite3.connect(":memory:").execute("create virtual table t using fts5(a, content='', contentless_delete=1)")
    except sqlite3.Error as error:
        return Rule("sqlite", False, f"{sqlite3.sqlite_version}: {error}; 3.43 or later with FTS5 is needed")
    return Rule("sqlite", version >= (3, 43), f"{sqlite3.sqlite_version} with FTS5 (3.43 or later is needed)")


def _disk(home: Home) -> Rule:
    place = home.path if home.path.exists() else home.path.resolve().parent
    free = shutil.disk_usage(place).free
    return Rule("disk", free > 500_000_000, f"{free // 1_000_000:,} MB free at {place}")
