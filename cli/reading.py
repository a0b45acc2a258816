"""Commands that read the archive: search, show, history, diff, changes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.program.common import MAX_SQLITE_INTEGER, AsJson, echo_json, moment_of, remark, say, say_visible
from cli.program.opening import reading as reading_only
from cli.terminal import completing
from cli.terminal.diff_marks import has_colour, marked
from cli.terminal.table import room_beside, say_table, width

if TYPE_CHECKING:
    from archive.search import Hit

EMPTY = "the archive has no articles yet: run `thinker crawl NAME`; `thinker sources` lists the names"

Key = Annotated[
    str, typer.Argument(help="Key of an article, as `thinker search` prints it.", autocompletion=completing.keys)
]


def search(
    query: Annotated[str, typer.Argument(help="Search terms, in Chinese or English.")],
    limit: Annotated[
        int, typer.Option(min=0, max=MAX_SQLITE_INTEGER, help="Maximum number of articles; 0 for all.")
    ] = 20,
    ever: Annotated[bool, typer.Option("--ever", help="Include earlier versions.")] = False,
    gone: Annotated[
        bool, typer.Option("--gone", help="Only text that was later removed, with or without --ever.")
    ] = False,
    exact: Annotated[
        bool, typer.Option("--exact", help="Tell traditional and simplified characters, and widths, apart.")
    ] = False,
    as_json: AsJson = False,
    with_total: Annotated[
        bool, typer.Option("--with-total", help="With --json, print an object with `total` and `hits`.")
    ] = False,
) -> None:
    """Search headlines, texts, speakers and keywords, and our corrections of them, newest first.

    Spaces and punctuation separate terms, and all terms must occur. "…" keeps a phrase together, word* matches the
    beginning of a word, -term excludes one, OR finds either, (…) makes a group. title:, speaker:, author:, source:,
    column:, tag: or body: before a term looks only there. Traditional and simplified characters are the same. Write
    -- before a query that begins with a minus. If a term occurs only in a field that is not shown, a line below the
    article says where.

    Example: thinker search '养老服务 "发展" -tag:金融' --json
    """
    from archive.answers import is_empty
    from archive.search import NOTES, parse
    from archive.search import search as search_archive
    from archive.search import total as count

    if with_total and not as_json:
        raise typer.BadParameter(
            "only works with --json: the plain output already has the total", param_hint="--with-total"
        )
    with reading_only() as opened:
        hits = search_archive(opened.conn, query, limit, ever, gone, exact)
        total = count(opened.conn, query, ever, gone, exact) if len(hits) == limit else len(hits)
        empty = is_empty(opened.conn)
    for kind, text in parse(query, exact).notes:
        remark(NOTES[kind].format(text=text))
    rows = [asdict(hit) for hit in hits]
    if as_json:
        echo_json({"total": total, "hits": rows} if with_total else rows)
        return
    say_table(("published", "key", "headline"), map(_hit, hits))
    if empty:
        remark(EMPTY)
    else:
        remark(f"{len(hits):,} of {total:,} shown; --limit 0 shows all" if len(hits) < total else f"{total:,} found")


def show(key: Key, as_json: AsJson = False) -> None:
    """Show the latest version of an article.

    Example: thinker show newsroom-12 --json
    """
    from archive import answers

    with reading_only() as opened:
        article = answers.show(opened.conn, key)
    if as_json:
        echo_json(article)
        return
    people = " · ".join([name for name in (article["article_section"], article["speaker"]) if name])
    say(f"{article['headline']}\n{people}\n{article['date_published'] or 'undated'} · {article['state']} · {key}")
    if article["unjudged"]:
        say(_unjudged(article["unjudged"]))
    for correction in article["corrections"]:
        say(_correction(correction))
    say("")
    say(article["body_text"])


def history(
    key: Key,
    every: Annotated[
        bool,
        typer.Option(
            "--all",
            help="Also list edits of form only (spacing, punctuation, counters), and the evidence for each removal.",
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List every version of an article, what changed in it, and when it was removed.

    Edits by the site are numbered; versions from a newer parser are not. A text without a known time is listed first,
    as undated.

    Example: thinker history newsroom-12 --all
    """
    from archive import answers

    with reading_only() as opened:
        revisions = answers.history(opened.conn, key, every)
    if as_json:
        echo_json(revisions)
        return
    room = room_beside("no.")
    say_table(("no.", "captured at, digest, kind, what changed"), [_revision(each, every, room) for each in revisions])


