"""Dates that others wrote down, for their own libraries: how many of a page's kind are read as the right day."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from parsers.dates import find_dates, parse_date

pytestmark = pytest.mark.shared

ENOUGH = 0.9
NUMERAL = "零〇一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Row:
    """A text, the moment it is read at, and what the suite makes of it (times on one clock, without a zone)."""

    text: str
    now: datetime | None
    kind: str
    start: datetime | None
    end: datetime | None  # exclusive or not, as the suite has it


def _matches(pattern: str) -> Callable[[Row], bool]:
    compiled = re.compile(pattern)
    return lambda row: bool(compiled.search(row.text))


def _is_no_point(row: Row) -> bool:
    """Spans, lengths of time, recurring times and bare clocks, by the suite's own type."""
    return row.kind not in ("time_point", "date", "datetime", "part of a day")


def _is_longer_than_a_day(row: Row) -> bool:
    """Weeks, months, years and 上月最后五天: a day cannot be told from them."""
    return row.start is None or row.end is None or row.end - row.start > timedelta(days=1)


def _is_put_in_the_future(row: Row) -> bool:
    """The text has no year and no word that points forward, but the suite answers with a later day or hour."""
    points_forward = re.search(r"年|\d{4}|[明后後下次]", row.text.replace("下午", ""))
    return bool(row.start and row.now and row.start > row.now and not points_forward)


LEFT_OUT: dict[str, Callable[[Row], bool]] = {
    "no point in time": _is_no_point,
    "longer than a day": _is_longer_than_a_day,
    "lunar": _matches(
        rf"农历|阴历|闰|[正腊冬]月|初[{NUMERAL}]|廿|大年|(?<![年一{NUMERAL}])[\d{NUMERAL}]{{1,2}}月[{NUMERAL}]+(?![日号{NUMERAL}])"
    ),
    "feast or solar term": _matches(
        "节|元旦|国庆|除夕|端午|新年|五一|平安夜|圣诞|[大小][寒暑雪]|[立春夏秋冬][春夏秋冬分至]"
    ),
    "numerals in any order": _matches(r"(?<!\d)\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d{1,2})(?!\d)"),
    "no day but the reading's": _matches("^(?:现在|最近|午后)$"),
    "year-less in the future": _is_put_in_the_future,
}


@pytest.mark.parametrize("suite", ["dates-chinese-jionlp", "dates-chinese-recognizers"])
def test_the_day_of_a_chinese_date_is_right(shared: Path, suite: str) -> None:
    rows = list(READERS[suite](shared / "data/corpora" / suite / "cases.jsonl"))
    left_out = Counter(reason for row in rows if (reason := _reason(row)))
    eligible = [row for row in rows if not _reason(row)]
    wrong = [row for row in eligible if not _is_right(row)]
    print(f"\n{suite}: {len(eligible) - len(wrong)} of {len(eligible)} right, {len(rows)} cases; left out: {left_out}")
    print(*(f"  wrong: {row.text!r} at {row.now} is {row.start}" for row in wrong), sep="\n")
    assert len(eligible) >= 25
    assert len(eligible) - len(wrong) >= ENOUGH * len(eligible)


def _reason(row: Row) -> str | None:
    return next((reason for reason, holds in LEFT_OUT.items() if holds(row)), None)


def _is_right(row: Row) -> bool:
    found = parse_date(row.text, now=row.now)
    return bool(found and row.start and found.value.date() == row.start.date())


def _cases(path: Path) -> Iterator[dict]:
    return map(json.loads, path.read_text("utf-8").splitlines())


def _jionlp(path: Path) -> Iterator[Row]:
    for case in _cases(path):
        expected, now = case["expected"], _jionlp_base(case["input"]["base"])
        times = expected["time"] if isinstance(expected["time"], list) else []
        start, end = (_moment(time) for time in times) if len(times) == 2 else (None, None)
        yield Row(case["input"]["text"], now, expected["type"], start, end)


CHINA = timezone(timedelta(hours=8))
SYMBOLS = {
    "_ts_1": datetime(2021, 6, 14, 1, 6, 40, tzinfo=CHINA),
    "_ts_2": datetime(2021, 9, 1, 15, 15, 32, tzinfo=CHINA),
}


