"""Recognise one work in two articles of a source; a notice of the same form is another work. Pure."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from archive.diffing import Segment, segments
from parsers.text import holds_han

MIN_EQUAL_CHARACTERS = 300
MIN_EQUAL_SHARE = 0.98
MAX_DAYS_APART = 6  # notices of one text come again each week, month or year; a work moves within days
MAX_EXCHANGES = 3  # an editor corrects a word or two; a form is filled in at more places
MAX_EXCHANGED_CHARACTERS = 2  # in one place; a longer one is an entry in a form: a name, an office, a place
_MAX_ENTRY = 12  # characters that a notice has more than the other, as an entry in a form
_NUMERAL = re.compile("[0-9０-９〇零一二三四五六七八九十百千万亿两]")
# Entries of notices: people beside a word for them, places and offices before their kind, weather, times.
_BEFORE_PERSON = re.compile("(?:任命|免去|聘任|聘请|提名|选举|推选|悼念|缅怀|怀念|追思|送别|授予|表彰)[^，。；]{0,2}$")
_AFTER_PERSON = re.compile(
    "^[^，。；]{0,2}(?:同志|先生|女士|教授|院士|烈士|老人|逝世|病逝|去世|担任|任职|为[^，。；]{0,12}(?:长|员|主任|书记)"
    "|[，（][男女])"
)
_BEFORE_KIND = re.compile(
    "^[省市县区州盟旗镇乡村街路局厅部委办院校处科所馆会司署社厂长](?!来|期|大)|^(?:书记|主任|主席|经理|街道)"
)
_KIND = re.compile("[省市县区州盟旗镇乡村街路局厅部委办院校处科所馆会司署社厂长]$|(?:书记|主任|主席|经理|街道)$")
_RANK = re.compile("[副代原前]")
_SKY = re.compile("[晴阴云雨雪雾霾]")
_TIME = re.compile("[春夏秋冬今明昨早晚上中下]|清明|端午|中秋|重阳|国庆|元旦|春节")
_BEFORE_TIME = re.compile("^[季天日午周月年节]")


class WorkText(NamedTuple):
    """The compared parts of an article; published_date is a calendar day, None if the page gives no date."""

    headline: str
    published_date: str | None
    body_text: str


class _Change(NamedTuple):
    """A text that went and one that came, between two stretches that stayed."""

    left: str
    went: str
    came: str
    right: str


def is_same_work(one: WorkText, other: WorkText) -> bool:
    """True if two texts are one work: the same headline, and at least MIN_EQUAL_CHARACTERS and MIN_EQUAL_SHARE agree.

    The share is that of the longer text. False for texts that differ in a number, in what a notice fills in (a person,
    a place, an office, weather, a time), that exchange more than MAX_EXCHANGED_CHARACTERS in one place, or at more than
    MAX_EXCHANGES places or on another day, and for those published more than MAX_DAYS_APART days apart.
    """
    shorter, longer = sorted((len(one.body_text), len(other.body_text)))
    if one.headline != other.headline or shorter < max(MIN_EQUAL_CHARACTERS, MIN_EQUAL_SHARE * longer):
        return False
    if _days_apart(one, other) > MAX_DAYS_APART:
        return False
    found = segments(one.body_text, other.body_text)
    equal = sum(len(each.text) for each in found if each.op == "equal")
    if equal < max(MIN_EQUAL_CHARACTERS, MIN_EQUAL_SHARE * longer):
        return False
    changes = list(_changes(found))
    exchanges = [each for each in changes if holds_han(each.went) and holds_han(each.came)]
    again = Counter((each.went, each.came) for each in exchanges)
    if len(exchanges) > MAX_EXCHANGES or any(count > 1 for count in again.values()):
        return False
    if exchanges and (one.published_date is None or one.published_date != other.published_date):
        return False  # an editor who corrects a word leaves the date; a notice of another day names somebody else
    return not any(_is_filled_in(each) for each in changes)


def _days_apart(one: WorkText, other: WorkText) -> int:
    """The days between two publications; 0 if one of them is not known."""
    if one.published_date is None or other.published_date is None:
        return 0
    return abs((date.fromisoformat(one.published_date) - date.fromisoformat(other.published_date)).days)


def _changes(found: list[Segment]) -> Iterator[_Change]:
    left = went = came = ""
    for each in (*found, Segment("equal", "")):
        if each.op == "delete":
            went += each.text
        elif each.op == "insert":
            came += each.text
        else:
            if went or came:
                yield _Change(left, went, came, each.text)
            left, went, came = each.text, "", ""


def _is_filled_in(change: _Change) -> bool:
    """True if a change is one of a number, or of what a notice fills in."""
    left, went, came, right = change
    if _NUMERAL.search(went + came):
        return True
    exchanged = holds_han(went) and holds_han(came)
    if max(len(went), len(came)) > (MAX_EXCHANGED_CHARACTERS if exchanged else _MAX_ENTRY):
        return exchanged
    if _BEFORE_PERSON.search(left) or _AFTER_PERSON.search(right) or _RANK.fullmatch(went + came):
        return True
    if _SKY.search(left[-1:] + right[:2]) or (_SKY.search(went) and _SKY.search(came)):
        return True
    return exchanged and bool(
        _BEFORE_KIND.search(right)
        or (_KIND.search(went) and _KIND.search(came))
        or (_BEFORE_TIME.search(right) and _TIME.search(went) and _TIME.search(came))
    )
