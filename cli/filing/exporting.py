"""The command export: writes a part of the archive as a file to take away."""

from __future__ import annotations

import difflib
import re
import sqlite3
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.program import common
from cli.program.common import AsJson, echo_json, moment_of, remark, say
from cli.program.opening import reading
from cli.terminal import completing
from cli.terminal.progress import shown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.publish.exporting import ExportFormat, Slice

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
FORM_HELP = "csv, xlsx, jsonl, parquet, sqlite, txt, warc or wacz."
WHAT_HELP = "articles, revisions, changes, events, captures or coverage."


def export(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help=FORM_HELP)],
    query: Annotated[
        str | None, typer.Argument(help="Only what belongs to articles that this finds, as `thinker search` does.")
    ] = None,
    what: Annotated[str, typer.Option("--what", help=WHAT_HELP)] = "articles",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="The file to write; default: stdout.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Only since this date or time: of articles the day of publication.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Only until this date or time, which is included.")] = None,
    source: Annotated[
        list[str] | None,
        typer.Option(help="Only from this source; can be repeated.", autocompletion=completing.sources),
    ] = None,
    ever: Annotated[bool, typer.Option("--ever", help="The query also looks at earlier versions.")] = False,
    gone: Annotated[bool, typer.Option("--gone", help="The query looks only at text that was later removed.")] = False,
    exact: Annotated[
        bool, typer.Option("--exact", help="The query tells traditional and simplified characters apart.")
    ] = False,
    public_url: Annotated[
        str | None, typer.Option("--public-url", metavar="URL", help="Address of the site, for permalinks.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that exists.")] = False,
    as_json: AsJson = False,
) -> None:
    """Write articles, their versions, changes, events or captures as a file, with a codebook beside it.

    FILE.datapackage.json says what each column means, what was not looked at, and how to cite the file. --since and
    --until are days of publication for articles; of versions, changes and captures they are the moment of capture, of
    events the moment of the event, of coverage the moment that was due. sqlite, txt, warc and wacz have articles only;
    sqlite adds their versions, people and keywords, warc and wacz their captures as they came. Withdrawn articles are
    never exported.

    Example: thinker export csv '养老服务' --since 2024-01-01
    """
    from archive.publish.exporting import DATA_SETS, FORMATS, Slice, write_file

    chosen = FORMATS[_one_of(form, FORMATS, "FORMAT")]
    _one_of(what, DATA_SETS, "--what")
    begin, end = _moment(since, "--since"), _moment(until, "--until")
    _require_text(query, "QUERY")
    _require_text(str(output), "--output")
    asked = Slice(DATA_SETS[what].name, query, ever, gone, exact, begin, end, tuple(dict.fromkeys(source or [])))
    _require_sense(asked, chosen, output, as_json, overwrite)
    site = _site(public_url)
    chosen.require_library()
    with reading() as opened:
        _require_known(opened.conn, asked.sources)
        _note(asked)
        if output is None:
            _print(opened.conn, asked, chosen, site)
            return
        with shown("exporting", "records" if chosen.write_archive else "rows", as_json) as progress:
            written = write_file(opened.conn, asked, chosen, output, site, progress)
    if as_json:
        echo_json(asdict(written))
    else:
        say(f"{written.file}: {written.rows:,} {written.what}, {written.bytes:,} bytes")


def _print(conn: sqlite3.Connection, asked: Slice, form: ExportFormat, site: str) -> None:
    from archive.publish.exporting import DATA_SETS, as_of_now, rows

    assert form.write is not None
    with as_of_now(conn):
        form.write(DATA_SETS[asked.what].columns, rows(conn, asked, site), sys.stdout.buffer)
    remark("what the columns mean is in the codebook that -o FILE writes too")


