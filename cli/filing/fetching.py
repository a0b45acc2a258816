"""The command fetch: one address, kept under the source that claims it, or under the article that is known there."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.program import common, exit_codes, opening
from cli.program.child_commands import ChildCommands
from cli.program.common import AsJson, echo_json, remark, say, warn
from cli.program.crawled import claims_of, exit_code_of
from cli.program.opening import reading, writing
from cli.terminal import completing

if TYPE_CHECKING:
    from archive.rows import Connection, KeyAt
    from archive.settings import Settings
    from crawler.single import Fetching
    from crawler.sources import Claims, Source

LED = "THINKER_LED_FROM"  # the address whose redirect this process follows; such a one is followed no further


def fetch(
    url: Annotated[str, typer.Argument(help="Address of one article.")],
    source: Annotated[
        str | None,
        typer.Option(help="Keep it under this source, whatever claims it.", autocompletion=completing.sources),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Fetch one article, keep it, and print it with its key.

    It is kept under the source that has the address in its scope, and read as that source declares; else under the
    source `fetched`. If an article is known at the address, this visit is one more capture of that article. A redirect
    is followed to an address of another source too.

    Exits 3 with the reason when the address has no article, 4 when robots.txt or our own rules refuse it.

    Example: thinker fetch http://127.0.0.1:8765/article/12.html --json
    """
    from crawler.runs import CrawlOptions
    from crawler.single import fetch as fetch_single
    from crawler.sources import source_named
    from schedules.cadence import next_due
    from schedules.health import note_health

    opening.require_address(url)
    settings = opening.settings()
    claims = claims_of(settings)
    under = source_named(source, settings) if source else _source_of(url, claims, settings)
    options = CrawlOptions(cadence=next_due, ended=note_health, quiet=common.Chosen.quiet)
    found = fetch_single(url, under, common.Chosen.home, settings, options)
    if found.led_out and source is None and LED not in os.environ and _leads_on(url, found.led_out, under, claims):
        raise typer.Exit(_follow(url, found.led_out, as_json))
    with reading() as opened:
        article = _article_of(opened.conn, under.name, url, found.key)
    if found.why or article is None:
        raise typer.Exit(_echo_failure(url, found, under, article))
    if other := _merged(article, claims):
        with reading() as opened:
            article = _article_of(opened.conn, under.name, url, other) or article
    if other or not found.summary.new_articles:
        remark(f"already kept as {article['key']}: this visit is one more capture of it, under the source {under.name}")
    elif under.name != "fetched":
        remark(f"kept under the source {under.name}")
    echo_json(article) if as_json else say(f"{article['headline']}\n{article['key']}\n\n{article['body_text']}")


def _source_of(url: str, claims: Claims, settings: Settings) -> Source:
    """The source that knows an article at an address, or that claims it; else `fetched`. Raises NoContact."""
    from archive.files import Home
    from crawler.single import source_of

    claimed = claims.covering(url) or source_of(url, claims.hosting(url))
    claimed.require_contact(settings.contact)
    if not Home(common.Chosen.home).database.exists():
        return claimed
    from archive.rows import known_source

    with writing() as opened:
        names = [each.source for each in _known_at(opened.conn, url)]
        if not names or claimed.name in names:
            return claimed
        record = known_source(opened.conn, names[0])
    return claims.named(record.name) or source_of(url, claims.hosting(url), record)


def _known_at(conn: Connection, url: str) -> list[KeyAt]:
    from archive.rows import keys_at
    from archive.rules import key_of

    try:
        return keys_at(conn, key_of(url))
    except ValueError:  # not a valid address
        return []


def _leads_on(url: str, target: str, source: Source, claims: Claims) -> bool:
    """True if an address redirects to one of another declared source, or of a known article, and not to a login."""
    from parsers.urls import is_login

    if source.covers(target) or is_login(target, url):
        return False
    if claims.covering(target):
        return True
    with reading() as opened:
        return bool(_known_at(opened.conn, target))


def _follow(url: str, target: str, as_json: bool) -> int:
    """Fetch the target of a redirect in a process of its own, as Twisted's reactor cannot start twice in one.

    Returns its exit code.
    """
    remark(f"{url} redirects to {target}")
    command = common.ourselves(common.Chosen.home, "fetch", target, *(["--json"] if as_json else []))
    with ChildCommands() as relay:
        code, _ = relay.run(command, captured=False, environment={LED: url})
    return code if code >= 0 else exit_codes.FAILED


def _article_of(conn: Connection, source: str, url: str, key: str | None) -> dict[str, Any] | None:
    """The article of a key, else that at an address of a source, as JSON values; None if the archive has none.

    Raises Withdrawn for an article that is hidden.
    """
    from archive import answers

    here = key or next((each.key for each in _known_at(conn, url) if each.source == source), None)
    return {name: value for name, value in answers.show(conn, here).items() if name != "unjudged"} if here else None


def _echo_failure(url: str, found: Fetching, source: Source, article: dict[str, Any] | None) -> int:
    why = found.why or f"{url}: no article, because the crawl ended early: {found.summary.finish_reason}"
    seen = f"; `thinker show {article['key']}` prints the version stored before" if article else ""
    warn(f"thinker: {why}{seen}")
    return exit_code_of(found.summary, source) or exit_codes.UNMET


def _merged(article: dict[str, Any], claims: Claims) -> str | None:
    """The key of the article known at the address that a page names as its own, with which it is made one.

    None unless both had one text: templates may name one address on every page.
    None if it names none, or one on a foreign host: anyone can write a page that names any address.
    """
    from archive.judging import merge_pair
    from archive.rules import host_of

    named, here = article["canonical_url"], article["url"]
    if not named or here.startswith("urn:"):
        return None
    owner = claims.covering(named)
    try:
        if host_of(named) != host_of(here) and not (owner and owner.within(here)):
            return None
    except ValueError:  # not a valid address
        return None
    with reading() as opened:
        other = next((each.key for each in _known_at(opened.conn, named)), None)
    if other is None:
        return None
    with writing() as opened:
        return other if merge_pair(opened, other, article["key"], lambda: datetime.now(UTC)) else None
