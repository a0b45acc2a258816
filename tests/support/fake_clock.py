"""A clock that tests set forward and back for real processes, by Debian's libfaketime; timers go on unchanged."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

LIBRARY = next(iter(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)


@dataclass
class FakeClock:
    """The time of day for processes that libfaketime steers: `begin` now, running on from there."""

    file: Path
    begin: datetime
    off: int = 0
    lags: bool = False  # processes see a step a second later, and take half of the processor time

    def __post_init__(self) -> None:
        self.step(int((self.begin - datetime.now(UTC)).total_seconds()))

    def step(self, seconds: int) -> None:
        """Set it forward, or back."""
        self.off += seconds
        new = self.file.with_suffix(".new")
        new.write_text(f"{self.off:+d}\n")
        new.replace(self.file)

    def set(self, moment: datetime) -> None:
        """Set it to a moment."""
        self.step(round((moment - self.now()).total_seconds()))

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.off)

    @property
    def under(self) -> tuple[str, ...]:
        """The words to put before a command so that it and its children see this clock."""
        told = {
            "LD_PRELOAD": LIBRARY,
            "FAKETIME_TIMESTAMP_FILE": self.file,
            **({"FAKETIME_CACHE_DURATION": 1} if self.lags else {"FAKETIME_NO_CACHE": 1}),
            "FAKETIME_DONT_FAKE_MONOTONIC": 1,  # as of a machine whose clock is set
        }
        return ("env", *(f"{name}={value}" for name, value in told.items()))
