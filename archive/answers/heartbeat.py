"""The scheduler's status in schedule.db: its heartbeat, its verdicts, and the crawls that it runs.

The scheduler writes it once a minute (schedules/heartbeat.py); the site and `thinker status` only read it.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from archive.files import Home, instant
from archive.settings import SettingsError, load_settings

OLDEST = timedelta(minutes=2)  # a heartbeat comes every minute
UNCHECKED = timedelta(minutes=15)  # the rules are checked every minute, within a second
NEVER_PROVED = ("`thinker verify --deep` was never run", "尚未运行过 `thinker verify --deep`")  # what `proof` then says
MAX_WAIT_SECONDS = 2.0  # while another process writes schedule.db

TABLES = (
    """
    create table if not exists heartbeat (
        one integer primary key check (one = 1),
        at text not null,
        pid integer not null,
        started_at text not null,
        stopped_at text,
        checked_at text
    )
    """,
    """
    create table if not exists verdicts (
        name text primary key,
        ok integer not null,
        detail text not null,
        detail_zh text,
        checked_at text not null
    )
    """,
    """
    create table if not exists running (
        source text primary key,
        due_at text not null,
        started_at text not null,
        pid integer not null,
        asked_at text,
        url text
    )
    """,
    """
    create table if not exists cluster (
        workers integer not null,
        orders integer not null,
        leased integer not null,
        segments integer not null,
        lag integer not null
    )
    """,
)

State = Literal["runs", "late", "unchecked", "stopped", "unscheduled", "never", "unreadable"]
"""runs: it is alive · late: no heartbeat for two minutes · unchecked: alive, but no check of its rules for 15 minutes ·
stopped: ended in order, and not started again · unscheduled: no source has a schedule, and no scheduler runs · never:
no scheduler has ever run here · unreadable: schedule.db cannot be read.
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result of a health rule at its last check, as a sentence in English and in Chinese (None if it has none)."""

    name: str
    ok: bool
    detail: str
    detail_zh: str | None
    checked_at: str


@dataclass(frozen=True, slots=True)
class ClusterFigures:
    """The state of an archive's cluster when its rules were checked last.

    workers: those at work. orders: requests that wait for an answer, of which `leased` are with workers. segments: what
    workers shipped and is not yet wholly in the archive; lag: the seconds since the oldest of it came, 0 without any.
    """

    workers: int
    orders: int
    leased: int
    segments: int
    lag: int


@dataclass(frozen=True, slots=True)
class Running:
    """A crawl under way: its slot, its process, and its last request (asked_at and url; None before the first)."""

    source: str
    due_at: str
    started_at: str
    pid: int
    asked_at: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class Scheduler:
    """The status of a home's scheduler now, with its last verdicts. running, cluster: empty unless it is alive.

    heartbeat_at: the last heartbeat; None if there never was one, or if schedule.db cannot be read.

    ok: nobody needs to act. True in the states runs, unscheduled and never, and in the state stopped (in order) for the
    first two minutes; then False.
    """

    state: State
    ok: bool
    detail: str
    detail_zh: str
    heartbeat_at: str | None = None
    verdicts: tuple[Verdict, ...] = ()
    running: tuple[Running, ...] = ()
    cluster: ClusterFigures | None = None


@dataclass(frozen=True, slots=True)
class _Heartbeat:
    at: str
    pid: int
    started_at: str
    stopped_at: str | None
    checked_at: str | None

    @property
    def checked(self) -> str:
        """The moment of the last check of the rules; before the first check, that of the scheduler's start."""
        return self.checked_at or self.started_at


def scheduler(home: Home, now: datetime) -> Scheduler:
    """The status of a home's scheduler at an aware moment; reads only, and raises nothing."""
    try:
        beat, verdicts, running, cluster = _read(home.schedule_database)
        for at in (beat.at, beat.checked, *(each.checked_at for each in verdicts)) if beat else ():
            instant(at)
    except (sqlite3.Error, OSError, ValueError, TypeError):  # a damaged file may hold any value
        return Scheduler("unreadable", False, *STATE_TEXTS["unreadable"])
    if beat is None:
        return Scheduler("never", True, *STATE_TEXTS["never"])
    # A heartbeat from the future does not count: the clock went back since, and a live scheduler writes a new one.
    fresh = abs(now - instant(beat.at)) <= OLDEST
    state = _state(beat, fresh, home)
    since = beat.stopped_at if state == "stopped" else beat.checked if state == "unchecked" else beat.at
    ok = state in ("runs", "unscheduled") or (state == "stopped" and fresh)
    is_alive = fresh and state != "stopped"
    en, zh = (text.format(at=since) for text in STATE_TEXTS[state])
    return Scheduler(state, ok, en, zh, beat.at, verdicts, running if is_alive else (), cluster if is_alive else None)


