"""A message of a watch as a whole: one entry, or those of a day or a week by source and article."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from markupsafe import Markup

from archive.publish.formatting.beginnings import brief
from archive.publish.messages.language import Words
from archive.publish.notices.entries import NoticeEntry, entries_of
from archive.watches import DueMessage, Notice, Watch

MAX_SUBJECT_CHARACTERS = 80  # narrow letters count half
TYPE = "watch"


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in all its forms. payload: the JSON of a webhook."""

    subject: str
    text: str
    html: str
    url: str
    payload: dict[str, Any]


def letter_of(
    conn: sqlite3.Connection, watch: Watch, message: DueMessage, site: str
) -> tuple[Letter | None, list[Notice]]:
    """The letter of a message, and the notices that it leaves out: of events that are gone, and of hidden articles.

    None if no notice is left. site: the address of the site, without a slash at its end.
    """
    w = Words(watch.asked.lang)
    found, dropped, more = entries_of(conn, message.notices, w, lambda path: site + path, wide=not message.is_digest)
    if not found:
        return None, dropped
    shown, count = _in_order(found), len(found) + more
    is_digest = message.is_digest
    subject = w(_counted(message.pace, count), watch=watch.name, n=count) if is_digest else found[0].title
    url = found[0].url if count == 1 else f"{site}/changes"
    rest = [w(_counted("more", more), n=more, url=url)] if more else []
    foot = [*rest, *_foot(watch, w)]
    text = _digest_text(shown) if is_digest else "\n\n".join([found[0].title, *found[0].lines])
    content = _digest_html(shown) if is_digest else _entry_html(found[0], "h2")
    signed = Markup('<div lang="{}">{}<hr>{}</div>').format(w.lang, content, _small(foot))
    plain = "\n".join([text, "", "-- ", *foot, ""])
    short = brief(subject, MAX_SUBJECT_CHARACTERS)
    payload = {
        "type": TYPE,
        "id": message.id,
        "watch": watch.name,
        "every": message.pace,
        "lang": watch.asked.lang,
        "subject": short,
        "text": plain,
        "url": url,
        "events": [{"id": each.notice.id_for(watch.name), **each.data} for each in shown],
        "more": more,
    }
    return Letter(short, plain, str(signed), url, payload), dropped


def _counted(name: str, number: int) -> str:
    return f"watch_{name}_one" if number == 1 else f"watch_{name}"


def _in_order(found: Iterable[NoticeEntry]) -> list[NoticeEntry]:
    """The entries by group, then by article, in the order of the first moment of each, then by moment."""
    by_moment = sorted(found, key=lambda each: each.notice.moment)
    first: dict[tuple[str, str], str] = {}
    for each in by_moment:
        first.setdefault((each.group, each.key), each.notice.moment)
    return sorted(by_moment, key=lambda each: (each.group, first[each.group, each.key], each.key))


def _digest_text(shown: Sequence[NoticeEntry]) -> str:
    parts = []
    for group, of_group in groupby(shown, key=lambda each: each.group):
        parts += ["", f"# {group}"]
        for _, of_article in groupby(of_group, key=lambda each: each.key):
            for each in of_article:
                parts += ["", each.title, *(f"  {line}" for line in each.lines)]
    return "\n".join(parts[1:])


def _digest_html(shown: Sequence[NoticeEntry]) -> Markup:
    parts = []
    for group, of_group in groupby(shown, key=lambda each: each.group):
        parts.append(Markup("<h2>{}</h2>").format(group))
        for _, of_article in groupby(of_group, key=lambda each: each.key):
            articles = Markup("").join(_entry_html(each, "h3") for each in of_article)
            parts.append(Markup("<div>{}</div>").format(articles))
    return Markup("").join(parts)


def _entry_html(entry: NoticeEntry, heading: str) -> Markup:
    return Markup("<{0}>{1}</{0}>{2}").format(heading, entry.title, entry.content)


def _foot(watch: Watch, w: Words) -> list[str]:
    asked = watch.asked
    kinds = w["listed"].join(asked.on)
    narrowed = [*asked.source, *asked.column, *asked.speaker, *asked.tag]
    asks = " · ".join([asked.query.strip() or w["watch_every_text"], kinds, *narrowed])
    stop = "watch_stop_declared" if watch.is_declared else "watch_stop"
    return [w("watch_sent_by", watch=watch.name, asks=asks), w(stop, watch=watch.name)]


def _small(lines: Sequence[str]) -> Markup:
    return Markup("").join(Markup("<p><small>{}</small></p>").format(line) for line in lines)
