"""Functions have few parameters, and three verbs mean one thing each in the whole program.

`self` is no parameter, and neither are the fields of a dataclass.
"""

import ast
import re
from collections.abc import Iterator

import pytest
from support.module_trees import modules

Function = ast.FunctionDef | ast.AsyncFunctionDef
MOST = 6
# typer reads a command's options from its parameters; a template's variables are named by the page.
EXEMPT = {
    "cli.acts.correct", "cli.collecting.crawl", "cli.reading.search", "cli.takedown.takedown",
    "cli.watch.commands.watch_add", "cli.filing.exporting.export",
    "cli.reparsing.commands.reparse",
    "archive.publish.server.rendering.page",
}  # fmt: skip


def parameters(function: Function) -> list[str]:
    """The names of a function's parameters."""
    said = function.args
    starred = [each for each in (said.vararg, said.kwarg) if each]
    named = [each.arg for each in (*said.posonlyargs, *said.args, *said.kwonlyargs, *starred)]
    return [name for name in named if name not in ("self", "cls")]


def test_no_function_takes_more_than_six_parameters() -> None:
    assert {name for name, function in functions() if len(parameters(function)) > MOST} == EXEMPT


# keep: write bytes as a WARC record. tell: append a decision to the ledger and apply it. decide: make of the state that
# a capture shows one of these decisions. Each stands once; what has the verb in its name does it through that.
ROOTS = {
    "keep": {"archive.decisions.stores.keep", "archive.decisions.stores.keep_derived"},
    "tell": {"archive.decisions.stores.tell"},
    "decide": {"archive.judging.shown_states.decide"},
}
OF_FILES = {"archive.importing.members.tell", "archive.publish.exporting.writers.xlsx_file.tell"}  # methods of streams


def says(verb: str, name: str) -> bool:
    """True if the function's name is the verb or begins with it."""
    return re.match(rf"_*{verb}(_|$)", name) is not None


def functions() -> Iterator[tuple[str, Function]]:
    """Every function by its dotted name, without its class."""
    for module, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield f"{module}.{node.name}", node


def called(function: Function) -> set[str]:
    """The last part of the name of each function that it calls."""
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return {ast.unparse(each).rpartition(".")[2] for each in calls}


@pytest.mark.parametrize("verb", ROOTS)
def test_a_verb_means_one_thing(verb: str) -> None:
    found = {name: function for name, function in functions() if says(verb, function.name)}
    assert found.keys() >= ROOTS[verb]
    others = found.keys() - ROOTS[verb] - OF_FILES
    own = {name: called(found[name]) - {found[name].name} for name in others}  # a call of itself shows nothing
    assert {name for name, calls in own.items() if not any(says(verb, each) for each in calls)} == set()
