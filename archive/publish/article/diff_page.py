"""Compares two versions in one text: deleted, inserted and moved text is marked, unchanged text folded away."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from datasette.utils.asgi import Request, Response

from archive.answers import properties, segments_in
from archive.diffing import Segment, chips, line, places, shape_of, shown_sides, sides
from archive.history import article_in, comparable
from archive.publish.article.article_page import key_of
from archive.publish.article.diff_blocks import DiffBlock, DiffBudget, blocks, unfolded, without_form
from archive.publish.article.history import Version, article_row, plain_version, version_named, versions_of
from archive.publish.article.shown_diff import shown_properties
from archive.publish.article.unified_diff import patch
from archive.publish.database.reading import MissingError, mode_of, read, rights_of, switch_asked
from archive.publish.formatting.filters import beijing, short_digest, tongue
from archive.publish.messages.language import Words, ui_of
from archive.publish.server.errors import missing
from archive.publish.server.parameters import takes
from archive.publish.server.rendering import CACHING, page
from archive.sandbox import Rights

if TYPE_CHECKING:  # the plugin is loaded while datasette.app is
    from datasette.app import Datasette

MAX_LIST_ITEMS = 60  # of one list property; changed items first


@dataclass(frozen=True, slots=True)
class PropertyDiff:
    """The comparison of one property: with `segments` if its `shape` is `value` or `list`, with `blocks` if `text`."""

    property: str
    significance: str
    shape: str
    segments: tuple[Segment, ...] = ()
    blocks: tuple[DiffBlock, ...] = ()
    more: int = 0  # items of a list that are not shown
    number: int | None = None  # of the place that a value or a list is; None for a text, or if the page is full
    not_shown: Mapping[str, int] | None = None  # characters deleted and inserted in a text that the site does not show


@dataclass(frozen=True, slots=True)
class DiffView:
    """The values of the comparison page.

    `line` sums the changes up in words. The counts: `hidden`, changes of form that are not shown; `shown`, changed
    places on the page; `left_out`, changed places for which the page has no room.
    """

    line: str
    properties: tuple[PropertyDiff, ...]
    hidden: int
    shown: int
    left_out: int


@takes("form")
async def show(datasette: Datasette, request: Request) -> Response:
    """`/a/KEY/diff/N..M`: version N compared with M, each a name of a version (see `version_named`).

    Changes of form alone are hidden if there are others, unless `?form=1` asks for them. 410 for a withdrawn article.
    """
    form = switch_asked(request, "form")
    try:
        found = await read(datasette, _compared, *_asked(datasette, request))
    except MissingError as reason:
        return await missing(datasette, request, reason)
    made = await asyncio.to_thread(comparison, found, Words(ui_of(request)), form)  # seconds, if two books are compared
    return await page(datasette, request, "article/diff", found, made=made, form=form)


async def show_patch(datasette: Datasette, request: Request) -> Response:
    """`/a/KEY/diff/N..M.patch`: the comparison of `show` as a unified diff, in which each changed property is a file.

    Changes of form are always included.
    """
    try:
        found = await read(datasette, _compared, *_asked(datasette, request))
    except MissingError as reason:
        return await missing(datasette, request, reason)
    return Response(patch(found), headers=dict(CACHING), content_type="text/plain; charset=utf-8")


def comparison(found: Mapping[str, Any], w: Words, form: bool) -> DiffView:
    """The view of a comparison. Changes of form alone are included if `form` is set or nothing else changed."""
    told = [(each, segments_in(each)) for each in found["properties"]]
    formal = {each["property"]: _formal(each, way) for each, way in told}
    every = form or found["significance"] != "substantive"
    room = DiffBudget(tongue(found["headline"], found["in_language"]))
    shown = [
        _shown(each, way if every else without_form(way), room)
        for each, way in told
        if every or not formal[each["property"]][1]
    ]
    shown = [replace(each, blocks=unfolded(each.blocks, room)) for each in shown]
    hidden = 0 if every else sum(count for count, _ in formal.values())
    named = [(each["property"], w[each["property"]], way) for each, way in told if "not_shown" not in each]
    return DiffView(line(named, w, partial(_value, "date_published")), tuple(shown), hidden, room.shown, room.left_out)


def _formal(told: dict[str, Any], way: list[Segment]) -> tuple[int, bool]:
    """A pair: the number of places that differ in form alone, and True if there are such places and no others.

    A text without any changed place gives (0, False). A property that is not a text gives (1, True) if its change is
    cosmetic, else (0, False).
    """
    if shape_of(told["property"]) != "text":
        cosmetic = told["significance"] == "cosmetic"
        return int(cosmetic), cosmetic
    kinds = [place.kind for place in places(way)]
    return kinds.count("form"), set(kinds) == {"form"}


def _shown(told: dict[str, Any], way: list[Segment], room: DiffBudget) -> PropertyDiff:
    name, shape = told["property"], shape_of(told["property"])
    if "not_shown" in told and not way:
        return PropertyDiff(name, told["significance"], "text", not_shown=told["not_shown"])
    if shape == "text":
        return PropertyDiff(
            name, told["significance"], shape, blocks=tuple(blocks(way, room)), not_shown=told.get("not_shown")
        )
    number = room.number()
    if shape == "value":
        old, new = shown_sides(way, partial(_value, name))
        pair = (Segment("delete", old), Segment("insert", new))
        fitted = tuple(Segment(each.op, room.fit(each.text)) for each in pair if each.text)
        return PropertyDiff(name, told["significance"], shape, fitted, number=number)
    old, new = sides(way)
    items = [item for item in chips(old or None, new or None) if item.op != "delete" or item.move is None]
    places = sorted(range(len(items)), key=lambda at: items[at].op == "equal")[:MAX_LIST_ITEMS]  # first what changed
    kept = [items[at] for at in sorted(places)]
    fitted = tuple(Segment(item.op, room.fit(item.text), item.move) for item in kept)
    return PropertyDiff(name, told["significance"], shape, fitted, more=len(items) - len(fitted), number=number)


def _value(name: str, text: str) -> str:
    try:
        return beijing(text) if name == "date_published" else text
    except ValueError:
        return text


def _asked(datasette: Datasette, request: Request) -> tuple[Rights, str, str, str]:
    return rights_of(datasette), key_of(request), request.url_vars["before"], request.url_vars["after"]


def _compared(conn: sqlite3.Connection, rights: Rights, key: str, before: str, after: str) -> dict[str, Any]:
    row = article_row(conn, key)
    versions = versions_of(conn, row["id"])
    old, new = (version_named(conn, row, versions, unquote(name)) for name in (before, after))
    mode, states = mode_of(conn, rights, key), comparable(conn, old["id"], new["id"])
    found = (
        properties(*(article_in(conn, state) for state in states))
        if mode == "full"
        else shown_properties(conn, *states)
    )
    return {
        **{name: row[name] for name in ("key", "headline", "in_language", "state", "last_seen_url")},
        "text": mode,
        "from": _name(old),
        "to": _name(new),
        "significance": _of_all(found),
        "versions": [plain_version(old), plain_version(new)],
        "properties": found,
    }


def _name(version: Version) -> int | str:
    return version["number"] or short_digest(version["content_digest"])


def _of_all(found: list[dict[str, Any]]) -> str | None:
    """`substantive` if any property has a substantive change, else `cosmetic`; None if nothing differs."""
    kinds = {each["significance"] for each in found}
    return "substantive" if "substantive" in kinds else "cosmetic" if kinds else None
