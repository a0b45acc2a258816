"""The first letters by which most lines are spared the long patterns: no line that matches one opens otherwise.

The letters are read out of the patterns themselves, as the standard library parses them.
"""

import re
from itertools import product
from re import _constants as codes
from re import _parser as grammar

import pytest

from parsers import notices
from parsers.pages import body, notes

CLASS = "\0"  # a letter of a class with more members than can be listed
BEFORE = '（([【“"—-:：】]■●▲◆'  # marks that the patterns allow in front
CATEGORIES = {codes.CATEGORY_SPACE: {" "}, codes.CATEGORY_DIGIT: set("0123456789")}  # blanks are collapsed in a line


def openings(pattern, size):
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


@pytest.mark.parametrize(
    ("pattern", "letters"),
    [
        (body.ENDINGS, body.ENDINGS_OPEN),
        (body.NUMBERED, body.NUMERALS),
        (notices._BIOGRAPHY_HEADING, notices.BIOGRAPHIES_OPEN),
        (notes.MACHINERY, notes.MACHINERY_OPENS),
    ],
    ids=["ending", "numbered", "biography", "machinery"],
)
def test_no_line_opens_otherwise(pattern, letters):
    found = openings(pattern, 1)
    assert {letter.lower() for letter in letters} - set(BEFORE) - {"ſ"} == found - {CLASS, " "}
    assert {letter.upper() for letter in found} <= letters or not pattern.flags & re.IGNORECASE


@pytest.mark.parametrize("pattern", [notes.LABEL, notes.POINTER, notes.OPENING], ids=["label", "pointer", "opening"])
def test_no_note_opens_otherwise(pattern):
    found = {text for text in openings(pattern, 3) if text.isascii() and text[:1].isalpha()}
    assert found == {start for start, patterns in notes.STARTS.items() if pattern in patterns}


@pytest.mark.parametrize("pattern", [notes.LABEL, notes.POINTER, notes.OPENING], ids=["label", "pointer", "opening"])
def test_two_han_letters_open_a_note(pattern):
    assert {text[0] for text in openings(pattern, 1) if "一" <= text <= "\u9fff"} <= {"広", "関"}


def test_a_note_that_opens_with_a_number_goes_on_with_one_of_the_letters():
    numbers = openings(notes.LABEL, 3)
    assert {text.lstrip("0123456789 ")[:1] for text in numbers if text[:1].isdigit()} - {""} == set("/dhmostv")
