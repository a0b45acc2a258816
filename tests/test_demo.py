"""The demo for a user who has just installed `thinker`: its folder, its output and the commands it offers to try."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.checkout import ROOT

from cli.staging import BUSY, MADE, USUAL, clear, is_made
from newsroom.site.demo import NEW

pytestmark = pytest.mark.slow

OPEN = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
INSTALLED = Path(sys.executable).parent  # `thinker` lies beside the interpreter
UNNAMED = {name: value for name, value in os.environ.items() if name != "THINKER_HOME"}
SHELL = {**UNNAMED, "PATH": f"{INSTALLED}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
ADDRESS = "http://127.0.0.1:"


@dataclass(frozen=True)
class Shown:
    """A folder in which the demo was shown and served, and all that it printed."""

    folder: Path
    out: list[str]
    told: list[str]
    removed: str  # the page that it names

    @property
    def home(self) -> Path:
        return self.folder / "data" / "demo"

    def typed(self, line: str) -> str:
        """The output of a line that is typed in another terminal in this folder."""
        ended = subprocess.run(["sh", "-euc", line], env=SHELL, cwd=self.folder, text=True, capture_output=True)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"{(self.home / 'archive.db').as_uri()}?mode=ro", uri=True)) as conn:
            return conn.execute(query).fetchall()


def served(folder: Path) -> Shown:
    """Run the demo until it serves, ask for both addresses, and end it by Ctrl-C."""
    demo = subprocess.Popen(
        ["thinker", "demo"], env=SHELL, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, page = [], ""
    try:
        for line in demo.stdout:
            out.append(line.rstrip("\n"))
            if line.startswith(ADDRESS):
                with OPEN(line.strip(), timeout=60) as answer:
                    page = answer.read().decode()
            if sum(each.startswith(ADDRESS) for each in out) == 2:
                break
    finally:
        demo.send_signal(signal.SIGINT)
        rest, told = demo.communicate(timeout=60)
    assert (demo.returncode, rest) == (7, ""), told
    return Shown(folder, out, told.splitlines(), page)


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return served(tmp_path_factory.mktemp("folder"))


def test_the_demo_has_a_folder_of_its_own_and_prints_no_line_twice(shown: Shown) -> None:
    assert [path.name for path in (shown.folder / "data").iterdir()] == ["demo"]
    said = [line for line in (*shown.out, *shown.told) if not re.search(r"  gap  ", line)]
    assert [line for line, times in Counter(said).items() if times > 1] == []
    assert [line[:4] for line in shown.told[:5]] == ["1/5 ", "2/5 ", "3/5 ", "4/5 ", "5/5 "]
    assert (shown.told[-1], len(shown.told)) == ("thinker: stopped", 10)
    assert "newsroom-7" in shown.removed


def test_the_commands_that_the_demo_offers_find_the_promised_results(shown: Shown) -> None:
    search, phrase, history = [line for line in shown.told if line.startswith("  thinker --home data/demo ")]
    hits = json.loads(shown.typed(f"{search} --json"))
    assert "newsroom-12" in {hit["key"] for hit in hits}
    assert all(NEW in hit["snippet"] for hit in hits)
    months = [len(each["months"]) for each in json.loads(shown.typed(f"{phrase} --json"))]
    assert all(covered > 20 for covered in months)
    assert "body_text" in shown.typed(history)


def test_one_edit_changes_a_number_a_name_and_a_formulation(shown: Shown) -> None:
    (body,) = json.loads(shown.typed("thinker --home data/demo diff newsroom-12 --json"))["properties"]
    texts = {op: [each["text"] for each in body["segments"] if each["op"] == op] for op in ("delete", "insert")}
    assert texts == {"delete": ["1.2", "闻照溪", "放管服改革"], "insert": ["1.8", "秦予蘅", "高效办成一件事"]}


def test_the_demo_records_removals_edits_a_faulty_page_and_missed_slots(shown: Shown) -> None:
    assert shown.rows("select key, state from articles where state <> 'live' order by key") == [
        ("newsroom-27", "removed"), ("newsroom-31", "soft_gone"), ("newsroom-49", "restricted"),
        ("newsroom-7", "removed"),
    ]  # fmt: skip
    assert shown.rows("select source, kind, count(*) from events where kind not in ('new', 'gap') group by 1, 2") == [
        ("newsroom", "edited", 3), ("newsroom", "removed", 3), ("newsroom", "restored", 1),
        ("newsroom", "restricted", 1),
    ]  # fmt: skip
    assert shown.rows("select source, parse_error from captures where verdict = 'not_article'") == [
        ("dongwan", "no prose: 0 links, 0 characters of text")
    ]
    assert shown.rows("select distinct source from coverage where outcome = 'missed' order by 1") == [
        ("dongwan",), ("newsroom",),
    ]  # fmt: skip


def test_the_demo_covers_24_months_two_sources_and_six_people(shown: Shown) -> None:
    assert shown.rows("select count(distinct published_month), min(published_month) from articles") == [(24, "2024-12")]
    assert shown.rows("select source, count(*) from articles group by source") == [("dongwan", 3), ("newsroom", 60)]
    speakers = shown.rows("select count(distinct speaker) from articles where speaker glob '[^A-Za-z]*'")
    assert speakers == [(6,)]


def test_an_article_that_moved_is_one_row_with_two_addresses(shown: Shown) -> None:
    moved = "select a.key, count(*) from addresses d join articles a on a.id = d.article_id where a.source = 'dongwan'"
    assert sorted(count for _, count in shown.rows(f"{moved} group by a.key")) == [1, 1, 2]


def test_the_page_of_the_twelve_questions_prints_the_answers_of_the_demo(shown: Shown) -> None:
    command = [sys.executable, "docs/generate.py", "--check", "--demo", str(shown.home)]
    compared = subprocess.run(command, cwd=ROOT, text=True, capture_output=True)
    assert (compared.returncode, compared.stderr) == (0, "")
    page = (ROOT / "docs" / "data-model.md").read_text(encoding="utf-8")
    printed = re.findall(r"<!-- answer \d+ -->\n(.*?)\n<!-- /answer", page, re.DOTALL)
    assert [len(block.splitlines()) for block in printed] == [4] * 12  # names, a rule, two rows


def test_a_finished_demo_is_served_and_not_made_again(shown: Shown) -> None:
    before = shown.rows("select count(*) from captures")
    again = served(shown.folder)
    assert again.told[0] == "data/demo already has the demo: delete the folder to make it again"
    assert again.out[:-2] == shown.out[:-2]
    assert shown.rows("select count(*) from captures") == before


@pytest.mark.parametrize("moment", ["1/5 ", "2/5 ", ADDRESS], ids=["importing", "crawling", "serving"])
def test_ctrl_c_of_make_demo_ends_it_quietly(tmp_path: Path, shown: Shown, moment: str) -> None:
    """A terminal tells every process of its group: make, the demo, the newsroom; a crawl has a group of its own."""
    folder = shown.folder if moment == ADDRESS else tmp_path
    command = ["make", "-f", str(ROOT / "Makefile"), "-o", f"{sys.prefix}/.runs", "demo", f"VENV={sys.prefix}"]
    make = subprocess.Popen(
        command, env=SHELL, cwd=folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        start_new_session=True,
    )  # fmt: skip
    for line in make.stdout:
        if line.startswith(moment):
            break
    began = "select count(*) from crawls where due_at is not null"
    while moment == "2/5 " and Shown(folder, [], [], "").rows(began) == [(0,)]:
        assert make.poll() is None
        time.sleep(0.1)
    os.killpg(make.pid, signal.SIGINT)
    rest, _ = make.communicate(timeout=60)
    told = [line for line in rest.splitlines() if not line.startswith((ADDRESS, "3/5 "))]
    assert told == ["thinker: stopped"]
    looks = 0
    while left := _left(folder, make.pid):  # a sandbox ends when its pipe does
        looks += 1
        assert looks < 100, left
        time.sleep(0.1)


def _left(place: Path, group: int) -> list[str]:
    """The processes that still run of a group, or in a folder."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            same = os.getpgid(int(folder.name)) == group or (folder / "cwd").readlink() == place
        except OSError:
            continue
        found += [command] if same and command else []  # one that has ended has none
    return found