def _require_sense(asked: Slice, form: ExportFormat, output: Path | None, as_json: bool, overwrite: bool) -> None:
    """Raise typer.BadParameter for options that do not fit each other."""
    from archive.publish.exporting import DATA_SETS

    if form.articles_only and asked.what != "articles":
        raise typer.BadParameter(f"{form.name} has articles only: leave --what out", param_hint="--what")
    if asked.query is not None and DATA_SETS[asked.what].of_articles is None:
        raise typer.BadParameter(f"{asked.what} belongs to no article: leave the query out", param_hint="QUERY")
    if asked.query is None and (asked.ever or asked.gone or asked.exact):
        raise typer.BadParameter("only work with a query", param_hint="--ever, --gone, --exact")
    if output is None:
        if as_json or not form.is_text:
            why = "--json prints what was written" if form.is_text else f"{form.name} is no text"
            raise typer.BadParameter(f"{why}: name a file, such as -o {asked.what}{form.ending}", param_hint="--output")
        return
    _require_place(output, overwrite)


def _require_place(output: Path, overwrite: bool) -> None:
    """Raise typer.BadParameter if the file, or the codebook beside it, may not be written there."""
    from archive.publish.exporting import codebook_path

    if output.is_dir():
        raise typer.BadParameter(f"{output} is a folder: name a file in it", param_hint="--output")
    for path in (output, codebook_path(output)):
        if path.exists() and not overwrite:
            raise typer.BadParameter(f"{path} exists: name another file, or add --overwrite", param_hint="--output")
        if path.exists() and not path.is_file():
            raise typer.BadParameter(f"{path} is no file that could be replaced", param_hint="--output")
        if _is_of_archive(path):
            raise typer.BadParameter(f"{path} is a place of the archive itself", param_hint="--output")


def _require_text(text: str | None, hint: str) -> None:
    """Raise typer.BadParameter for bytes of a command line that are no UTF-8: a codebook cannot name them."""
    try:
        (text or "").encode()
    except UnicodeEncodeError:
        raise typer.BadParameter(f"{text!a} is no UTF-8", param_hint=hint) from None


def _is_of_archive(path: Path) -> bool:
    """True for the database of the archive at --home with its companions, its captures and its ledger."""
    from archive.files import Home

    home = Home(common.Chosen.home)
    real = path.resolve()
    database = home.database.resolve()
    named = {database.with_name(database.name + ending) for ending in ("", "-wal", "-shm", "-journal")}
    return real in named or any(real.is_relative_to(each.resolve()) for each in (home.captures, home.ledger))


def _require_known(conn: sqlite3.Connection, sources: Iterable[str]) -> None:
    known = [name for (name,) in conn.execute("select name from sources order by name")]
    for name in sources:
        if name not in known:
            from crawler.sources import UnknownSource  # slow import, needed only for a mistake

            raise UnknownSource(name, known, " in this archive")


def _note(asked: Slice) -> None:
    """Print what the query says besides its terms, as `thinker search` does."""
    if asked.query is not None:
        from archive.search import NOTES, parse

        for kind, text in parse(asked.query, asked.exact).notes:
            remark(NOTES[kind].format(text=text))


def _one_of(name: str, known: Iterable[str], hint: str) -> str:
    names = list(known)
    if name not in names:
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
        listed = f"did you mean {near[0]}?" if near else f"choose one of {', '.join(names)}"
        raise typer.BadParameter(f"{name!r} is not known; {listed}", param_hint=hint)
    return name


def _moment(text: str | None, hint: str) -> str | None:
    """A day as it is, a moment as a stamp in UTC. Raises typer.BadParameter for another text."""
    from archive.files import stamp

    moment = moment_of(text, hint)
    return text if moment is None or _DAY.fullmatch(text or "") else stamp(moment)


def _site(url: str | None) -> str:
    """The address of the site for permalinks, "" without one. Raises typer.BadParameter for one that cannot be used."""
    if url is None:
        return ""
    from archive.publish.serving import BadPublicUrl, PublicUrl  # slow import, needed only with an address

    try:
        return str(PublicUrl.parse(url))
    except BadPublicUrl as error:
        raise typer.BadParameter(str(error), param_hint="--public-url") from None
