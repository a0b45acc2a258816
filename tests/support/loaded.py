"""The program as processes forked from one that has loaded it: a start costs hundredths of a second, not two.

Each is a process of its own, with a number, a group, signals, stdin, stdout and stderr as any other, and a child of
ours. Tests of the start itself (test_start, test_ctrl_c, test_examples …) use the interpreter.
"""

import atexit
import contextlib
import ctypes
import gc
import json
import os
import random
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from threading import Lock
from types import ModuleType
from typing import Any

from support.checkout import ROOT, TESTS
from support.empty_database import open_database

APART = ("archive.publish.", "archive.reparsing.applying", "schedules.scheduler")  # numpy, Datasette, SQLAlchemy
LATER = (  # which Scrapy, Typer and others name by strings, or import inside functions
    "apscheduler.triggers.cron", "bs4", "chardet", "encodings.gbk", "encodings.idna", "encodings.utf_8_sig",
    "encodings.utf_32_le", "queuelib", "scrapy.downloadermiddlewares.defaultheaders", "scrapy.dupefilters",
    "scrapy.downloadermiddlewares.downloadtimeout", "scrapy.downloadermiddlewares.useragent",
    "scrapy.extensions.closespider", "scrapy.logformatter", "scrapy.pqueues", "scrapy.squeues",
    "scrapy.statscollectors", "scrapy.utils.request", "stringprep", "typer._adapters", "tzlocal",
)  # fmt: skip
SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of prctl(2): whose parent has ended is then our child


class Loaded(subprocess.Popen[str]):
    """`python SCRIPT ARGUMENTS…` (or `-m MODULE …`) in a session of its own, loaded already."""

    def __init__(self, arguments: Sequence[str], env: Mapping[str, str], **more: Any) -> None:
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        super().__init__(list(arguments), env=env, text=True, **{**pipes, **more})

    def _execute_child(self, args: Sequence[str], *told: Any) -> None:  # type: ignore[override]
        cwd, env = told[4], told[5]
        stdin, p2cwrite, c2pread, stdout, errread, stderr = told[9:15]
        ends = [0 if stdin == -1 else stdin, 1 if stdout == -1 else stdout, 2 if stderr == -1 else stderr]
        asked = {"arguments": list(args), "env": dict(env), "cwd": str(cwd or Path.cwd())}
        self.pid = _forked(json.dumps(asked).encode(), ends)
        self._child_created = True
        for ours, theirs in ((p2cwrite, stdin), (c2pread, stdout), (errread, stderr)):
            if ours != -1 and theirs != -1:
                os.close(theirs)
        if (null := getattr(self, "_devnull", None)) is not None:
            os.close(null)


def _forked(asked: bytes, ends: list[int]) -> int:
    with _ONE_ASKS:
        line = _server()
        ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
        try:
            socket.send_fds(line, [len(asked).to_bytes(4)], ends)
            line.sendall(asked)
            return int.from_bytes(_whole(line, 4))
        finally:
            ctypes.CDLL(None).prctl(SUBREAPER, 0, 0, 0, 0)


_ONE_ASKS = Lock()  # a trial may start several from threads of its own


@cache
def _server() -> socket.socket:
    """The process that has loaded the program, one for a test run; it ends with the test run."""
    ours, theirs = socket.socketpair()
    command = [sys.executable, "-m", "support.loaded", str(theirs.fileno())]
    child = subprocess.Popen(
        command, pass_fds=[theirs.fileno()], cwd=ROOT, env={**os.environ, "PYTHONPATH": f"{ROOT}:{TESTS}"},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    theirs.close()
    atexit.register(_end, ours, child)
    return ours


def _end(line: socket.socket, child: subprocess.Popen[bytes]) -> None:
    line.close()
    child.wait(10)


def _whole(line: socket.socket, length: int) -> bytes:
    found = b""
    while len(found) < length:
        part = line.recv(length - len(found))
        if not part:
            raise EOFError
        found += part
    return found


def _serve(line: socket.socket) -> dict[str, Any]:
    """Fork for each request. Returns in the fork alone, with the request."""
    while True:
        head, ends, *_ = socket.recv_fds(line, 4, 3)
        if not head:
            os._exit(0)
        asked = json.loads(_whole(line, int.from_bytes(head)))
        heard, told = os.pipe()
        between = os.fork()
        if not between:
            if os.fork() == 0:
                for end in (line.fileno(), heard):
                    os.close(end)
                _become(asked, ends)
                os.write(told, os.getpid().to_bytes(4))  # from here on its streams are those that it was given
                os.close(told)
                return dict(asked)
            os._exit(0)  # so that the fork becomes a child of the process that asked for it
        os.close(told)
        os.waitpid(between, 0)
        line.sendall(os.read(heard, 4))
        for end in (*ends, heard):
            os.close(end)


def _become(asked: dict[str, Any], ends: list[int]) -> None:
    os.setsid()
    for number, end in enumerate(ends):
        os.dup2(end, number)
        os.close(end)
    sys.stdin, sys.stdout = os.fdopen(0, closefd=False), os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, errors="backslashreplace", closefd=False)
    os.chdir(asked["cwd"])
    os.environ.clear()
    os.environ.update(asked["env"])
    time.tzset()
    random.seed()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = asked["arguments"]


def _load() -> None:
    """Import every module that the commands import when they run, without one that sets up a reactor."""
    import crawler.runs.run
    import crawler.spiders.article_spider  # noqa: F401
    import parsers.pages.selection  # noqa: F401 it would be loaded with the first page that is read
    from thinker import COMMANDS

    for entry in COMMANDS.values():
        import_module(entry.place.partition(":")[0])
    for name in (*_ours(), *LATER):
        import_module(name)
    open_database().close()  # new archives copy what this process has applied every step to
    assert "twisted.internet.reactor" not in sys.modules
    LOADED.update((name, each) for name, each in sys.modules.items() if name not in ("sys", "builtins", "__main__"))
    gc.collect()
    gc.freeze()


def _ours() -> Iterator[str]:
    """The modules that a command imports once it is there, but the site and what reads pages again on Dask."""
    for package in ("parsers", "archive", "schedules", "crawler", "cli"):
        for found in walk_packages(import_module(package).__path__, f"{package}."):
            if not found.name.startswith(APART) and not found.name.endswith("__main__"):
                yield found.name


def _spare_what_was_loaded() -> None:
    """Keep the modules that were loaded before the fork from being cleared at its end, the last that it does.

    To clear them writes to every page of memory that the fork shares, which takes a tenth of a second. Modules and
    objects of the fork itself are cleared as at any end.
    """
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(LOADED))
    for name in LOADED.keys() & sys.modules.keys():
        if sys.modules[name] is LOADED[name]:
            del sys.modules[name]


LOADED: dict[str, ModuleType] = {}


def _run(arguments: list[str]) -> None:
    with contextlib.suppress(ValueError):
        sys.path.remove(str(TESTS))
    sys.modules["__main__"].__package__ = ""  # else the program calls itself a module of ours in its help
    if arguments[0] == "-m":
        sys.argv = arguments[1:]
        import_module(arguments[1]).main()
    else:
        sys.path.insert(0, str(Path(arguments[0]).parent))
        runpy.run_path(arguments[0], run_name="__main__")


if __name__ == "__main__":
    atexit.register(_spare_what_was_loaded)  # the first that is registered runs last
    _load()
    _run(_serve(socket.socket(fileno=int(sys.argv[1])))["arguments"])
