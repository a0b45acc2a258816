"""Which part of an article's past its page tells: the latest versions, or those before one; the rest by a link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

VERSIONS_PER_PAGE = 20  # versions on a page
MAX_JUDGEMENTS_PER_VERSION = 4  # judgements told under a version; the data have all


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """A version with its place (0 the first of all), the judgements to tell of it, and how many others there are."""

    version: Mapping[str, Any]
    place: int
    absences: Sequence[Mapping[str, Any]]
    more: int


@dataclass(frozen=True, slots=True)
class VersionList:
    """The versions to show, the latest first; `older` and `newest` say where else to look."""

    told: tuple[ListedVersion, ...]
    older: int | None  # `?before=` of the page that goes on
    newest: bool  # whether there are later ones

    def shows(self, place: int) -> bool:
        """Whether the version of that place is among them."""
        return any(each.place == place for each in self.told)


def past(versions: Sequence[Mapping[str, Any]], before: int | None, named: Mapping[str, Any] | None) -> VersionList:
    """The SHOWN latest of versions (the latest first), or of those before a place; a version that is read is in it."""
    count = len(versions)
    end = min(before or count, count)
    if before is None and named is not None:
        place = next(count - 1 - at for at, each in enumerate(versions) if _same(each, named))
        end = count if place >= count - VERSIONS_PER_PAGE else place + 1
    start = max(0, end - VERSIONS_PER_PAGE)
    told = tuple(_told(versions[count - 1 - place], place) for place in range(end - 1, start - 1, -1))
    return VersionList(told, start or None, end < count)


def _told(version: Mapping[str, Any], place: int) -> ListedVersion:
    absences = version["absences"]
    return ListedVersion(
        version, place, absences[-MAX_JUDGEMENTS_PER_VERSION:], max(0, len(absences) - MAX_JUDGEMENTS_PER_VERSION)
    )


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return all(one[name] == other[name] for name in ("content_digest", "captured_at", "recorded_at"))
