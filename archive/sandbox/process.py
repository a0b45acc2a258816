"""The process that runs strangers' SQL: a parent without threads that forks one short-lived child per query.

A child opens the archive, answers and exits, freeing all that the query took; the kernel ends one that takes too long,
even inside one long call of SQLite.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import signal
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from archive.rows import connect_anyhow
from archive.sandbox import limits, masking
from archive.sandbox.rights import FULL, Rights
from archive.search import register as register_search  # by name: a lazy attribute would load in each child

SQLITE_HEAP_BYTES = 20 << 20  # that SQLite may allocate
EXTRA_ADDRESS_SPACE_BYTES = 48 << 20  # beyond the child's own at its start: SQLite's heap, and Python's rows
MAX_SORT_FILE_BYTES = 64 << 20  # of a file in which SQLite sorts
MAX_ANSWER_BYTES = 2 << 20  # of rows; later rows are cut off, as beyond the row limit
MAX_VALUE_BYTES = 4 << 20
NICENESS = 5  # lower priority than the pages
MEMORY_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")

_PRAGMAS = {  # pragmas about the schema; none reveals the file's place
    "data_version", "foreign_key_list", "function_list", "index_info", "index_list", "index_xinfo", "schema_version",
    "table_info", "table_list", "table_xinfo",
}  # fmt: skip
_ACTIONS = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE}
Authorizer = Callable[[int, str | None, str | None, str | None, str | None], int]
_FUNCTIONS = {"load_extension", "fts3_tokenizer", "writefile", "readfile", "edit"}


def main() -> None:
    """Serve the sockets received on the control socket until the server is gone.

    The arguments are that socket's number, the path of the database, and the rights of its texts as JSON.
    """
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps the children
    os.nice(NICENESS)
    sqlite3.enable_callback_tracebacks(False)  # Datasette prints them, at length; the error itself is answered
    database, rights = Path(sys.argv[2]), Rights(**json.loads(sys.argv[3]))
    with suppress(BrokenPipeError):  # the server ended while this process started: no socket comes
        control.sendall(limits.READY)
    while sockets := _received(control):
        if os.fork() == 0:
            control.close()
            _serve(socket.socket(fileno=sockets[0]), database, rights)
            os._exit(0)
        os.close(sockets[0])


def _received(control: socket.socket) -> list[int]:
    """The next socket, as a list of its file descriptor; empty once the server is gone."""
    try:
        return socket.recv_fds(control, 1, 1)[1]
    except ConnectionResetError:  # the server went without closing its end
        return []


def _serve(asker: socket.socket, database: Path, rights: Rights) -> None:
    with asker, asker.makefile("rb") as questions:
        question = json.loads(questions.readline())
        signal.setitimer(signal.ITIMER_REAL, question["seconds"])  # SIGALRM's default action ends the process
        _confine()
        asker.sendall(_answer(database, rights, question))


def _confine() -> None:
    used = int(Path("/proc/self/statm").read_text().split()[0]) * MEMORY_PAGE_BYTES if sys.platform == "linux" else 0
    for limit, most in (
        (resource.RLIMIT_AS, used + EXTRA_ADDRESS_SPACE_BYTES if used else resource.RLIM_INFINITY),
        (resource.RLIMIT_FSIZE, MAX_SORT_FILE_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))


def _answer(database: Path, rights: Rights, question: dict[str, Any]) -> bytes:
    """The answer as JSON: an object with columns, truncated and rows, or one with error."""
    try:
        if not rights.are_full:
            masking.refuse_past_views(question["sql"])
        conn = confined_connection(database, rights)
        cursor = conn.execute(question["sql"], question["params"])
        columns = [column[0] for column in cursor.description or ()]
        rows, truncated = _fitting(_encoded(cursor), question["rows"])
        told = f'"columns": {json.dumps(columns)}, "truncated": {json.dumps(truncated)}'
        return b'{%s, "rows": [%s]}' % (told.encode(), b",".join(rows))
    except MemoryError:
        return json.dumps({"error": f"out of memory: a query may take {SQLITE_HEAP_BYTES >> 20} MB"}).encode()
    except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
        return json.dumps({"error": str(error)}).encode()


def confined_connection(database: Path, rights: Rights) -> sqlite3.Connection:
    """A connection that can only read tables and the schema, within limits and rights; it has the search functions."""
    conn = connect_anyhow(database)
    conn.execute(f"pragma hard_heap_limit = {SQLITE_HEAP_BYTES}")
    conn.execute("pragma cache_size = -2000")
    confine(conn, rights)
    conn.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE_BYTES)
    return conn


def confine(conn: sqlite3.Connection, rights: Rights = FULL) -> None:
    """Let a connection to the archive only read tables and the schema, within limits; it gets the search functions.

    Of texts it reads what the rights allow; if that is not all, it cannot ask the search indexes, which would confirm a
    guessed phrase.
    """
    register_search(conn)
    limits.apply_limits(conn)
    conn.text_factory = lambda text: str(text, "utf-8", "replace")
    may: Authorizer = _may
    if not rights.are_full:
        mask = masking.TextMask(rights)
        mask.refresh(conn)
        may = partial(_may_of_texts, mask)
    conn.set_authorizer(may)  # last, because it would refuse the pragmas above


def _may_of_texts(
    mask: masking.TextMask, action: int, first: str | None, second: str | None, schema: str | None, view: str | None
) -> int:
    refused = action == sqlite3.SQLITE_READ and (first or "").startswith(masking.INDEXES)
    allowed = sqlite3.SQLITE_DENY if refused else _may(action, first, second, schema, view)
    return mask.may(action, first, second, schema, view) if allowed == sqlite3.SQLITE_OK else allowed


def _may(action: int, first: str | None, second: str | None, _database: str | None, _inner: str | None) -> int:
    allowed = (
        (first or "").lower() in _PRAGMAS
        if action == sqlite3.SQLITE_PRAGMA
        else action in _ACTIONS and first not in masking.RAW and (second or "").lower() not in _FUNCTIONS
    )
    return sqlite3.SQLITE_OK if allowed else sqlite3.SQLITE_DENY


def _encoded(cursor: sqlite3.Cursor) -> Iterator[bytes]:
    for row in cursor:
        yield json.dumps(row, default=_blob, ensure_ascii=False).encode()


def _blob(value: bytes) -> dict[str, str]:
    return {"base64": base64.b64encode(value).decode()}


def _fitting(rows: Iterator[bytes], most: int | None) -> tuple[list[bytes], bool]:
    """The first rows, at most `most` of them and MAX_ANSWER_BYTES in all, and True if there are more.

    most None: any number of rows.
    """
    taken: list[bytes] = []
    left = MAX_ANSWER_BYTES
    for row in rows:
        left -= len(row)
        if left < 0 or (most is not None and len(taken) == most):
            return taken, True
        taken.append(row)
    return taken, False


if __name__ == "__main__":
    main()
