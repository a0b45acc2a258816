"""Tables of the command line: aligned with Chinese, whole for a pipe, wrapped to the width of a terminal."""

import re
from pathlib import Path

import pytest
from support.journeys import Thinker, asked
from support.tables import every_row
from support.terminals import shown, unstyled

from cli.terminal.table import plain, width
from crawler.sources import all_sources
from newsroom.process import running

COLOUR = re.compile(r"\x1b\[[0-9;]*m")


@every_row(
    ("text", "columns"),
    [
        ("newsroom-12", 11),
        ("思想者", 6),
        ("上观 News", 9),
        ("，。《》", 8),
        ("ｆｕｌｌ", 8),
        ("ﾊﾝ", 2),
        ("é", 1),  # e and a combining acute
        ("👍", 2),
        ("“…”—·", 5),  # one or two, as the font has it: they count one, and stand last
        ("", 0),
    ],
)
def test_a_han_character_takes_two_columns(text: str, columns: int):
    assert width(text) == columns


def test_columns_begin_at_the_same_place_and_further_lines_stand_below():
    rows = [
        ["2024-04-13", "shangguan-751736", "长三角“一体化”\n… 片段 …"],
        ["", "解放日报-1", "甲"],
    ]
    assert plain(rows) == [
        "2024-04-13  shangguan-751736  长三角“一体化”",
        "                              … 片段 …",
        "            解放日报-1        甲",
    ]


def test_a_pipe_gets_every_cell_in_full_at_any_terminal_width(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    known = all_sources()
    (tmp_path / "thinker.toml").write_text(
        f'[sources.mine]\nfeeds = ["http://a.example/f"]\npublisher = "{"江海" * 60} [bold]\\u001b[2J"\n',
        encoding="utf-8",
    )
    printed = set()
    for columns, force in (("20", "1"), ("300", "")):
        monkeypatch.setenv("COLUMNS", columns)
        monkeypatch.setenv("FORCE_COLOR", force)
        printed.add(asked(tmp_path, "sources"))
    ((code, out, err),) = printed
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert [line.split()[0] for line in lines] == sorted([*known, "mine"])
    assert next(line for line in lines if line.startswith("mine ")).endswith(f"  {'江海' * 60} [bold]\\x1b[2J")
    assert len({line.index("http") for line in lines}) == 1


def test_on_a_terminal_long_cells_wrap_in_their_column_and_nothing_is_lost(tmp_path: Path):
    (tmp_path / "thinker.toml").write_text(
        f'[sources.mine]\nfeeds = ["http://a.example/f"]\npublisher = "{"江海" * 40} [bold]\\u001b[2J"\n',
        encoding="utf-8",
    )
    code, told = shown(tmp_path, "sources", columns=60)
    lines = [line.rstrip() for line in COLOUR.sub("", told).splitlines()]
    assert code == 0
    assert "\x1b" not in "".join(lines)
    assert max(map(width, lines)) <= 60
    assert lines[0].split() == ["source", "homepage", "publisher"]
    begins = lines[0].index("publisher")
    mine = lines[next(n for n, line in enumerate(lines) if line.startswith("mine ")) :]
    assert "".join(line[begins:] for line in mine).replace(" ", "").startswith("江海" * 40 + "[bold]\\x1b[2J")


def test_headings_are_bold_but_on_a_terminal_that_cannot(tmp_path: Path):
    kinds = {"xterm": {}, "no colour": {"NO_COLOR": "1"}, "dumb": {"TERM": "dumb"}}
    styles = {kind: set(COLOUR.findall(shown(tmp_path, "sources", **more)[1])) for kind, more in kinds.items()}
    bold = {"\x1b[1m", "\x1b[0m"}  # a weight is no colour (https://no-color.org)
    assert styles == {"xterm": bold, "no colour": bold, "dumb": set()}


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    with running(articles=20) as site:
        thinker = Thinker(home, site)
        thinker.run("crawl", "newsroom")
        site.event(do="remove", article=7, how="410")
        thinker.run("crawl", "newsroom")
        thinker.run("crawl", "newsroom")
    return home


AT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
HISTORY = rf"""1  {AT}  [0-9a-f]{{12}}  substantive  first seen
   {AT}  removed  last seen {AT}
"""
ALL = (
    HISTORY
    + f"""      missed since {AT}
      gone {AT}
      gone {AT}
"""
)


@pytest.mark.slow
def test_changes_history_and_search_are_printed_in_columns(crawled: Path):
    changes = asked(crawled, "changes")[1].splitlines()
    assert len(changes) == 21
    (begin,) = {re.match(rf"{AT}  (new|removed) +newsroom-\d+ +", line).end() for line in changes}
    headlines = {event["headline"] for event in Thinker(crawled).json("changes")}
    assert {line[begin:] for line in changes} == headlines
    assert re.fullmatch(HISTORY, asked(crawled, "history", "newsroom-7")[1])
    assert re.fullmatch(ALL, asked(crawled, "history", "newsroom-7", "--all")[1])
    hits = Thinker(crawled).json("search", "城市")
    found = [part for hit in hits for part in (hit["headline"], hit["snippet"])]
    begin = len("2024-04-13  newsroom-12  ") - all(len(hit["key"]) < len("newsroom-12") for hit in hits)
    assert [line[begin:] for line in asked(crawled, "search", "城市")[1].splitlines()] == found


def test_on_a_narrow_terminal_a_judgement_takes_the_width_that_is_there(crawled: Path):
    _, told = shown(crawled, "history", "newsroom-7", columns=60)
    lines = [line.rstrip() for line in unstyled(told).splitlines()]
    assert lines[0] == "no.  captured at, digest, kind, what changed"
    assert max(map(len, lines)) <= 60
    assert [line[25:34] for line in lines if "removed" in line] == ["  removed"]
