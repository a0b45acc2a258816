"""Skip tests that need a program or data beside the checkout, with the reason; fail them in CI, which has it all."""

import gc
import os
import shutil
import signal
from collections import defaultdict
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from support.checkout import ROOT, SHARED
from support.compose_plugin import COMPOSE_PLUGIN
from support.fake_clock import LIBRARY
from support.redis_server import PROGRAM
from support.templates import share_compiled_templates
from support.unclosed import name_those_of_datasette

settings.register_profile("untimed", deadline=None)  # a busy machine takes longer, and is no fault
settings.load_profile("untimed")
name_those_of_datasette()
share_compiled_templates()

MEMORY = Path("/dev/shm")
if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 8 * 2**30:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))  # homes are made and deleted faster than on a disk

if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as in a shell's background: what we start is to hear Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def nothing_is_left_open() -> Iterator[None]:
    """Collect garbage before the last test of a worker ends: pytest does not report what a worker warns of later."""
    yield
    gc.collect()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of internal test data beside the checkout; only for tests marked `shared`."""
    return SHARED


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Return one worker more than we have cores: a worker waits for processes and pages half of its time."""
    ours = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return ours + 1


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a marked test whose need is not met; under CI=true fail it, so that no check disappears unnoticed."""
    for marker, (need, is_there) in NEEDS.items():
        if item.get_closest_marker(marker) and not is_there():
            _excuse(f"{need} is absent")


NEEDS: dict[str, tuple[str, Callable[[], bool]]] = {
    "shared": ("../shared, the internal test data,", SHARED.is_dir),
    "browser": ("Debian's chromium", lambda: shutil.which("chromium") is not None),
    "curl": ("curl", lambda: shutil.which("curl") is not None),
    "strace": ("Debian's strace", lambda: shutil.which("strace") is not None),
    "compose": ("Debian's docker-compose", COMPOSE_PLUGIN.is_file),
    "systemd": ("Debian's systemd", lambda: shutil.which("systemd-analyze") is not None),
    "faketime": ("Debian's libfaketime", lambda: LIBRARY is not None),
    "redis": ("Debian's redis-server", Path(PROGRAM).is_file),
    "root": ("the right to mount", lambda: os.geteuid() == 0),
    "pywb": ("pywb (make .venv-pywb/.ready)", (ROOT / ".venv-pywb" / ".ready").is_file),
}


def _excuse(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} and CI must have it", pytrace=False)
    pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    BEGAN[item] = sum(os.times()[:4])
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """Leave with the last report what a test took of the processor, with the processes that it waited for."""
    yield
    item.user_properties.append(("processor", sum(os.times()[:4]) - BEGAN.pop(item)))


BEGAN: dict[pytest.Item, float] = {}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Under CI=true, list the files that took most time: CI has a limit."""
    if os.environ.get("CI") != "true":
        return
    spent: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for report in (each for reports in terminalreporter.stats.values() for each in reports):
        if isinstance(report, pytest.TestReport) and not isinstance(report, pytest.SubtestReport):
            file = spent[report.nodeid.partition("::")[0]]
            file[0] += report.duration
            file[1] += dict(report.user_properties).get("processor", 0.0)
    terminalreporter.section(f"{sum(wall for wall, _ in spent.values()):,.0f} s in tests, and processor time, by file")
    for file, (wall, computed) in sorted(spent.items(), key=lambda item: item[1], reverse=True)[:60]:
        terminalreporter.write_line(f"{wall:6.0f} s {computed:6.0f} s  {file}")
