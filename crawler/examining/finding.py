"""One line of what `thinker doctor SOURCE` says."""

from __future__ import annotations

from dataclasses import dataclass

LATER = "ask again later"
LARGER = "say a larger budget, which leaves room for articles"
SHELL = "a page that a script renders"
SCRIPTED = "no script is run here: see docs/adding-a-source.md"
NETWORK = "see that this machine is online, else "  # before the remedy where nothing answered


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """What was compared, what is declared and what was found; remedy: where they differ, what to change."""

    what: str
    declared: str
    found: str
    remedy: str | None = None

    @property
    def ok(self) -> bool:
        """Whether the source is as it is declared."""
        return self.remedy is None

    @property
    def line(self) -> str:
        """`✗ URL: declared a feed, found HTTP 404 → change feeds`"""
        said = f"{'✓' if self.ok else '✗'} {self.what}: declared {self.declared}, found {self.found}"
        return said if self.ok else f"{said} → {self.remedy}"