def test_a_demo_that_was_cut_short_is_made_anew_and_foreign_files_stay(tmp_path: Path) -> None:
    letter = tmp_path / "letters" / "mine.txt"
    letter.parent.mkdir()
    letter.write_text("mine", encoding="utf-8")
    command = ["thinker", "--home", str(tmp_path), "demo", "--once", "--json"]
    first = subprocess.Popen(
        command, env=SHELL, cwd=tmp_path, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    for line in first.stderr:
        if line.startswith("3/5 "):
            break
    first.send_signal(signal.SIGINT)
    first.communicate(timeout=60)
    assert (tmp_path / "archive.db").exists()
    ended = subprocess.run(command, env=SHELL, cwd=tmp_path, text=True, capture_output=True)
    assert ended.returncode == 0, ended.stderr
    kinds = Counter(event["kind"] for event in json.loads(ended.stdout)["events"])
    assert (kinds["edited"], kinds["removed"], kinds["restored"]) == (3, 3, 1)
    assert letter.read_text(encoding="utf-8") == "mine"


def test_a_demo_with_changed_settings_counts_as_made_and_keeps_its_captures(tmp_path: Path) -> None:
    (tmp_path / "captures").mkdir()
    for schedule, made in ((USUAL, True), ("every 2h", True), (BUSY, False)):
        (tmp_path / "thinker.toml").write_text(MADE + f'sources.newsroom.schedule = "{schedule}"\n', encoding="utf-8")
        clear(tmp_path)
        assert (is_made(tmp_path), (tmp_path / "captures").exists()) == (made, made)


def test_a_folder_that_already_has_captures_is_refused(tmp_path: Path) -> None:
    (tmp_path / "captures").mkdir()
    refused = subprocess.run(["thinker", "--home", str(tmp_path), "demo"], env=SHELL, text=True, capture_output=True)
    assert (refused.returncode, list(tmp_path.iterdir())) == (2, [tmp_path / "captures"])
