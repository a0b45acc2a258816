"""The command line: help that shows an example, one line for each mistake, the documented exit codes."""

import json
import shlex
from pathlib import Path

import pytest
from support.command_tree import EXAMPLES, LEAVES
from support.journeys import Thinker
from support.tables import every_row

COMMANDS = [
    "changes",
    "config",
    "correct",
    "crawl",
    "demo",
    "diff",
    "doctor",
    "doubles",
    "export",
    "fetch",
    "history",
    "import",
    "ingest",
    "init",
    "merge",
    "migrate",
    "parse",
    "phrase",
    "rebuild",
    "reindex",
    "reparse",
    "run",
    "schedule",
    "search",
    "serve",
    "show",
    "sources",
    "split",
    "status",
    "takedown",
    "undo",
    "verify",
    "watch",
    "worker",
]


def test_the_commands_are_those_of_the_house():
    assert sorted({path[0] for path in LEAVES}) == COMMANDS
    assert {path[1] for path in LEAVES if path[0] == "schedule"} == {"run", "list", "next", "pause", "resume", "export"}


@every_row("path", LEAVES)
def test_every_help_has_a_runnable_example(path: tuple[str, ...]):
    words = [word for word in shlex.split(EXAMPLES[path]) if word != "thinker"]
    if words[0] == "--home":
        words = words[2:]
    assert tuple(words[: len(path)]) == path
    LEAVES[path].make_context("thinker", words[len(path) :])  # its arguments and options are real


@pytest.mark.parametrize(
    ("arguments", "code", "line"),
    [
        ("frobnicate", 2, "thinker: No such command 'frobnicate'."),
        ("crawl nesroom", 2, "thinker: no source named 'nesroom'; did you mean newsroom?"),
        ("crawl newsroom --limit x", 2, "thinker: Invalid value for '--limit'"),
        ("crawl newsroom --since soon", 2, "thinker: Invalid value for --since: 'soon' is not a date"),
        ("search 改革", 2, "thinker: no archive at "),
        ("import nowhere.warc.gz", 2, "thinker: nothing to import: nowhere.warc.gz does not exist"),
        ("parse nowhere.html", 2, "thinker: nowhere.html: No such file or directory"),
        ("parse --explain nowhere.html", 2, "thinker: "),
    ],
)
def test_a_mistake_is_one_line_with_its_cause(tmp_path: Path, arguments: str, code: int, line: str):
    process = Thinker(tmp_path / "home").start(*shlex.split(arguments))
    out, err = process.communicate(timeout=120)
    assert process.returncode == code
    assert out == ""
    assert err.startswith(line)
    assert len(err.splitlines()) == 1


def test_init_can_be_run_again_and_keeps_the_settings(tmp_path: Path):
    thinker = Thinker(tmp_path)
    thinker.run("init")
    settings = tmp_path / "thinker.toml"
    settings.write_text(settings.read_text() + '\n[sources.newsroom]\nschedule = "every 10s"\n')
    thinker.run("init")
    assert [row["source"] for row in thinker.json("schedule", "list")] == ["newsroom", "shangguan"]
    assert len(thinker.json("schedule", "next", "--count", "3")) == 6
    assert ("sources.newsroom.schedule", "every 10s") in [
        (row["key"], row["value"]) for row in thinker.json("config", "show")
    ]


def test_an_unknown_setting_is_named_with_the_near_one(tmp_path: Path):
    (tmp_path / "thinker.toml").write_text("[sources.newsroom]\nshedule = 'every 10s'\n")
    err = Thinker(tmp_path).run("config", "show", code=2)
    assert "shedule" in err
    assert "schedule" in err.replace("shedule", "")


def test_parse_jsonl_answers_every_line(tmp_path: Path):
    page = tmp_path / "page.html"
    page.write_text(
        "<html><head><title>一篇文章</title></head><body><h1>一篇文章</h1><p>2024年4月13日 23:01</p>"
        + "<p>长三角一体化发展上升为国家战略以来，相关支撑机制逐步形成，三省一市各扬所长，协同推进。</p>" * 4
    )
    lines = [{"id": 1, "path": str(page), "url": "https://example.com/1"}, {"id": 2, "path": "missing.html", "url": ""}]
    import subprocess

    process = Thinker(tmp_path).start("parse", "--jsonl", stdin=subprocess.PIPE)
    out, _ = process.communicate("\n".join(json.dumps(line) for line in lines), timeout=120)
    first, second = [json.loads(line) for line in out.splitlines()]
    assert (first["id"], first["error"], first["article"]["headline"]) == (1, None, "一篇文章")
    assert first["article"]["date_published"] == "2024-04-13T23:01:00+08:00"
    assert (second["id"], second["article"]) == (2, None)
    assert "missing.html" in second["error"]


@pytest.mark.slow
@pytest.mark.shared
def test_saved_pages_and_the_seed_are_imported(tmp_path: Path, shared: Path):
    thinker, data = Thinker(tmp_path), shared / "data"
    pages = thinker.json("import", str(data / "policy-pages"))
    assert (pages["captures"], pages["errors"]) == (41, [])
    assert pages["new_articles"] >= 34
    assert len(pages["not_articles"]) == 41 - pages["new_articles"]
    assert all(kept["reason"] for kept in pages["not_articles"])
    assert thinker.json("import", str(data / "seed.txt"))["sources"] == {"a5qu": 1}
    key = next(hit["key"] for hit in thinker.json("search", '"Ruan Qing"'))
    article = thinker.json("show", key)
    assert (article["article_section"], article["speaker"]) == ("Thinker", "Ruan Qing")
    assert article["headline"] == "Promoting Chinese path to modernization"
    assert article["alternative_headline"] == "How does the Yangtze River Delta lead the way?"
    assert article["keywords"] == ["Yangtze River Delta", "Construction"]
    assert article["date_published"] == "2024-04-13T23:01:00+08:00"
    counts = [len(article[name]) for name in ("paragraphs", "headings", "related")]
    assert counts == [23, 3, 5]
    assert article["biography"].startswith("Ruan Qing")
    again = thinker.json("import", str(data / "policy-pages"))
    assert (again["captures"], again["new_articles"]) == (0, 0)


def test_a_hostile_text_cannot_steer_the_terminal(tmp_path: Path) -> None:
    body = "".join(f"<p>第{n}段：城市之间的协议先写下各方不做什么，再写下各方要做什么。</p>" for n in range(9))
    page = f"<html><title>标题\x9b2J甲乙\u202e丙丁</title><h1>标题\x9b2J甲乙\u202e丙丁</h1>{body}</html>"
    (tmp_path / "page\nthinker: well.html").write_text(page, encoding="utf-8")
    (tmp_path / "list\nthinker: well.html").write_text("<p>没有正文</p>", encoding="utf-8")
    thinker = Thinker(tmp_path / "home")
    printed = thinker.run("import", *map(str, tmp_path.glob("*.html")))
    assert "list\\nthinker: well.html" in printed
    printed = thinker.run("search", "协议") + thinker.run("changes")
    assert not set(printed) & {"\x9b", "\u202e", "\x1b"}
