"""Commands that read the archive: search, show, history, diff, changes, status, verify."""

from contextlib import closing
from dataclasses import asdict, replace
from typing import Annotated, Any

import typer

from archive import read_archive, reading
from archive.fixity import verify as verify_archive
from archive.heads import heads
from archive.replaying.torn import torn_ends
from archive.search import search as search_archive
from cli import common
from cli.common import AsJson, echo_json, say, tell, writing
from cli.common import reading as reading_only
from cli.health import echo_status, health, note_proof, proved

Key = Annotated[str, typer.Argument(help="An article's key, as `thinker search` prints it.")]


def search(
    query: Annotated[str, typer.Argument(help="Chinese of any length, words, or both.")],
    limit: Annotated[int, typer.Option(min=0, help="How many at the most; 0 is all.")] = 20,
    ever: Annotated[bool, typer.Option("--ever", help="Search superseded revisions too.")] = False,
    gone: Annotated[bool, typer.Option("--gone", help="Only what an article no longer says.")] = False,
    as_json: AsJson = False,
) -> None:
    """Search headline, second clause, body, speaker and keywords; the newest first.

    Blanks and punctuation separate terms that must all occur, "…" keeps a phrase together, word* matches a
    beginning.

    Example: thinker search '长三角 "high quality"' --json
    """
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
    for row in rows:
        say(f"{(row['date_published'] or '')[:10]:10}  {row['key']}  {row['headline']}\n            {row['snippet']}")
    tell(f"{len(rows)} found")


def show(key: Key, as_json: AsJson = False) -> None:
    """Show an article as it was last seen.

    Example: thinker show newsroom-12 --json
    """
    with reading_only() as opened:
        article = reading.show(opened.conn, key)
    if as_json:
        echo_json(article)
        return
    people = " · ".join([name for name in (article["article_section"], article["speaker"]) if name])
    say(f"{article['headline']}\n{people}\n{article['date_published'] or 'undated'} · {article['state']} · {key}\n")
    say(article["body_text"])


def history(
    key: Key,
    every: Annotated[
        bool, typer.Option("--all", help="Also differences of width, blanks, shapes of marks, counters, editors.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """List every revision of an article, what changed in it, and when it went and by what that is known.

    Edits by the site have a number, what another parser read has none.

    Example: thinker history newsroom-12 --all
    """
    with reading_only() as opened:
        revisions = reading.history(opened.conn, key, every)
    if as_json:
        echo_json(revisions)
        return
    for revision in revisions:
        changed = ", ".join(change["property"] for change in revision["changes"]) or (
            "first seen" if revision["number"] == 1 else ""
        )
        digest = revision["content_digest"].removeprefix("sha256:")[:12]
        kind = "reparse" if revision["origin"] == "reparse" else revision["significance"]
        reader = f"parser {revision['parser_version']}"
        say(f"{revision['number'] or '-'}  {revision['captured_at']}  {digest}  {kind}  {reader}  {changed}")
        for judgement in revision["absences"]:
            say(_judged(judgement))


def diff(
    key: Key,
    span: Annotated[str | None, typer.Argument(help="Two revisions, as 1..2; the last two if left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Show what differs between two revisions, to the character: [-old-] {+new+}.

    Example: thinker diff newsroom-12 1..2
    """
    with reading_only() as opened:
        found = reading.diff(opened.conn, key, span)
    if as_json:
        echo_json(found)
        return
    say(f"{key}: revision {found['from']} → {found['to']}")
    for changed in found["properties"]:
        say(f"\n{changed['property']}:\n{marked(changed['segments'])}")


def changes(
    since: Annotated[str | None, typer.Option(help="From this moment on, as 2026-11-25 or …T09:00:00Z.")] = None,
    limit: Annotated[int, typer.Option(min=0, help="How many at the most; 0 is all.")] = 0,
    as_json: AsJson = False,
) -> None:
    """List what happened: new, edited, removed, restored, …

    Example: thinker changes --since 2026-11-01 --json
    """
    with reading_only() as opened:
        events = reading.changes(opened.conn, since, limit)
    if as_json:
        echo_json(events)
        return
    for event in events:
        say(f"{event['at']}  {event['kind']:10}  {event['key'] or event['source']}  {event['headline'] or ''}")


def status(as_json: AsJson = False) -> None:
    """Say whether all is well, rule by rule, and print the daily head. Exits 3 when a rule is not met.

    The daily head is one digest over the ends of all ledger chains: noted somewhere else, it proves later that
    nothing before it was changed.

    Example: thinker status --json
    """
    with reading_only() as opened:
        rules, found = health(opened, common.settings()), heads(opened.conn)
    raise typer.Exit(echo_status(rules, found, as_json))


def verify(
    deep: Annotated[
        bool, typer.Option("--deep", help="Prove every row of the database from the files too; needs room in TMPDIR.")
    ] = False,
    repair: Annotated[bool, typer.Option("--repair", help="Cut unfinished ends of files; writes.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read every stored byte and compare it with what was stored of it. Exits 1 when there is a fault.

    With --repair it first names each file and byte that it will cut, and the file beside that keeps what is cut.

    Example: thinker verify --json
    """
    if repair:
        _announce()
    with writing() if repair else reading_only() as opened:
        report = verify_archive(opened)
        if deep:
            report = replace(report, faults=report.faults + proved(opened))
            note_proof(opened, report)
    faults = [asdict(fault) for fault in report.faults]
    if as_json:
        echo_json({"ok": report.ok, "records": report.records, "lines": report.lines, "faults": faults})
    else:
        for fault in faults:
            say(f"{fault['file']} at {fault['offset']}: {fault['kind']}: {fault['detail']}")
        say(f"{report.records} records and {report.lines} ledger lines read, {len(faults)} faults")
    raise typer.Exit(common.OK if report.ok else common.FAILED)


def _announce() -> None:
    """Say what a repair will do, before it does."""
    with closing(read_archive(common.Chosen.home)) as opened:
        for torn in torn_ends(opened):
            size = torn.path.stat().st_size - torn.end
            back = f", {len(torn.whole)} whole records of it are put back" if torn.whole else ""
            tell(f"{torn.path} will be cut at byte {torn.end}: {size} bytes go to {torn.beside.name}{back}")


def _judged(judgement: dict[str, Any]) -> str:
    """A judgement on an article's presence, with what it rests on."""
    told = f"   {judgement['kind']}  {judgement['at']}"
    if judgement["first_missed_at"]:
        told += f"  seen until {judgement['last_seen_at']}, missed since {judgement['first_missed_at']}"
    probes = [f"{probe['outcome']} {probe['at']}" for probe in judgement["probes"]]
    lists = [f"not listed {reading['at']}" for reading in judgement.get("lists", [])]
    return told + "".join(f"\n      {each}" for each in (*probes, *lists))


def marked(segments: list[dict[str, str]]) -> str:
    marks = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    shown = [(segment["op"], segment["text"]) for segment in segments]
    return "".join(marks[op].format(_near(text) if op == "equal" else text) for op, text in shown)


def _near(text: str, reach: int = 60) -> str:
    return text if len(text) <= 2 * reach else f"{text[:reach]} … {text[-reach:]}"
