"""Every command of the program, and the example that its help shows."""

import typer.main

from thinker import app


def _leaves(group, path=()):
    for name in sorted(group.commands):
        command = group.loaded(name) if hasattr(group, "loaded") else group.commands[name]
        below = hasattr(command, "commands")
        if not below or command.invoke_without_command:  # as `thinker sources`, which lists
            yield (*path, name), command
        if below:
            yield from _leaves(command, (*path, name))


ROOT = typer.main.get_command(app)
LEAVES = dict(_leaves(ROOT))
GROUPS = {(): ROOT, **{(name,): ROOT.loaded(name) for name in ("config", "schedule")}}


def _example(told: str) -> str:
    (example,) = [line.strip() for line in told.splitlines() if line.strip().startswith("Example:")]
    return example.removeprefix("Example:").strip()


# As they are typed; a group's is that of one of its commands.
EXAMPLES = {path: _example(command.help or "") for path, command in {**LEAVES, **GROUPS}.items()}
