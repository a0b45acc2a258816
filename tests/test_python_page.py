"""docs/python.md and docs/notebook.ipynb run as they stand, on the articles of the demo."""

import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stdout
from inspect import signature
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from support.checkout import ROOT

import thinker_archive
from cli.staging import SITE, USUAL, Stage
from newsroom.process import running
from newsroom.site.demo import FIRST_ACT, NEW, OLD
from thinker_archive.results import ArticleResult, ListedResult, PhraseResult

PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
NOTEBOOK = ROOT / "docs" / "notebook.ipynb"
FOUND = (
    "print(len(by_year), sorted(set(removed['state'])), set(events['kind']), first_use, len(use), len(versions),"
    " int(lengths['count'].sum()), archive.sql('select count(*) as n from articles').to_pandas()['n'][0])"
)
EXTRA = re.search(r"pip install '(.*)'", PAGE)
CLASSES = (thinker_archive.Reader, thinker_archive.Result, ListedResult, ArticleResult, PhraseResult)


def public(of: type) -> set[str]:
    """The names that a class adds for its users."""
    return {name for name in vars(of) if not name.startswith("_")}


def test_every_method_is_in_a_block_and_every_parameter_is_named() -> None:
    blocks = "\n".join(BLOCKS)
    methods = {name for each in CLASSES for name in public(each)} - {"close"}
    assert {name for name in methods if f".{name}" not in blocks} == set()
    named = {
        name
        for method in public(thinker_archive.Reader)
        for name, each in signature(getattr(thinker_archive.Reader, method)).parameters.items()
        if each.kind is each.KEYWORD_ONLY
    }
    assert {name for name in named if not re.search(rf"`{name}(?:=\w+)?`|\b{name}=", PAGE)} == set()


def test_the_page_installs_what_the_error_names() -> None:
    from archive.publish.exporting.frames import MISSING

    assert EXTRA is not None
    assert EXTRA[0] in MISSING


def test_the_notebook_is_stored_without_outputs() -> None:
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert [each for each in notebook["cells"] if each.get("outputs") or each.get("execution_count")] == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo's archive in data/demo, made without its imports, its scheduler and its second site."""
    folder = tmp_path_factory.mktemp("page")
    with running(articles=60, demo=True, also=["localhost"]) as site:
        stage = Stage(folder / "data" / "demo", site)
        stage.declare(USUAL)
        stage.crawl(SITE)
        stage.happen(FIRST_ACT)
        stage.crawl(SITE)
        stage.crawl(SITE)
    return folder


@pytest.mark.slow
def test_the_page_is_run_block_by_block(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    names: dict[str, Any] = {}
    printed = []
    for block in BLOCKS:
        with redirect_stdout(StringIO()) as out:
            exec(block, names)
        printed.append(out.getvalue())
    _open, search, gone, versions, events, phrases, sql, tables, columns = printed
    assert (_open, re.match(r"\d+\n", search) is not None, OLD in gone) == ("", True, True)
    assert re.search(r"^2 \d{4}-", versions, re.MULTILINE)
    assert "['body_text']" in versions
    assert {"removed", "edited"} <= set(events.split())
    assert re.search(rf"^{OLD} \d+ 20.*\n{NEW} \d+ 20", phrases, re.MULTILINE)
    assert "'articles'" in sql
    assert "datetime64[us, UTC]" in tables
    assert columns.startswith("['key', 'headline', 'state'")


@pytest.mark.slow
def test_the_notebook_runs_and_shows_results(folder: Path) -> None:
    """nbclient runs it, in a kernel of ipykernel; a cell more says what the others found."""
    (folder / "docs").mkdir(exist_ok=True)
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    last = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": FOUND, "id": "last"}
    asked, answered = folder / "docs" / "asked.ipynb", folder / "docs" / "answered.ipynb"
    asked.write_text(json.dumps(notebook | {"cells": [*notebook["cells"], last]}), encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-c", "from nbclient.cli import main; main()", str(asked), f"--output={answered}"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=200,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr[-3000:]
    shown = [each for each in json.loads(answered.read_text("utf-8"))["cells"] if each["cell_type"] == "code"]
    assert [each["source"] for each in shown if not each["outputs"] and "import" not in "".join(each["source"])] == []
    said = "".join(shown[-1]["outputs"][0]["text"])
    found = re.fullmatch(r"(\d+) (\[.*\]) (\{.*\}) (\{.*\}) (\d+) (\d+) (\d+) (\d+)\n", said)
    assert found, said
    speakers, states, kinds, first_use, months, versions, counted, articles = found.groups()
    assert int(speakers) >= 6
    assert ("removed" in states, "removed" in kinds) == (True, True)
    assert (OLD in first_use, NEW in first_use, "None" in first_use) == (True, True, False)
    assert (int(months) >= 2, int(versions), counted) == (True, 2, articles)
