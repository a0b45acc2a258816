"""What tests need besides the checkout: a skip with its reason on a laptop, a failure in CI, which has it all."""

import os
import shutil
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from hypothesis import settings
from support.checkout import ROOT, SHARED
from support.compose_plugin import COMPOSE_PLUGIN
from support.fake_clock import LIBRARY

settings.register_profile("untimed", deadline=None)  # a busy machine takes longer, and is no fault
settings.load_profile("untimed")


if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # as in a shell's background: what we start is to hear Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of internal test data beside the checkout; only for tests marked `shared`."""
    return SHARED


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what tries one layer alone: CI runs it on one Python, and on another what tries all layers together."""
    for item in items:
        if item.path.relative_to(ROOT / "tests").parts[0] in ("archive", "crawler", "newsroom", "parsers", "schedules"):
            item.add_marker("layer")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a marked test whose need is not met; under CI=true fail it, so that no check fades away unseen."""
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
    "root": ("the right to mount", lambda: os.geteuid() == 0),
    "pywb": ("pywb (make .venv-pywb/.ready)", (ROOT / ".venv-pywb" / ".ready").is_file),
}


def _excuse(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} and CI must have it", pytrace=False)
    pytest.skip(reason)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    """Keep what each file takes: seconds, and processor time with that of the processes that it waited for."""
    began, computed = time.monotonic(), sum(os.times()[:4])
    try:
        return (yield)
    finally:
        file = SPENT[item.nodeid.partition("::")[0]]
        file[0] += time.monotonic() - began
        file[1] += sum(os.times()[:4]) - computed


SPENT: defaultdict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Under CI=true, say which files took the time: CI has a limit, and whoever nears it should know where to look."""
    if os.environ.get("CI") != "true":
        return
    terminalreporter.section(
        f"{sum(wall for wall, _ in SPENT.values()):,.0f} s, most of them in (processor time beside)"
    )
    for file, (wall, computed) in sorted(SPENT.items(), key=lambda item: item[1], reverse=True)[:60]:
        terminalreporter.write_line(f"{wall:6.0f} s {computed:6.0f} s  {file}")
