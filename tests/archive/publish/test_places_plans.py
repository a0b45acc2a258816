"""No page of a place reads a whole table: what SQLite says of every query that it asks."""

import re
from contextlib import closing
from pathlib import Path

import pytest
from support.small_archive import build

from archive import read_archive
from archive.publish.places import pages

WHOLE = re.compile(r"SCAN (a|m|p|k|articles|people|keywords|article_people|article_keywords)\b")


@pytest.mark.parametrize(("kind", "name"), [
    ("person", "林知远"), ("tag", "城市治理"), ("column", "思想者"), ("source", "newsroom"), ("day", "2024-04-14"),
    ("month", "2024-04"), ("year", "2024"),
])  # fmt: skip
def test_every_query_goes_by_an_index(tmp_path: Path, kind: str, name: str) -> None:
    build(tmp_path)
    with closing(read_archive(tmp_path)) as archive:
        asked: list[str] = []
        archive.conn.set_trace_callback(asked.append)  # with the values in their places
        pages.about(archive.conn, kind, name)
        pages._articles(archive.conn, kind, name, pages._Asked("2024-04-14T00:00:00Z,9", None, None, 50))
        archive.conn.set_trace_callback(None)
        plans = {sql: [row[3] for row in archive.conn.execute(f"explain query plan {sql}")] for sql in asked}
    assert len(plans) > 5
    assert {sql: plan for sql, plan in plans.items() if any(map(WHOLE.match, plan))} == {}
