"""The ledger as a stranger meets it: canonical lines, codes only, digests over bytes, and a check of his own."""

import hashlib
import json
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from support.archiving import NOON, PARAGRAPHS, SOURCE, Reads, crawl, fetched, page, rows
from support.busy_archive import busy_archive
from support.checkout import ROOT

from archive import OtherVersion, open_archive
from archive.decisions import decision_of
from archive.files.clock import stamp
from archive.files.ledger import (
    Ledger,
    LedgerError,
    LedgerLine,
    as_text,
    canonical,
    daily_head,
    head_of_all,
    heads,
    read_lines,
    sealed,
    steps,
)
from archive.judging.crawl_ingest import CrawlIngest
from archive.judging.reading.readings import UnreadPage
from archive.replaying.rebuild import rebuild_database
from archive.rules.identity import content_digest, state_of
from parsers.article import Article, Media

DAY = timedelta(days=1)
NAMES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=8)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(NAMES, VALUES, max_size=6))
def test_canonical_json_is_that_of_rfc_8785(values: dict[str, object]):
    assert canonical(values).encode() == rfc8785.dumps(values)


# -- the check in docs/ledger.md ------------------------------------------------------------------------------


def check(path: Path) -> subprocess.CompletedProcess[str]:
    """Run the program that docs/ledger.md prints, in the archive's home, without anything of ours to import."""
    text = (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8")
    (program,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len([line for line in program.splitlines() if line.strip()]) <= 20
    command = [sys.executable, "-I", "-c", program, str(path)]
    return subprocess.run(command, cwd=path.parents[1], capture_output=True, text=True)


def test_twenty_lines_of_plain_python_check_a_chain(tmp_path: Path):
    archive = busy_archive(tmp_path)
    head = heads(archive.conn)["newsroom"]
    archive.close()
    checked = check(tmp_path / "ledger" / "newsroom.jsonl")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.splitlines()[-1] == f"# 19 lines, the last is {head}"


def test_the_documented_program_prints_checks_for_every_byte_of_the_captures(tmp_path: Path):
    busy_archive(tmp_path).close()
    commands = check(tmp_path / "ledger" / "newsroom.jsonl").stdout.splitlines()[:-1]
    checked: dict[str, int] = {}
    for command in commands:
        said = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
        assert said.split()[0] == command.rpartition("# ")[2]
        first, file, length = re.findall(r"\+(\d+) captures/(\S+) \| head -c (\d+)", command)[0][0:3]
        assert int(first) == checked.get(file, 0) + 1
        checked[file] = int(first) - 1 + int(length)
    assert checked == {path.name: path.stat().st_size for path in (tmp_path / "captures").iterdir()}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"kind":"edited"', '"kind":"seen"', "altered"),
        ('"errors":0', '"errors":1', "altered"),
        ('"recorded_at":"2026-11-26', '"recorded_at":"2026-11-27', "altered"),
        ('"format":1', '"format":2', "another format"),
        ('"format":1', '"format":true', "another format"),
        ('"kind":"edited"', '"kind":"edited","kind":"seen"', "another format"),
        ('"kind":"edited"', '"kind": "edited"', "another format"),
    ],
)
def test_the_checking_program_finds_a_changed_line(tmp_path: Path, old: str, new: str, said: str):
    busy_archive(tmp_path).close()
    path = tmp_path / "ledger" / "newsroom.jsonl"
    path.write_text(path.read_text().replace(old, new, 1))
    assert check(path).stderr.strip().endswith(said)


def test_the_checking_program_finds_a_missing_line_and_a_chain_of_another_name(tmp_path: Path):
    busy_archive(tmp_path).close()
    path = tmp_path / "ledger" / "newsroom.jsonl"
    other = path.with_name("elsewhere.jsonl")
    other.write_bytes(path.read_bytes())
    assert check(other).stderr == "line 1: altered\n"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:4] + lines[5:]))
    assert check(path).stderr == "line 5: the chain is broken\n"


# -- what stands in it ----------------------------------------------------------------------------------------

