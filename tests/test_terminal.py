"""Output at a terminal of 80 columns: colour only if wanted, totals, marks, one line a version."""

import json
import re
from pathlib import Path

import pytest
from support.journeys import Thinker, asked
from support.tables import every_row
from support.terminals import shown, unstyled

from cli.reading import EMPTY
from cli.terminal.diff_marks import CONTEXT_CHARACTERS, marked
from cli.terminal.table import width
from newsroom.process import running

RED, GREEN, PLAIN = "\x1b[31m", "\x1b[32m", "\x1b[0m"
AT = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"


def equal(text: str) -> dict[str, str]:
    return {"op": "equal", "text": text}


@every_row(
    ("segments", "line"),
    [
        ([equal("前" * 50), {"op": "insert", "text": "新"}, equal("后" * 50)], f"… {'前' * 40}⟦ins: 新⟧{'后' * 40} …"),
        ([equal("前"), {"op": "delete", "text": "旧"}, equal("后")], "前⟦del: 旧⟧后"),
        ([{"op": "delete", "text": "旧"}, equal("中" * 81), {"op": "insert", "text": "新"}],
         f"⟦del: 旧⟧{'中' * 40} … {'中' * 40}⟦ins: 新⟧"),
        ([{"op": "delete", "text": "旧"}, equal("中" * 80), {"op": "insert", "text": "新"}],
         f"⟦del: 旧⟧{'中' * 80}⟦ins: 新⟧"),
        ([{"op": "delete", "text": "移", "move": 1}, equal("中"), {"op": "insert", "text": "移", "move": 1}],
         "⟦del, moved 1: 移⟧中⟦ins, moved 1: 移⟧"),
        ([{"op": "insert", "text": "\x1b[31m\n二"}], "⟦ins: \\x1b[31m\n二⟧"),
    ],
)  # fmt: skip
def test_forty_characters_stand_beside_a_change(segments: list[dict[str, str]], line: str) -> None:
    assert marked(segments) == line
    coloured = marked(segments, colour=True)
    assert re.sub(r"\x1b\[(?:31|32|0)m", "", coloured) == line
    assert all(len(part) <= 2 * CONTEXT_CHARACTERS + 3 for part in re.split("⟦.*?⟧", line, flags=re.DOTALL))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """60 articles, of which 12 was edited three times and 7 removed."""
    home = tmp_path_factory.mktemp("home")
    with running(articles=60) as site:
        thinker = Thinker(home, site)
        thinker.run("crawl", "newsroom")
        site.event(do="remove", article=7, how="410")
        for _ in range(3):
            site.event(do="edit", article=12)
            thinker.run("crawl", "newsroom")
    return home


@pytest.mark.slow
def test_a_diff_is_in_colour_unless_the_terminal_or_no_color_forbids_it(home: Path) -> None:
    _, plain, _ = asked(home, "diff", "newsroom-12", "1..4")
    kinds = {"xterm": {}, "no colour": {"NO_COLOR": "1"}, "dumb": {"TERM": "dumb"}, "empty": {"NO_COLOR": ""}}
    told = {kind: shown(home, "diff", "newsroom-12", "1..4", **more)[1] for kind, more in kinds.items()}
    assert (told["no colour"], told["dumb"], told["empty"]) == (plain, plain, told["xterm"])
    assert unstyled(told["xterm"]) == plain
    assert (f"{RED}⟦del" in told["xterm"], f"{GREEN}⟦ins" in told["xterm"], f"⟧{PLAIN}" in told["xterm"]) == (True,) * 3


@pytest.mark.slow
def test_history_has_a_line_a_version(home: Path) -> None:
    _, told = shown(home, "history", "newsroom-12")
    head, *lines = [line.rstrip() for line in unstyled(told).splitlines()]
    assert head == "no.  captured at, digest, kind, what changed"
    assert [re.sub(rf"{AT}  [0-9a-f]{{12}}", "AT  DIGEST", line) for line in lines] == [
        "1    AT  DIGEST  substantive  first seen",
        *(f"{number}    AT  DIGEST  substantive  body_text" for number in (2, 3, 4)),
    ]
    for command in ("history newsroom-7", "history newsroom-12", "status", "doctor", "search 发展", "changes"):
        lines = unstyled(shown(home, *command.split())[1]).splitlines()
        assert [line for line in lines if width(line.rstrip()) > 80 and not line.startswith("daily head: ")] == []


