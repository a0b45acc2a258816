"""Commands that collect: sources, crawl, fetch, parse, import."""

import os
import re
import sqlite3
import subprocess
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer

from archive.clock import stamp
from archive.importer import ImportSummary, import_paths
from archive.ingest import CrawlSummary, SourceRecord
from archive.settings import Settings
from cli import common
from cli.common import AsJson, echo_json, echo_json_text, reading, say, tell, visible, writing
from cli.explained import explained
from cli.health import note_health
from cli.reader import article_of, explain_file, parse_file, parse_lines
from cli.sources import owner_of, record_of
from crawler import crawl as crawl_source
from crawler.sources import Source, all_sources, source_named
from parsers.explain import explanation_json
from parsers.urls import urlkey
from schedules.cadence import next_due

Names = Annotated[list[str] | None, typer.Argument(help="Names from `thinker sources`; all of them if left out.")]

# How a crawl may end, and what a script learns of it (house.md, section 5).
ENDS = {
    "robots": common.REFUSED,
    "stopped": common.STOPPED,
    "disk_full": common.DISK_FULL,
    "failed": common.FAILED,
    "memusage_exceeded": common.FAILED,
    "outage": common.UNMET,
}


def sources(as_json: AsJson = False) -> None:
    """List the sources we know: built in, and declared in thinker.toml.

    Example: thinker sources --json
    """
    known = all_sources(common.settings())
    if as_json:
        echo_json([source.as_json() for source in known.values()])
        return
    for source in known.values():
        say(f"{source.name:12}  {source.homepage:40}  {source.publisher}")