SECRET = "页面里的秘密words"


def crashing(_: object) -> UnreadPage:
    return UnreadPage("crashed", f"the parser failed: ValueError: {SECRET}")


@pytest.mark.parametrize(
    ("payload", "verdict"),
    [
        (f"<html><title>404 {SECRET}</title><body><h1>404 {SECRET}：页面不存在</h1></body></html>".encode(), None),
        (f"<html><title>{SECRET}</title><body><a href='/'>{SECRET}</a></body></html>".encode(), "not_article"),
        (page(1, headline=f"{SECRET}谈发展", paragraphs=(SECRET, *PARAGRAPHS)), "article"),
    ],
)
def test_no_text_of_a_page_stands_in_the_ledger(tmp_path: Path, payload: bytes, verdict: str | None):
    archive = open_archive(tmp_path)
    crawl(archive, NOON, {1: payload, 2: page(2)})
    (found,) = rows(archive, "select verdict, parse_error from captures where id = 1")
    assert verdict in (None, found[0])
    archive.close()
    assert SECRET.encode() not in (tmp_path / "ledger" / "newsroom.jsonl").read_bytes()


def test_a_parser_crash_message_survives_a_rebuild_and_is_not_in_the_ledger(tmp_path: Path):
    archive = open_archive(tmp_path)
    with CrawlIngest(archive, SOURCE, Reads(crashing), clock=lambda: NOON) as ingest:
        ingest.begin_crawl(NOON)
        ingest.add(fetched(1, page(1), NOON))
        ingest.finish("finished", 1, 0, NOON)
    said = [("crashed", f"the parser failed: ValueError: {SECRET}")]
    assert rows(archive, "select verdict, parse_error from captures") == said
    archive.close()
    rebuild_database(tmp_path, NOON)
    again = open_archive(tmp_path)
    assert rows(again, "select verdict, parse_error from captures") == said
    again.close()
    assert SECRET.encode() not in (tmp_path / "ledger" / "newsroom.jsonl").read_bytes()


def test_lines_of_states_carry_the_digests_of_payload_and_conversion(tmp_path: Path):
    archive = busy_archive(tmp_path)
    stored = dict(rows(archive, "select record_id, payload_digest from captures"))
    kept = dict(rows(archive, "select content_digest, conversion_digest from states"))
    archive.close()
    told = [line for _, line in read_lines(tmp_path / "ledger", "newsroom") if line.kind in ("new", "edited", "seen")]
    assert {line.kind for line in told} == {"new", "edited", "seen"}
    assert [(line.payload_digest, line.conversion_digest) for line in told] == [
        (stored[line.record_id], kept[line.content_digest]) for line in told
    ]


def test_the_daily_head_is_one_digest_over_the_heads(tmp_path: Path):
    archive = busy_archive(tmp_path)
    found = heads(archive.conn)
    assert list(found) == ["newsroom"]
    assert head_of_all(archive.conn) == daily_head(found) != daily_head({**found, "operator": found["newsroom"]})
    archive.close()


# -- what makes a state ---------------------------------------------------------------------------------------

ARTICLE = Article("一二三", speaker="某人", keywords=("甲", "乙"), paragraphs=("第一段。", "第二段。"))


@pytest.mark.parametrize(
    ("article", "digest"),
    [
        (Article("一二三"), "e5d5d33971"),
        (ARTICLE, "f0b368641a"),
        (
            Article(
                "一二三",
                metadata=(("文号", "国发〔2024〕1号"),),
                media=(Media("http://a/1.pdf", "attachment", "附件"),),
            ),
            "37868d4133",
        ),
    ],
)
def test_the_digest_of_a_state_never_changes(article: Article, digest: str):
    """The first hex digits are permalinks: a change here breaks every citation."""
    assert content_digest(article)[7:17] == digest


def test_the_content_digest_is_that_of_the_canonical_json_of_the_article():
    said = {"headline": "一二三", "speaker": "某人", "keywords": ["甲", "乙"], "paragraphs": ["第一段。", "第二段。"]}
    assert content_digest(ARTICLE) == sealed_json(said)