def diff(
    key: Key,
    span: Annotated[str | None, typer.Argument(help="Two versions, such as 1..2; default: the last two.")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare two versions of an article: a summary line, then each change as ⟦del: old⟧ ⟦ins: new⟧.

    On a terminal the output is coloured, unless NO_COLOR is set. Each change has 40 characters of context on each side.

    Example: thinker diff newsroom-12 1..2
    """
    from archive import answers
    from archive.answers import segments_in
    from archive.diffing import english, line

    with reading_only() as opened:
        found = answers.diff(opened.conn, key, span)
    if as_json:
        echo_json(found)
        return
    say(f"{key}: version {found['from']} → {found['to']}")
    say(line([(each["property"], each["property"], segments_in(each)) for each in found["properties"]], english))
    colour = has_colour()
    for changed in found["properties"]:
        say(f"\n{changed['property']}:")
        say_visible(marked(changed["segments"], colour))


def changes(
    since: Annotated[
        str | None,
        typer.Option(help="Only events since this date or time, such as 2026-11-25 or 2026-11-25T09:00:00Z."),
    ] = None,
    limit: Annotated[
        int, typer.Option(min=0, max=MAX_SQLITE_INTEGER, help="Maximum number of events, the newest; 0 for all.")
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """List events, newest last: new, edited, removed, restored, …

    Example: thinker changes --since 2026-11-01 --json
    """
    from archive import answers
    from archive.files import stamp

    moment = moment_of(since)
    with reading_only() as opened:
        events = answers.changes(opened.conn, stamp(moment) if moment else None, limit)
        empty = answers.is_empty(opened.conn)
    if as_json:
        echo_json(events)
        return
    say_table(("at", "kind", "key", "headline"), map(event_row, events))
    if not events:
        remark(EMPTY if empty else f"no events since {since}")


def _hit(hit: Hit) -> tuple[object, ...]:
    """The row of a hit: day, key, and a cell of lines: headline, snippet, and the places of terms that these lack."""
    places = (f"in {'our correction of ' if place.ours else ''}{place.property}: {place.text}" for place in hit.matched)
    return (hit.date_published or "")[:10], hit.key, [hit.headline, hit.snippet, *places]


def event_row(event: dict[str, Any]) -> tuple[object, ...]:
    """The row of an event: time, kind, the article's key (without an article the source's name), headline.

    Of an event `moved` both addresses stand below the headline.
    """
    moved = event.get("moved")
    lines = [event["headline"], f"{moved['from']} → {moved['to']}"] if moved else event["headline"]
    return event["at"], event["kind"], event["key"] or event["source"], lines


def _correction(told: dict[str, Any]) -> str:
    """A line such as `our correction: speaker: 林知远 (ops, 2026-11-30T09:00:00Z, misread)`."""
    value = "; ".join(told["value"]) if isinstance(told["value"], list) else told["value"]
    said = "its text is missing" if told["lost"] else value or "none"
    return f"our correction: {told['property']}: {said} ({told['by']}, {told['at']}, {told['reason']})"


def _unjudged(found: dict[str, Any]) -> str:
    """A line that says since when an article does not answer, and the reason why it is not judged.

    `not answering since 2026-11-01T09:00:00Z; not judged, because a list could not be read`.
    """
    if found["lists"]:
        why = f"not judged while this list fails: {', '.join(found['lists'])}"
    else:
        cause = "a list could not be read" if found["why"] == "seeds_failed" else "no other page of the site answered"
        why = f"not judged, because {cause}"
    return f"not answering since {found['since']}; {why}"


def _revision(revision: dict[str, Any], every: bool, room: int) -> tuple[object, ...]:
    """(number or `-`, a cell of lines) for a revision: the revision, then judgements on the article's presence.

    every: with the evidence of each judgement. room: the columns that the line of the revision may take.
    """
    digest = revision["content_digest"].removeprefix("sha256:")[:12]
    kind = "reparse" if revision["origin"] == "reparse" else revision["significance"]
    judged = [line for judgement in revision["absences"] for line in _judged(judgement, every)]
    head = f"{revision['captured_at']}  {digest}  {kind:11}  "
    return revision["number"] or "-", [head + _what_changed(revision, room - len(head)), *judged]


def _what_changed(revision: dict[str, Any], room: int) -> str:
    """The names of the changed properties, as many as fit into `room` columns, with the count of the others.

    `headline, body_text +2`; if not even one fits, `4 properties`. After a reparse the parser comes first. A first
    version without changes is `first seen`. One without a known time is `undated, imported at this time`: the line
    begins with the time of the import.
    """
    if revision["dating"] == "unknown":
        return "undated, imported at this time"
    if revision["number"] == 1 and not revision["changes"]:
        return "first seen"
    names = [change["property"] for change in revision["changes"]]
    by = f"parser {revision['parser_version']}: " if revision["origin"] == "reparse" else ""
    for count in range(len(names), 0, -1):
        more = f" +{len(names) - count}" if count < len(names) else ""
        if width(told := by + ", ".join(names[:count]) + more) <= room:
            return told
    return f"{by}{len(names)} properties"


def _judged(judgement: dict[str, Any], every: bool) -> list[str]:
    """The lines of a judgement on an article's presence: one, and with `every` also those of its evidence.

    The first is `2026-11-02T09:00:00Z  removed  last seen 2026-11-01T09:00:00Z`, or without the last time.
    """
    seen = f"  last seen {judgement['last_seen_at']}" if judgement["last_seen_at"] else ""
    told = f"{judgement['at']}  {judgement['kind']}{seen}"
    if not every:
        return [told]
    missed = [f"missed since {judgement['first_missed_at']}"] if judgement["first_missed_at"] else []
    probes = [f"{probe['outcome']} {probe['at']}" for probe in judgement["probes"]]
    lists = [f"not listed {articles['at']}" for articles in judgement.get("lists", [])]
    return [told, *(f"   {each}" for each in (*missed, *probes, *lists))]
