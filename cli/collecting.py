"""The command crawl."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import asdict, replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, cast, get_args

import typer

from cli.program import common, exit_codes, opening
from cli.program.child_commands import ChildCommands
from cli.program.common import AsJson, echo_json, remark, say, warn
from cli.program.crawled import exit_code_of
from cli.terminal import completing
from cli.terminal.progress import shown
from cli.terminal.table import say_table

if TYPE_CHECKING:
    from archive.judging import CrawlSummary
    from archive.settings import Settings
    from crawler.runs import Plan
    from crawler.sources import Source

Names = Annotated[
    list[str] | None,
    typer.Argument(
        help="Names of sources, as `thinker sources` lists them; default: all sources in thinker.toml.",
        autocompletion=completing.sources,
    ),
]

# Environment variables that a scheduler sets for a crawl.
SLOT = "THINKER_DUE_AT"
TIME_LIMIT = "THINKER_TIME_LIMIT"  # seconds

# Remedies by finish reason; other reasons are printed with their cause.
REMEDIES = {
    "robots": ": robots.txt refuses every address: turn the source off, or ask its publisher",
    "policy": ": check `never` and `allow` in thinker.toml",
    "outage": ": most requests had no answer",
    "budget": ": the next crawl continues",
    "memusage_exceeded": ": the rest waits for the next crawl",
}


def crawl(
    names: Names = None,
    since: Annotated[
        str | None, typer.Option(help="Only articles published since this date, such as 2026-11-01.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Maximum number of articles.")] = None,
    recheck: Annotated[
        str,
        typer.Option(help="Known articles to re-check: all, due or none. only: re-check the due ones, read no lists."),
    ] = "due",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would be fetched, and why, without fetching articles.")
    ] = False,
    as_json: AsJson = False,
    log_json: Annotated[bool, typer.Option("--log-json", help="Log to stderr as JSON Lines.")] = False,
) -> None:
    """Crawl sources once: their lists, new articles, and every known article that is due.

    `--recheck only` re-checks the known articles that are due. It reads no lists, so it finds no new articles.

    A crawl stops with the reason `budget` when the budget of its source, or the daily requests of its source or host,
    are used up. It exits 0 and prints how many articles wait and until when.

    Exit codes: 2 when a source has no seeds, or is on the public web and thinker.toml has no `contact`; 3 when
    articles failed, fewer were found than the source expects, or the crawl stalled; 4 when robots.txt or `never`
    refuses the addresses; 5 when another crawl of the source is running; 6 when the disk is full; 7 when stopped.
    With --json, several sources are printed as one array.

    `--dry-run` fetches the lists but no articles. If nothing would be fetched, it prints the reason, or when the next
    article is due, on stderr. It exits 3 when a list fails or the lists lead to no article, 0 when nothing is due.

    Example: thinker crawl newsroom --limit 10
    """
    from crawler import crawl as crawl_source
    from crawler import plan_crawl
    from crawler.runs import CrawlOptions, Recheck
    from schedules.cadence import next_due
    from schedules.health import note_health

    if recheck not in get_args(Recheck):
        raise typer.BadParameter(f"{recheck!r} is not valid: use all, due, none or only", param_hint="--recheck")
    common.Chosen.log_json = log_json
    settings = opening.settings()
    chosen = _chosen(names, settings)
    if len(chosen) > 1:
        raise typer.Exit(_crawl_each(chosen, since, limit, recheck, dry_run, as_json))
    moment = common.moment_of(since)
    options = CrawlOptions(
        since=moment, limit=limit, recheck=cast("Recheck", recheck), cadence=next_due, log_json=log_json,
        quiet=common.Chosen.quiet,
    )  # fmt: skip
    if dry_run:
        opening.require_writable()
        raise typer.Exit(_echo_plan(plan_crawl(chosen[0], common.Chosen.home, options, settings), as_json))
    slot = _slot()
    with shown(chosen[0].name, "pages", as_json or slot is not None) as progress:  # slots are crawled side by side
        options = replace(
            options, due_at=slot, ended=note_health, progress=progress, listener=_listener(), time_limit=_time_limit()
        )
        summary = crawl_source(chosen[0], common.Chosen.home, options, settings)
    _echo_summary(summary, recheck, as_json)
    _warn_if_short(summary, chosen[0].expect)
    raise typer.Exit(exit_code_of(summary, chosen[0]))


def _chosen(names: list[str] | None, settings: Settings) -> list[Source]:
    """The sources with these names, each once, in the order given; without names, those in thinker.toml, by name.

    Raises typer.BadParameter if thinker.toml has none either, UnknownSource for an unknown name, NoSeeds for a source
    without seeds, and NoContact for a source on the public web if thinker.toml has no `contact`.
    """
    from crawler.sources import source_named

    chosen = [source_named(name, settings) for name in dict.fromkeys(names or sorted(settings.sources))]
    if not chosen:
        raise typer.BadParameter(
            "name a source, or add one to thinker.toml (`thinker sources` lists them)", param_hint="names"
        )
    for source in chosen:
        source.require_seeds()
        source.require_contact(settings.contact)
    return chosen


def _slot() -> str | None:
    """The slot of a scheduled crawl, from THINKER_DUE_AT, as a stamp for the ledger.

    None if the variable is not set or empty. Raises typer.BadParameter for any other text that is no stamp.
    """
    from archive.files import instant, stamp

    slot = os.environ.get(SLOT)
    try:
        return stamp(instant(slot)) if slot else None
    except ValueError:
        raise typer.BadParameter(f"{slot!r} is not a time such as 2026-11-26T09:00:00Z", param_hint=SLOT) from None


def _time_limit() -> float | None:
    """The seconds after which a scheduler ends this crawl, from THINKER_TIME_LIMIT.

    None, no limit, if it is not set, empty or 0. Raises typer.BadParameter if the variable is no finite number, or a
    negative one.
    """
    said = os.environ.get(TIME_LIMIT)
    try:
        seconds = said and float(said)
        if seconds and not 0 < seconds < float("inf"):
            raise ValueError
    except ValueError:
        raise typer.BadParameter(f"{said!r} is not a number of seconds", param_hint=TIME_LIMIT) from None
    return seconds or None


def _listener() -> int | None:
    """The descriptor, from THINKER_PULSE, of the pipe on which this crawl reports to a scheduler; None if not set.

    Children do not inherit it, and writing to it never waits. Raises typer.BadParameter if the variable is empty, or
    not the number of an open pipe.
    """
    from schedules.slots import VARIABLE

    number = os.environ.get(VARIABLE)
    if number is None:
        return None
    try:
        listener = int(number)
        if not stat.S_ISFIFO(os.fstat(listener).st_mode):
            raise ValueError
        os.set_blocking(listener, False)
        os.set_inheritable(listener, False)
    except (ValueError, OSError):
        raise typer.BadParameter(f"{number!r} is not an inherited pipe", param_hint=VARIABLE) from None
    return listener


def _crawl_each(
    chosen: list[Source], since: str | None, limit: int | None, recheck: str, dry_run: bool, as_json: bool
) -> int:
    """Run `thinker crawl` for each source in a process of its own: Twisted's reactor cannot start twice in one.

    Returns the highest exit code; a process that was killed counts as FAILED. A signal to this process ends the running
    crawl and skips the rest; the code is then 7. With as_json, the summaries (with dry_run, the addresses of all plans)
    are printed as one array.
    """
    options = ["--recheck", recheck]
    options += ["--since", since] if since else []
    options += ["--limit", str(limit)] if limit else []
    options += ["--dry-run"] if dry_run else []
    options += ["--json"] if as_json else []
    options += ["--log-json"] if common.Chosen.log_json else []
    home, codes, told = common.Chosen.home, [], []
    with ChildCommands() as relay:
        for source in chosen:
            code, out = relay.run(common.ourselves(home, "crawl", source.name, *options), captured=as_json)
            codes.append(code if code >= 0 else exit_codes.FAILED)
            told += _unwrapped(out)
            if relay.stopped:
                break
    if as_json:
        echo_json(told)
    if relay.stopped:
        warn("thinker: stopped")
        return exit_codes.STOPPED
    return max(codes)


def _unwrapped(printed: str) -> list[Any]:
    """The values in a command's JSON output: the entries of an array, else the one value; [] for no output."""
    told = json.loads(printed or "[]")
    return told if isinstance(told, list) else [told]


