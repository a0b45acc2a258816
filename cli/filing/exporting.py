"""The command export: writes a part of the archive as a file to take away."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.program.common import AsJson, echo_json, remark
from cli.program.opening import reading


def export(
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="csv or jsonl.")],
    query: Annotated[str | None, typer.Argument(help="Only articles that this finds, as `thinker search` does.")] = None,
    as_json: AsJson = False,
) -> None:
    """Write articles, their versions, changes, events or captures as a file.

    Example: thinker export csv '养老服务' > articles.csv
    """
    import sys

    from archive.publish.exporting import DATA_SETS, FORMATS, Slice, rows

    with reading() as opened:
        found = rows(opened.conn, Slice("articles", query))
        FORMATS[form].write(DATA_SETS["articles"].columns, found, sys.stdout.buffer)