def crawl(
    names: Names = None,
    since: Annotated[str | None, typer.Option(help="Only what was published since, as 2026-11-01.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="How many articles at the most.")] = None,
    recheck: Annotated[str, typer.Option(help="Known articles: all, due or none.")] = "due",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be fetched and why.")] = False,
    as_json: AsJson = False,
) -> None:
    """Crawl sources once: seeds, new articles, and every known article that is due.

    Exits 3 when fewer articles answered than the source expects or some failed, 4 when robots.txt refuses the
    seeds, 5 when the source is being crawled, 6 when the disk is full, 7 when stopped.

    Example: thinker crawl newsroom --limit 10
    """
    if recheck not in ("all", "due", "none"):
        raise typer.BadParameter(f"{recheck!r}: use all, due or none", param_hint="--recheck")
    settings = common.settings()
    chosen = [source_named(name, settings) for name in names] if names else list(all_sources(settings).values())
    if len(chosen) > 1:
        raise typer.Exit(_crawl_each(chosen, since, limit, recheck, dry_run, as_json))
    moment = common.moment_of(since)
    again = cast("Literal['all', 'due', 'none']", recheck)
    if dry_run:
        planned = crawl_source(chosen[0], common.Chosen.home, since=moment, limit=limit, recheck=again, dry_run=True,
                               cadence=next_due, settings=settings)  # fmt: skip
        _echo_plan([asdict(url) for url in planned], as_json)
        return
    summary = crawl_source(
        chosen[0], common.Chosen.home, since=moment, limit=limit, recheck=again,
        due_at=os.environ.get("THINKER_DUE_AT"), cadence=next_due, settings=settings,
    )  # fmt: skip
    code = _code(summary, chosen[0])
    if code in (common.OK, common.UNMET):  # a full disk takes no notes
        with writing() as opened:
            note_health(opened, settings)
    _echo_summary(summary, as_json)
    raise typer.Exit(code)


def fetch(url: Annotated[str, typer.Argument(help="The address of one article.")], as_json: AsJson = False) -> None:
    """Fetch one article politely, keep it under the source `fetched`, and show it.

    Example: thinker fetch https://www.gov.cn/zhengce/content/202411/content_1.htm --json
    """
    settings = common.settings()
    owner = owner_of(url, settings)
    source = Source(
        name="fetched", publisher="single addresses", homepage=url, timezone="Asia/Shanghai", in_language="zh-Hans",
        seeds=(), scope=re.escape(url), delay=0.0, allow=owner.allow if owner else (),
    )  # fmt: skip
    with writing(create=True) as opened:
        _wait_for(opened.conn, source, url)
    summary = crawl_source(source, common.Chosen.home, limit=1, cadence=next_due, settings=settings)
    with reading() as opened:
        article = article_of(opened.conn, "fetched", url)
    if article is None:
        tell(f"thinker: {url} gave no article ({summary.finish_reason}); `thinker changes` and captures say more")
        raise typer.Exit(_code(summary, source) or common.UNMET)
    echo_json(article) if as_json else say(f"{article['headline']}\n\n{article['body_text']}")


def parse(
    target: Annotated[str | None, typer.Argument(help="A saved page; left out with --jsonl.")] = None,
    url: Annotated[str | None, typer.Option(help="The address the page came from.")] = None,
    source: Annotated[str | None, typer.Option(help="Read it as a page of this source.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read {id, path, url} lines from stdin.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say why each value is what it is.")] = False,
    as_json: AsJson = False,
) -> None:
    """Parse saved pages without network and without storing anything; prints JSON.

    With --explain it prints for every property the rule and the text that gave its value and what else was
    considered; --json makes that JSON too. A page that is no article is explained as well.

    Example: thinker parse --explain page.html --url https://www.gov.cn/zhengce/content/202411/content_1.htm
    """
    if jsonl and explain:
        raise typer.BadParameter("explains one FILE, not --jsonl", param_hint="--explain")
    if jsonl:
        for line in parse_lines(sys.stdin):
            echo_json_text(line)
        return
    if target is None:
        raise typer.BadParameter("name a file, or give --jsonl", param_hint="TARGET")
    if not explain:
        echo_json(parse_file(Path(target), url, source))
        return
    found = explain_file(Path(target), url, source)
    echo_json(explanation_json(found)) if as_json else say(explained(found))


def import_(
    paths: Annotated[list[Path], typer.Argument(help="WARC files, saved pages, or folders of them.")],
    source: Annotated[str | None, typer.Option(help="File everything under this source.")] = None,
    as_json: AsJson = False,
) -> None:
    """Import WARC files, saved pages (a folder's MANIFEST.tsv gives their addresses) and text dumps.

    Each keeps its own capture time and the origin `import`. What shows no article is kept as a capture and listed.

    Example: thinker import saved-pages/ --json
    """
    settings = common.settings()
    fixed = record_of(source_named(source, settings)) if source else None
    with writing(create=True) as opened:
        summary = import_paths(opened, paths, lambda url: _owner(url, settings), fixed)
    _echo_import(summary, as_json)
    raise typer.Exit(common.UNMET if summary.errors else common.OK)


def _owner(url: str, settings: Settings) -> SourceRecord | None:
    owner = owner_of(url, settings)
    return record_of(owner) if owner else None


def _wait_for(conn: sqlite3.Connection, source: Source, url: str) -> None:
    """Put one address in the frontier, due at once."""
    said = record_of(source)
    conn.execute(
        "insert or ignore into sources (name, publisher, timezone, in_language) values (?, ?, ?, ?)",
        (said.name, said.publisher, said.timezone, said.in_language),
    )
    conn.execute(
        """
        insert into frontier (urlkey, source, url, kind, due_at) values (?, ?, ?, 'article', ?)
        on conflict (source, urlkey) do update set due_at = excluded.due_at
        """,
        (urlkey(url), source.name, url, stamp(datetime.now(UTC))),
    )


def _crawl_each(
    chosen: list[Source], since: str | None, limit: int | None, recheck: str, dry_run: bool, as_json: bool
) -> int:
    """One process a source: Twisted's reactor cannot start twice in one."""
    options = ["--recheck", recheck]
    options += ["--since", since] if since else []
    options += ["--limit", str(limit)] if limit else []
    options += ["--dry-run"] if dry_run else []
    options += ["--json"] if as_json else []
    codes = []
    for source in chosen:
        command = [
            sys.executable,
            "-m",
            "thinker",
            "--home",
            str(common.Chosen.home),
            "crawl",
            source.name,
            *options,
        ]
        codes.append(subprocess.run(command, check=False).returncode)
    return max(codes)


def _echo_plan(planned: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        echo_json(planned)
        return
    for url in planned:
        say(f"{url['url']}  {url['why']}")
    tell(f"{len(planned)} would be fetched")


def _echo_summary(summary: CrawlSummary, as_json: bool) -> None:
    elapsed = (_time(summary.finished_at) - _time(summary.started_at)).total_seconds()
    if as_json:
        echo_json({**asdict(summary), "elapsed": elapsed})
        return
    say(
        f"{summary.captures} captures ({summary.revisits} revisits), {summary.new_articles} new articles, "
        f"{summary.new_revisions} revisions, {summary.errors} errors"
    )
    if summary.unjudged:
        tell(f"thinker: {summary.unjudged} articles were missing and are not judged: their site may be ill")
    if summary.finish_reason not in ("finished", "limit"):
        tell(f"thinker: the crawl of {summary.source} ended early: {summary.finish_reason}")


def _echo_import(summary: ImportSummary, as_json: bool) -> None:
    if as_json:
        echo_json(asdict(summary))
        return
    say(f"{summary.captures} captures, {summary.new_articles} new articles, {summary.new_revisions} new revisions")
    for kept in summary.not_articles:
        say(f"kept, no article: {visible(kept.path)}: {kept.reason}")
    for lost in summary.errors:
        tell(f"thinker: not imported: {visible(lost.path)}: {lost.reason}")


def _code(summary: CrawlSummary, source: Source) -> int:
    if summary.finish_reason in ENDS:
        return ENDS[summary.finish_reason]
    unmet = summary.finish_reason == "finished" and summary.captures < source.expect
    return common.UNMET if unmet or summary.errors else common.OK


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