def _echo_plan(plan: Plan, as_json: bool) -> int:
    """Print the addresses to fetch; on stderr the faults, why addresses are left out, and why nothing is fetched.

    Returns the exit code: STOPPED, else REFUSED, else UNMET if there is a fault or nothing answered, else OK.
    """
    if as_json:
        echo_json([asdict(url) for url in plan.urls])
    else:
        say_table(("url", "why"), [(url.url, url.why) for url in plan.urls])
        remark(f"would fetch {len(plan.urls)}")
    for fault in plan.faults():
        warn(f"thinker: {fault}")
    for reason in (*plan.left_out(), *plan.why_nothing()):
        remark(f"thinker: {reason}")
    if plan.stopped:
        warn("thinker: stopped before every list was read")
        return exit_codes.STOPPED
    if plan.refused:
        return exit_codes.REFUSED
    return exit_codes.UNMET if plan.lists.silent or any(plan.faults()) else exit_codes.OK


def _warn_if_short(summary: CrawlSummary, expected: int) -> None:
    """Print a line on stderr if a finished crawl saw fewer articles than its source expects.

    Also if one that spent its budget saw none where some are expected; never for a crawl that looked only for a part
    (see `falls_short`).
    """
    from archive.files import counted
    from archive.rows import falls_short

    if falls_short(summary.finish_reason, summary.articles_seen, expected):
        seen, doctor = counted(summary.articles_seen or 0, "article"), f"`thinker doctor {summary.source}`"
        warn(f"thinker: {seen} of {summary.source} seen, at least {expected} expected: {doctor} says what to change")