def _state(beat: _Heartbeat, fresh: bool, home: Home) -> State:
    if not fresh and not _is_scheduled(home):
        return "unscheduled"
    if beat.stopped_at is not None:
        return "stopped"
    if not fresh:
        return "late"
    return "unchecked" if instant(beat.at) - instant(beat.checked) > UNCHECKED else "runs"


def _is_scheduled(home: Home) -> bool:
    """True if thinker.toml gives a source a schedule, or exists but cannot be used; False without the file."""
    try:
        return any(source.schedule for source in load_settings(home.path).sources.values())
    except SettingsError:
        return True


def _read(
    path: Path,
) -> tuple[_Heartbeat | None, tuple[Verdict, ...], tuple[Running, ...], ClusterFigures | None]:
    """The heartbeat, the verdicts, the crawls under way and the cluster in schedule.db, read at one moment.

    (None, (), (), None) if the file or its tables are missing: no scheduler of this version has run. Raises
    sqlite3.Error for a damaged file.
    """
    if not path.exists():
        return None, (), (), None
    address = f"{path.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=MAX_WAIT_SECONDS, isolation_level=None)) as conn:
        conn.execute("begin")
        if not conn.execute("select count(*) from sqlite_master where name = 'heartbeat'").fetchone()[0]:
            return None, (), (), None
        row = conn.execute("select at, pid, started_at, stopped_at, checked_at from heartbeat").fetchone()
        verdicts = conn.execute("select name, ok, detail, detail_zh, checked_at from verdicts order by name")
        found = tuple(Verdict(name, bool(ok), *told) for name, ok, *told in verdicts)
        running = conn.execute("select source, due_at, started_at, pid, asked_at, url from running order by source")
        beat = _Heartbeat(*row) if row else None
        return beat, found, tuple(Running(*each) for each in running), _cluster(conn)


def _cluster(conn: sqlite3.Connection) -> ClusterFigures | None:
    """The figures of the cluster; None without one, and in a schedule.db of an earlier version."""
    if not conn.execute("select count(*) from sqlite_master where name = 'cluster'").fetchone()[0]:
        return None
    row = conn.execute("select workers, orders, leased, segments, lag from cluster").fetchone()
    return ClusterFigures(*row) if row else None


STATE_TEXTS: dict[State, tuple[str, str]] = {
    "runs": ("running; the last heartbeat was at {at}", "运行中，最近一次心跳为 {at}"),
    "late": (
        "no heartbeat since {at}: restart `thinker run` or `thinker schedule run`, and look at its output",
        "自 {at} 起没有心跳：请重新启动 `thinker run` 或 `thinker schedule run`，并查看其日志",
    ),
    "unchecked": (
        "running, but the rules have not been checked since {at}: its output on stderr says why",
        "运行中，但自 {at} 起未能检查各项规则：原因见其标准错误输出",
    ),
    "stopped": (
        "stopped at {at}: restart `thinker run` or `thinker schedule run`, or take the schedules out of thinker.toml",
        "已于 {at} 停止：请重新启动 `thinker run` 或 `thinker schedule run`，或从 thinker.toml 中去掉 `schedule`",
    ),
    "unscheduled": (
        "no source has a schedule; a scheduler last ran at {at}",
        "没有来源设定日程；调度程序最近一次运行于 {at}",
    ),
    "never": (
        "no scheduler has run here: crawls are started by hand or by another program",
        "此处没有运行过：采集由人工或其他程序启动",
    ),
    "unreadable": (
        "schedule.db cannot be read: `thinker schedule list` says why",
        "目前无法读取 schedule.db：`thinker schedule list` 会说明原因",
    ),
}
