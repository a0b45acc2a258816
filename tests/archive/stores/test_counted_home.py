"""An archive of an earlier program, in which every page was edited because a counter moved, has one edit afterwards.

`counted-853d0a6.tar.xz` was made by make_counted_home.py: 30 pages at two visits; on one of them a sentence differs.
"""

import json
import shutil
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from support.journeys import asked
from support.layouts import EDITED, PARAGRAPHS

from archive import open_archive, read_archive
from archive.replaying.proof import prove

ARTICLES = 30
REVISIONS = "select significance, count(*) from revisions where number > 1 group by 1 order by 1"
EDITS = "select count(*) from events where kind = 'edited'"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with tarfile.open(Path(__file__).with_name("counted-853d0a6.tar.xz")) as packed:
        packed.extraction_filter = getattr(tarfile, "data_filter", None)  # Debian's 3.11.2 has none
        packed.extractall(tmp_path)
    return tmp_path / "counted"


@pytest.mark.slow
def test_edits_that_counters_made_are_judged_again(home: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(home / "archive.db")) as before:
        assert before.execute(REVISIONS).fetchall() == [("substantive", ARTICLES)]
        assert before.execute(EDITS).fetchone() == (ARTICLES,)
    assert asked(home, "migrate")[0] == 0
    with closing(read_archive(home)) as after:
        assert after.conn.execute(REVISIONS).fetchall() == [("substantive", 1)]
        assert after.conn.execute(EDITS).fetchone() == (1,)
        with TemporaryDirectory() as scratch:
            assert not prove(after, Path(scratch))
    _, changes, _ = asked(home, "changes", "--json")
    (edit,) = [event for event in json.loads(changes) if event["kind"] == "edited"]
    _, shown, _ = asked(home, "diff", edit["key"], "1..2", "--json")
    (body,) = [each for each in json.loads(shown)["properties"] if each["significance"] == "substantive"]
    assert (PARAGRAPHS[-1] in _side(body, "delete"), EDITED in _side(body, "insert")) == (True, True)

    again = Path(shutil.copytree(home, tmp_path / "again"))
    assert asked(again, "rebuild")[0] == 0
    with closing(open_archive(again)) as rebuilt:
        assert rebuilt.conn.execute(REVISIONS).fetchall() == [("substantive", 1)]
        assert rebuilt.conn.execute(EDITS).fetchone() == (1,)


def _side(body: dict[str, object], op: str) -> str:
    segments: list[dict[str, str]] = body["segments"]  # type: ignore[assignment]
    return "".join(segment["text"] for segment in segments if segment["op"] in ("equal", op))
