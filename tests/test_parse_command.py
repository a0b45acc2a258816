"""`thinker parse` on one saved page: its values, and with --explain the reason for each."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import thinker

PROSE = "".join(f"<p>{line}</p>" for line in ["长三角的江与海，把几座城市连成一片，也把产业和人才连成一片。"] * 4)
PAGE = f'<title>江与海的连接</title><h1>江与海的连接</h1><div id="zoom">{PROSE}<p>责任编辑：王小青</p></div>'


@pytest.fixture
def page(tmp_path: Path) -> Path:
    file = tmp_path / "page.html"
    file.write_text(PAGE, encoding="utf-8")
    return file


def run(*arguments: object) -> str:
    result = CliRunner().invoke(thinker.app, ["parse", *map(str, arguments)])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_saved_page_is_printed_as_json(page):
    assert json.loads(run(page))["headline"] == "江与海的连接"
    assert run(page) == run(page, "--json")


def test_an_explanation_is_text_with_the_rule_under_the_value(page):
    lines = run("--explain", page, "--url", "https://news.example.cn/2024-04/13/a1.html").splitlines()
    place = lines.index("editors               王小青")
    assert lines[place + 1].startswith("  rule                editors in ")
    assert "date_published        2024-04-13T00:00:00+08:00" in lines
    assert lines[-1] == "verdict               an article"


def test_an_explanation_is_json_too(page):
    said = json.loads(run("--explain", page, "--json"))
    assert said["article"]["headline"] == said["properties"]["headline"]["value"] == "江与海的连接"
    assert said["body"]["lines"] == {"prose": 4, "machinery": 1}
    assert "江与海" in run("--explain", page, "--json")


def test_a_page_that_is_no_article_is_explained(page):
    page.write_text("<title>目录</title>" + '<a href="/1">一条</a>' * 9, encoding="utf-8")
    assert run("--explain", page).splitlines()[-1].startswith("verdict               NotAnArticle: ")
    assert run("--explain", page, "--source", "shangguan").startswith("page class            ShangguanPage: source ")


STEERING = "\x1b]0;owned\x07 \x9b2J \u202egnp.exe \u2066x \u200f \x7f \U000e0041"


@pytest.mark.parametrize("options", [["--explain"], ["--explain", "--json"], []], ids=["text", "json", "plain"])
def test_a_hostile_page_does_not_steer_the_terminal(page, options):
    page.write_text(
        PAGE.replace("王小青", f"王小青{STEERING}").replace("江与海的连接", f"江与海的连接{STEERING}"), encoding="utf-8"
    )
    shown = run(page, *options)
    assert not {letter for letter in shown if letter in STEERING and not letter.isalnum()} - set(" ;]0.")
    assert "江与海的连接" in shown


@pytest.mark.parametrize(
    ("arguments", "remedy"), [(["--explain"], "name a file"), (["--explain", "--jsonl"], "explains one FILE")]
)
def test_what_cannot_be_explained_says_what_can(arguments, remedy):
    result = CliRunner().invoke(thinker.app, ["parse", *arguments])
    assert result.exit_code == 2
    assert remedy in result.output