@pytest.mark.slow
def test_totals_are_said(home: Path) -> None:
    every = json.loads(asked(home, "search", "发展", "--limit", "0", "--json")[1])
    assert len(every) > 20
    assert asked(home, "search", "发展")[2] == f"20 of {len(every)} shown; --limit 0 shows all\n"
    assert asked(home, "search", "发展", "--limit", "0")[2] == f"{len(every)} found\n"
    assert json.loads(asked(home, "search", "发展", "--json", "--with-total", "--limit", "1")[1]) == {
        "total": len(every), "hits": every[:1],
    }  # fmt: skip
    code, out, err = asked(home, "search", "发展", "--with-total")
    assert (code, out, "only works with --json" in err) == (2, "", True)
    assert asked(home, "search", "没有这样的话") == (0, "", "0 found\n")
    without = json.loads(asked(home, "search", "--json", "--limit", "0", "--", "-发展")[1])
    assert {hit["key"] for hit in without}.isdisjoint(hit["key"] for hit in every)
    both = json.loads(asked(home, "search", "--json", "--limit", "0", "--", "-发展 OR 发展")[1])
    assert len(without) + len(every) == len(both)
    assert asked(home, "search", "OR 沒有這樣的話")[2] == "“OR” has no word on one side and was ignored.\n0 found\n"
    assert len(json.loads(asked(home, "search", "發展", "--limit", "0", "--json")[1])) == len(every)
    assert asked(home, "search", "發展", "--exact")[2] == "0 found\n"
    assert asked(home, "changes", "--since", "2099-01-01") == (0, "", "no events since 2099-01-01\n")


@pytest.mark.slow
def test_a_hit_says_where_the_term_stands_that_nothing_else_shows(home: Path) -> None:
    hits = json.loads(asked(home, "search", "养老服务", "--limit", "0", "--json")[1])
    elsewhere = [place for hit in hits for place in hit["matched"]]
    assert elsewhere == [{"property": "keywords", "text": "养老服务", "ours": False}] * len(elsewhere) != []
    assert asked(home, "search", "养老服务", "--limit", "0")[1].count("in keywords: 养老服务\n") == len(elsewhere)


@pytest.mark.slow
def test_a_proof_that_was_never_made_has_no_tick(home: Path) -> None:
    assert "– proof:         `thinker verify --deep` was never run\n" in asked(home, "status")[1]


@pytest.mark.slow
def test_changes_gives_the_newest(home: Path) -> None:
    every = json.loads(asked(home, "changes", "--json")[1])
    assert (len(every), json.loads(asked(home, "changes", "--json", "--limit", "3")[1])) == (64, every[-3:])


@every_row(
    ("command", "err"),
    [("search 养老", EMPTY), ("changes", EMPTY), ("search 养老 --ever", EMPTY)],
)
def test_an_empty_archive_says_that_it_is(tmp_path: Path, command: str, err: str) -> None:
    asked(tmp_path, "init")
    assert asked(tmp_path, *command.split()) == (0, "", f"{err}\n")


def test_checks_that_were_never_made_have_no_tick(tmp_path: Path) -> None:
    asked(tmp_path, "init")
    lines = re.findall(r"^(.) ([\w ]+):", asked(tmp_path, "doctor")[1], re.MULTILINE)
    assert [name for mark, name in lines if mark == "✗"] == ["contact"]
    assert {name for mark, name in lines if mark == "–"} == {
        "proof", "crawls", "answers", "expectations", "hosts", "lists", "addresses", "presence", "layout", "search",
        "scheduler", "watch",
    }  # fmt: skip
    assert len(lines) == len({name for _, name in lines})  # each once


