"""Two versions side by side in one text: what went, what came, and the unchanged folded away."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from datasette.utils.asgi import Request, Response

from archive.diff import Segment, segments
from archive.identity import differences
from archive.publish.article import key_of
from archive.publish.errors import missing
from archive.publish.history import Version, article_row, plain_version, version_named, versions_of
from archive.publish.reading import MissingError, read
from archive.publish.rendering import page
from archive.publish.shown import short_digest
from archive.significance import significance
from archive.states import article_in, comparable
from parsers.article import Article

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

WHOLE = {"date_published"}  # values that mean something only as a whole: no marks inside
CONTEXT = 1  # unchanged paragraphs that stay in sight beside a change


@dataclass(frozen=True, slots=True)
class ParagraphPair:
    """One paragraph of the comparison."""

    segments: tuple[Segment, ...]
    break_op: str  # whether the line break after it stayed, came or went

    @property
    def changed(self) -> bool:
        return self.break_op != "equal" or any(segment.op != "equal" for segment in self.segments)

    @property
    def mixed(self) -> bool:
        """A break inside a text that stayed: paragraphs were joined or parted here."""
        return self.break_op != "equal" and any(segment.op != self.break_op for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Fold:
    """Neighbouring lines, all in sight or all folded away."""

    lines: tuple[ParagraphPair, ...]
    folded: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """One property in both versions."""

    property: str
    significance: str
    folds: tuple[Fold, ...]


async def show(datasette: Datasette, request: Request) -> Response:
    """`/a/KEY/diff/N..M`; N and M are numbers or 12 digits of a digest."""
    try:
        found = await read(datasette, _compared, key_of(request), request.url_vars["before"], request.url_vars["after"])
    except MissingError as reason:
        return await missing(datasette, request, reason)
    if found["state"] == "withdrawn":
        return await page(datasette, request, "withdrawn", found, status=410)
    return await page(datasette, request, "diff", found, compared=[compared(each) for each in found["properties"]])


def lines(found: list[Segment]) -> list[ParagraphPair]:
    """The segments of a text as its paragraphs."""
    done: list[ParagraphPair] = []
    current: list[Segment] = []
    for segment in found:
        *ended, rest = segment.text.split("\n")
        for piece in ended:
            current += [Segment(segment.op, piece)] if piece else []
            done.append(ParagraphPair(tuple(current), segment.op))
            current = []
        current += [Segment(segment.op, rest)] if rest else []
    return [*done, ParagraphPair(tuple(current), "equal")] if current or not done else done


def folds(paragraphs: list[ParagraphPair]) -> tuple[Fold, ...]:
    """Lines far from any change are folded, when that hides more than one."""
    changed = [at for at, line in enumerate(paragraphs) if line.changed]
    near = {n for at in changed for n in range(at - CONTEXT, at + CONTEXT + 1)}
    groups: list[list[int]] = []
    for at in range(len(paragraphs)):
        if groups and (groups[-1][-1] in near) == (at in near):
            groups[-1].append(at)
        else:
            groups.append([at])
    return tuple(
        Fold(tuple(paragraphs[at] for at in group), folded=group[0] not in near and len(group) > 1) for group in groups
    )


def compared(told: dict[str, Any]) -> Compared:
    """A property's comparison in lines, as the page shows it."""
    found = [Segment(**segment) for segment in told["segments"]]
    name = told["property"]
    return Compared(name, told["significance"], folds(lines(_as_wholes(found) if name in WHOLE else found)))


def _as_wholes(found: list[Segment]) -> list[Segment]:
    before, after = ("".join(s.text for s in found if s.op != other) for other in ("insert", "delete"))
    return [Segment("delete", before), Segment("equal", " → "), Segment("insert", after)] if before and after else found


def properties(before: Article, after: Article) -> list[dict[str, Any]]:
    """The properties that differ, as `thinker diff --json` has them, and whether that means anything."""
    return [
        {
            "property": name,
            "significance": significance(name, old, new),
            "segments": [asdict(segment) for segment in segments(old, new)],
        }
        for name, old, new in differences(before, after)
    ]


def _compared(conn: sqlite3.Connection, key: str, before: str, after: str) -> dict[str, Any]:
    row = article_row(conn, key)
    if row["state"] == "withdrawn":
        return {"key": key, "state": "withdrawn"}
    versions = versions_of(conn, row["id"])
    old, new = version_named(versions, before), version_named(versions, after)
    found = properties(*(article_in(conn, state) for state in comparable(conn, old["id"], new["id"])))
    return {
        **{name: row[name] for name in ("key", "headline", "in_language", "state")},
        "from": _name(old),
        "to": _name(new),
        "significance": _of_all(found),
        "versions": [plain_version(old), plain_version(new)],
        "properties": found,
    }


def _name(version: Version) -> int | str:
    return version["number"] or short_digest(version["content_digest"])


def _of_all(found: list[dict[str, Any]]) -> str | None:
    """Whether a difference means anything; None where there is none."""
    kinds = {each["significance"] for each in found}
    return "substantive" if "substantive" in kinds else "cosmetic" if kinds else None
