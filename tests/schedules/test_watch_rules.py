"""The health rule `watch`: red for an address that takes nothing, for messages that wait, and for unread events."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from support.tables import every_row
from support.watched import article, hours_ago, plant

from archive import Archive, open_archive
from archive.watches.book import add, open_book
from archive.watches.definition import made
from schedules.health.watch_rules import watches_found

FAILING = """
    update watches
       set failing_since = '2026-11-25T12:00:00Z', trouble = 'HTTP 500', next_try_at = '2026-11-25T12:01:00Z'
"""
MESSAGE = """
    insert into messages (id, watch, pace, made_at, due_at, refused)
    values ('a', 'tax', 'now', '', '2026-11-25T12:00:00Z', {})
"""
OLD_EVENT = "update place set event = 0, recorded_at = ''"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with closing(open_archive(tmp_path_factory.mktemp("rules"))) as opened:
        plant(opened, hours_ago(40), {1: article(1, "一篇")})
        yield opened


@every_row(
    ("statements", "found"),
    [
        ([], []),
        ([FAILING, MESSAGE.format("null")], [
            "tax: its address has not taken messages since 2026-11-25T12:00:00Z (HTTP 500); 1 wait, the next try is at "
            "2026-11-25T12:01:00Z",
        ]),
        ([MESSAGE.format("'HTTP 410'")], [
            "tax: its address refused 1 of its messages (HTTP 410): correct it, then run `thinker watch resume tax`; "
            "`thinker watch show tax` shows more",
        ]),
        ([MESSAGE.format("null")], [
            "1 messages have waited since 2026-11-25T12:00:00Z: start `thinker run`, or run `thinker watch run --once` "
            "from cron",
        ]),
        ([FAILING, "update watches set paused_since = '2026-11-25T12:00:00Z'"], None),
    ],
)  # fmt: skip
def test_a_watch_that_cannot_send_turns_the_rule_red(
    archive: Archive, statements: list[str], found: list[str] | None
) -> None:
    archive.home.watches_database.unlink(missing_ok=True)
    assert watches_found(archive.home, archive.conn, datetime.now(UTC)) is None
    with open_book(archive.home) as book:
        add(book, archive, made("tax", {"to": "env:HOOK"}), hours_ago(0))
        for statement in statements:
            book.execute(statement)
    told = watches_found(archive.home, archive.conn, datetime.now(UTC))
    assert (told if told is None else [each.en for each in told]) == found


def test_events_that_wait_for_a_day_turn_the_rule_red(archive: Archive) -> None:
    archive.home.watches_database.unlink(missing_ok=True)
    with open_book(archive.home) as book:
        add(book, archive, made("tax", {"to": "env:HOOK"}), hours_ago(0))
        book.execute(OLD_EVENT)
    (told,) = watches_found(archive.home, archive.conn, datetime.now(UTC)) or []
    assert told.en.startswith("no event since ")


def test_a_damaged_file_turns_the_rule_red(tmp_path: Path) -> None:
    with closing(open_archive(tmp_path)) as archive:
        archive.home.watches_database.write_bytes(b"no database" * 400)
        (told,) = watches_found(archive.home, archive.conn, datetime.now(UTC)) or []
    assert told.en == "watches.db cannot be read: file is not a database"