@every_row(
    ("toml", "lines"),
    [
        ("sources.shangguan.delay = 5", [
            '✗ contact:  not set → add contact = "you@example.org" to HOME/thinker.toml, above the first [table]',
            "✓ sources:  shangguan",
        ]),
        ('contact = "me@example.org"\nsources.shangguan.delay = 5', [
            "✓ contact:  me@example.org", "✓ sources:  shangguan",
        ]),
        ('sources.own.homepage = "http://127.0.0.1:9"', [
            "✓ contact:  not set: no source is on the public web",
            "✗ sources:  source 'own' has no seeds: add feeds, sitemaps, lists, json_lists or posts to [sources.own] "
            "in thinker.toml",
        ]),
        ('sources.own.feeds = ["http://127.0.0.1:9/"]\nsources.own.homepage = "http://127.0.0.1:9"', [
            "✓ contact:  not set: no source is on the public web",
            '✗ sources:  http://127.0.0.1:9/: refused: loopback: add allow = ["127.0.0.1:9"] to [sources.own] in '
            "thinker.toml",
        ]),
        ('contact = "me@example.org"\ncrawler.never = ["a.example"]\nsources.own.homepage = "https://a.example"\n'
         'sources.own.lists = ["https://a.example/1", "https://a.example/2"]', [
            "✓ contact:  me@example.org",
            "✗ sources:  https://a.example/1: refused: `never` in thinker.toml names a.example",
        ]),
        ('contact = "me@example.org"\nsources.own.homepage = "https://a.example"\nsources.own.hosts = ["a.example"]\n'
         'sources.own.lists = ["https://b.example/1"]', [
            "✓ contact:  me@example.org",
            "✗ sources:  https://b.example/1: its host is not declared: "
            'add hosts = ["a.example", "b.example"] to [sources.own] in thinker.toml',
        ]),
        ('contact = "me@example.org"\nsources.own.homepage = "https://a.example"\nsources.own.aliases = ["m.a.example"]'
         '\nsources.own.lists = ["https://b.example:8443/1"]\n' + "".join(
             f'hosts."{host}".requests_per_day = 9\n'
             for host in ("www.A.example", "m.a.example", "b.example:8443", "qstheory.cn", "b.example", "www.c.example")
         ), [
            "✓ contact:  me@example.org",
            '✗ sources:  [hosts."b.example"] is not a host of any source: '
            '`thinker sources show NAME` lists the hosts of a source; '
            '[hosts."c.example"] is not a host of any source: '
            '`thinker sources show NAME` lists the hosts of a source',
        ]),
        ("", ["– contact:  not set",
              "– sources:  none in HOME/thinker.toml: `thinker sources` lists the known ones"]),
    ],
)  # fmt: skip
def test_doctor_checks_the_contact_and_the_sources_of_the_first_crawl(
    tmp_path: Path, toml: str, lines: list[str]
) -> None:
    """The next command fails where it says so, and only there."""
    (tmp_path / "thinker.toml").write_text(toml, encoding="utf-8")
    code, out, _ = asked(tmp_path, "doctor")
    told = [line.replace(str(tmp_path), "HOME") for line in out.splitlines()]
    assert [line for line in told if re.match(r". (contact|sources):", line)] == lines
    assert code == (3 if any(line.startswith("✗") for line in lines) else 0)
    assert f"– archive:  none at {tmp_path} yet: `thinker init` creates it" in out


@pytest.mark.parametrize("place", ["home", "new/home", "very/new/home"])
def test_doctor_measures_the_disk_of_a_home_that_is_not_there_yet(tmp_path: Path, place: str) -> None:
    code, out, err = asked(tmp_path / place, "doctor")
    assert (code, err) == (0, "")
    assert re.search(rf"✓ disk: +[\d,]+ MB free at {re.escape(str(tmp_path))}$", out, re.MULTILINE), out


def test_doctor_knows_the_room_that_a_first_crawl_must_leave(tmp_path: Path) -> None:
    (tmp_path / "thinker.toml").write_text(f"free_space_floor = {10**9}", encoding="utf-8")
    code, out, _ = asked(tmp_path, "doctor")
    said = r"✗ disk: +[\d,]+ MB free at .+, below the minimum of 1,000,000,000 MB: free some space"
    assert (code, len(re.findall(said, out))) == (3, 1)


def test_one_of_a_kind_is_singular(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    text = "<p>" + "城市治理要靠日常的功夫，一条街一条街地看，一件事一件事地办。" * 8
    saved = "<!-- saved from url=(0026)https://a.example/1.html -->"
    page.write_text(f"{saved}<h1>城市治理靠日常的功夫</h1><p>2026-11-20 09:00</p>{text}", encoding="utf-8")
    home = tmp_path / "home"
    assert (
        asked(home, "import", str(page), "--captured-at", "2026-11-21T00:00:00Z")[1]
        == "1 capture, 1 new article, 0 new revisions\nimported: 1 capture\n"
    )