def _echo_summary(summary: CrawlSummary, recheck: str, as_json: bool) -> None:
    from archive.files import counted

    elapsed = (_time(summary.finished_at) - _time(summary.started_at)).total_seconds()
    if as_json:
        echo_json({**asdict(summary), "elapsed": elapsed})
        return
    say(summary.line)
    if common.Chosen.log_json:
        return  # the log has the summary
    idle = summary.finish_reason == "finished" and summary.by_kind.keys() <= {"list", "robots"}
    if idle and recheck == "due" and summary.articles_seen and not (summary.errors or summary.waiting):
        remark(f"nothing is new or due: `thinker crawl {summary.source} --recheck all` re-checks every known article")
    if summary.unjudged:
        missing = counted(summary.unjudged, "missing article")
        remark(f"thinker: {missing} not judged yet, because the site may be failing")
    if summary.waiting:
        left = counted(summary.waiting, "address", "addresses")
        remark(f"thinker: left for a later crawl: {left}, because the host asked us to wait")
    if summary.spent:
        remark(f"thinker: left for a later crawl: {_left(summary)}")
    silent = summary.finish_reason == "outage" and not summary.captures  # the crawl's log has explained it
    if summary.errors and summary.finish_reason in ("finished", "limit"):
        doctor = f"`thinker doctor {summary.source}` says what to change"
        remark(f"thinker: failures are listed above, and a later crawl tries them again; {doctor}")
    if summary.finish_reason not in ("finished", "limit") and not silent:
        remedy = REMEDIES.get(summary.finish_reason, "")
        warn(f"thinker: the crawl of {summary.source} ended early: {summary.finish_reason}{remedy}")


def _left(summary: CrawlSummary) -> str:
    """The articles left, without a kind that has none, and the reason.

    `12 known articles, 2 new articles: the 500 requests a day of town are spent …`, or `no known or new articles: …`.
    """
    from archive.files import counted

    known, new = summary.left - summary.left_new, summary.left_new
    both = [counted(known, "known article")] if known else []
    both += [counted(new, "new article")] if new else []
    return f"{', '.join(both) or 'no known or new articles'}: {summary.spent}"


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)
