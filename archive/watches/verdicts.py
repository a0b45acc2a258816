"""Finds health rules that broke or hold again since a watch looked at them."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import NamedTuple

from archive.answers import scheduler
from archive.rows import Archive
from archive.watches.book import WatchState, states, writing
from archive.watches.outbox import Notice, enter

HEALTH = "health"
SEEN = ""  # the name of a row that says that a watch looked at the rules once


class RuleState(NamedTuple):
    """The newest verdict on a health rule."""

    name: str
    ok: bool
    detail: str
    detail_zh: str | None
    checked_at: str


def fill_verdicts(archive: Archive, book: sqlite3.Connection, now: datetime) -> int:
    """Enter a notice for each rule that broke or holds again, in the watches that ask for health; returns their number.

    The first look of a watch enters none: it notes how each rule stands. A rule that is met later for the first time
    counts as if it had held before.
    """
    watches = [each for each in states(book).values() if HEALTH in each.watch.asked.on and each.paused_since is None]
    if not watches:
        return 0
    rules, entered = _rules(archive, now), 0
    with writing(book):
        for state in watches:
            entered += _fill_one(book, state, rules, now)
    return entered


def _fill_one(book: sqlite3.Connection, state: WatchState, rules: list[RuleState], now: datetime) -> int:
    watch, entered = state.watch.name, 0
    stood = dict(book.execute("select name, ok from rules where watch = ?", (watch,)).fetchall())
    for rule in rules:
        if SEEN in stood and rule.ok != bool(stood.get(rule.name, True)):
            verdict = {"ok": rule.ok, "detail": rule.detail, "detail_zh": rule.detail_zh}
            notice = Notice(HEALTH, rule.checked_at, rule.checked_at, None, rule.name, detail=verdict)
            entered += enter(book, state, notice, now)
    book.executemany(
        "insert or replace into rules (watch, name, ok) values (?, ?, ?)",
        [(watch, SEEN, True), *((watch, rule.name, rule.ok) for rule in rules)],
    )
    return entered


def _rules(archive: Archive, now: datetime) -> list[RuleState]:
    """Each rule with its newest verdict: of the last crawl, or of the scheduler, which is a rule of its own."""
    lives = scheduler(archive.home, now)
    of_crawls = archive.conn.execute("select name, ok, detail, detail_zh, checked_at from health").fetchall()
    found = [RuleState(name, bool(ok), *said) for name, ok, *said in of_crawls]
    found += [RuleState(each.name, each.ok, each.detail, each.detail_zh, each.checked_at) for each in lives.verdicts]
    newest: dict[str, RuleState] = {}
    for rule in found:
        if rule.name not in newest or rule.checked_at >= newest[rule.name].checked_at:
            newest[rule.name] = rule
    if lives.heartbeat_at is not None:
        newest["scheduler"] = RuleState("scheduler", lives.ok, lives.detail, lives.detail_zh, lives.heartbeat_at)
    return list(newest.values())
