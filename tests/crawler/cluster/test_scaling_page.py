"""docs/scaling.md: its settings are valid, and its model's sums are right."""

import re
from pathlib import Path

import pytest
from support.checkout import ROOT

from archive.settings import load_settings

PAGE = (ROOT / "docs" / "scaling.md").read_text("utf-8")
SECONDS, VISIT_DAYS, NEW = 86_400, 10, 0.08


def test_the_settings_of_the_page_are_those_of_the_program(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "thinker.toml").write_text(block, encoding="utf-8")
    found = load_settings(tmp_path).cluster
    assert (found.url, found.segments, found.most_segments) == (
        "rediss://:PASSWORD@queue.example:6379/0",
        "s3://bucket/segments",
        1000,
    )


def _row(name: str) -> list[float]:
    cells = next(line for line in PAGE.splitlines() if line.startswith(f"| {name}")).split("|")[2:-1]
    return [_number(cell) for cell in cells]


def _number(cell: str) -> float:
    words = cell.replace(",", "").split()
    scale = {"million": 1e6, "billion": 1e9, "GB": 1e9, "TB": 1e12}
    return float(words[0]) * scale.get(words[1] if len(words) > 1 else "", 1.0)


def test_the_model_adds_up() -> None:
    articles, requests, a_second = _row("articles"), _row("requests a day"), _row("requests a second")
    visits = [each / VISIT_DAYS for each in articles]
    assert requests == [pytest.approx(each * 1.2, rel=0.05) for each in visits]
    assert a_second == [pytest.approx(each / SECONDS, rel=0.05) for each in requests]
    work = [each * (NEW * 0.012 + (1 - NEW) * 0.0065) for each in requests]
    assert _row("seconds of the archive") == [pytest.approx(each, rel=0.1) for each in work]
    assert _row("seconds of their starts") == [2 * each for each in _row("crawls a day")]
    captures = _row("captures after a year")
    assert captures == [pytest.approx(each * 365, rel=0.05) for each in requests]
    assert _row("rows of captures") == [pytest.approx(each * 500, rel=0.05) for each in captures]
    assert _row("database") == [pytest.approx(each * 6_000, rel=0.05) for each in articles]
