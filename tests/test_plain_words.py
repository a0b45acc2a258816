"""Docstrings and comments use plain words: the rest of the old style is counted, and the counts only fall.

An opener is a docstring that begins with What, Who, Whether, How, Where or Which instead of saying the result or the
act (PEP 257). A worst word is a phrase of WORST in a docstring or a comment. MOST has both counts of each folder.

When a test fails because there are more than MOST allows, reword the places that it names. When it fails because there
are more than 20 fewer, copy the dictionary in the message into MOST.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache
from io import StringIO
from tokenize import COMMENT, generate_tokens

import pytest
from support.checkout import ROOT

MOST = {
    "archive": (6, 5),
    "cli": (0, 2),
    "parsers": (0, 2),
    "tests": (0, 22),
}
"""By top folder: openers, worst words. A folder that is not named has none."""
SLACK = 20
OTHERS = ("build", "dist", "data")  # copies and archives that .gitignore names
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
KINDS = [(0, "openers"), (1, "worst words")]

_OPENERS = r"(?:what|who|whom|whose|whatever|whoever|whether|how|where|which)\b"
_PHRASES = ("told", "whoever", "what is", "what are", "is none", "are none", "as ever", "tells of", "tell of")
_BLANK = r"\s+(?:\#\s*)?"  # a phrase may go on in the next line, also in that of a comment
OPENER = re.compile(rf"\s*{_OPENERS}", re.IGNORECASE)
WORST = re.compile(rf"\b(?:{'|'.join(each.replace(' ', _BLANK) for each in _PHRASES)})\b", re.IGNORECASE)
# Where a docstring may begin so or have such a phrase. Only these files are parsed: all would take several seconds.
SUSPECT = re.compile(rf"""["']\\?\s*{_OPENERS}|{WORST.pattern}""", re.IGNORECASE)


def docstrings(statements: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """The line and the text of each string that stands as a statement: docstrings, also of attributes."""
    for each in statements:
        if isinstance(each, ast.Expr):
            if isinstance(each.value, ast.Constant) and isinstance(each.value.value, str):
                yield each.lineno, each.value.value
            continue
        for name in BLOCKS:  # ast.walk would visit every expression too, which takes three times as long
            yield from docstrings(getattr(each, name, []))


def comments(source: str) -> Iterator[tuple[int, str]]:
    """The line and the text of each block of comments: lines of comments that follow each other are one."""
    block: list[tuple[int, str]] = []
    for token in generate_tokens(StringIO(source).readline):
        if token.type == COMMENT:
            if block and token.start[0] > block[-1][0] + 1:
                yield block[0][0], "\n".join(text for _, text in block)
                block = []
            block.append((token.start[0], token.string))
    if block:
        yield block[0][0], "\n".join(text for _, text in block)


def in_source(source: str) -> tuple[list[int], list[int]]:
    """The lines with an opener, and those with a worst word, each as often as it has some."""
    openers, worst = list[int](), list[int]()
    if SUSPECT.search(source):
        for line, text in docstrings(ast.parse(source).body):
            openers += [line] * (OPENER.match(text) is not None)
            worst += [line] * len(WORST.findall(text))
        for line, text in comments(source):
            worst += [line] * len(WORST.findall(text))
    return openers, worst


@cache
def places() -> dict[str, tuple[list[str], list[str]]]:
    """By top folder: the places of openers, and those of worst words, as `path:line`."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    folders = [each for each in ROOT.iterdir() if each.is_dir() and each.name not in OTHERS and each.name[0] != "."]
    folders = [each for each in folders if not (each / "pyvenv.cfg").exists()]
    for path in sorted([*ROOT.glob("*.py"), *(file for each in folders for file in each.rglob("*.py"))]):
        place = path.relative_to(ROOT)
        for kind, lines in zip(
            found.setdefault(place.parts[0], ([], [])), in_source(path.read_text("utf-8")), strict=True
        ):
            kind += [f"{place}:{line}" for line in sorted(lines)]
    return found


def counted() -> dict[str, tuple[int, int]]:
    """The counts as MOST should have them."""
    return {folder: (len(openers), len(worst)) for folder, (openers, worst) in places().items() if openers or worst}


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_the_counts_of_the_old_style_only_fall(kind: int, name: str) -> None:
    for folder, found in places().items():
        most = MOST.get(folder, (0, 0))[kind]
        if len(found[kind]) > most:
            pytest.fail(
                f"{folder}: {len(found[kind])} {name}, {most} are allowed: {', '.join(found[kind])}", pytrace=False
            )


@pytest.mark.parametrize(("kind", "name"), KINDS)
def test_the_numbers_here_follow_the_counts_down(kind: int, name: str) -> None:
    now = counted()
    for folder, most in MOST.items():
        if most[kind] - now.get(folder, (0, 0))[kind] > SLACK:
            pytest.fail(f"{folder} has fewer {name} now: write MOST = {now}", pytrace=False)


@pytest.mark.parametrize(
    ("source", "openers", "worst"),
    [
        ('"""The urlkey of an address."""', 0, 0),
        ('"""Whether it holds."""', 1, 0),
        ("def f():\n    '''How it is told.'''", 1, 1),
        ("x = 1\n'''Which is none.'''", 1, 1),
        ("x = 1  # what is due, whoever asks", 0, 2),
        ("# what\n# is due", 0, 1),
        ('"""\n    whether it holds."""', 1, 0),
        ('class A: "What is\\nhere"', 1, 1),
        ('x = "What is told"', 0, 0),
    ],
)
def test_an_opener_and_a_worst_word_are_noticed(source: str, openers: int, worst: int) -> None:
    found = in_source(source)
    assert (len(found[0]), len(found[1])) == (openers, worst)


NAME = re.compile(r"^ *(?:async )?def (test_\w+)", re.MULTILINE)
OLD_NAME = re.compile(
    r"test_(?:what|who|whom|whose|whether|how|where|which|whatever|wherever)_"
    r"|_(?:told|tells?|whoever|nobody|none|whatever|however|of_which|in_which)(?:_|$)"
)


def test_a_test_is_named_in_plain_words() -> None:
    names = [name for path in (ROOT / "tests").rglob("test_*.py") for name in NAME.findall(path.read_text("utf-8"))]
    assert [name for name in names if OLD_NAME.search(name)] == []
