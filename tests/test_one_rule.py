"""A rule about characters stands in one module: a second definition of Han, or of what ends a sentence, fails here."""

import ast
import re
from collections.abc import Iterator

from support.module_trees import modules, nodes
from support.tables import every_row

LAYERS = ("parsers", "archive", "crawler", "schedules", "cli", "thinker", "thinker_archive")
HAN, SENTENCES = "parsers.text.han", "parsers.text.sentences"
# Modules in which the marks are characters among others: what folding makes of them, how often an encoding has them.
MARKS_AS_CHARACTERS = {
    "archive.search.counting",
    "archive.search.marks",
    "archive.search.grammar.folding",
    "parsers.decoding.guess",
}
# A range that opens or closes with one of the blocks of ideographs (𠀀 is the first of the planes beyond).
HAN_RANGE = re.compile(r"[㐀一]-|-[䶿龥鿿]|\\u(?:3400|4e00)-|-\\u(?:4dbf|9fa5|9fff)", re.IGNORECASE)
STOP = re.compile("[。！？]")
CLASS = re.compile(r"\[(?:\\.|[^\]\\])*")
TOGETHER = re.compile(f"{STOP.pattern}{{2}}")


def texts(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The strings of a module with their lines, without docstrings."""
    told = {
        id(node.body[0].value)
        for node in nodes(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
        if isinstance(node.body[0], ast.Expr)
    }
    for node in nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.lineno, node.value
        elif isinstance(node, ast.JoinedStr):  # a class of characters may go on behind a name
            yield node.lineno, "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))


def sets_of_strings(tree: ast.Module) -> Iterator[tuple[int, set[object]]]:
    """The values of each tuple, list and set that a module writes out."""
    for node in nodes(tree):
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            yield node.lineno, {each.value for each in node.elts if isinstance(each, ast.Constant)}


def han_ranges(tree: ast.Module) -> list[int]:
    """The lines in which a module says by range what a Han character is."""
    return sorted({line for line, text in texts(tree) if HAN_RANGE.search(text)})


def sets_of_stops(tree: ast.Module) -> list[int]:
    """The lines in which a module lists stops: in a class of characters, side by side, or in a tuple."""
    found = {line for line, text in texts(tree) if TOGETHER.search(text) or any(map(_lists_stops, CLASS.findall(text)))}
    found |= {line for line, values in sets_of_strings(tree) if len(values & {"。", "！", "？"}) > 1}
    return sorted(found)


def _lists_stops(characters: str) -> bool:
    return len(set(STOP.findall(characters))) > 1


def ours() -> dict[str, ast.Module]:
    return {name: tree for name, tree in modules().items() if name.split(".")[0] in LAYERS}


def test_ranges_of_han_characters_are_defined_in_one_module() -> None:
    assert {name: lines for name, tree in ours().items() if (lines := han_ranges(tree)) and name != HAN} == {}


def test_marks_that_end_a_sentence_are_defined_in_one_module() -> None:
    apart = MARKS_AS_CHARACTERS | {SENTENCES}
    assert {name: lines for name, tree in ours().items() if (lines := sets_of_stops(tree)) and name not in apart} == {}


def test_the_definitions_of_both_rules_are_found_in_their_modules() -> None:
    assert han_ranges(modules()[HAN])
    assert sets_of_stops(modules()[SENTENCES])


@every_row(
    "code",
    [
        r'x = re.compile(r"[\u4e00-\u9fff]{2,4}")',
        r'x = re.compile("[\u3400-\u9fff]")',
        r'x = rf"[\u4e00-\u9fa5{y}]"',
        'x = "[一-龥]"',
        r'x = re.compile(r"[a-z\u3400-\u4dbf]+")',
    ],
)
def test_a_second_range_is_noticed(code: str) -> None:
    assert han_ranges(ast.parse(code)) == [1]


@every_row(
    "code",
    [
        'x = re.compile("[。，！]")',
        'x = rf"[^{y}。；？]+"',
        'x = ("。", "；", "！")',
        'x = frozenset(["？", "。"])',
        'x = frozenset("。！")',
    ],
)
def test_a_second_set_of_stops_is_noticed(code: str) -> None:
    assert sets_of_stops(ast.parse(code)) == [1]


@every_row("code", ['x = "没有。真的？"', 'x = re.compile("[^。]*！")', '"""没有！？"""', 'x = (("。",), ("！",))'])
def test_a_sentence_is_no_set_of_stops(code: str) -> None:
    assert sets_of_stops(ast.parse(code)) == []
