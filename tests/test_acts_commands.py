"""The commands merge, split, correct and undo: one line each, and an archive that a rebuild gives again."""

import json
from pathlib import Path

import pytest
from support.journeys import Thinker
from support.tables import every_row

from newsroom.process import running


@pytest.fixture(scope="module")
def thinker(tmp_path_factory: pytest.TempPathFactory) -> Thinker:
    with running(articles=6) as site:
        thinker = Thinker(tmp_path_factory.mktemp("home"), site)
        thinker.run("crawl", "newsroom")
        return thinker


def said(thinker: Thinker, *command: str) -> tuple[int, str, str]:
    process = thinker.start(*command)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err


def test_a_merge_is_undone_by_the_name_that_it_printed(thinker: Thinker) -> None:
    before = thinker.json("history", "newsroom-2")
    act = thinker.json("merge", "newsroom-2", "newsroom-3", "--note", "同一篇讲话", "--by", "编辑部")["act"]
    assert {thinker.json("show", key)["key"] for key in ("newsroom-2", "newsroom-3")} == {"newsroom-2"}
    (note,) = (Path(thinker.home) / "ledger" / "notes").iterdir()
    assert note.read_text("utf-8") == "同一篇讲话"
    (standing,) = thinker.json("undo")
    assert [standing[name] for name in ("digest", "kind", "key", "by", "reason")] == [
        act, "merged", "newsroom-2", "编辑部", "same_work"
    ]  # fmt: skip
    assert thinker.json("verify", "--deep")["ok"]
    merged = thinker.json("history", "newsroom-2")
    thinker.run("rebuild")
    assert thinker.json("history", "newsroom-2") == merged != before
    code, out, _ = said(thinker, "undo", act[7:19])
    assert (code, out.startswith(f"undid {act[7:19]}: act ")) == (0, True)
    assert thinker.json("history", "newsroom-2") == before
    assert thinker.json("undo") == []
    line = (Path(thinker.home) / "ledger" / "operator.jsonl").read_text("utf-8").splitlines()[0]
    assert json.loads(line)["detail"]["by"] == "编辑部"
    assert "讲话" not in line


def test_a_correction_is_printed_as_ours_until_it_is_undone(thinker: Thinker) -> None:
    act = thinker.json("correct", "newsroom-4", "keywords", "江海、\x1b[31m城市", "<b>", "--by", "编辑部")["act"]
    correct = ("correct", "newsroom-4", "date_published", "2024年4月13日 23:01", "--reason", "wrong_year")
    code, out, _ = said(thinker, *correct)
    assert (code, out.startswith("corrected date_published of newsroom-4: act ")) == (0, True)
    lines = [line for line in thinker.run("show", "newsroom-4").splitlines() if line.startswith("our correction: ")]
    assert [line.partition(" (")[0] for line in lines] == [
        "our correction: keywords: 江海; [31m城市; <b>",
        "our correction: date_published: 2024-04-13T23:01:00+08:00",
    ]
    assert lines[0].endswith("Z, misread)")
    assert "in our correction of keywords: 江海" in thinker.run("search", "江海 31m城市")
    assert thinker.json("verify", "--deep")["ok"]
    thinker.run("undo", act[7:19])
    assert [each["property"] for each in thinker.json("show", "newsroom-4")["corrections"]] == ["date_published"]


NO_ARTICLE = "no article with the key 'nothing-1': `thinker search` and `thinker changes` list the keys"


@every_row(
    ("command", "code", "line"),
    [
        ("merge newsroom-1 nothing-1", 2, f"thinker: {NO_ARTICLE}"),
        ("merge newsroom-1 newsroom-1", 2, "thinker: both keys name one article already"),
        ("split nothing-1 --address http://127.0.0.1/x", 2, f"thinker: {NO_ARTICLE}"),
        (
            "split newsroom-1 --address http://127.0.0.1/x",
            2,
            "thinker: newsroom-1 was not seen at http://127.0.0.1/x, but at {site}/article/1.html",
        ),
        ("correct nothing-1 speaker x", 2, f"thinker: {NO_ARTICLE}"),
        ("correct newsroom-1 spaeker x", 2, "thinker: no property 'spaeker' can be corrected: did you mean speaker?"),
        ("correct newsroom-1 speaker x y", 2, "thinker: speaker has one value, not 2: put it between quotes"),
        (
            "correct newsroom-1 date_published gestern",
            2,
            "thinker: date_published: 'gestern' is not a date such as 2024-04-13, 2024-04-13 23:01 or "
            "2024-04-13T23:01:00+08:00",
        ),
        ("correct newsroom-1 speaker", 2, "thinker: Missing argument 'VALUE'. (see --help)"),
        (
            "undo abcdef",
            2,
            "thinker: no acts can be undone whose digests begin with 'abcdef': `thinker undo` lists them",
        ),
    ],
)
def test_an_act_that_does_not_fit_is_refused_in_one_line(thinker: Thinker, command: str, code: int, line: str) -> None:
    process = thinker.start(*command.split())
    _, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (code, f"{line.format(site=thinker.site.address if thinker.site else '')}\n")


@every_row(
    "command",
    [
        "merge a b --reason Same",
        "merge a b --note ''",
        "split a --address nonsense",
        "split a",
        "undo x --by \x07",
        "correct a speaker x --reason Misread",
        "correct a speaker x --note ''",
    ],
)
def test_a_wrong_option_of_an_act_exits_with_2(thinker: Thinker, command: str) -> None:
    code, _, err = said(thinker, *[part.strip("'") for part in command.split(" ")])
    assert (code, err.count("\n")) == (2, 1)
