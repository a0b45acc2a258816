"""The command export: what it prints and writes, each mistake in one line, and nothing half-made."""

import hashlib
import json
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from support.checkout import ROOT
from support.doc_blocks import done
from support.journeys import Thinker, asked
from support.small_disks import mounted
from support.taken_away import archive_to_take

from archive import read_archive
from archive.files.home import Home
from archive.publish.exporting import FORMATS, Slice, write_file

PAGE = (ROOT / "docs" / "exporting.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return archive_to_take(tmp_path_factory.mktemp("home"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, compared by name at the end of a refusal."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_text_format_goes_to_standard_output(home: Home) -> None:
    process = Thinker(home.path).start("export", "csv", "governance", "--what", "events")
    out, err = process.communicate(timeout=300)
    lines = out.removeprefix("\ufeff").splitlines()
    assert (process.returncode, lines[0].split(",")[:5]) == (0, ["at", "recorded_at", "kind", "source", "key"])
    assert [line.split(",")[2:5] for line in lines[1:]] == [
        ["new", "newsroom", "newsroom-2"],
        ["new", "newsroom", "newsroom-7"],
    ]
    assert err == "what the columns mean is in the codebook that -o FILE writes too\n"


def test_a_file_is_reported_with_its_digest(home: Home, folder: Path) -> None:
    code, out, err = asked(home.path, "export", "jsonl", "温度", "-o", "taken.jsonl", "--json")
    data = (folder / "taken.jsonl").read_bytes()
    assert (code, err) == (0, "")
    assert json.loads(out) == {
        "format": "jsonl", "what": "articles", "file": "taken.jsonl", "rows": 1, "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }  # fmt: skip
    assert sorted(path.name for path in folder.iterdir()) == ["taken.jsonl", "taken.jsonl.datapackage.json"]
    told = asked(home.path, "export", "jsonl", "温度", "-o", "taken.jsonl", "--overwrite")
    assert told == (0, f"taken.jsonl: 1 articles, {len(data):,} bytes\n", "")


def test_permalinks_lead_to_the_site_that_is_named(home: Home, folder: Path) -> None:
    asked(home.path, "export", "jsonl", "温度", "-o", "taken.jsonl", "--public-url", "https://archive.example/x/")
    (line,) = (folder / "taken.jsonl").read_text(encoding="utf-8").splitlines()
    assert re.fullmatch(r"https://archive\.example/x/a/newsroom-1/v/[0-9a-f]{12}", json.loads(line)["permalink"])
    assert json.loads((folder / "taken.jsonl.datapackage.json").read_text())["site"] == "https://archive.example/x"


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("cvs", "Invalid value for FORMAT: 'cvs' is not known; did you mean csv?"),
        ("csv --what article", "Invalid value for --what: 'article' is not known; did you mean articles?"),
        ("xlsx", "Invalid value for --output: xlsx is no text: name a file, such as -o articles.xlsx"),
        (
            "csv --json",
            "Invalid value for --output: --json prints what was written: name a file, such as -o articles.csv",
        ),
        ("csv -o there.csv", "Invalid value for --output: there.csv exists: name another file, or add --overwrite"),
        ("csv -o told.csv", "told.csv.datapackage.json exists: name another file, or add --overwrite"),
        ("csv -o .", "Invalid value for --output: . is a folder: name a file in it"),
        ("csv -o no/such.csv", ".such.csv.part: No such file or directory"),
        ("csv -o /dev/null --overwrite", "Invalid value for --output: /dev/null is no file that could be replaced"),
        ("csv \udcff -o x.csv", "Invalid value for QUERY: '\\udcff' is no UTF-8"),
        ("csv -o \udcff.csv", "Invalid value for --output: '\\udcff.csv' is no UTF-8"),
        ("txt --what events -o x.zip", "Invalid value for --what: txt has articles only: leave --what out"),
        ("csv 改革 --what coverage", "Invalid value for QUERY: coverage belongs to no article: leave the query out"),
        ("csv --ever", "Invalid value for --ever, --gone, --exact: only work with a query"),
        ("csv --since soon", "Invalid value for --since: 'soon' is not a date such as 2026-11-01"),
        ("csv --until soon", "Invalid value for --until: 'soon' is not a date such as 2026-11-01"),
        ("csv --source newroom", "no source named 'newroom' in this archive; did you mean newsroom?"),
        ("csv --public-url x", "Invalid value for --public-url: 'x' is not the address of a site, such as "),
    ],
)
def test_a_mistake_is_one_line_and_writes_nothing(home: Home, folder: Path, arguments: str, line: str) -> None:
    for name in ("there.csv", "told.csv.datapackage.json"):
        (folder / name).write_text("before")
    code, out, err = asked(home.path, "export", *arguments.split())
    assert (code, out, err.count("\n")) == (2, "", 1), err
    assert line in err
    assert {path.name: path.read_text() for path in folder.iterdir()} == dict.fromkeys(
        ("there.csv", "told.csv.datapackage.json"), "before"
    )


