"""The extent of a replay: the part of each file that it reads."""

from collections.abc import Mapping
from dataclasses import dataclass

from archive.files import Meter


@dataclass(frozen=True, slots=True)
class Extent:
    """The bytes to read of each file, by its name, and the meter of bytes read. limits None: all."""

    meter: Meter
    limits: Mapping[str, int] | None = None

    def limit(self, file: str) -> int | None:
        """The number of bytes to read of a file: None for all if there are no limits, 0 if they do not name it."""
        return None if self.limits is None else self.limits.get(file, 0)
