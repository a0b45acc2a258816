"""Excerpts of edits in a few characters, for lists of the site and for feeds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from archive.diffing import Segment, segments, shared, told, whole
from archive.publish.database.reading import rows

CONTEXT_CHARACTERS = 20  # on each side of a change in a feed
MAX_COMPARED_CHARACTERS = 20_000  # of both texts; of longer ones a feed shows only the first change
MAX_FEED_CHARACTERS = 3_000  # of one property in a feed
WHOLE = {"date_published"}  # values that mean something only as a whole: no marks inside
MAX_CACHED_EXCERPTS = 2_000  # a few hundred characters each

Shown = tuple[Segment, ...]
CUT = "…"
_CONTEXT_BEFORE_CHARACTERS = 64  # compared before the first difference: a word or a cluster may reach across it
_MAX_COMPARED_CHARACTERS = 256  # compared after the first difference: more of a long change is not shown
_MAX_SHOWN_CHARACTERS = 24  # of deleted or inserted text


def with_excerpts(conn: sqlite3.Connection, events: list[dict[str, Any]], wide: bool) -> list[dict[str, Any]]:
    """The events, each with `excerpts`: a list of one dict for every changed property of its revision.

    A dict has `property`, `significance` and `segments` (see `excerpt`). The list is empty for an event without
    `properties`. `wide` gives the longer excerpts of feeds. `revision_id` is removed, for row ids are not public.
    """
    found: dict[int, list[dict[str, Any]]] = {}
    for change in _changes(conn, [event["revision_id"] for event in events if event["properties"]]):
        shown = excerpt(change["property"], change["before"] or "", change["after"] or "", wide)
        of = {name: change[name] for name in ("property", "significance")}
        found.setdefault(change["revision_id"], []).append(of | {"segments": [told(each) for each in shown]})
    return [without_number(event) | {"excerpts": found.get(event["revision_id"], [])} for event in events]


def excerpt(name: str, before: str, after: str, wide: bool) -> Shown:
    """The segments that show a change of the property `name`; cached by digests of the two texts.

    Of a property in WHOLE both values. Else the first change (`micro_diff`), or with `wide` all changes as by `cut`;
    if the texts together are longer than MAX_COMPARED_CHARACTERS, `wide` gives the first change too.
    """
    key = (name in WHOLE, wide, digest(before), digest(after))
    if key not in _remembered:
        if len(_remembered) >= MAX_CACHED_EXCERPTS:
            _remembered.clear()
        _remembered[key] = _excerpt(name, before, after, wide)
    return _remembered[key]


_remembered: dict[tuple[bool, bool, bytes, bytes], Shown] = {}


def digest(text: str) -> bytes:
    """16 bytes that stand for a text in a cache."""
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _excerpt(name: str, before: str, after: str, wide: bool) -> Shown:
    if name in WHOLE:
        return tuple(whole(before, after))
    if not wide or len(before) + len(after) > MAX_COMPARED_CHARACTERS:
        return micro_diff(before, after)
    return cut(segments(before, after))


def cut(found: Iterable[Segment]) -> Shown:
    """The segments, with equal text cut to CONTEXT_CHARACTERS beside changes, until MAX_FEED_CHARACTERS are used up.

    `…` stands for the rest.
    """
    every = list(found)
    shown: list[Segment] = []
    room = MAX_FEED_CHARACTERS
    for at, segment in enumerate(every):
        if room <= 0:
            return (*shown, Segment("equal", CUT))
        short = _shortened(segment, first=at == 0, last=at == len(every) - 1)
        shown.append(replace(short, text=short.text if len(short.text) <= room else short.text[:room] + CUT))
        room -= len(short.text)
    return tuple(shown)


def _shortened(segment: Segment, first: bool, last: bool) -> Segment:
    """The segment; if it is long equal text, only its ends beside changes and `…`.

    The first segment has no change before it, the last none after it.
    """
    text = segment.text
    if segment.op != "equal" or len(text) <= 2 * CONTEXT_CHARACTERS + len(CUT):
        return segment
    return replace(
        segment, text=("" if first else text[:CONTEXT_CHARACTERS]) + CUT + ("" if last else text[-CONTEXT_CHARACTERS:])
    )


def _changes(conn: sqlite3.Connection, revisions: list[int]) -> list[dict[str, Any]]:
    return rows(
        conn,
        """select revision_id, property, significance, before, after from changes
            where revision_id in (select value from json_each(?)) order by id""",
        (json.dumps(revisions),),
    )


def without_number(row: dict[str, Any]) -> dict[str, Any]:
    """A copy of the row of an event without `revision_id`: a row id, which readers do not get."""
    return {name: value for name, value in row.items() if name != "revision_id"}


def micro_diff(before: str | None, after: str | None, around: int = 8) -> tuple[Segment, ...]:
    """The first change between two texts, with at most `around` characters on each side; () if they are equal.

    None counts as "". Long deleted or inserted text is cut in its middle. Omissions are shown as `…`, line breaks as ¶.
    The cost does not grow with the texts, except for finding the first difference.
    """
    old, new = before or "", after or ""
    if old == new:
        return ()
    start = max(0, shared(old, new) - _CONTEXT_BEFORE_CHARACTERS)
    rest = (
        old[start + _CONTEXT_BEFORE_CHARACTERS + _MAX_COMPARED_CHARACTERS :]
        or new[start + _CONTEXT_BEFORE_CHARACTERS + _MAX_COMPARED_CHARACTERS :]
    )
    found = segments(
        old[start : start + _CONTEXT_BEFORE_CHARACTERS + _MAX_COMPARED_CHARACTERS],
        new[start : start + _CONTEXT_BEFORE_CHARACTERS + _MAX_COMPARED_CHARACTERS],
    )
    first = next((at for at, segment in enumerate(found) if segment.op != "equal"), None)
    if first is None:
        return ()
    last = first
    while last < len(found) and found[last].op != "equal":
        last += 1
    lead, tail = found[first - 1].text if first else "", found[last].text if last < len(found) else ""
    shown = [
        Segment("equal", _end(lead, around, cut=bool(start))),
        *(Segment(segment.op, _long(segment.text)) for segment in found[first:last]),
        Segment("equal", _start(tail, around, cut=bool(rest) or last + 1 < len(found))),
    ]
    return tuple(Segment(each.op, each.text.replace("\n", "¶")) for each in shown if each.text)


def _end(text: str, around: int, cut: bool) -> str:
    return text if len(text) <= around and not cut else CUT + text[max(0, len(text) - around) :]


def _start(text: str, around: int, cut: bool) -> str:
    return text if len(text) <= around and not cut else text[:around] + CUT


def _long(text: str) -> str:
    return (
        text
        if len(text) <= _MAX_SHOWN_CHARACTERS
        else text[: _MAX_SHOWN_CHARACTERS // 2] + CUT + text[len(text) - _MAX_SHOWN_CHARACTERS // 2 :]
    )
