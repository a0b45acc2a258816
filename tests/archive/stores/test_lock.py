"""One writer at a time, who is named; readers keep nobody out."""

import fcntl
import os
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from archive.files.home import Home
from archive.files.lock import Locked, is_locked, is_locked_by, locked, require_unlocked


def test_a_held_lock_is_refused_and_the_error_names_its_process(tmp_path: Path) -> None:
    home, ours = Home(tmp_path), os.getpid()
    require_unlocked(home, "town")
    with locked(home, "town"):
        assert (is_locked(home, "town"), is_locked_by(home, "town", ours), is_locked_by(home, "town", 1)) == (
            True, True, False,
        )  # fmt: skip
        for refused in (lambda: require_unlocked(home, "town"), lambda: locked(home, "town").__enter__()):
            with pytest.raises(Locked) as caught:
                refused()
            assert str(caught.value) == f"town is in use by process {ours}: wait for it to end, or stop it"
    assert (is_locked(home, "town"), is_locked_by(home, "town", ours)) == (False, False)
    require_unlocked(home, "town")


def test_a_brief_look_at_a_lock_does_not_refuse_a_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that looks has the lock for a moment, which ends while the other waits for its next try."""
    home = Home(tmp_path)
    with locked(home, "town"):
        pass
    with ExitStack() as looks, (home.locks / "town.lock").open() as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        looks.callback(fcntl.flock, file, fcntl.LOCK_UN)
        monkeypatch.setattr(time, "sleep", lambda _: looks.close())
        with locked(home, "town"):
            assert is_locked(home, "town")
