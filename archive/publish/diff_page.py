"""Two versions side by side in one text: what went, what came, and the unchanged folded away."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from datasette.utils.asgi import Request, Response

from archive.diff import Segment, segments
from archive.identity import differences
from archive.publish.article import article_row, key_of, version_named, versions_of
from archive.publish.reading import MissingError, read
from archive.publish.rendering import missing, page
from archive.publish.shown import beijing
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
        return await missing(datasette, request, str(reason))
    if found["row"]["state"] == "withdrawn":  # type: ignore[index]
        return await page(datasette, request, "withdrawn", found, status=410)
    return await page(datasette, request, "diff", found)


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


def compare(before: Article, after: Article) -> list[Compared]:
    """The properties that differ, as `thinker diff` has them."""
    return [
        Compared(name, significance(name, old, new), folds(lines(_segments(name, old, new))))
        for name, old, new in differences(before, after)
    ]


def _segments(name: str, before: str | None, after: str | None) -> list[Segment]:
    if name not in WHOLE or not before or not after:
        return segments(before, after)
    return [Segment("delete", before), Segment("equal", " → "), Segment("insert", after)]


def _compared(conn: sqlite3.Connection, key: str, before: str, after: str) -> dict[str, object]:
    row = article_row(conn, key)
    if row["state"] == "withdrawn":
        return {"row": row}
    versions = versions_of(conn, row["id"])
    old, new = version_named(versions, before), version_named(versions, after)
    properties = compare(*(article_in(conn, state) for state in comparable(conn, old["id"], new["id"])))
    return {
        "row": row,
        "old": old,
        "new": new,
        "properties": properties,
        "times": (beijing(old["captured_at"]), beijing(new["captured_at"])),
    }
