"""`thinker parse` on one saved page: its values, and with --explain the reason for each."""

import gzip
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
    ("arguments", "remedy"), [(["--explain"], "name a file"), (["--explain", "--jsonl"], "explains one file")]
)
def test_explain_without_a_single_file_names_the_remedy(arguments, remedy):
    result = CliRunner().invoke(thinker.app, ["parse", *arguments])
    assert result.exit_code == 2
    assert remedy in result.output


SELECTORS = '[sources.town]\nfeeds = ["http://127.0.0.1/rss"]\n[sources.town.selectors]\n'


def test_a_page_is_read_by_the_selectors_of_its_source(page, tmp_path):
    page.write_text(PAGE.replace("<h1>", '<h2 class="t">海与江</h2><h1>'), encoding="utf-8")
    (tmp_path / "thinker.toml").write_text(f'{SELECTORS}headline = "h2.t"\nauthors = ".by"\n', encoding="utf-8")

    def asked(*more: str, **stdin: str) -> tuple[str, str]:
        arguments = ["--home", str(tmp_path), "parse", *more]
        result = CliRunner().invoke(thinker.app, arguments, **stdin)
        assert result.exit_code == 0, result.output
        return result.stdout, result.stderr

    out, err = asked(str(page), "--source", "town")
    assert json.loads(out)["headline"] == "海与江"
    assert (
        err == "thinker: sources.town.selectors.authors matches nothing on this page, so the general rules were used\n"
    )
    assert json.loads(asked(str(page))[0])["headline"] == "江与海的连接"
    explained, _ = asked(str(page), "--source", "town", "--explain")
    assert "  rule                selector of the declaration: h2.t" in explained.splitlines()
    lines = [json.dumps({"id": source, "path": str(page), "source": source}) for source in ("town", "other")]
    answers = [json.loads(line) for line in asked("--jsonl", input="\n".join(lines))[0].splitlines()]
    assert [answer["article"]["headline"] for answer in answers] == ["海与江", "江与海的连接"]


def test_broken_gzip_is_the_error_of_its_line(page, tmp_path):
    whole = gzip.compress(PAGE.encode())
    broken = {"cut": whole[:-9], "damaged": whole[:10] + b"\xff" * 9 + whole[19:], "other": b"<p>no gzip"}
    for name, content in broken.items():
        (tmp_path / f"{name}.html.gz").write_bytes(content)
    lines = [json.dumps({"id": name, "path": str(tmp_path / f"{name}.html.gz")}) for name in broken]
    lines.append(json.dumps({"id": "page", "path": str(page)}))
    result = CliRunner().invoke(thinker.app, ["parse", "--jsonl"], input="\n".join(lines))
    assert result.exit_code == 0, result.output
    *answers, last = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(answer["id"], answer["article"], answer["error"].split(": ")[:2]) for answer in answers] == [
        ("cut", None, ["line 1", "EOFError"]),
        ("damaged", None, ["line 2", "error"]),
        ("other", None, ["line 3", "BadGzipFile"]),
    ]
    assert (last["id"], last["article"]["headline"], last["error"]) == ("page", "江与海的连接", None)


def test_every_row_of_an_explanation_has_a_blank_behind_its_name(page):
    title = "思想者 | 卡尔·马克思：资本的逻辑——重读《资本论》"
    page.write_text(
        PAGE.replace("江与海的连接</title>", f"{title}</title>").replace("江与海的连接</h1>", f"{title}</h1>")
    )
    lines = run("--explain", page, "--url", "https://www.shobserver.com/news/detail?id=1").splitlines()
    assert [line for line in lines if line.lstrip().startswith("alternative_headline")] == [
        "  alternative_headline 重读《资本论》",
        "alternative_headline  –",
    ]
    assert [line for line in lines if line and " " not in line[20:23]] == []
