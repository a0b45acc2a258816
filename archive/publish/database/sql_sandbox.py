"""Runs readers' SQL in a process of its own, with little memory and one second: `Sandbox.ask`."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

from archive.sandbox import FULL, READY, Rights

ROOT = Path(__file__).parents[3]
MAX_QUERIES_AT_ONCE = 2  # others wait for QUEUE_SECONDS
MAX_PROCESS_STARTS = 2  # attempts to start the process for one query
QUEUE_SECONDS = 5.0  # then TooBusy
KILL_GRACE_SECONDS = 3.0  # beyond the query's time: by then the kernel must have ended its process
START_SECONDS = 30.0  # a busy machine may take long to start the process

Params = Mapping[str, object] | Sequence[object] | None


class TooBusy(Exception):  # noqa: N818 - the name says the problem
    """The query was not begun: too many others are running, or the process for SQL does not start."""


class TooSlow(Exception):  # noqa: N818
    """The query exceeded its time limit and was stopped."""


@dataclass(frozen=True, slots=True)
class SqlResult:
    """The column names and rows of a query; `truncated` is true if there were more rows than these."""

    columns: list[str]
    rows: list[sqlite3.Row]
    truncated: bool


class Sandbox:
    """The client of the process `archive.sandbox.process`, which it starts when needed and restarts if it died."""

    def __init__(self, database: Path, rights: Rights = FULL) -> None:
        self.database, self.rights = database, rights
        self._child: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._ready = False
        self._handing = Lock()
        self._places = asyncio.Semaphore(MAX_QUERIES_AT_ONCE)

    @property
    def pid(self) -> int | None:
        """The id of the process started last, even if it died; None before the first start and after `close`."""
        return self._child.pid if self._child else None

    def start(self) -> None:
        """Start the process without waiting until it is ready; end an earlier one first."""
        self.close()
        ours, theirs = socket.socketpair()
        ours.settimeout(START_SECONDS)
        path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
        with theirs:
            about = [str(theirs.fileno()), str(self.database), json.dumps(self.rights.as_json)]
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", "archive.sandbox.process", *about],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={**os.environ, "PYTHONPATH": path},
                process_group=0,  # Ctrl-C is for the server, which ends this process by closing the socket
            )
        self._control = ours

    def close(self) -> None:
        """End the process, if there is one."""
        child, self._child = self._child, None
        control, self._control = self._control, None
        self._ready = False
        if control is not None:
            control.close()
        if child is not None:
            child.kill()
            child.wait()

    async def ask(self, sql: str, params: Params, seconds: float, rows: int | None) -> SqlResult:
        """Run a query and return its first rows: at most `rows` (None: any number), as far as the byte limit allows.

        Raises TooSlow, TooBusy, and sqlite3.OperationalError, with SQLite's message or because the process ended.
        """
        try:
            await asyncio.wait_for(self._places.acquire(), QUEUE_SECONDS)
        except TimeoutError:
            raise TooBusy from None
        try:
            answer = await self._asked({"sql": sql, "params": _plain(params), "seconds": seconds, "rows": rows})
        finally:
            self._places.release()
        told = json.loads(answer, object_hook=_blob)
        if "error" in told:
            raise sqlite3.OperationalError(told["error"])
        return SqlResult(told["columns"], as_rows(told["columns"], told["rows"]), told["truncated"])

    async def _asked(self, question: dict[str, Any]) -> bytes:
        reader, writer = await asyncio.open_connection(sock=await asyncio.to_thread(self._handed_over))
        began = monotonic()
        try:
            writer.write(json.dumps(question).encode() + b"\n")
            answer = await asyncio.wait_for(reader.read(-1), question["seconds"] + KILL_GRACE_SECONDS)
        except (TimeoutError, ConnectionError):
            answer = b""
        finally:
            writer.close()
        if answer.endswith(b"}"):
            return answer
        if monotonic() - began < question["seconds"] * 0.9:
            raise sqlite3.OperationalError("the query ended the process that ran it")
        raise TooSlow

    def _handed_over(self) -> socket.socket:
        """A socket whose other end the process now has; starts the process if it is not running. Raises TooBusy."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                self._hand_over(theirs)
            except BaseException:
                ours.close()
                raise
        return ours

    def _hand_over(self, theirs: socket.socket) -> None:
        with self._handing:
            for _ in range(MAX_PROCESS_STARTS):
                if self._control is None:
                    self.start()
                assert self._control is not None
                try:
                    self._ready = self._ready or self._control.recv(1) == READY
                    if self._ready:
                        socket.send_fds(self._control, [b"q"], [theirs.fileno()])
                        return
                except OSError:
                    pass
                self.close()
        raise TooBusy("the process for SQL does not start")


def as_rows(columns: list[str], rows: list[list[Any]]) -> list[sqlite3.Row]:
    """The values as sqlite3.Row objects, which Datasette expects; they can only be made from a cursor."""
    names = ", ".join(f"""null as "{column.replace('"', '""')}" """ for column in columns)
    conn = sqlite3.connect(":memory:")
    try:
        cursor = conn.execute(f"select {names or 'null'}")
        return [sqlite3.Row(cursor, tuple(row)) for row in rows]
    finally:
        conn.close()


def _plain(params: Params) -> dict[str, object] | list[object]:
    if isinstance(params, Mapping):
        return dict(params)
    return list(params or ())


def _blob(found: dict[str, Any]) -> Any:
    return base64.b64decode(found["base64"]) if found.keys() == {"base64"} else found
