"""Picks the versions that an article's page lists: the latest, or those before a given one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

VERSIONS_PER_PAGE = 20  # older ones are behind a link
MAX_JUDGEMENTS_PER_VERSION = 4  # listed under a version, the latest; the JSON has all


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """A version with its place (0 the earliest) and the judgements that followed it.

    `absences` has the latest MAX_JUDGEMENTS_PER_VERSION of these, oldest first, and `more` the number of earlier ones.
    """

    version: Mapping[str, Any]
    place: int
    absences: Sequence[Mapping[str, Any]]
    more: int


@dataclass(frozen=True, slots=True)
class VersionList:
    """The versions on the page, latest first."""

    told: tuple[ListedVersion, ...]
    older: int | None  # `?before=` of the page that goes on; None if the earliest version is listed
    newest: bool  # True if there are later versions than these

    def shows(self, place: int) -> bool:
        """True if the version at that place is listed."""
        return any(each.place == place for each in self.told)


def past(versions: Sequence[Mapping[str, Any]], before: int | None, named: Mapping[str, Any] | None) -> VersionList:
    """The latest VERSIONS_PER_PAGE of `versions` (latest first), or of those with a place lower than `before`.

    Without `before`, if the version `named`, which the page shows, is not among the latest, the list begins with it. A
    `before` of 0 gives the latest.
    """
    count = len(versions)
    end = min(before or count, count)
    if before is None and named is not None:
        place = next(count - 1 - at for at, each in enumerate(versions) if _same(each, named))
        end = count if place >= count - VERSIONS_PER_PAGE else place + 1
    start = max(0, end - VERSIONS_PER_PAGE)
    told = tuple(_told(versions[count - 1 - place], place) for place in range(end - 1, start - 1, -1))
    return VersionList(told, start or None, end < count)


def beside(
    versions: Sequence[Mapping[str, Any]], named: Mapping[str, Any] | None
) -> dict[str, Mapping[str, Any] | None]:
    """The versions `previous` and `next` to the version `named`; None at an end, and both None for no version.

    `versions` are latest first.
    """
    place = next((at for at, each in enumerate(versions) if named is not None and _same(each, named)), None)
    if place is None:
        return {"previous": None, "next": None}
    return {
        "previous": versions[place + 1] if place + 1 < len(versions) else None,
        "next": versions[place - 1] if place else None,
    }


def _told(version: Mapping[str, Any], place: int) -> ListedVersion:
    absences = version["absences"]
    return ListedVersion(
        version, place, absences[-MAX_JUDGEMENTS_PER_VERSION:], max(0, len(absences) - MAX_JUDGEMENTS_PER_VERSION)
    )


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one[name] == other[name] for name in ("content_digest", "captured_at", "recorded_at"))
