"""docs/scaling.md: its settings are valid, and its model follows from what the benches measured."""

import math
import re
from pathlib import Path

import pytest
from support.checkout import ROOT

from archive.settings import load_settings

PAGE = (ROOT / "docs" / "scaling.md").read_text("utf-8")
ORDER = ("disk of", "4 cores", "none in memory", "server that syncs", "a core of workers")
SOURCES, LARGE = (200, 2_000, 10_000), "100,000,000 (extrapolated)"


def test_the_settings_of_the_page_are_those_of_the_program(tmp_path: Path) -> None:
    (block,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "thinker.toml").write_text(block, encoding="utf-8")
    found = load_settings(tmp_path).cluster
    assert (found.url, found.segments, found.most_segments) == (
        "rediss://:PASSWORD@queue.example:6379/0",
        "s3://bucket/segments",
        1000,
    )


def _table(mark: str) -> dict[str, list[str]]:
    """The rows of a generated table by their first cell."""
    block = PAGE.partition(f"<!-- {mark} -->")[2].partition(f"<!-- /{mark} -->")[0]
    lines = [line.strip("| ").split(" | ") for line in block.strip().splitlines()]
    return {name: cells for name, *cells in lines[2:]}


def _number(cell: str) -> float:
    number, *unit = cell.replace(",", "").split()[:2]
    scale = {"million": 1e6, "billion": 1e9, "MB": 1e6, "GB": 1e9, "TB": 1e12, "ms": 0.001, "ms/s": 0.001}
    return float(number) * scale.get("".join(unit), 1.0)


def _row(name: str) -> list[float]:
    return [_number(cell) for cell in _table("model")[name]]


def _cost(name: str) -> float:
    return _number(_table("costs")[name][0])


def _about(values: list[float]) -> object:
    return [pytest.approx(each, rel=0.05) for each in values]  # two digits are printed


def test_the_costs_of_the_page_are_those_that_the_bench_printed() -> None:
    measured = (ROOT / "bench" / "README.md").read_text("utf-8")
    costs = _table("costs")
    assert len(costs) > 10
    assert [name for name, (cost,) in costs.items() if f"\n| {name} | {cost} |\n" not in measured] == []


def test_the_model_follows_from_the_costs() -> None:
    requests = [600.0 * sources for sources in SOURCES]  # 5,000 articles, every ten days, and a fifth more

    def of(part: str, more: str = "") -> list[float]:
        one = (_cost(f"{part}: a new page{more}") + 11 * _cost(f"{part}: a 304{more}")) / 12
        return [one * each for each in requests]

    assert _row("requests a day") == _about(requests)
    assert _row("requests a second") == _about([each / 86_400 for each in requests])
    assert _row("archive: seconds of processor time a day") == _about(of("archive", " by a worker, without the start"))
    starts = [12 * _cost("start of a crawl, a source that lists 2,000 addresses") * each for each in SOURCES]
    assert _row("starts of crawls: seconds of processor time a day") == _about(starts)
    assert _row("the one writer: seconds a day") == _about(of("the one writer"))
    assert _row("workers: seconds of processor time a day") == _about(of("worker"))
    assert _row("server: seconds of processor time a day") == _about(of("server"))
    captures = [365 * each for each in requests]
    assert _row("captures after a year") == _about(captures)
    assert _row("WARC files after a year") == _about([365 * each for each in of("WARC file")])
    articles, new, same = _row("articles"), _cost("database: a new page"), _cost("database: a 304")
    whole = [many * new + each * same for many, each in zip(articles, captures, strict=True)]
    assert _row("archive.db after a year") == _about(whole)
    assert _row("years until 100 million captures") == _about([1e8 / each for each in captures])


def test_the_first_part_to_be_used_up_stands_first_as_the_model_says() -> None:
    limits = {name: _number(cell) for name, (cell,) in _table("limits").items()}
    assert list(limits.values()) == sorted(limits.values())
    # The text below the table goes in this order: if another figure changes it, write the text anew.
    places = [next(name for name in limits if part in name) for part in ORDER]
    assert places == [name for name in limits if name in places]
    assert [*limits][-1] == "the one writer, rows in memory"
    per_source = {name: _row(name)[0] / SOURCES[0] for name in _table("model")}
    archive, starts = (
        per_source[f"{name}: seconds of processor time a day"] for name in ("archive", "starts of crawls")
    )
    disk = per_source["WARC files after a year"] + per_source["archive.db after a year"]
    assert limits["disk of 1 TB, after a year"] == pytest.approx(1e12 / disk, rel=0.06)
    assert limits["4 cores of the archive's machine"] == pytest.approx(4 * 43_200 / (archive + starts), rel=0.06)
    writer, (_, look, new) = per_source["the one writer: seconds a day"], _table("captures")[LARGE]
    cold = writer + 600 * (_number(look) + _number(new))
    assert limits["the one writer, 100 million captures, none in memory"] == pytest.approx(43_200 / cold, rel=0.06)


def test_100_million_captures_go_on_as_the_measured_ones() -> None:
    """From one million to three, three times as many rows cost some kB more to read, and so on from there."""
    small, large, far = _table("captures").values()
    assert [*_table("captures")][2] == LARGE
    assert _number(far[0]) == pytest.approx(100 / 3 * _number(large[0]), rel=0.06)
    steps = math.log(100 / 3) / math.log(3)
    for column in (1, 2):
        before, now, then = (float(cells[column].split(", ")[1].split()[0]) for cells in (small, large, far))
        assert then == pytest.approx(now + steps * (now - before), abs=3)