def sealed_json(values: dict[str, object]) -> str:
    return "sha256:" + hashlib.sha256(rfc8785.dumps(values)).hexdigest()


def test_pictures_canonical_url_identity_and_language_make_no_new_state():
    other = Article(
        "一二三", speaker="某人", keywords=("甲", "乙"), paragraphs=("第一段。", "第二段。"), canonical_url="http://a/",
        identity="7", media=(Media("http://a/1.jpg"),), in_language="zh-Hans",
    )  # fmt: skip
    assert content_digest(other) == content_digest(ARTICLE)
    assert state_of(other, "1").digest == state_of(ARTICLE, "9").digest


# -- other versions and new kinds -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": 2}, "made by a newer version of thinker: upgrade"),
        ({"format": None}, "made by thinker 0.1"),
    ],
)
def test_a_line_of_another_format_is_named(tmp_path: Path, change: dict[str, object], said: str):
    busy_archive(tmp_path).close()
    path = tmp_path / "ledger" / "newsroom.jsonl"
    values = {**json.loads(path.read_text().splitlines()[0]), **change}
    path.write_text(canonical(values) + "\n")
    (tmp_path / "archive.db").unlink()
    with pytest.raises(OtherVersion, match=re.escape(said)):
        rebuild_database(tmp_path, NOON)


def test_a_kind_that_is_unknown_is_of_a_newer_version(tmp_path: Path):
    busy_archive(tmp_path).close()
    (*_, (_, last)) = read_lines(tmp_path / "ledger", "newsroom")
    strange = sealed(LedgerLine("newsroom", stamp(NOON), stamp(NOON), "prophesied"), last.digest)
    with (tmp_path / "ledger" / "newsroom.jsonl").open("a") as file:
        file.write(as_text(strange))
    with pytest.raises(OtherVersion, match="'prophesied' is unknown: made by a newer version of thinker: upgrade"):
        open_archive(tmp_path)


def test_a_known_kind_with_fields_it_does_not_have_is_no_line_of_ours():
    line = LedgerLine("newsroom", stamp(NOON), stamp(NOON), "crawl_started", detail={"crawl": "c", "more": 1})
    with pytest.raises(LedgerError, match="not a line of kind crawl_started"):
        decision_of(line)


def test_the_captures_alone_show_how_far_each_chain_had_got(tmp_path: Path):
    """The commands that docs/ledger.md prints, in the archive's home."""
    busy_archive(tmp_path).close()
    text = (ROOT / "docs" / "ledger.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"`(zcat [^`]*)`", text)
    (further,) = re.findall(r"`(head -c BYTES [^`]*)`", text)
    said = json.loads(run(command, tmp_path).removeprefix("ledger: "))
    assert set(said) == {"newsroom"}
    last = run(further.replace("BYTES", str(said["newsroom"]["bytes"])).replace("NAME", "newsroom"), tmp_path)
    assert json.loads(last)["digest"] == said["newsroom"]["head"]


def run(command: str, folder: Path) -> str:
    done = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_lines_that_are_not_synced_are_forgotten(tmp_path: Path):
    ledger = Ledger(tmp_path, "newsroom")
    ledger.append(LedgerLine("newsroom", stamp(NOON), stamp(NOON), "probe"))
    ledger.discard()
    ledger.sync()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("moment", ["2026-11-26T25:00:00Z", "\N{FULLWIDTH DIGIT TWO}026-11-26T12:00:00Z"])
def test_a_line_recorded_at_a_text_that_no_program_reads_as_a_time_is_faulty(tmp_path: Path, moment: str):
    line = sealed(LedgerLine("newsroom", moment, "2026-11-26T12:00:00Z", "crawl_started"), None)
    (tmp_path / "newsroom.jsonl").write_text(as_text(line))
    assert [step.fault for step in steps(tmp_path, "newsroom")] == ["recorded_at is no moment"]
