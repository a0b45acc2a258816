"""A trouble that keeps a scheduler from crawling is reported once while it lasts, however often it looks."""

from pathlib import Path

import pytest

from schedules.crawls import Crawls


def test_a_trouble_is_reported_once_while_it_lasts_even_if_other_checks_succeed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    crawls = Crawls(tmp_path, lambda source, slots: None)
    for _ in range(3):
        crawls.look()  # nothing was missed, which is well
        crawls.note_trouble(
            "start of newsroom", "newsroom is not crawled yet: schedule.db cannot be written: read-only"
        )
        crawls.note_trouble("missed", "govcn: missed slots cannot be recorded yet")
    crawls.note_trouble("start of newsroom", None)
    crawls.note_trouble("start of newsroom", "newsroom is not crawled yet: again")
    told = [line.partition(" ")[0] for line in capsys.readouterr().err.splitlines()]
    assert told == ["newsroom", "govcn:", "govcn:", "govcn:", "newsroom"]  # of the missed each look says it is over
