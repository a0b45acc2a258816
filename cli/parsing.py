"""The command parse: reads pages without storing them."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.program import common, exit_codes, opening
from cli.program.common import AsJson, echo_json, echo_json_text, remark, say, warn
from cli.program.crawled import claims_of
from cli.terminal import completing

if TYPE_CHECKING:
    from parsers import Document


def parse(
    target: Annotated[str | None, typer.Argument(help="A saved page or an address; omit it with --jsonl.")] = None,
    url: Annotated[str | None, typer.Option(help="Address of the saved page.")] = None,
    source: Annotated[
        str | None, typer.Option(help="Parse it as a page of this source.", autocompletion=completing.sources)
    ] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help="Read {id, path, url} lines from stdin.")] = False,
    explain: Annotated[bool, typer.Option("--explain", help="Explain where each value comes from.")] = False,
    as_json: AsJson = False,
) -> None:
    """Parse a saved page, or the page at an address, and print JSON. Nothing is stored.

    An address is fetched as by `thinker fetch`, with the same exit codes.

    --explain prints, for each property, the rule and the text that gave its value, and what else was considered. It
    also works for a page that is not an article. Add --json to get this as JSON.

    Example: thinker parse --explain page.html --url https://www.gov.cn/zhengce/content/202411/content_1.htm
    """
    from cli.filing.saved_pages import parse_lines
    from cli.terminal.explained import explained
    from crawler.sources import source_named
    from parsers import ParseError, to_json
    from parsers import parse as parse_page
    from parsers.explain import explain as explain_page
    from parsers.explain import explanation_json
    from parsers.reader import unmatched

    if jsonl:
        _require_lines_alone(explain, target or url or source)
        for line in parse_lines(sys.stdin, opening.selectors_of_sources()):
            echo_json_text(line)
        return
    if target is None:
        raise typer.BadParameter("name a file, or use --jsonl", param_hint="TARGET")
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
        warn(f"thinker: {target} is not an article: {error.reason}; --explain prints what was considered")
        raise typer.Exit(exit_codes.FAILED) from None
    for name in unmatched(page):
        remark(
            f"thinker: sources.{source}.selectors.{name} matches nothing on this page, so the general rules were used"
        )


def _require_lines_alone(explain: bool, said: str | None) -> None:
    if explain:
        raise typer.BadParameter("explains one file and cannot be used with --jsonl", param_hint="--explain")
    if said:
        raise typer.BadParameter("each line of stdin gives its own path, url and source", param_hint="--jsonl")


def _saved(target: str, url: str | None, source: str | None) -> Document:
    from cli.filing.saved_pages import saved_page

    return saved_page(Path(target), url, source, opening.selectors_of_sources() if source else {})


def _asked_for(url: str, other: str | None, source: str | None) -> Document:
    """Fetch the page at an address, to be parsed as a page of `source` (None: of no source).

    Raises typer.Exit, with the reason on stderr, if it has no page, KeyboardInterrupt if a signal ended the run, and
    typer.BadParameter if `url` is malformed, or if `other`, the value of --url, is given.
    """
    from crawler.single import ask, source_of
    from crawler.sources import source_named

    if other is not None:
        raise typer.BadParameter("only works with a saved page, not with an address", param_hint="--url")
    opening.require_address(url, "TARGET")
    opening.require_writable()
    settings = opening.settings()
    page = ask(url, source_of(url, claims_of(settings).hosting(url)), common.Chosen.home, settings)
    if page.stopped:
        raise KeyboardInterrupt
    if page.document is None:
        warn(f"thinker: {page.why}")
        raise typer.Exit(exit_codes.REFUSED if page.refused else exit_codes.UNMET)
    if source is None:
        return replace(page.document, source=None)
    return replace(page.document, source=source, selectors=source_named(source, settings).selectors)
