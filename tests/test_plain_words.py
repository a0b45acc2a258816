"""Docstrings and comments use plain words: the rest of the old style is counted, and the counts only fall.

An opener is a docstring that begins with What, Who, Whether, How, Where or Which instead of saying what comes back or
is done (PEP 257). A worst word is a phrase of WORST in a docstring or a comment. MOST has both counts of each folder.

When a test fails because there are more than MOST allows, reword the places that it names. When it fails because there
are more than 20 fewer, copy the dictionary in the message into MOST.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache

import pytest
from support.checkout import ROOT

MOST = {
    "archive": (7, 8),
    "cli": (0, 2),
    "parsers": (0, 2),
    "tests": (0, 22),
}
"""By top folder: openers, worst words. A folder that is not named has none."""
SLACK = 20
OTHERS = ("build", "dist", "data")  # copies and archives that .gitignore names
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")
KINDS = [(0, "openers"), (1, "worst words")]

OPENER = re.compile(r"(?:What|Who|Whom|Whose|Whether|How|Where|Which)\b")
WORST = re.compile(
    r"\b(?:told|whoever|what is|what are|is none|are none|there is none|as ever|it is told|is told|tells of|tell of)\b",
    re.IGNORECASE,
)
# A comment or a string of Python 3.11, where no f-string holds its own quotes.
LEXEME = re.compile(
    r"""\#[^\n]*
      | \"{3} (?: [^"\\] | \\. | "(?!"") )* \"{3}
      | '{3} (?: [^'\\] | \\. | '(?!'') )* '{3}
      | " (?: [^"\\\n] | \\. )* "
      | ' (?: [^'\\\n] | \\. )* '
    """,
    re.DOTALL | re.VERBOSE,
)


def docstrings(statements: Iterable[ast.AST]) -> Iterator[tuple[int, str]]:
    """The line and the text of each string that stands as a statement: docstrings, also of attributes."""
    for each in statements:
        if isinstance(each, ast.Expr):
            if isinstance(each.value, ast.Constant) and isinstance(each.value.value, str):
                yield each.lineno, each.value.value
            continue
        for name in BLOCKS:  # ast.walk would visit every expression too, which takes three times as long
            yield from docstrings(getattr(each, name, []))


def in_source(source: str) -> tuple[list[int], list[int]]:
    """The lines with an opener, and those with a worst word, each as often as it has some."""
    openers, worst = list[int](), list[int]()
    suspected = False
    for each in LEXEME.finditer(source):
        if each[0].startswith("#"):
            worst += [source.count("\n", 0, each.start()) + 1] * len(WORST.findall(each[0]))
        elif not suspected and (OPENER.match(each[0].strip("\"'")) or WORST.search(each[0])):
            before = source[source.rfind("\n", 0, each.start()) + 1 : each.start()]
            suspected = not before.strip(" \trRuU")
    if suspected:  # parsing every file would take several seconds
        for line, text in docstrings(ast.parse(source).body):
            openers += [line] * (OPENER.match(text) is not None)
            worst += [line] * len(WORST.findall(text))
    return openers, worst


@cache
def places() -> dict[str, tuple[list[str], list[str]]]:
    """By top folder: the places of openers, and those of worst words, as `path:line`."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    folders = [each for each in ROOT.iterdir() if each.is_dir() and each.name not in OTHERS and each.name[0] != "."]
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
        ('x = "What is told"', 0, 0),
    ],
)
def test_an_opener_and_a_worst_word_are_noticed(source: str, openers: int, worst: int) -> None:
    found = in_source(source)
    assert (len(found[0]), len(found[1])) == (openers, worst)
