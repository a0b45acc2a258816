"""The command that reads pages and stores nothing: parse."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.program import common, exit_codes, opening
from cli.program.common import AsJson, echo_json, echo_json_text, remark, say, warn
from cli.sources import owner_of, selectors_of_sources
from cli.terminal import completing

if TYPE_CHECKING:
    from parsers import Document


def parse(
    target: Annotated[str | None, typer.Argument(help="A saved page, or an address; left out with --jsonl.")] = None,
    url: Annotated[str | None, typer.Option(help="The address the page came from.")] = None,
    source: Annotated[
        str | None, typer.Option(help="Read it as a page of this source.", autocompletion=completing.sources)
    ] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read {id, path, url} lines from stdin.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Say why each value is what it is.")] = False,
    as_json: AsJson = False,
) -> None:
    """Parse a saved page, or the page at an address, without storing anything; prints JSON.

    An address is asked for as politely as `thinker fetch` does, with the same exit codes.

    With --explain it prints for every property the rule and the text that gave its value and what else was
    considered; --json makes that JSON too. A page that is no article is explained as well.

    Example: thinker parse --explain page.html --url https://www.gov.cn/zhengce/content/202411/content_1.htm
    """
    from cli.reader import parse_lines
    from cli.terminal.explained import explained
    from crawler.sources import source_named
    from parsers import ParseError, to_json
    from parsers import parse as parse_page
    from parsers.explain import explain as explain_page
    from parsers.explain import explanation_json
    from parsers.reader import unmatched

    if jsonl:
        _require_lines_alone(explain, target or url or source)
        for line in parse_lines(sys.stdin, selectors_of_sources()):
            echo_json_text(line)
        return
    if target is None:
        raise typer.BadParameter("name a file, or give --jsonl", param_hint="TARGET")
    if source is not None:
        source_named(source, opening.settings())
    if url is not None:
        opening.require_address(url, "--url")
    page = _asked_for(target, url, source) if "://" in target else _saved(target, url, source)
    if explain:
        found = explain_page(page)
        echo_json(explanation_json(found)) if as_json else say(explained(found))
        return
    try:
        echo_json(to_json(parse_page(page)))
    except ParseError as error:
        warn(f"thinker: {target} shows no article: {error.reason}; --explain says what was looked at")
        raise typer.Exit(exit_codes.FAILED) from None
    for name in unmatched(page):
        remark(f"thinker: sources.{source}.selectors.{name} found nothing on this page: the general rules read it")


def _require_lines_alone(explain: bool, said: str | None) -> None:
    if explain:
        raise typer.BadParameter("explains one FILE, not --jsonl", param_hint="--explain")
    if said:
        raise typer.BadParameter("each line of stdin says its own path, url and source", param_hint="--jsonl")


def _saved(target: str, url: str | None, source: str | None) -> Document:
    from cli.reader import saved_page

    return saved_page(Path(target), url, source, selectors_of_sources() if source else {})


def _asked_for(url: str, other: str | None, source: str | None) -> Document:
    """The page at an address. Raises typer.Exit after a line that says why there is none."""
    from crawler.single import ask, source_of
    from crawler.sources import source_named

    if other is not None:
        raise typer.BadParameter("goes with a saved page: an address is its own", param_hint="--url")
    opening.require_address(url, "TARGET")
    opening.require_writable()
    settings = opening.settings()
    page = ask(url, source_of(url, owner_of(url, settings)), common.Chosen.home, settings)
    if page.stopped:
        raise KeyboardInterrupt
    if page.document is None:
        warn(f"thinker: {page.why}")
        raise typer.Exit(exit_codes.REFUSED if page.refused else exit_codes.UNMET)
    if source is None:
        return replace(page.document, source=None)
    return replace(page.document, source=source, selectors=source_named(source, settings).selectors)
