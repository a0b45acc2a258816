"""The content of feed entries, as HTML without a stylesheet (RFC 4287 §4.1.3.3); all texts of pages are escaped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup

from archive.publish.formatting.change_marks import revealed
from archive.publish.formatting.event_details import event_detail
from archive.publish.formatting.filters import (
    beijing,
    evidence_precision,
    mixed,
    publisher_of,
    telling_apart,
    tongue,
    visible,
)
from archive.publish.messages.language import Words

_OPEN = Markup("<{0}>{1}</{0}>")
_CHANGED = Markup('<span lang="{}">⟦{}{}</span>{}⟧')
_NOTHING = Markup("")
_MOVED = {"delete": "diff_moved_to", "insert": "diff_moved_from"}


def of_article(row: dict[str, Any], w: Words) -> Markup:
    """HTML of two paragraphs: the snippet or else the beginning, and the speaker, column, date and state.

    The state `live`, missing values and an empty paragraph are left out.
    """
    facts = [_of_page(row.get(name)) for name in ("speaker", "article_section")]
    day = beijing(row.get("date_published"), row.get("date_precision"))
    state = w[row["state"]] if row.get("state", "live") != "live" else ""
    begins = _paragraph(_of_page(row.get("snippet") or row.get("begins"), row.get("in_language")))
    return begins + _facts([*facts, Markup.escape(day), Markup.escape(state)])


def of_event(row: dict[str, Any], w: Words, precision: str | None) -> Markup:
    """HTML of an event: its time and source, its evidence, and its own details (`_of_line`).

    The evidence is the excerpts of an edit, or the visits from which a removal or a return was concluded.
    precision: of its time, see `beijing`.
    """
    at = Markup.escape(w("at_beijing", at=beijing(row["at"], precision)))
    changed = [_changed(each, row, w) for each in row.get("excerpts", ())]
    absence = _absent(row["absence"], w) if row.get("absence") else _NOTHING
    where = _of_page(publisher_of(row))
    return _facts([at, where]) + _NOTHING.join(changed) + absence + _paragraph(_of_line(row, w))


def _changed(change: dict[str, Any], row: dict[str, Any], w: Words) -> Markup:
    """A paragraph with the name of a changed property, its deleted and inserted text, and some unchanged text.

    `row`: the event, for the language of its article.
    """
    text = "".join(segment["text"] for segment in change["segments"])
    lang = tongue(text, row["in_language"])
    shown = _NOTHING.join(_segment(segment, lang, w) for segment in change["segments"])
    return Markup('<p><strong>{}</strong>{}<span lang="{}">{}</span></p>').format(
        w[change["property"]], w["colon"], lang, shown
    )


def _segment(segment: dict[str, Any], lang: str, w: Words) -> Markup:
    """HTML of a segment; a changed one stands in ⟦ ⟧ after a word, for moved text one that says where to or from.

    Not in `<del>` and `<ins>`: programs that read feeds draw lines through and under these, which hide 一 and _.
    """
    if segment["op"] == "equal":
        return _lines(mixed(segment["text"], lang))
    word = w[_MOVED[segment["op"]] if "move" in segment else "segment_" + segment["op"]]
    return _CHANGED.format(w.lang, word, w["colon"], _lines(revealed(segment["text"], lang)))


def _lines(text: Markup) -> Markup:
    return text.replace("\n", Markup("<br>"))


def _absent(told: dict[str, Any], w: Words) -> Markup:
    listed = "delisted" in (told["kind"], told.get("ended"))
    seen, missed = ("last_listed", "first_unlisted") if listed else ("last_seen", "first_missed")
    moments = {seen: told["last_seen_at"], missed: told["first_missed_at"]}
    precision = telling_apart(moments.values())
    parts = [f"{w[name]} {beijing(at, precision)}" for name, at in moments.items() if at]
    before = w["was_missing"] if told["kind"] == "restored" else ""
    each_at = evidence_precision(told)
    items = [f"{beijing(probe['at'], each_at)} {w['probe_' + probe['outcome']]}" for probe in told["probes"]]
    items += [f"{beijing(reading['at'], each_at)} {w['not_listed']}" for reading in told.get("lists", ())]
    listing = _NOTHING.join(_OPEN.format("li", item) for item in items)
    return _paragraph(Markup.escape(before + w["comma"].join(parts))) + (
        _OPEN.format("ul", listing) if items else _NOTHING
    )


def _of_line(row: dict[str, Any], w: Words) -> Markup:
    """The event's own details as HTML without a `<p>`; empty for kinds without any."""
    told = event_detail(row)
    if told is None:
        return _NOTHING
    precision = telling_apart(told.span or ())
    span = w["then"] + " – ".join(beijing(at, precision) for at in told.span) if told.span else ""
    return Markup.escape(visible(told.said(w)) + span)


def _of_page(text: str | None, declared: str | None = None) -> Markup:
    return Markup('<span lang="{}">{}</span>').format(tongue(text, declared), visible(text)) if text else _NOTHING


def _paragraph(text: Markup) -> Markup:
    return _OPEN.format("p", text) if text else _NOTHING


def _facts(parts: Iterable[Markup]) -> Markup:
    return _paragraph(Markup(" · ").join(part for part in parts if part))
