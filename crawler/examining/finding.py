"""One line of the output of `thinker doctor SOURCE`."""

from __future__ import annotations

from dataclasses import dataclass

LATER = "ask again later"
LARGER = "set a larger budget, so that articles are fetched too"
SHELL = "a page that a script renders"
SCRIPTED = "scripts are not run: see docs/adding-a-source.md"
NETWORK = "check that this machine is online, or "  # before the remedy where nothing answered


@dataclass(frozen=True, slots=True)
class DoctorFinding:
    """One comparison of the declaration with the site.

    what: the address or the rule that is compared. remedy: the change to make if they differ, None if they agree.
    """

    what: str
    declared: str
    found: str
    remedy: str | None = None

    @property
    def ok(self) -> bool:
        """True if the site is as declared."""
        return self.remedy is None

    @property
    def line(self) -> str:
        """`✗ URL: declared a feed, found HTTP 404 → change feeds`; with ✓ and without a remedy if it is as declared."""
        said = f"{'✓' if self.ok else '✗'} {self.what}: declared {self.declared}, found {self.found}"
        return said if self.ok else f"{said} → {self.remedy}"
