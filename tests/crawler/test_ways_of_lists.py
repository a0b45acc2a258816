"""Requests for the pages of a list, in the ways that thinker.toml can declare: every request is compared."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.tables import every_row

from archive.settings.settings import SettingsError, load_settings
from crawler.seeds import ListFault, ListPart, links_from
from crawler.seeds.reading import Absent, ListMessage
from crawler.sources import Source, source_named
from crawler.sources.declaring.seed_kinds import name_of
from parsers import Document

SITE = "https://news.example"
AT = datetime(2026, 11, 29, 16, 30, tzinfo=UTC)  # half past midnight of the 30th in Shanghai
NOW = int(AT.timestamp() * 1000)


def declared(tmp_path: Path, keys: str) -> Source:
    text = f"[sources.town]\nscope = '{SITE}/a/.+'\n{keys.replace('SITE', SITE)}"
    (tmp_path / "thinker.toml").write_text(text, encoding="utf-8")
    return source_named("town", load_settings(tmp_path))


def parts_of(
    source: Source,
    answers: Mapping[str, Any],
    since: datetime | None = None,
    read_before: Mapping[str, int] | None = None,
) -> tuple[list[ListPart], list[str]]:
    """The parts that the first seed gives, and every request: the address, and after a blank the posted body."""
    asked: list[str] = []

    async def read(url: str, message: ListMessage, _absent: Absent) -> Document | None:
        asked.append(url.removeprefix(SITE) + (f" {message.body}" if message.body is not None else ""))
        value = answers.get(asked[-1])
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        return None if value is None else Document(text.encode(), None, url, AT)

    async def unchanged(url: str, _lastmod: datetime) -> int | None:
        return (read_before or {}).get(url.removeprefix(SITE))

    async def gathered() -> list[ListPart]:
        seed = source.seeds[0]
        return [part async for part in links_from(seed, source, read, AT, since, unchanged)]

    return asyncio.run(gathered()), asked


def numbers(parts: list[ListPart]) -> list[int]:
    return [int(link.url.rpartition("/")[2]) for part in parts for link in part.links]


def rows(*ids: int, **more: Any) -> dict[str, Any]:
    return {"list": [{"url": f"/a/{n}", "title": f"第{n}篇", "at": n * 100} for n in ids], **more}


def page(*ids: int, also: str = "") -> str:
    return "<ul>" + "".join(f'<li><a href="/a/{n}">第{n}篇</a></li>' for n in ids) + f"</ul>{also}"


NAMES = '[sources.town.rows]\nurl = "url"\ntime = "at"\n'
TABLE = '[[sources.town.json_lists]]\nurl = "SITE/api"\n'


@every_row(
    ("keys", "answers", "found"),
    [
        (  # a page counts from any number by any step, as `offset` and `skip` do
            'json_lists = [{ url = "SITE/api?skip={page}", first = 0, step = 20, pages = 3 }]\n',
            {"/api?skip=0": rows(9, 8), "/api?skip=20": rows(7), "/api?skip=40": rows(6), "/api?skip=60": rows(5)},
            [9, 8, 7, 6],
        ),
        (  # the second page has an address of another form
            'json_lists = [{ url = "SITE/api.json", further = "SITE/api_{page}.json" }]\n',
            {"/api.json": rows(9), "/api_2.json": rows(8), "/api_3.json": rows(8)},
            [9, 8],
        ),
        (  # a body in JSON, with numbers where a placeholder stands alone
            f'{TABLE}body = {{ node = "25", size = 20, page = "{{page}}", name = "p{{page}}", not = ["{{last}}"] }}\n',
            {
                '/api {"node":"25","size":20,"page":1,"name":"p1","not":[]}': rows(9),
                '/api {"node":"25","size":20,"page":2,"name":"p2","not":[900]}': rows(8),
                '/api {"node":"25","size":20,"page":3,"name":"p3","not":[800]}': rows(8),
            },
            [9, 8],
        ),
        (  # from the present moment back
            f'{TABLE}body = {{ from = "{{until}}" }}\n',
            {f'/api {{"from":{NOW}}}': rows(9, 8), '/api {"from":800}': rows(7), '/api {"from":700}': rows(7)},
            [9, 8, 7],
        ),
        (  # a pinned row is old, and stands before the others
            f'{TABLE}body = {{ from = "{{until}}" }}\n',
            {f'/api {{"from":{NOW}}}': rows(1, 9, 8), '/api {"from":800}': rows(1, 7), '/api {"from":700}': rows(1, 7)},
            [1, 9, 8, 7],
        ),
        (  # a time in words
            f'{TABLE}form = {{ before = "{{last}}" }}\n',
            {
                "/api ": {"list": [{"url": "/a/9", "title": "x", "at": "2026-11-29 08:00"}]},
                "/api before=2026-11-29+08%3A00": {"list": [{"url": "/a/8", "title": "x", "at": "2026-11-28 08:00"}]},
                "/api before=2026-11-28+08%3A00": {"list": []},
            },
            [9, 8],
        ),
        (  # a cursor in the query, which is left out at first and quoted then
            f'{TABLE.replace("/api", "/api?n=2&after={cursor}")}cursor = "meta.next"\n',
            {
                "/api?n=2": rows(9, meta={"next": "a b&c=1"}),
                "/api?n=2&after=a%20b%26c%3D1": rows(8, meta={"next": 17}),
                "/api?n=2&after=17": rows(7, meta={"next": None}),
            },
            [9, 8, 7],
        ),
        (  # a cursor in a body, as it stands in the answer
            f'{TABLE}body = {{ cursor = "{{cursor}}" }}\ncursor = "next"\n',
            {
                "/api {}": rows(9, next=5),
                '/api {"cursor":5}': rows(8, next="x"),
                '/api {"cursor":"x"}': rows(7, next=""),
            },
            [9, 8, 7],
        ),
        (  # the address of the next page
            f'{TABLE}cursor = "links.next"\n',
            {
                "/api": rows(9, links={"next": "/api?p=2"}),
                "/api?p=2": rows(8, links={"next": f"{SITE}/api?p=3"}),
                "/api?p=3": rows(7, links={}),
            },
            [9, 8, 7],
        ),
        (  # one that says the same again, or leads to the same rows, is followed no further
            f'{TABLE}cursor = "next"\nform = {{ c = "{{cursor}}" }}\n',
            {"/api ": rows(9, next="x"), "/api c=x": rows(8, next="x"), "/api c=y": rows(7)},
            [9, 8],
        ),
        (
            f'{TABLE}cursor = "next"\nform = {{ c = "{{cursor}}" }}\n',
            {"/api ": rows(9, next="x"), "/api c=x": rows(9, next="y"), "/api c=y": rows(7)},
            [9],
        ),
        (  # JSONP, and a value behind an assignment
            f"{TABLE}",
            {"/api": f"/**/ jQuery17_1({json.dumps(rows(9, 8))});"},
            [9, 8],
        ),
        (f"{TABLE}", {"/api": f"var data = {json.dumps(rows(9))}; var more = {{}}"}, [9]),
        (  # JSON in a <script> of a page
            f'{TABLE}script = "script#__NEXT_DATA__"\n',
            {"/api": f"<script>{{}}</script><script id=__NEXT_DATA__>{json.dumps(rows(9))}</script>"},
            [9],
        ),
        (
            f'{TABLE}script = "body > script"\n',
            {"/api": f"<body><script>var a = 1</script><script>window.__STATE__={json.dumps(rows(9))};go()</script>"},
            [9],
        ),
        (  # HTML: the second page has an address of another form
            'lists = [{ url = "SITE/l/index.html", further = "SITE/l/index_{page}.html", first = 1 }]\n',
            {"/l/index.html": page(9), "/l/index_1.html": page(8), "/l/index_2.html": page(8)},
            [9, 8],
        ),
    ],
)  # fmt: skip
def test_a_list_is_asked_page_after_page(tmp_path: Path, keys: str, answers: dict[str, Any], found: list[int]) -> None:
    parts, asked = parts_of(declared(tmp_path, keys + NAMES), answers)
    assert numbers(parts) == found
    assert asked == list(answers)[: len(asked)]
    assert len(asked) >= min(len(answers), 2)


def test_the_rows_of_one_list_have_names_of_their_own(tmp_path: Path) -> None:
    keys = (
        'json_lists = ["SITE/one.json", { url = "SITE/two.json", rows = { url = "u", title = "t" } }]\n'
        '[sources.town.rows]\nurl = "url"\n'
    )
    source = declared(tmp_path, keys)
    assert [seed.rows.url for seed in source.seeds] == ["url", "u"]  # type: ignore[union-attr]


DAY = 'lists = [{ url = "SITE/{year}-{month}/{day}/node_1.htm", days = 3 }]\n'


def test_a_list_of_each_day_is_read_in_the_zone_of_its_source(tmp_path: Path) -> None:
    answers = {"/2026-11/30/node_1.htm": page(9), "/2026-11/28/node_1.htm": page(8, 7)}
    parts, asked = parts_of(declared(tmp_path, DAY), answers)
    assert numbers(parts) == [9, 8, 7]
    assert asked == [f"/2026-11/{day}/node_1.htm" for day in (30, 29, 28)]
    assert [part.fault for part in parts] == [None, None]


def test_a_crawl_with_since_reads_only_the_daily_lists_from_that_day_on(tmp_path: Path) -> None:
    _, asked = parts_of(declared(tmp_path, DAY), {"/2026-11/30/node_1.htm": page(9)}, AT - timedelta(days=1))
    assert asked == [f"/2026-11/{day}/node_1.htm" for day in (30, 29)]


def test_a_list_of_each_month_is_asked_once(tmp_path: Path) -> None:
    keys = 'json_lists = [{ url = "SITE/{year}/{month}.json", days = 45 }]\n' + NAMES
    parts, asked = parts_of(declared(tmp_path, keys), {"/2026/11.json": rows(9), "/2026/10.json": rows(8)})
    assert (numbers(parts), asked) == ([9, 8], ["/2026/11.json", "/2026/10.json"])


def test_a_crawl_with_since_reports_no_fault_if_its_days_have_no_list(tmp_path: Path) -> None:
    """A crawl for the articles since this morning may begin before the newspaper is out, or on a day without one."""
    assert parts_of(declared(tmp_path, DAY), {}, AT - timedelta(hours=1)) == (
        [],
        [f"/2026-11/{day}/node_1.htm" for day in (30, 29)],
    )


def test_an_index_of_more_lists_than_are_read_says_so(tmp_path: Path) -> None:
    index = "".join(f'<a href="/issue/{n}">{n}</a>' for n in range(6000))
    parts, asked = parts_of(declared(tmp_path, ISSUES.format(more="")), {"/index.htm": index})
    assert len(asked) == 5000
    assert [(part.url, part.fault) for part in parts if part.fault] == [
        (f"{SITE}/index.htm", "leads to more than 5,000 lists: only the first are read")
    ]


def test_a_fault_is_reported_if_no_day_has_a_list(tmp_path: Path) -> None:
    (part,), _ = parts_of(declared(tmp_path, DAY), {})
    assert (part.url, part.fault) == (
        f"{SITE}/{{year}}-{{month}}/{{day}}/node_1.htm", "no day from 2026-11-28 to 2026-11-30 has such a list"
    )  # fmt: skip


ISSUES = "lists = [{{ url = \"SITE/index.htm\", lists = '/issue/\\d+$'{more} }}]\n"
INDEX = '<a href="/issue/3">3</a><a href="/a/1">一</a><a href="/issue/2">2</a><a href="/issue/1">1</a>'
BACK = '<a href="/issue/3">3</a><a href="/index.htm">目录</a>'
MAGAZINE = {
    "/index.htm": INDEX,
    "/issue/3": page(32, 31, also=BACK),
    "/issue/2": page(22, also=BACK),
    "/issue/1": page(12, also=BACK),
}


def test_an_index_of_issues_leads_to_articles(tmp_path: Path) -> None:
    """Each issue is a list of its own, so that one that leaves out an article is compared with itself alone."""
    parts, asked = parts_of(declared(tmp_path, ISSUES.format(more="")), MAGAZINE)
    assert (numbers(parts), asked) == ([1, 32, 31, 22, 12], list(MAGAZINE))
    ended = [part.url.removeprefix(SITE) for part in parts if part.ends]
    assert ended == ["/index.htm", "/issue/3", "/issue/2", "/issue/1"]
    assert {part.url.removeprefix(SITE) for part in parts if part.links} == set(ended)


def test_an_article_that_the_index_links_too_is_an_article_of_its_issue(tmp_path: Path) -> None:
    """On some sites an issue and an article have one form of address: what an issue names is wanted all the same."""
    keys = "lists = [{ url = \"SITE/index.htm\", lists = '/a/\\d+$' }]\n"
    answers = {"/index.htm": page(1, 2, 12), "/a/1": page(11, 12, 13, 1), "/a/2": page(21), "/a/12": "<p>正文</p>"}
    parts, asked = parts_of(declared(tmp_path, keys), answers)
    assert (numbers(parts), asked) == ([11, 12, 13, 21], list(answers))


@every_row(
    ("more", "read_before", "asked"),
    [
        (", newest = 1", {"/issue/1": 1, "/issue/2": 1, "/issue/3": 2}, ["/index.htm", "/issue/3"]),
        (", newest = 1", {"/issue/2": 1}, ["/index.htm", "/issue/3", "/issue/1"]),
        (", newest = 0", {"/issue/1": 1, "/issue/2": 1, "/issue/3": 2}, ["/index.htm"]),
        ("", {"/issue/1": 1, "/issue/2": 1, "/issue/3": 2}, list(MAGAZINE)),  # five are always read
    ],
)
def test_an_older_issue_that_was_read_lately_is_left_alone(
    tmp_path: Path, more: str, read_before: dict[str, int], asked: list[str]
) -> None:
    parts, found = parts_of(declared(tmp_path, ISSUES.format(more=more)), MAGAZINE, read_before=read_before)
    assert found == asked
    assert sum(part.named for part in parts) == 5 or "/issue/1" not in read_before


def test_a_crawl_with_since_reads_only_the_newest_issues(tmp_path: Path) -> None:
    source = declared(tmp_path, ISSUES.format(more=", newest = 1"))
    assert parts_of(source, MAGAZINE, AT - timedelta(days=9))[1] == ["/index.htm", "/issue/3"]


def test_years_lead_to_issues_and_issues_to_articles(tmp_path: Path) -> None:
    keys = "lists = [{ url = \"SITE/index.htm\", lists = '/(?:y|issue)/\\d+$', depth = 2 }]\n"
    answers = {
        "/index.htm": '<a href="/y/2026">2026</a><a href="/y/2025">2025</a>',
        "/y/2026": '<a href="/issue/2">2</a><a href="/y/2025">2025</a>',
        "/issue/2": page(22),
        "/y/2025": '<a href="/issue/1">1</a>',
        "/issue/1": page(11),
    }
    parts, asked = parts_of(declared(tmp_path, keys), answers)
    assert numbers(parts) == [22, 11]
    assert asked == ["/index.htm", "/y/2026", "/issue/2", "/y/2025", "/issue/1"]


def test_the_pages_of_each_day_lead_to_articles(tmp_path: Path) -> None:
    keys = "lists = [{ url = \"SITE/{year}{month}{day}/node_1.htm\", days = 2, lists = '/\\d{8}/node_[2-9]\\.htm$' }]\n"
    answers = {
        "/20261130/node_1.htm": '<a href="node_2.htm">02</a><a href="node_3.htm">03</a>',
        "/20261130/node_2.htm": page(21),
        "/20261130/node_3.htm": page(31),
    }
    parts, asked = parts_of(declared(tmp_path, keys), answers)
    assert (numbers(parts), asked) == ([21, 31], [*answers, "/20261129/node_1.htm"])


SHELL = '<script src="/x.js"></script><div id="app"></div><noscript>You need to enable JavaScript</noscript>'
RENDERED = "a script renders this page: no article is linked in it (see docs/adding-a-source.md)"
DAILY = 'json_lists = [{ url = "SITE/{day}.json", days = 3 }]\n' + NAMES


@every_row(
    ("keys", "answers", "found", "place", "line"),
    [
        (ISSUES.format(more=""), MAGAZINE | {"/issue/2": SHELL}, [1, 32, 31, 12], "/issue/2", RENDERED),
        (DAY, {"/2026-11/30/node_1.htm": SHELL, "/2026-11/29/node_1.htm": page(8)}, [8], "/2026-11/30/node_1.htm",
         RENDERED),
        (DAILY, {"/30.json": "<p>404</p>", "/29.json": rows(8)}, [8], "/30.json",
         "expected a list in JSON, got something else"),
        (DAILY, {"/30.json": rows(9), "/29.json": "<p>404</p>", "/28.json": rows(7)}, [9, 7], "/29.json",
         "expected a list in JSON, got something else"),
    ],
)  # fmt: skip
def test_an_issue_or_a_day_that_cannot_be_read_costs_no_other(
    tmp_path: Path, keys: str, answers: dict[str, Any], found: list[int], place: str, line: str
) -> None:
    parts, _ = parts_of(declared(tmp_path, keys), answers)
    assert numbers(parts) == found
    assert [(part.url, part.fault, part.ends) for part in parts if part.fault] == [(f"{SITE}{place}", line, False)]


@every_row(
    ("keys", "answers", "line"),
    [
        (ISSUES.format(more=""), {"/index.htm": '<a href="/a/1">一</a>'},
         "leads to no list whose address '/issue/\\d+$' matches"),
        (f'{TABLE}script = "script#state"\n{NAMES}', {"/api": "<p>x</p>"},
         "expected JSON in script#state, got a page without it"),
        (f'{TABLE}script = "script"\n{NAMES}', {"/api": "<script>go()</script>"},
         "expected JSON in script, got a page without it"),
        (f"{TABLE}{NAMES}", {"/api": "go(1)"}, "expected a list in JSON, got something else"),
    ],
)  # fmt: skip
def test_an_index_or_json_list_that_gives_nothing_reports_its_fault(
    tmp_path: Path, keys: str, answers: dict[str, str], line: str
) -> None:
    try:
        faults = [part.fault for part in parts_of(declared(tmp_path, keys), answers)[0] if part.fault]
    except ListFault as fault:
        faults = [fault.reason]
    assert faults == [line]


@every_row(
    ("keys", "line"),
    [
        ('json_lists = [{ url = "SITE/api?c={cursor}" }]',
         'json_lists.0: it has {cursor} without a value: add cursor = "…"'),
        ('json_lists = ["SITE/{last}/api"]', "json_lists.0: 'https://news.example/{last}/api': "
         "put {last} in the query, as in ?from={last}"),
        ('json_lists = [{ url = "SITE/a", form = {}, body = {} }]',
         "json_lists.0: form and body cannot both be set: remove one"),
        ('json_lists = [{ url = "SITE/a", headers = { User-Agent = "x" } }]', "json_lists.0.headers.User-Agent: "
         "remove the header User-Agent: the crawler sets it, or it belongs to a login session, which it does not keep"),
        ('json_lists = [{ url = "SITE/a", headers = { Referer = "x\\ny" } }]',
         "json_lists.0.headers.Referer: 'x\\ny' is not a value for a header: use one line of printable ASCII"),
        ('json_lists = [{ url = "SITE/a", body = { at = 2026-11-30 } }]',
         "json_lists.0.body: 2026-11-30 cannot be written as JSON: put it in quotes"),
        ('json_lists = [{ url = "SITE/a", script = "p[" }]',
         "json_lists.0.script: 'p[' is no CSS selector, such as \"h1.title\" or \"#content\""),
        ('lists = [{ url = "SITE/a", lists = "(" }]', "lists.0.lists: '(' is not a regular expression: missing ), "
         "unterminated subpattern at position 0"),
        ('lists = [{ url = "SITE/a", dayz = 3 }]',
         "unknown key 'sources.town.lists.0.dayz'; did you mean 'days'?"),
        ('lists = [{ url = "SITE/a", cursor = "x" }]', "unknown key 'sources.town.lists.0.cursor'; known keys: "
         "url, pages, first, step, further, days, lists, depth, newest"),
        ('json_lists = [{ url = "SITE/a", rows = { titel = "x" } }]',
         "unknown key 'sources.town.json_lists.0.rows.titel'; did you mean 'title'?"),
        ('lists = [{ url = "SITE/a?p=0", first = 0 }]',
         "lists.0: first and step need {page} in the address"),
        ('json_lists = [{ url = "SITE/a", days = 30 }]',
         "json_lists.0: days needs {year}, {month} or {day} in the address"),
        ('lists = [{ url = "SITE/a", depth = 2 }]',
         "lists.0: depth and newest only work with lists: add lists"),
        ('lists = [5]', "lists.0: write an address in quotes or a table, not 5"),
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_named_in_one_line(tmp_path: Path, keys: str, line: str) -> None:
    with pytest.raises(SettingsError) as caught:
        declared(tmp_path, keys)
    assert str(caught.value).partition("thinker.toml: ")[2].removeprefix("sources.town.") == line


@pytest.mark.parametrize("cursor", [True, ["x"], {"a": 1}, "x" * 3000, "", None])
def test_a_cursor_that_is_no_word_ends_the_list(tmp_path: Path, cursor: object) -> None:
    source = declared(tmp_path, f'{TABLE.replace("/api", "/api?c={cursor}")}cursor = "next"\n{NAMES}')
    assert parts_of(source, {"/api": rows(9, next=cursor)})[1] == ["/api"]


@pytest.mark.parametrize("named", ["javascript:alert(1)", "//evil.example/a", "http://169.254.169.254/"])
def test_the_next_page_is_asked_of_the_source_alone(tmp_path: Path, named: str) -> None:
    """The reader of lists refuses other hosts; a `next` that is no address is asked as no page."""
    source = declared(tmp_path, f'{TABLE}cursor = "next"\n{NAMES}')
    asked = parts_of(source, {"/api": rows(9, next=named)})[1][1:]
    assert all(not source.within(url) for url in asked)


def test_two_lists_that_are_posted_to_one_address_are_two(tmp_path: Path) -> None:
    """Each is compared with what it showed itself; one that is fetched keeps its address as its name."""
    body = 'body = {{ node = "{}" }}\n'
    keys = "".join(f"{TABLE}{body.format(node)}" for node in ("25", "26"))
    source = declared(tmp_path, f'{keys}[[sources.town.json_lists]]\nurl = "SITE/api#news"\n{body.format("27")}{TABLE}')
    names = [name_of(seed) for seed in source.seeds]
    assert names[2:] == [f"{SITE}/api#news", f"{SITE}/api"]
    assert len(set(names)) == 4
    assert {name.partition("#")[0] for name in names} == {f"{SITE}/api"}
