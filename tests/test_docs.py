"""The pages for readers are true: a test named here runs every block, and what they name exists."""

import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
import typer.main
from support.checkout import ROOT
from support.command_tree import LEAVES
from support.folders import Folder, typing
from support.tables import every_row
from typer.exceptions import TyperException

from newsroom.process import running
from thinker import app

PAGES = [ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")] + sorted(
    (ROOT / "docs").glob("*.md")
)
README, JOURNEY = [path.read_text(encoding="utf-8") for path in (ROOT / "README.md", ROOT / "docs" / "journey.md")]
OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open

# Which test runs the blocks of a page, by their language; "" is the help of a command, which docs/generate.py compares.
RUN_BY = {
    ("README.md", "sh"): "tests/test_docs.py",
    ("adding-a-source.md", "sh"): "tests/test_adding_a_source.py",
    ("adding-a-source.md", "toml"): "tests/test_adding_a_source.py",
    ("architecture.md", "mermaid"): "tests/test_architecture.py",
    ("citing.md", "python"): "tests/archive/publish/test_citing.py",
    ("citing.md", "sh"): "tests/archive/publish/test_citing.py",
    ("commands.md", ""): "docs/generate.py",
    ("data-model.md", "python"): "tests/archive/publish/test_data_model.py",
    ("data-model.md", "sql"): "tests/archive/publish/test_data_model.py",
    ("deploying.md", "ini"): "tests/test_deploying.py",
    ("deploying.md", "sh"): "tests/test_deploying.py",  # as far as it goes without root's users, systemd and Docker
    ("exporting.md", "python"): "tests/test_export.py",
    ("exporting.md", "sh"): "tests/test_export.py",
    ("exporting.md", "sql"): "tests/test_export.py",
    ("journey.md", "sh"): "tests/test_docs.py",
    ("ledger.md", "python"): "tests/archive/stores/test_ledger.py",
    ("operating.md", "sh"): "tests/test_operating.py",
    ("operating.md", "yaml"): "tests/archive/publish/test_metrics.py",
    ("publishing.md", "caddy"): "tests/archive/publish/test_publishing.py",
    ("publishing.md", "nginx"): "tests/archive/publish/test_publishing.py",
    ("publishing.md", "sh"): "tests/archive/publish/test_publishing.py",
    ("publishing.md", "toml"): "tests/archive/publish/test_rights.py",
    ("python.md", "python"): "tests/test_python_page.py",
    ("python.md", "sh"): "tests/test_python_page.py",  # as far as nothing is installed
    ("scaling.md", "toml"): "tests/crawler/cluster/test_scaling_page.py",
    ("watches.md", "python"): "tests/schedules/outbound/test_watches_page.py",
    ("watches.md", "sh"): "tests/schedules/outbound/test_watches_page.py",
    ("web-archives.md", "sh"): "tests/test_web_archives.py",
    ("watches.md", "text"): "tests/schedules/outbound/test_watches_page.py",
}
# What README has and this file does not run, and who does.
RUN_ELSEWHERE = {
    "make demo": ".ci/run does, with ONCE=1; tests/test_demo.py runs what it starts",
    "make test": ".ci/run does: these are the tests",
}
# Commands that run in another form than the page's.
INSTEAD = {
    "thinker crawl shangguan --limit 5": "thinker crawl newsroom --limit 5",  # no test asks a public site
    "thinker run": "thinker run --port 0",  # somebody's archive may be at 8001
    "python -m newsroom --demo &": "",  # the test's own, on a free port
}
EDIT = r"""sed -i -e 's/^# contact/contact/' -e 's/^sources\.shangguan.*/sources.newsroom.schedule = "every 1d"/' """


def blocks(text: str) -> list[tuple[str, str]]:
    """Every fenced block with its language."""
    return re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def _commands(text: str) -> list[list[str]]:
    """Every `thinker …` that the text shows, in a line of code or a line of a block, as words."""
    lines = re.findall(r"`(thinker [^`]*)`", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))
    lines += [line for language, block in blocks(text) for line in block.splitlines() if language == "sh"]
    found = [re.split(r" (?:\|\||\||<|·) ", " ".join(line.split()))[0] for line in lines]
    return [shlex.split(line, comments=True) for line in found if re.match(r"thinker [a-z-]", line)]


SHOWN = sorted({tuple(words) for path in PAGES for words in _commands(path.read_text(encoding="utf-8"))})

ROOT_OPTIONS = {name for each in typer.main.get_command(app).params for name in each.opts} - {"--home"}


