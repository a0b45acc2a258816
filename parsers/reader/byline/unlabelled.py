"""Unlabelled credits of Chinese pages: the publisher beside the date, names at the beginning or end of a body."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.people import chinese_person
from parsers.reader.byline.thresholds import (
    MAX_LINES_FROM_DATE,
    MAX_LINES_UNDER_HEADLINE,
    MAX_NAMES_LINE_CHARACTERS,
    MAX_OPENING_CHARACTERS,
    MAX_PUBLISHER_CHARACTERS,
)
from parsers.reader.published.dateline import DATE
from parsers.reader.published.thresholds import MAX_DATELINE
from parsers.reader.view.datelines import Surroundings
from parsers.text import COUNTED, ELLIPSIS, HAN, PAUSES, STOPS, alternatives, is_part_of_counter

DATE_LINE = re.compile(r"(?:发布|发表|发稿|更新)?(?:时间|日期)\s*[:：]|^\d{1,2}[-/月]\d{1,2}\b")
HAN_OR_NAME = re.compile(rf"[{HAN}]{{2}}|[A-Za-z]{{3}}")
NO_PUBLISHER = re.compile(
    rf"[{STOPS}{ELLIPSIS}{PAUSES}>→|｜丨「」《》【】]|\.{{3}}|\d{{3}}|者|[编編]|[译譯]|[摄攝]|[来來]源"
    r"|Facebook|Twitter|Google|LinkedIn|Email|Print|RSS|WeChat|Weibo|\bLINE\b|Copyright|©"
    r"|字[号体]|字體|关注|關注|举报|转播|微[博信]|QQ|空间|朋友圈|扫|二维码|登录|注册|订阅"
    r"|首页|正文|原创|独家|大小|标准|超大|缩小|放大|朗读|收听|更多|返回|复制|链接"
    r"|关于|通知$|意见$|公告$|决定$|发表|发布|更新|时间|日期|纠错|投稿|认证|账号|频道|企鹅号|网易号|百家号|搜狐号|大鱼号|头条号|视频$|图片$|新闻$|^来自|^当前|^您"
    rf"|(?:部|处|科|室|办公厅)$|{COUNTED}",
    re.IGNORECASE,
)
INSIDE = r"[^（）()〔〕【】\[\]]"
OPENING = re.compile(
    rf"^.{{0,60}}?[（(〔【\[]({INSIDE}{{0,24}}(?:{alternatives('reporter')}){INSIDE}{{2,40}})[)）〕】\]]"
)
NEWS_AGENCY = re.compile(rf"^[（(].{{0,6}}?[記记]者([{HAN}]{{4,6}})\d{{1,2}}日[电電]")
# 中新网江海11月25日电 (张立文 李一); 江海晚报记者张立文报道：
WIRED = re.compile(
    rf"^[{HAN}]{{2,16}}(?:\d{{1,2}}月)?\d{{1,2}}日[电電讯訊]\s?[（(]([{HAN}]{{2,4}}(?:[ 、][{HAN}]{{2,4}}){{0,5}})[）)]"
)
REPORTED = re.compile(
    rf"^([{HAN}]{{0,10}}(?:{alternatives('reporter')})(?!全[程面]|独家|现场|現場|跟踪|连[续日]|深入|综合|文章)"
    rf"[{HAN}、 ]{{2,16}}?)[报報][道導][：:，,]"
)
CLOSING = re.compile(r"[（(【]([^（）()【】]{2,60})[)）】]\s*\d{0,8}$")
LINE_OF_NAMES = re.compile(
    rf"^[【\[（(\s]*(?:[图圖]文|{alternatives('author', 'reporter', 'speaker')})\s*(?:[/／:：|丨]|\s(?=\S))"
)
NO_NAME = re.compile(r"完$|未完|待续|原文|附图|图|略|续|注|网|社|报|台|局|委|部|会")


def publisher_beside_date(where: Surroundings) -> str | None:
    """A whole line near the date under the headline that can be a publisher's name (北京日报); None without one.

    The three lines before the date are tried first, the nearest first, then the three after it.
    """
    return next((line for line in _beside_date(where) if _could_publish(line)), None)


def names_at_the_edges(paragraphs: Sequence[str]) -> list[str]:
    """The texts at the beginning or end of a body that may credit people: （记者 …）, 执笔/…, （文/图 …）.

    Of brackets the text inside is returned, of a line such as 执笔/… the line. Any text in brackets at the very end
    counts; if it holds only names, it gets the label 作者：, as do names behind a dateline: …日电 (张立文 李一).

    >>> names_at_the_edges(["本报讯（记者张立文）江水涨了。", "江水又退了。（李一）"])
    ['记者张立文', '作者：李一']
    """
    if not paragraphs:
        return []
    first, last = paragraphs[0], paragraphs[-1]
    opening = first[:MAX_OPENING_CHARACTERS]
    named = any(mark in opening for mark in "者员員生家译譯")  # every form of OPENING has one of these
    signed = _agency_reporter(opening) or _group(OPENING, opening) or _group(REPORTED, opening) if named else None
    found = [signed or _wired(opening), _closing(last[-80:])]
    edges = dict.fromkeys([first, *paragraphs[-2:]])
    found += [line for line in edges if len(line) <= MAX_NAMES_LINE_CHARACTERS and LINE_OF_NAMES.match(line)]
    return [line for line in found if line]


def bare_names(line: str) -> tuple[str, ...]:
    """The names of a line that holds only names: 王小青 张立文; () for any other line.

    >>> bare_names("王小青 张立文"), bare_names("江海日报")
    (('王小青', '张立文'), ())
    """
    names = [chinese_person(part) for part in re.split(r"[、，,\s]+", line.strip()[:MAX_NAMES_LINE_CHARACTERS])]
    return tuple(name for name in names if name) if all(names) else ()


def _beside_date(where: Surroundings) -> list[str]:
    """Up to three lines before the first date under the headline, the nearest first, then up to three lines after it.

    [] without a headline or a date.
    """
    start = max((place for place in where.titles if place <= where.body), default=None)
    if start is None:
        return []
    lines = [line.strip(" \t·•⋅|｜") for line in where.text[start : where.body].split("\n")[:MAX_LINES_UNDER_HEADLINE]]
    lines = [line for line in lines if 0 < len(line) <= MAX_DATELINE]
    date = next((place for place, line in enumerate(lines) if DATE.match(line) or DATE_LINE.search(line)), None)
    if date is None:
        date, after = _split_date(lines)
    else:
        after = date + 1
    if date is None:
        return []
    return [*lines[max(0, date - MAX_LINES_FROM_DATE) : date][::-1], *lines[after : after + MAX_LINES_FROM_DATE]]


def _split_date(lines: list[str]) -> tuple[int | None, int]:
    """The index of the first line that is only a year, and that of the line after its date; (None, 0) without a year.

    The date goes on in the following lines of digits, `/`, `:` and spaces.
    """
    year = next((place for place, line in enumerate(lines) if re.fullmatch(r"(?:19|20)\d\d", line)), None)
    after = 0 if year is None else year + 1
    while after and after < len(lines) and re.fullmatch(r"[\d/:\s]+", lines[after]):
        after += 1
    return year, after


def _could_publish(line: str) -> bool:
    """True if a short line can be a publisher's name, and not a button, date, office or person."""
    return (
        1 < len(line) <= MAX_PUBLISHER_CHARACTERS
        and HAN_OR_NAME.search(line) is not None
        and NO_PUBLISHER.search(line) is None
        and not is_part_of_counter(line)
        and DATE.search(line) is None
        and chinese_person(line) is None
    )


