"""What tests need besides the checkout: a skip with its reason on a laptop, a failure in CI, which has it all."""

import os
import shutil
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[1].parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of internal test data beside the checkout; only for tests marked `shared`."""
    return SHARED


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a marked test whose need is not met; under CI=true fail it, so that no check fades away unseen."""
    for marker, missing in (("shared", not SHARED.is_dir()), ("browser", shutil.which("chromium") is None)):
        if missing and item.get_closest_marker(marker):
            _excuse(f"{NEEDS[marker]} is absent")


NEEDS = {"shared": "../shared, the internal test data,", "browser": "Debian's chromium"}


def _excuse(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} and CI must have it", pytrace=False)
    pytest.skip(reason)
