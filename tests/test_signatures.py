"""What a function is given: few things. `self` is none of them, and neither are the fields of a dataclass."""

import ast

from support.module_trees import modules

MOST = 6
# typer reads a command's options from its parameters.
COMMANDS = {"cli.collecting.crawl"}


def parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    """The names of what a function is given."""
    said = function.args
    named = [each.arg for each in (*said.posonlyargs, *said.args, *said.kwonlyargs)]
    return [name for name in named if name not in ("self", "cls")]


def test_no_function_takes_more_than_six_parameters() -> None:
    many = {
        f"{module}.{node.name}"
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and len(parameters(node)) > MOST
    }
    assert many == COMMANDS
