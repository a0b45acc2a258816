"""How far a replay reads."""

from collections.abc import Mapping
from dataclasses import dataclass

from archive.files import Meter


@dataclass(frozen=True, slots=True)
class Extent:
    """Up to which byte each file is read, by its name, and the meter of the bytes read. limits None: to their ends."""

    meter: Meter
    limits: Mapping[str, int] | None = None

    def limit(self, file: str) -> int | None:
        """Up to which byte a file is read; None: to its end."""
        return None if self.limits is None else self.limits.get(file, 0)
