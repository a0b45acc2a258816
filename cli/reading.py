"""Commands that read the archive: search, show, history, diff, changes."""

from typing import Annotated, Any

import typer

from cli import completing
from cli.common import LARGEST, AsJson, echo_json, moment_of, remark, say
from cli.opening import reading as reading_only
from cli.table import say_table

Key = Annotated[
    str, typer.Argument(help="An article's key, as `thinker search` prints it.", autocompletion=completing.keys)
]


def search(
    query: Annotated[str, typer.Argument(help="Chinese of any length, words, or both.")],
    limit: Annotated[int, typer.Option(min=0, max=LARGEST, help="How many at the most; 0 is all.")] = 20,
    ever: Annotated[bool, typer.Option("--ever", help="Search superseded revisions too.")] = False,
    gone: Annotated[bool, typer.Option("--gone", help="Only what an article no longer says.")] = False,
    as_json: AsJson = False,
) -> None:
    """Search headline, second clause, body, speaker and keywords; the newest first.

    Blanks and punctuation separate terms that must all occur, "…" keeps a phrase together, word* matches a
    beginning.

    Example: thinker search '养老服务 "发展"' --json
    """
    from archive.search import search as search_archive

    with reading_only() as opened:
        hits = search_archive(opened.conn, query, limit=limit, ever=ever, gone=gone)
    rows = [
        {
            "key": hit.key,
            "headline": hit.headline,
            "url": hit.url,
            "date_published": hit.date_published,
            "snippet": hit.snippet,
        }
        for hit in hits
    ]
    if as_json:
        echo_json(rows)
        return
    told = [((row["date_published"] or "")[:10], row["key"], [row["headline"], row["snippet"]]) for row in rows]
    say_table(("published", "key", "headline"), told)
    remark(f"{len(rows)} found")


def show(key: Key, as_json: AsJson = False) -> None:
    """Show an article as it was last seen.

    Example: thinker show newsroom-12 --json
    """
    from archive import reading

    with reading_only() as opened:
        article = reading.show(opened.conn, key)
    if as_json:
        echo_json(article)
        return
    people = " · ".join([name for name in (article["article_section"], article["speaker"]) if name])
    say(f"{article['headline']}\n{people}\n{article['date_published'] or 'undated'} · {article['state']} · {key}")
    if article["unjudged"]:
        say(_unjudged(article["unjudged"]))
    say("")
    say(article["body_text"])


def history(
    key: Key,
    every: Annotated[
        bool, typer.Option("--all", help="Also differences of width, blanks, shapes of marks, counters, editors.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List every revision of an article, what changed in it, and when it went and by what that is known.

    Edits by the site have a number, what another parser read has none. A text of which nobody says when the site had
    it is listed first, as undated.

    Example: thinker history newsroom-12 --all
    """
    from archive import reading

    with reading_only() as opened:
        revisions = reading.history(opened.conn, key, every)
    if as_json:
        echo_json(revisions)
        return
    say_table(("number", "captured at, digest, kind, parser, what changed"), map(_revision, revisions))


def diff(
    key: Key,
    span: Annotated[str | None, typer.Argument(help="Two revisions, as 1..2; the last two if left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what differs between two revisions: a line that sums it up, then each change: [-old-] {+new+}.

    Example: thinker diff newsroom-12 1..2
    """
    from archive import reading
    from archive.diffing.summing import line
    from archive.diffing.telling import segments_in
    from archive.diffing.words import english

    with reading_only() as opened:
        found = reading.diff(opened.conn, key, span)
    if as_json:
        echo_json(found)
        return
    say(f"{key}: revision {found['from']} → {found['to']}")
    say(line([(each["property"], each["property"], segments_in(each)) for each in found["properties"]], english))
    for changed in found["properties"]:
        say(f"\n{changed['property']}:\n{marked(changed['segments'])}")


def changes(
    since: Annotated[str | None, typer.Option(help="From this moment on, as 2026-11-25 or …T09:00:00Z.")] = None,
    limit: Annotated[int, typer.Option(min=0, max=LARGEST, help="How many at the most; 0 is all.")] = 0,
    as_json: AsJson = False,
) -> None:
    """List what happened: new, edited, removed, restored, …

    Example: thinker changes --since 2026-11-01 --json
    """
    from archive import reading
    from archive.clock import stamp

    moment = moment_of(since)
    with reading_only() as opened:
        events = reading.changes(opened.conn, stamp(moment) if moment else None, limit)
    if as_json:
        echo_json(events)
        return
    say_table(("at", "kind", "key", "headline"), map(event_row, events))
    if not events:
        remark(f"nothing has happened since {since}" if since else "nothing has happened yet")


def event_row(event: dict[str, Any]) -> tuple[object, ...]:
    """What happened, as a row: when, what, to which article or source, under which headline."""
    return event["at"], event["kind"], event["key"] or event["source"], event["headline"]


def _unjudged(found: dict[str, Any]) -> str:
    """Since when an article does not answer, and why that is not judged."""
    if found["lists"]:
        why = f"not judged while {', '.join(found['lists'])} fails"
    else:
        why = "a list could not be read then" if found["why"] == "seeds_failed" else "nothing could vouch for it"
    return f"not answering since {found['since']}; {why}"


def _revision(revision: dict[str, Any]) -> tuple[object, ...]:
    """A revision as a row; below it stand the judgements on its presence, which take the width of a terminal."""
    changed = ", ".join(change["property"] for change in revision["changes"])
    first = "first seen" if revision["number"] == 1 and revision["dating"] == "stated" else ""
    digest = revision["content_digest"].removeprefix("sha256:")[:12]
    kind = "reparse" if revision["origin"] == "reparse" else revision["significance"]
    judged = [line for judgement in revision["absences"] for line in _judged(judgement)]
    received = "undated, received " if revision["dating"] == "unknown" else ""
    at = f"{received}{revision['captured_at']}"
    line = f"{at}  {digest}  {kind:11}  parser {revision['parser_version']}  {changed or first}"
    return revision["number"] or "-", [line, *judged]


def _judged(judgement: dict[str, Any]) -> list[str]:
    """A judgement on an article's presence, and in lines below it what it rests on."""
    told = f"{judgement['kind']}  {judgement['at']}"
    if judgement["first_missed_at"]:
        seen = f"seen until {judgement['last_seen_at']}, " if judgement["last_seen_at"] else ""
        told += f"  {seen}missed since {judgement['first_missed_at']}"
    probes = [f"{probe['outcome']} {probe['at']}" for probe in judgement["probes"]]
    lists = [f"not listed {reading['at']}" for reading in judgement.get("lists", [])]
    return [told, *(f"   {each}" for each in (*probes, *lists))]


def marked(segments: list[dict[str, Any]]) -> str:
    """The segments as a line can show them: [-old-] {+new+}, and [-moved 1: …-] where a stretch went elsewhere."""
    marks = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    return "".join(marks[each["op"]].format(_told(each)) for each in segments)


def _told(segment: dict[str, Any]) -> str:
    if segment["op"] == "equal":
        return _near(segment["text"])
    return f"moved {segment['move']}: {segment['text']}" if "move" in segment else str(segment["text"])


def _near(text: str, reach: int = 60) -> str:
    return text if len(text) <= 2 * reach else f"{text[:reach]} … {text[-reach:]}"
