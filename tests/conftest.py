"""What tests need besides the checkout: a skip with its reason on a laptop, a failure in CI, which has it all."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of internal test data beside the checkout; only for tests marked `shared`."""
    return SHARED


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a marked test whose need is not met; under CI=true fail it, so that no check fades away unseen."""
    for marker, (need, is_there) in NEEDS.items():
        if item.get_closest_marker(marker) and not is_there():
            _excuse(f"{need} is absent")


NEEDS: dict[str, tuple[str, Callable[[], bool]]] = {
    "shared": ("../shared, the internal test data,", SHARED.is_dir),
    "browser": ("Debian's chromium", lambda: shutil.which("chromium") is not None),
    "strace": ("Debian's strace", lambda: shutil.which("strace") is not None),
    "root": ("the right to mount", lambda: os.geteuid() == 0),
    "pywb": ("pywb (make .venv-pywb/.ready)", (ROOT / ".venv-pywb" / ".ready").is_file),
}


def _excuse(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} and CI must have it", pytrace=False)
    pytest.skip(reason)
