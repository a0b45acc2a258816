"""One entry of a message for each notice: its title, its lines, its HTML, and its data."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from archive.history import article_in
from archive.publish.database.reading import rows
from archive.publish.feeds.content import of_article
from archive.publish.feeds.entries import MAX_OPENING_CHARACTERS, entry
from archive.publish.feeds.texts import of_xml
from archive.publish.formatting.beginnings import brief
from archive.publish.formatting.filters import beijing, publisher_of
from archive.publish.lists.events import COLUMNS, events, told
from archive.publish.messages.language import Words
from archive.publish.notices.plain import as_lines, in_one_line
from archive.watches import Notice, event_of
from parsers.article import Article

Absolute = Callable[[str], str]  # turns a path of the site into a public address
WITHDRAWN, HEALTH = "withdrawn", "health"


@dataclass(frozen=True, slots=True)
class NoticeEntry:
    """An entry. group: the publisher or source under which a digest lists it; key: of its article, "" without one."""

    notice: Notice
    group: str
    key: str
    title: str
    lines: tuple[str, ...]
    content: Markup
    url: str
    data: dict[str, Any]


MAX_ENTRIES = 300  # of a message; the others are counted, and stand on the page of changes


def entries_of(
    conn: sqlite3.Connection, notices: Iterable[Notice], w: Words, absolute: Absolute, wide: bool
) -> tuple[list[NoticeEntry], list[Notice], int]:
    """The first MAX_ENTRIES entries of notices, the notices before them without one, and the number of the rest.

    A notice has no entry if its event is gone, or its article is hidden. Those of the rest are not looked at.

    wide: with every change of an edit, else with the first one of each property.
    """
    found: list[NoticeEntry] = []
    dropped: list[Notice] = []
    rest = iter(notices)
    for notice in rest:
        made = _made(conn, notice, w, absolute, wide)
        if made is None:
            dropped.append(notice)
        else:
            found.append(made)
        if len(found) == MAX_ENTRIES:
            break
    return found, dropped, sum(1 for _ in rest)


def _made(conn: sqlite3.Connection, notice: Notice, w: Words, absolute: Absolute, wide: bool) -> NoticeEntry | None:
    if notice.kind == HEALTH:
        return _of_rule(notice, w, absolute)
    if notice.kind == WITHDRAWN:
        return _of_withdrawn(notice, w, absolute)
    event = event_of(conn, notice)
    if event is None or event.state == WITHDRAWN:
        return None
    form = rows(conn, _FORM, (-event.id,)) if event.id < 0 else []
    (row,) = told(conn, form, wide) if form else events(conn, [event.id], wide)
    return _of_event(conn, notice, event.id, row, w, absolute)


def _of_event(
    conn: sqlite3.Connection, notice: Notice, event: int, row: dict[str, Any], w: Words, absolute: Absolute
) -> NoticeEntry:
    shown = _version(conn, row["key"], notice.content_digest)
    if shown is not None:
        row = row | {"headline": shown.headline, "in_language": shown.in_language}
    item = entry(row, w, absolute)
    late = w("watch_late", at=beijing(row["recorded_at"])) if notice.is_late else ""
    capture = _capture(conn, event)
    evidence = _evidence(row["digest"], capture, w)
    digest = w("watch_digest_of", digest=notice.content_digest) if notice.content_digest and row["key"] else None
    after = [line for line in (evidence, digest) if line]
    opening = _opening(shown, w) if shown is not None and row["kind"] == "new" else Markup("")
    content = item.content + opening + _paragraphs(after) + _link(item.url)
    data = {
        "kind": row["kind"],
        "late": notice.is_late,
        "at": row["at"],
        "recorded_at": row["recorded_at"],
        "source": row["source"],
        "publisher": publisher_of(row),
        "key": row["key"],
        "headline": row["headline"],
        "url": row["url"],
        "permalink": item.url,
        "content_digest": notice.content_digest if row["key"] else None,
        "significance": row["significance"],
        "changes": row["excerpts"],
        "evidence": {"ledger_line": row["digest"], "capture": capture and capture[1], "absence": row.get("absence")},
        "detail": None,
    }
    title = in_one_line(item.title) + late
    quoted = [f"> {line}" for line in as_lines(opening)]  # a page's own line could look like one of ours
    lines = [*as_lines(item.content), *quoted, *after, item.url]
    group = in_one_line(publisher_of(row))
    return NoticeEntry(notice, group, row["key"] or "", title, tuple(lines), content, item.url, data)


def _version(conn: sqlite3.Connection, key: str | None, content_digest: str | None) -> Article | None:
    """The text of an article that a notice is about, which the site may have changed since; None if it is not there."""
    found = conn.execute(
        "select s.id from keys k join states s on s.article_id = k.article_id where k.key = ? and s.content_digest = ?",
        (key, content_digest),
    ).fetchone()
    return article_in(conn, found[0]) if found else None


def _opening(shown: Article, w: Words) -> Markup:
    """HTML of the beginning of an article, its speaker, column and date."""
    published = shown.date_published.isoformat() if shown.date_published else None
    begins = brief(shown.paragraphs[0].partition("\n")[0], MAX_OPENING_CHARACTERS) if shown.paragraphs else None
    return of_article({**asdict(shown), "date_published": published, "begins": begins}, w)


def _of_rule(notice: Notice, w: Words, absolute: Absolute) -> NoticeEntry:
    said = notice.detail or {}
    told = in_one_line(str((said.get("detail_zh") if w.ui == "zh" else None) or said.get("detail") or ""))
    rule = w[f"rule_{notice.key}"]
    title = f"{w['watch_green' if said.get('ok') else 'watch_red']}{w['colon']}{rule}"
    url = absolute("/status")
    lines = [w("at_beijing", at=beijing(notice.moment)), told]
    data = _bare(notice, url) | {"detail": {"rule": notice.key, "ok": bool(said.get("ok")), "text": told}}
    return NoticeEntry(notice, w["site"], "", title, (*lines, url), _paragraphs(lines) + _link(url), url, data)


def _of_withdrawn(notice: Notice, w: Words, absolute: Absolute) -> NoticeEntry:
    key = notice.key or ""
    url = absolute(f"/a/{quote(key, safe='')}")
    said = w("watch_withdrawn", key=in_one_line(key), at=beijing(notice.moment))
    title = f"{w[WITHDRAWN]}{w['colon']}{in_one_line(key)}"
    data = _bare(notice, url) | {"key": key}
    return NoticeEntry(notice, w["site"], key, title, (said, url), _paragraphs([said]) + _link(url), url, data)


def _bare(notice: Notice, url: str) -> dict[str, Any]:
    """The data of an entry without an event that is shown: every field, most of them None."""
    return {
        "kind": notice.kind, "late": False, "at": notice.moment, "recorded_at": notice.recorded_at,
        "source": notice.source, "publisher": None, "key": None, "headline": None, "url": None, "permalink": url,
        "content_digest": None, "significance": None, "changes": [],
        "evidence": {"ledger_line": notice.line, "capture": None, "absence": None}, "detail": None,
    }  # fmt: skip


def _capture(conn: sqlite3.Connection, event: int) -> tuple[str, str] | None:
    """The moment and the record id of the capture that shows an event's version; None for other events."""
    row = conn.execute(
        """
        select c.captured_at, c.record_id
          from revision_records r join captures c on c.id = r.capture_id
         where r.id = iif(:event < 0, -:event, (select revision_id from events where id = :event))
        """,
        {"event": event},
    ).fetchone()
    return (str(row[0]), str(row[1])) if row else None


def _evidence(line: str | None, capture: tuple[str, str] | None, w: Words) -> str | None:
    if capture is None:
        return w("watch_line", line=line) if line else None
    return w("watch_capture" if line else "watch_no_line", at=capture[0], record=capture[1], line=line)


def _paragraphs(lines: Sequence[str]) -> Markup:
    return Markup("").join(Markup("<p>{}</p>").format(of_xml(line)) for line in lines)


def _link(url: str) -> Markup:
    return Markup('<p><a href="{}">{}</a></p>').format(url, url)


# An edit of form alone, as a row of an event.
_FORM = f"""
    select {COLUMNS}
      from (select -n.id as id, n.captured_at as at, n.recorded_at, 'edited' as kind, n.article_id, n.id as revision_id,
                   (select source from captures where id = n.capture_id) as source, '{{}}' as detail, null as digest
              from revision_records n where n.id = ?) e
      join articles a on a.id = e.article_id
      join revision_records r on r.id = e.revision_id
"""
