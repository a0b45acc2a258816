"""The first letters by which most lines are spared the long patterns: no line that matches one begins otherwise.

The letters are read out of the patterns themselves, as the standard library parses them.
"""

from itertools import product
from re import _constants as codes
from re import _parser as grammar

import pytest

from parsers import notices
from parsers.reader.body import lines as body
from parsers.reader.body import notes, openings

CLASS = "\0"  # a letter of a class with more members than can be listed
CATEGORIES = {codes.CATEGORY_SPACE: {" "}, codes.CATEGORY_DIGIT: set("0123456789")}  # blanks are collapsed in a line


def beginnings(pattern, size):
    """The first `size` letters of whatever the pattern matches, in lower case; fewer when a match is shorter."""
    parsed = list(grammar.parse(pattern.pattern, pattern.flags))
    while parsed[0][0] is codes.AT or (parsed[0][0] is codes.MAX_REPEAT and parsed[0][1][:2] == (0, codes.MAXREPEAT)):
        del parsed[0]  # ^ and the marks in front
    return {text.lower() for text in _sequence(parsed, size)}


def _sequence(items, size):
    found = {""}
    for code, value in items:
        found = {
            text + more if len(text) < size and CLASS not in text else text
            for text, more in product(found, _item(code, value, size))
        }
    return {text[:size] for text in found}


def _item(code, value, size):
    if code is codes.LITERAL:
        return {chr(value)}
    if code is codes.IN:
        return set().union(*(_member(*member) for member in value))
    if code is codes.SUBPATTERN:
        return _sequence(value[3], size)
    if code is codes.BRANCH:
        return set().union(*(_sequence(branch, size) for branch in value[1]))
    if code is codes.MAX_REPEAT:
        least, most, repeated = value
        counts = range(least, min(most, least + size) + 1)
        return set().union(*(_sequence(list(repeated) * count, size) for count in counts))
    return {""} if code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT) else {CLASS}


def _member(code, value):
    if code is codes.RANGE and value[1] - value[0] < 100:
        return {chr(letter) for letter in range(value[0], value[1] + 1)}
    return {chr(value)} if code is codes.LITERAL else CATEGORIES.get(value, {CLASS})


PATTERNS = {
    "ending": body.ENDINGS,
    "biography": notices._BIOGRAPHY_HEADING,
    "post": notices._AUTHOR_POST,
    "machinery": notes.MACHINERY,
    "label": notes.LABEL,
    "pointer": notes.POINTER,
    "opening": notes.OPENING,
    "numbered": body.NUMBERED,
}


@pytest.mark.parametrize("kind", PATTERNS)
def test_no_line_opens_otherwise(kind):
    latin = {start for start in beginnings(PATTERNS[kind], 3) if start.isascii() and start[:1].isalpha()}
    assert latin == {start.replace("_", " ") for start in openings.LATIN.get(kind, "").split()}
    han = {start for start in beginnings(PATTERNS[kind], 1) if "一" <= start <= "\u9fff"}
    assert han == set(openings.HAN.get(kind, "").strip())


@pytest.mark.parametrize("kind", PATTERNS)
def test_no_line_opens_with_other_letters(kind):
    accented = {start for start in beginnings(PATTERNS[kind], 3) if start[:1].isascii() and not start.isascii()}
    assert {start for start in accented if start[0].isalpha()} == set(openings.ACCENTED.get(kind, "").split())
    others = {start for start in beginnings(PATTERNS[kind], 1) if start.isalpha() and not start.isascii()}
    assert {start for start in others if not "一" <= start <= "\u9fff"} == set(openings.ELSEWHERE.get(kind, ""))


@pytest.mark.parametrize("kind", PATTERNS)
def test_only_labels_open_with_a_number(kind):
    assert kind == "label" or not {start for start in beginnings(PATTERNS[kind], 1) if start.isdigit()}


@pytest.mark.parametrize("kind", PATTERNS)
def test_no_line_opens_with_a_mark_that_is_passed_over(kind):
    assert not beginnings(PATTERNS[kind], 1) & set(openings.MARKS) - {" "}


def test_a_label_with_a_number_goes_on_with_one_of_the_letters():
    numbers = {start for start in beginnings(notes.LABEL, 3) if start[:1].isdigit()}
    assert {start.lstrip("0123456789 ")[:1] for start in numbers} - {""} == set("/dhmostv")