def _agency_reporter(line: str) -> str | None:
    """記者： and the name in an opening: 記者：溫貴香 for （中央社記者溫貴香台北21日電）; None without one.

    Name and place are written together, four to six characters: the first three are the name, the first two of four.
    """
    block = _group(NEWS_AGENCY, line[:60])
    return f"记者：{block[: min(3, len(block) - 2)]}" if block else None


def _group(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return found[1].strip() if found else None


def _wired(text: str) -> str | None:
    """The names behind a dateline with the label 作者：; None without any."""
    inside = _group(WIRED, text)
    return _as_authors(inside) if inside is not None else None


def _closing(text: str) -> str | None:
    """The text inside the brackets that end a body; the label 作者： is added if it is nothing but Chinese names.

    （张三 李四） gives "作者：张三 李四", （责编：王五） gives "责编：王五". None without such brackets, or with a
    single character in them.
    """
    inside = _group(CLOSING, text)
    return None if inside is None else _as_authors(inside) or inside


def _as_authors(inside: str) -> str | None:
    """A text that is nothing but Chinese names with the label 作者：; None for any other."""
    names = re.split(r"[、\s]+", inside)
    bare = all(len(name) <= 3 and chinese_person(name) and not NO_NAME.search(name) for name in names)
    return f"作者：{inside}" if bare else None