def _jionlp_base(base: float | list[int] | dict | None) -> datetime | None:
    """A base may name fewer parts than a moment has: the rest is the end of that year or month, as of a page."""
    if isinstance(base, int | float):
        return datetime.fromtimestamp(base, CHINA)
    if isinstance(base, list):
        return datetime(*base, *[1, 1, 1][len(base) :], tzinfo=CHINA)
    if base is None or "symbol" not in base:
        return datetime(**{"month": 12, "day": 28, **base}, tzinfo=CHINA) if base else None
    numbers = [int(number) for number in re.findall(r"\d+", base["symbol"])]
    return SYMBOLS.get(base["symbol"]) or (datetime(*numbers, tzinfo=CHINA) if "datetime(" in base["symbol"] else None)


def _recognizers(path: Path) -> Iterator[Row]:
    for case in _cases(path):
        now = case["input"].get("reference")
        for match in case["expected"][:1]:
            kind, start, end = _recognized(match)
            yield Row(case["input"]["text"], _moment(now), kind, start, end)


def _recognized(match: dict) -> tuple[str, datetime | None, datetime | None]:
    """Kind, start and end of a match; of two readings the one in the past."""
    kind = (match.get("Type") or match["TypeName"]).removeprefix("datetimeV2.")
    value = match.get("Value") or match.get("Resolution") or {}
    reading = value["values"][0] if "values" in value else {**(value.get("PastResolution") or {}), **value}
    timex = reading.get("timex") or reading.get("Timex") or ""
    if kind == "datetimerange" and re.search(r"T[A-Z]{2}$", timex):
        kind = "part of a day"
    times = [_moment(text) for name, text in reading.items() if re.search("(?i)^(value|start|end|date)", name)]
    days = sorted(time for time in times if time)
    return kind, days[0] if days else None, days[-1] if days else None


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=CHINA)
    except ValueError:
        return None


READERS = {"dates-chinese-jionlp": _jionlp, "dates-chinese-recognizers": _recognizers}


@pytest.mark.parametrize(
    ("tests", "least"),
    [
        (("test_dates_parsing", "test_dates_parsing_with_normalization"), 30),
        (("test_iso_datestamp_format_should_always_parse", "test_parsing_with_time_zones_and_converting_to_UTC"), 3),
    ],
)
def test_dates_of_forty_languages_are_read_right_or_not_at_all(
    shared: Path, tests: tuple[str, ...], least: int
) -> None:
    """dateparser's tables: what is read is the right day; what is not (other languages' months) is None."""
    rows = [row for row in _cases(shared / "data/corpora/dates-dateparser/cases.jsonl") if row["test"] in tests]
    read = [(row, found) for row in rows if (found := parse_date(row["input"], now=DATEPARSER_NOW, timezone="UTC"))]
    wrong = [
        (row["input"], found.value) for row, found in read if not _is_day(found.value, row["expected"]["expected"])
    ]
    print(f"\ndateparser {tests[0]}: {len(rows)} rows, {len(read)} read, {len(wrong)} wrong {wrong}")
    assert len(read) - len(wrong) >= least
    assert wrong == []


def test_any_text_of_other_suites_is_read_without_an_error(shared: Path) -> None:
    for suite in ("dates-dateparser", "dates-htmldate"):
        for case in _cases(shared / "data/corpora" / suite / "cases.jsonl"):
            for text in _texts(case["input"]):
                parse_date(text, now=DATEPARSER_NOW)
                assert all(1800 <= date.value.year <= 2999 for date in find_dates(text))


def test_english_dates_of_htmldate_are_read_right_or_not_at_all(shared: Path) -> None:
    """Its own date parser's rows; a text that names its day in numbers only may be meant either way round."""
    rows = [
        (case["input"]["args"][0], case["expected"])
        for case in _cases(shared / "data/corpora/dates-htmldate/cases.jsonl")
        if case["input"]["fn"] in ("custom_parse", "regex_parse") and DAY.match(str(case["expected"]))
    ]
    read = [(text, found.value, day) for text, day in rows if (found := parse_date(text))]
    wrong = [row for row in read if not _is_day(row[1], row[2])]
    print(f"\nhtmldate: {len(rows)} rows with a day, {len(read)} read, {len(wrong)} wrong {wrong}")
    assert len(read) >= len(rows) // 2
    assert wrong == []


DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
DATEPARSER_NOW = datetime(2012, 11, 13, 12, 0, tzinfo=UTC)


def _is_day(value: datetime, expected: str) -> bool:
    return f"{value:%F}" == str(expected)[:10]


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return [value] if isinstance(value, str) else []
