"""Dates in short lines around a text, and the lines above and below it that may name source and author."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import islice
from operator import attrgetter

from parsers.dates import WESTERN_DATE
from parsers.reader.published.labels import COLONS, PUBLISHED, label_before, meaning
from parsers.reader.published.thresholds import (
    FOUND_BY_CHARACTERS,
    MAX_BEHIND_CHARACTERS,
    MAX_BROKEN_HEADLINE,
    MAX_BROKEN_HEADLINES,
    MAX_DATELINE,
    MAX_DATES_OF_LINE,
    MAX_DISTANCE,
    MAX_HEAD_LINES,
    MAX_TAIL,
    MAX_TAIL_LINES,
    MAX_YEARS,
    MIN_RANK,
    UPDATED_RANK,
)
from parsers.reader.view.datelines import Dateline, Surroundings
from parsers.text import HAN, is_counter

DATE = re.compile(
    r"""(?<![\d/.-])
    (?: (?:19|20)\d\d \s* (?:[-/.]|年) \s* \d{1,2} \s* (?:[-/.]|月) \s* \d{1,2} (?: \s*[日号號] | (?![\d/]) )
      | (?:19|20)\d\d \s+ \d\d \s* / \s* \d\d (?!\d)  # in three elements: 2023, 11/17, 20:52
      | (?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+)?
        (?:\d{1,2}(?:st|nd|rd|th)?\s+)?(?<![a-zß-ÿ])
        (?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?
          |aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?
        \s+ (?:\d{1,2}(?:st|nd|rd|th)?,?\s+)? (?:19|20)\d\d (?!\d)
      | \d{1,2}/\d{1,2}/(?:19|20)\d\d (?![\d/])
    )
    (?: [\s,T\u3000-]{0,4} (?:(?:at|星期.|周.|上午|下午|晚)\s*)?
        \d{1,2} \s* [:：时時] \s* \d{2} (?:\s*[:：分]\s*\d{2}(?!\d))? [分秒]?
        (?:\.\d{1,6})? (?:\s*[ap]\.?m\.?)? (?:\s*(?:z|utc|gmt|[ecmp][sd]?t|cest?|bst|[+-]\d{2}:?\d{2})(?!\w))?
    )?
    """,
    re.IGNORECASE | re.VERBOSE,
)
SPLIT_DATE = re.compile(r"\s*\d\d\s*/\s*\d\d(?:\s+\d\d\s*:\s*\d\d(?:\s*:\s*\d\d)?)?(?!\d)")
# Two patterns: each starts with two fixed digits, to which `re` can jump.
YEARS = (re.compile(r"20\d\d"), re.compile(r"19\d\d"))
MONTH_ONLY = re.compile(r"[^\W\d]+\.?\s+\d{4}")  # no day: November 2022
SHORT_YEAR = re.compile(r"\.\d\d(?=[\s,|–-]{1,4}[012]?\d[:.]\d\d\s*Uhr)")  # 25.04.24, 14:07 Uhr
CLOCK = re.compile(r"\d\s*[:：时時]\s*\d\d")
DIGIT = re.compile(r"\d")
LABELLED = re.compile(r"\s*[\w\s]{2,12}[:：]")
DAY_OF_WEEK = re.compile(r"\s{0,3}[（(]?(?:星期|周)[一二三四五六日天][）)]?(?:\s?农历\S{2,8})?(?P<rest>[^\n]*)")
HAN_LABEL = re.compile(rf"[【（(\[]?[{HAN}]{{2,4}}\s*[:：]\s*\S")


def surroundings(text: str, headline: str | None, first: str | None, last: str | None) -> Surroundings:
    """The page's visible text with the offsets of the headline and of the body's `first` and `last` line in it.

    `titles` of the result are () if the headline is not found. If neither line is found, `body` is the end of the text
    and `end` is 0.
    """
    size = FOUND_BY_CHARACTERS
    end = text.rfind(last[-size:]) if last else -1
    # Hidden summaries repeat the first line further up.
    body = text.rfind(first[:size], 0, end + size if end >= 0 else len(text)) if first else -1
    titles = tuple(_ends(text, headline)) if headline else ()
    return Surroundings(text, titles, body if body >= 0 else len(text), max(end, body, 0))


def _ends(text: str, part: str) -> list[int]:
    """The offset after each occurrence of a part; one broken over lines counts only if there is no other."""
    ends: list[int] = []
    start = text.find(part)
    while start >= 0:
        ends.append(start + len(part))
        start = text.find(part, ends[-1])
    return ends or _ends_over_lines(text, part)


def _ends_over_lines(text: str, part: str) -> list[int]:
    """The offset after each occurrence of a headline that <br> breaks over lines; [] for a long one."""
    if not 0 < len(part) <= MAX_BROKEN_HEADLINE:
        return []
    broken = re.compile(r"[ \n]?".join(map(re.escape, part.replace(" ", ""))))
    return [found.end() for found in islice(broken.finditer(text), MAX_BROKEN_HEADLINES)]


def datelines(where: Surroundings, others: Iterable[Dateline] = ()) -> list[Dateline]:
    """The dates in short lines outside the body and in its first line, and `others`, the highest rank first.

    Of all these, those below MIN_RANK are left out, except dates of an update.
    """
    found = [line for start, stop in _dated_lines(where) for line in _datelines(where, start, stop)]
    found += others
    return sorted(
        [line for line in found if line.rank >= MIN_RANK or line.meaning == "updated"],
        key=attrgetter("rank"),
        reverse=True,
    )


def head_lines(where: Surroundings) -> list[str]:
    """The short lines between headline and body, then those right before the headline, and the headline itself.

    Without a headline before the body, the last short lines before the body. A label such as 来源： is joined with its
    value on the next line.
    """
    above = bisect_right(where.titles, where.body)
    start = where.titles[above - 1] if above else max(0, where.body - MAX_DISTANCE)
    before = max(0, start - MAX_DISTANCE // 2)
    lines = [
        *where.text[start : where.body].split("\n", MAX_HEAD_LINES)[:MAX_HEAD_LINES],
        *where.text[before:start].split("\n")[1:],
    ]
    return joined_labels([line.strip() for line in lines if line and len(line) <= MAX_DATELINE])


def tail_lines(where: Surroundings) -> list[str]:
    """The first ten lines after the body (biography, reprint notice); of about twenty more only those with a label.

    Such a line opens with the label: 责任编辑：… often stands below a row of buttons.
    """
    lines = where.text[where.end : where.end + MAX_TAIL].split("\n", 2 * MAX_HEAD_LINES)[1 : 2 * MAX_HEAD_LINES]
    joined = joined_labels(list(filter(None, map(str.strip, lines))))
    labelled = [line for line in joined[MAX_TAIL_LINES:] if (":" in line or "：" in line) and HAN_LABEL.match(line)]
    return joined[:MAX_TAIL_LINES] + labelled  # past the buttons


def joined_labels(lines: list[str]) -> list[str]:
    """The lines, each label such as 来源： joined with the line after it, unless that opens with a label too.

    >>> joined_labels(["来源：", "新华社", "2020-02-29"])
    ['来源：新华社', '2020-02-29']
    """
    text = "\n".join([*lines, ""])
    if ":\n" not in text and "：\n" not in text:
        return lines
    joined: list[str] = []
    opened = False
    for line in lines:
        if opened and not LABELLED.match(line):
            joined[-1] += line
        else:
            joined.append(line)
        opened = joined[-1].endswith(COLONS)
    return joined


def _dated_lines(where: Surroundings) -> list[tuple[int, int]]:
    """Start and end of each short line with a year and another digit, outside the body or as the body's first line."""
    text, found, end = where.text, [], -1
    for year in _years(where):
        if year.start() < end:
            continue  # one look per line is enough, even with several years in it
        start = text.rfind("\n", 0, year.start()) + 1
        stop = end = line_end(text, year.end())
        if stop == year.end() == start + 4:
            stop = _end_of_split_date(text, stop)
        if stop - start <= MAX_DATELINE and not where.body < start < where.end and _may_date(text, start, year, stop):
            found.append((start, stop))
    return found


def _may_date(text: str, start: int, year: re.Match[str], stop: int) -> bool:
    """True if a line has a digit beside the year's, as every full date does: © 2024 has none."""
    return DIGIT.search(text, year.end(), stop) is not None or DIGIT.search(text, start, year.start()) is not None


def _years(where: Surroundings) -> list[re.Match[str]]:
    """Matches that may be the year of a date, in page order.

    Years of four digits are sought outside the lines that begin inside the body, years of two digits in all lines.
    """
    text, begun = where.text, line_end(where.text, where.body)
    spans = ((0, begun), (max(begun, where.end), len(text)))
    found = [year for form in YEARS for span in spans for year in islice(form.finditer(text, *span), MAX_YEARS)]
    found += islice(SHORT_YEAR.finditer(text), MAX_YEARS)
    return sorted(found, key=re.Match.start)


def line_end(text: str, place: int) -> int:
    """The offset of the first newline at or after `place`; without one, the length of the text."""
    stop = text.find("\n", place)
    return stop if stop >= 0 else len(text)


def _end_of_split_date(text: str, stop: int) -> int:
    """The end of the date whose year is a line of its own, which ends at `stop`; `stop` if no month and day follow."""
    split = SPLIT_DATE.match(text, stop)
    return split.end() if split else stop


def _datelines(where: Surroundings, start: int, stop: int) -> Iterator[Dateline]:
    """Yield the dates of a line that may be the article's; those after the first need a label of their own."""
    begin = start
    for _ in range(MAX_DATES_OF_LINE):
        match = first_date(where.text, begin, stop)
        if match is None or (begin > start and not _is_labelled(where, begin, match)):
            return
        if line := _dateline(where, begin, match, stop - start):
            yield line
        begin = match.end()
        if where.text.find("20", begin, stop) < 0 and where.text.find("19", begin, stop) < 0:
            return


def _is_labelled(where: Surroundings, begin: int, match: re.Match[str]) -> bool:
    """True if a date that is not the first of its line has a label: 更新时间：, （… 更新）."""
    label = where.text[begin : match.start()].lower()
    behind = where.text[match.end() : match.end() + MAX_BEHIND_CHARACTERS]
    return PUBLISHED.search(label) is not None or meaning(label, behind) != "published"


def _dateline(where: Surroundings, begin: int, match: re.Match[str], length: int) -> Dateline | None:
    label = label_before(where.text, where.titles, begin, match.start())
    told = meaning(label, where.text[match.end() : match.end() + MAX_BEHIND_CHARACTERS])
    if told == "other" or (not label.strip() and _is_clock(where, begin, match)):
        return None
    rank = rank_of(where, match, label, length) + (UPDATED_RANK if told == "updated" else 0)
    return Dateline(printed(match[0]), rank, told, match.start())


def _is_clock(where: Surroundings, begin: int, match: re.Match[str]) -> bool:
    """True if a date is the page's clock: above the headline, with a day of the week and perhaps weather after it."""
    above = bool(where.titles) and match.end() < where.titles[0]
    line = where.text[begin : line_end(where.text, match.end())]
    day = DAY_OF_WEEK.match(where.text, match.end()) if above and CLOCK.search(line) is None else None
    return day is not None and (not (rest := day["rest"].strip()) or is_counter(rest))


def printed(found: str) -> str:
    r"""The date on one line, also one whose parts stand in elements of their own.

    >>> printed("2023\n11/17\n20 : 52")
    '2023/11/17 20:52'
    """
    if "\n" not in found:
        return found.strip()
    line = " ".join(found.split()).replace(" / ", "/").replace(" : ", ":")
    return f"{line[:4]}/{line[5:]}"


def first_date(text: str, start: int, stop: int) -> re.Match[str] | None:
    """The match of the first date between two offsets; None without one, or if the first is only a month and a year."""
    plain = DATE.search(text, start, stop)
    opens = plain is not None and plain.start() == start  # as most dates do: none can stand before it
    western = (WESTERN_DATE.match if opens else WESTERN_DATE.search)(text, start, stop)
    first = plain if western is None or (plain is not None and plain.start() < western.start()) else western
    return None if first is not None and MONTH_ONLY.fullmatch(first[0]) else first


def rank_of(where: Surroundings, match: re.Match[str], label: str, length: int) -> float:
    """The rank of a date as the article's: the higher, the more likely.

    It rises with a clock time, a label of publication, a line of fewer than 60 characters, and with the place: most
    right after the headline, less before it, right before the body or right after it. label: the text before the date.
    length: that of its line.
    """
    rank = 2.0 if CLOCK.search(match[0]) else 0.0
    rank += 1.0 if PUBLISHED.search(label) else 0.0
    rank += 0.5 if length < 60 else 0.0
    place = bisect_right(where.titles, match.start())
    after_title = match.start() - where.titles[place - 1] if place else MAX_DISTANCE * 9
    before_title = where.titles[place] - match.end() if place < len(where.titles) else MAX_DISTANCE * 9
    if match.start() <= where.body and after_title <= MAX_DISTANCE:
        rank += 4.0 - after_title / MAX_DISTANCE
    elif before_title <= MAX_DISTANCE:
        rank += 2.5 - before_title / MAX_DISTANCE
    elif match.start() <= where.body and where.body - match.end() <= MAX_DISTANCE:
        rank += 2.0
    elif where.end <= match.start() <= where.end + MAX_DISTANCE // 2:
        rank += 1.5
    return rank