@every_row("words", SHOWN)
def test_a_command_that_is_shown_exists(words: tuple[str, ...]) -> None:
    if words[1] in ROOT_OPTIONS:
        return
    rest = list(words[3:] if words[1] == "--home" else words[1:])
    path = max((path for path in LEAVES if tuple(rest[: len(path)]) == path), key=len, default=None)
    assert path, f"no such command: {' '.join(words)}"
    assert _refusal(path, rest[len(path) :]) in ("", "Missing")  # often it is named without all that it needs


def _refusal(path: tuple[str, ...], rest: list[str]) -> str:
    """The first word of what a command says of these words before it does anything; "" where it takes them."""
    try:
        LEAVES[path].make_context("thinker", rest)
    except TyperException as error:
        return error.format_message().split()[0]
    except typer.Exit:  # --help
        return ""
    return ""


@every_row("path", PAGES)
def test_every_block_is_run_by_a_test(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert {language for language, _ in blocks(text)} == {kind for page, kind in RUN_BY if page == path.name}
    for page, language in RUN_BY:
        runner = ROOT / RUN_BY[page, language]
        assert page.removesuffix(".md") in runner.read_text(encoding="utf-8") or page == "README.md"


@every_row("path", PAGES)
def test_every_file_that_is_named_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    ours = (
        r"`((?:archive|bench|cli|crawler|docs|newsroom|parsers|schedules|tests|thinker_archive)/[\w./-]*|[A-Z]+\.md)`"
    )
    assert [name for name in sorted(set(re.findall(ours, text))) if not (ROOT / name).exists()] == []
    links = set(re.findall(r"\]\(([^)]+)\)", text))
    assert [link for link in sorted(links) if not (path.parent / link).exists()] == []


def test_readme_leads_to_every_page() -> None:
    led_to = re.findall(r"\]\((\S+\.md)\)", README)
    assert sorted(led_to) == [path.relative_to(ROOT).as_posix() for path in PAGES[1:]]


def test_commands_run_elsewhere_are_in_ci_and_replaced_commands_are_in_the_docs() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert all(line in script for line in RUN_ELSEWHERE)
    assert all(re.search(f"^{re.escape(line)}(?: +#|$)", README + JOURNEY, re.MULTILINE) for line in INSTEAD)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Folder]:
    """A folder as a clone is: an environment, the demo's archive, and a newsroom that answers."""
    path = tmp_path_factory.mktemp("clone")
    (path / ".venv").symlink_to(sys.prefix)
    editor = path / "bin" / "editor"
    demo = subprocess.run(["thinker", "demo", "--once"], env=typing(path), cwd=path, capture_output=True, text=True)
    assert demo.returncode == 0, demo.stderr
    editor.write_text(f'#!/bin/sh\n{EDIT} "$1"\n')
    editor.chmod(0o755)
    with running(articles=60, demo=True) as site:
        yield Folder(path, site, demo.stderr)


def _started(folder: Folder, lines: list[str]) -> subprocess.Popen[str]:
    """These lines in one shell that stops at the first failure; the last takes its place."""
    typed = [INSTEAD.get(line, line) for line in (re.sub(r" +# .*", "", line) for line in lines)]
    environment = {**typing(folder.path), "THINKER_NEWSROOM": folder.site.address, "EDITOR": "editor"}
    script = "\n".join([*typed[:-1], f"exec {typed[-1]}"])
    return subprocess.Popen(
        ["sh", "-euc", script], env=environment, cwd=folder.path, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )  # fmt: skip


@pytest.mark.slow
def test_readme_is_run_block_by_block(folder: Folder) -> None:
    first, collect = [block.splitlines() for language, block in blocks(README) if language == "sh"]
    assert first == list(RUN_ELSEWHERE)
    process = _started(folder, collect)
    told = []
    try:
        for line in process.stdout:
            told.append(line.strip())
            if line.startswith("http://"):
                break
        with OPEN(f"{told[-1]}/changes.json", timeout=60) as answer:
            assert answer.status == 200
    finally:
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode in (0, 7), err
    assert next(line for line in told if " new articles, " in line).split("; ")[1].split(", ")[0] == "5 new articles"
    assert 'contact = "you@example.org"' in (folder.path / "data" / "thinker.toml").read_text(encoding="utf-8")


TYPED = re.findall(r"`(thinker [^`]*)`", JOURNEY)


@pytest.mark.slow
@pytest.mark.parametrize("command", TYPED)
def test_the_journey_can_be_typed(folder: Folder, command: str) -> None:
    ((_, ready),) = blocks(JOURNEY)
    process = _started(folder, [*ready.splitlines(), command])
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    assert out