@pytest.mark.parametrize("name", ["archive.db", "archive.db-wal", "ledger/x.jsonl", "captures/x.warc.gz", "link"])
def test_the_archive_itself_is_not_overwritten(home: Home, folder: Path, name: str) -> None:
    (folder / "link").symlink_to(home.database)
    path = folder / name if name == "link" else home.path / name
    code, out, err = asked(home.path, "export", "csv", "-o", str(path), "--overwrite")
    assert (code, out) == (2, "")
    assert "is a place of the archive itself" in err


def test_the_half_made_file_of_a_killed_export_does_not_matter(home: Home, folder: Path) -> None:
    (folder / f".{os.getpid()}.taken.db.part").write_text("begun")
    with closing(read_archive(home.path)) as archive:
        assert write_file(archive.conn, Slice(), FORMATS["sqlite"], folder / "taken.db").rows == 6


WITHOUT = """
import runpy, sys
sys.modules.update(pyarrow=None, xlsxwriter=None)
sys.argv[0] = "thinker"
runpy.run_module("thinker", run_name="__main__")
"""


@pytest.mark.parametrize(
    ("form", "library"), [("xlsx", "xlsxwriter"), pytest.param("parquet", "pyarrow", marks=pytest.mark.slow)]
)
def test_a_missing_library_is_one_line_that_says_what_to_install(
    home: Home, folder: Path, form: str, library: str
) -> None:
    command = [sys.executable, "-c", WITHOUT, "--home", str(home.path), "export", form, "-o", "taken"]
    ended = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(ROOT)}
    )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == (
        f"thinker: {form} needs {library}, a part of the extra [export]: pip install 'thinker-archive[export]'\n"
    )
    assert list(folder.iterdir()) == []


INTERRUPTED = """
import os, runpy, signal, sys
done = []
def hear(name, arguments):
    if name == "open" and not done and str(arguments[0]).endswith(sys.argv[1]):
        done.append(name)
        os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(hear)
word = sys.argv[1]
sys.argv[:2] = ["thinker"]
runpy.run_module("thinker", run_name="__main__")
"""


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "xlsx", "sqlite"])
def test_ctrl_c_leaves_nothing_half_made(home: Home, folder: Path, form: str) -> None:
    command = [sys.executable, "-c", INTERRUPTED.replace("sys.argv[1]", "'.taken.part'"), "-", "--home", str(home.path)]
    ended = subprocess.run(
        [*command, "export", form, "-o", "taken"], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert (ended.returncode, ended.stdout, ended.stderr) == (7, "", "thinker: stopped\n")
    assert list(folder.iterdir()) == []


@pytest.mark.slow
@pytest.mark.root
@pytest.mark.parametrize("form", ["csv", "xlsx", "parquet", "sqlite"])
def test_a_full_disk_is_one_line_and_leaves_nothing(home: Home, tmp_path: Path, form: str) -> None:
    with mounted(tmp_path / "disk", "-t", "tmpfs", "-o", "size=4k", "tmpfs") as disk:
        process = Thinker(home.path).start("export", form, "-o", str(disk / "taken"))
        out, err = process.communicate(timeout=300)
        assert (process.returncode, out) == (6, ""), err
        assert re.fullmatch(r"thinker: the disk is full \(.*\): free some space and run the command again\n", err)
        assert list(disk.iterdir()) == []


@pytest.mark.slow
def test_the_blocks_of_the_page_exporting_md_run_as_they_stand(home: Home, folder: Path) -> None:
    found = dict(re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
    told = done(found["sh"], folder, THINKER_HOME=home.path)
    assert [line.partition(":")[0] for line in told.splitlines()] == [
        "articles.csv", "changes.xlsx", "revisions.parquet", "slim.db", "texts.zip",
    ]  # fmt: skip
    with closing(sqlite3.connect(folder / "slim.db")) as slim:
        assert {key for key, _ in slim.execute(found["sql"])} == {"newsroom-1", "newsroom-4", "newsroom-6"}
    asked(home.path, "export", "csv", "-o", "articles.csv", "--overwrite")
    read = subprocess.run([sys.executable, "-c", found["python"]], capture_output=True, text=True, check=True)
    assert "林知远" in read.stdout
