"""`thinker sources show NAME`: a declaration, how sure each of its lists and rules is, and where that stands."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from support.journeys import asked
from support.tables import every_row
from support.terminals import shown, unstyled

from cli.terminal.table import width
from crawler.sources import all_sources, source_named

NEWS_ALL = "Pintrue/news_all news_all/spiders_all/rmlt_all.py, 2019-11-21"
TOWN = """
[sources.rmlt]
delay = 9
without = [
  "https://www.rmlt.com.cn/idea/yuanchuang/", "https://www.rmlt.com.cn/idea/lilun/",
  "https://www.rmlt.com.cn/eco/theory/", "https://www.rmlt.com.cn/thinktank/zjgd/",
]
lists = ["https://www.rmlt.com.cn/new/"]
[sources.town]
publisher = "江海 \\u001b[2J"
feeds = ["https://town.example/rss.xml"]
scope = 'https://town\\.example/\\d+'
schedule = "every 1h"
selectors.body = ".text"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "thinker.toml").write_text(TOWN, encoding="utf-8")
    return tmp_path


def test_sources_show_lists_a_built_in_source_with_the_changes_of_thinker_toml(home: Path) -> None:
    file = home / "thinker.toml"
    assert asked(home, "sources", "show", "rmlt") == (
        0,
        f"""\
source       rmlt
publisher    人民论坛网
homepage     https://www.rmlt.com.cn
declared in  this program and {file}
schedule     none (usual: every 6h)
unproven     never tested on the live site

list        SINGLE  https://www.rmlt.com.cn/idea/
                    DIYgod/RSSHub lib/routes/rmlt/idea.ts, seen 2026-11
list (old)  SINGLE  http://politics.rmlt.com.cn/exclusive/
                    {NEWS_ALL}
list                https://www.rmlt.com.cn/new/
                    {file}

hosts   SINGLE   www.rmlt.com.cn, politics.rmlt.com.cn
                 {NEWS_ALL}
scope   CERTAIN  https?://(?:(?:www\\.)?rmlt\\.com\\.cn|politics\\.rmlt\\.com\\.cn)/\\d{{4}}/\\d{{4}}/\\d+\\.shtml
                 {NEWS_ALL}; ten public files, seen 2026-11
delay            9 seconds between requests to a host
                 {file}
layout  CERTAIN  RmltPage
                 DIYgod/RSSHub lib/routes/rmlt/idea.ts, seen 2026-11; {NEWS_ALL}; one public client, seen 2026-11
""",
        "",
    )


def test_a_source_of_thinker_toml_comes_from_there(home: Path) -> None:
    file = home / "thinker.toml"
    assert asked(home, "sources", "show", "town") == (
        0,
        f"""\
source       town
publisher    江海 \\x1b[2J
homepage     https://town.example
declared in  {file}
schedule     every 1h

feed    https://town.example/rss.xml
        {file}

scope     https://town\\.example/\\d+
          {file}
delay     1 seconds between requests to a host
layout    DefaultPage, selectors.body .text
          {file}
""",
        "",
    )


@every_row("arguments", ["sources show rmlt --json", "sources --json show rmlt"])
def test_json_has_the_declaration_and_its_evidence(tmp_path: Path, arguments: str) -> None:
    code, out, err = asked(tmp_path, *arguments.split())
    rmlt = source_named("rmlt")
    more = {"declared_in": None, "layout": ["RmltPage"], "evidence": [asdict(each) for each in rmlt.evidence]}
    assert (code, json.loads(out), err) == (0, json.loads(json.dumps(rmlt.as_json() | more)), "")


def test_the_json_list_of_sources_has_every_name_and_no_evidence(tmp_path: Path) -> None:
    code, out, err = asked(tmp_path, "sources", "--json")
    listed = json.loads(out)
    assert (code, err, [each["name"] for each in listed]) == (0, "", list(all_sources()))
    assert all("evidence" not in each for each in listed)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ("sources show rmtl", "thinker: no source named 'rmtl'; did you mean rmlt?"),
        ("sources show", "thinker: Missing argument 'source'. (see --help)"),
        ("sources shw", "thinker: No such command 'shw'. Did you mean 'show'? (see --help)"),
    ],
)
def test_a_wrong_name_is_one_line(tmp_path: Path, arguments: str, line: str) -> None:
    assert asked(tmp_path, *arguments.split()) == (2, "", f"{line}\n")


@pytest.mark.slow
@pytest.mark.parametrize("name", all_sources())
def test_sources_show_fits_eighty_columns_and_keeps_every_address(tmp_path: Path, name: str) -> None:
    code, told = shown(tmp_path, "sources", "show", name, columns=80)
    lines = [line.rstrip() for line in unstyled(told).splitlines()]
    assert (code, [line for line in lines if width(line) > 80]) == (0, [])
    text = "".join("".join(lines).split())
    source = source_named(name)
    wanted = [*(seed.url for seed in source.seeds), source.scope, *(each.reference for each in source.evidence)]
    assert [each for each in wanted if "".join(each.split()) not in text] == []
