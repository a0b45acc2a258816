"""The growth of parsing time with a page's size: 4 times for four times the bytes, 16 times if quadratic.

Each page repeats one word of the parser's own patterns, or of its tests of hostile pages, in one long line or in many
short ones. Times are CPU time of this process.

    python bench/hostile.py
"""

import importlib
import pkgutil
import re
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import parsers  # noqa: E402
from parsers import Document, ParseError, parse  # noqa: E402

AT = datetime(2026, 11, 25, tzinfo=UTC)
SMALL, TIMES = 20_000, 4  # characters on the smaller page, and the factor of the larger one
GOAL = 8  # times, for the slowest pages; between 4 (linear) and 16 (quadratic)
FELT = 0.1  # seconds of CPU time: below that the noise hides the growth
WORD = re.compile(r"[\w\u3400-\u9fff]{2,}")
ESCAPES = re.compile(r"\\u[0-9a-f]{4}|\\.|\(\?P?<?\w*>?|\{\d*,?\d*\}")
UNITS = ("(", "（", "【", "[", "|", "-", "：", "，", "、", "。", "1", "12:", "1月 ", " ", "\u3000")
DAYS = ("2020-01-01 ", "2020年1月1日", "5分钟前")
PROSE = "A sentence of the article, and another one. " * 9


def words() -> list[str]:
    """Every word in a pattern of the parsers, sorted."""
    found: set[str] = set()
    for module in pkgutil.walk_packages(parsers.__path__, "parsers."):
        for value in vars(importlib.import_module(module.name)).values():
            for pattern in _patterns(value):
                found.update(WORD.findall(ESCAPES.sub(" ", pattern.pattern)))
    return sorted(found)


def _patterns(value: object) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif isinstance(value, tuple | list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _patterns(each)


def page(unit: str, characters: int, as_lines: bool) -> bytes:
    """An article with so many characters of hostile text in one paragraph, or in paragraphs of 40 characters."""
    line = unit * (40 // len(unit) + 1)
    text = "<p>".join([line] * (characters // len(line))) if as_lines else unit * (characters // len(unit))
    head = "<html><head><title>A title that is long enough</title></head><body><h1>A title that is long enough</h1>"
    return f"{head}<p>{text}</p><p>{PROSE}</p></body></html>".encode()


def seconds(payload: bytes) -> float:
    """CPU seconds of one parse."""
    start = time.process_time()
    with suppress(ParseError):
        parse(Document(payload, "text/html", "https://example.com/a/1", AT))
    return time.process_time() - start


def main() -> None:
    found = [*UNITS, *DAYS, *(word + end for word in words() for end in ("", "："))]
    measured = []
    for unit in found:
        for as_lines in (False, True):
            large = seconds(page(unit, SMALL * TIMES, as_lines))
            growth = large / seconds(page(unit, SMALL, as_lines)) if large >= FELT else 0.0
            measured.append((growth, large, unit, "lines" if as_lines else "one line"))
    slowest = max(measured, key=lambda each: each[1])
    felt = sorted((each for each in measured if each[0]), reverse=True)
    print(f"{len(measured)} pages of {SMALL * TIMES:,} characters; {len(felt)} took {FELT} s of CPU time or more")
    print(f"slowest: {slowest[1]:.3f} s, {slowest[3]} of {slowest[2]!r}")
    for growth, large, unit, kind in felt[:10]:
        print(f"{growth:5.1f} times as long with {TIMES} times the bytes: {large:.3f} s, {kind} of {unit!r}")
    met = not felt or felt[0][0] <= GOAL
    print(f"goal: at most {GOAL} times as long: {'met' if met else 'missed'}")


if __name__ == "__main__":
    main()
