"""Lists in JSON as thinker.toml declares them: what their rows are called, how they are paged, and what gives none."""

import asyncio
import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from support.fixed_pages import Pages, serving, town
from support.journeys import Thinker

from archive.settings.settings import load_settings
from crawler.seeds import links_from
from crawler.seeds.reading import Absent, ListMessage
from crawler.sources import JsonList, Source, source_named
from parsers import Document, ParseError
from parsers.links import Link

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
SITE = "https://news.example"


@pytest.fixture
def pages() -> Iterator[Pages]:
    with serving() as site:
        yield site


def declared(tmp_path: Path, keys: str) -> Source:
    (tmp_path / "thinker.toml").write_text(f"[sources.town]\nscope = '{SITE}/a/.+'\n{keys}", encoding="utf-8")
    return source_named("town", load_settings(tmp_path))


def read(source: Source, answers: Mapping[str, Any], since: datetime | None = None) -> tuple[list[Link], list[str]]:
    """The links of the first seed, and what was asked: an address, or the form that was posted."""
    asked: list[str] = []

    async def answered(url: str, message: ListMessage, _absent: Absent) -> Document | None:
        asked.append(url.removeprefix(SITE) if message.body is None else message.body)
        value = answers.get(asked[-1])
        return None if value is None else Document(json.dumps(value).encode(), "application/json", url, AT)

    async def gathered() -> list[Link]:
        return [link async for part in links_from(source.seeds[0], source, answered, AT, since) for link in part.links]

    return asyncio.run(gathered()), asked


LIST = f'json_lists = ["{SITE}/api/list"]\n'
NOON = datetime(2026, 11, 26, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rows", "answer", "links"),
    [
        (
            'url = "link"\ntitle = "headline"\ntime = "published"',
            [{"link": "/a/1", "headline": "One", "published": 1795665600}],
            [Link(f"{SITE}/a/1", "One", NOON)],
        ),
        (
            'url = "link"\ntitle = "headline"\ntime = "published"',
            {"data": {"top": {"link": f"{SITE}/a/1", "headline": "One", "published": "1795665600000"}}},
            [Link(f"{SITE}/a/1", "One", NOON)],
        ),
        (
            'url = "meta.link"\ntitle = "meta.names.zh"\ntime = "at"',
            [{"meta": {"link": "../a/1", "names": {"zh": "一"}}, "at": "2026-11-26 12:00"}],
            [Link(f"{SITE}/a/1", "一", NOON)],
        ),
        (
            'url = "meta.link"\ntitle = "t"',  # a name that has a dot itself
            [{"meta.link": "/a/1", "t": "One"}],
            [Link(f"{SITE}/a/1", "One")],
        ),
        (
            'url = "url"\ntitle = "name"\nwithin = "data.news"',
            {"data": {"ads": [{"url": "/a/9", "name": "Ad"}], "news": [{"url": "/a/1", "name": "One"}]}},
            [Link(f"{SITE}/a/1", "One")],
        ),
        (
            'url = "url"\ntime = "on"',
            [{"url": "/a/1", "title": "One", "on": "soon"}, {"url": "/a/2", "title": None, "on": [1]},
             {"url": "/a/1", "title": "One again"}, {"url": "/a/3", "title": "T", "on": 1e300}],
            [Link(f"{SITE}/a/1", "One"), Link(f"{SITE}/a/2"), Link(f"{SITE}/a/3", "T")],
        ),
        (
            'url = "url"',
            [{"url": url, "title": "x"} for url in ("javascript:alert(1)", "//evil.example/a/1", "", None, 7, {"a": 1},
                                                    "http://169.254.169.254/a/1", "/a/1", "\u202e/a/2")],
            [Link(f"{SITE}/a/1", "x")],
        ),
    ],
)  # fmt: skip
def test_rows_are_called_as_the_declaration_says(tmp_path: Path, rows: str, answer: Any, links: list[Link]) -> None:
    assert read(declared(tmp_path, f"{LIST}[sources.town.rows]\n{rows}\n"), {"/api/list": answer})[0] == links


def test_a_date_in_words_is_of_the_sources_zone(tmp_path: Path) -> None:
    source = declared(tmp_path, f'timezone = "Europe/London"\n{LIST}[sources.town.rows]\nurl = "u"\ntime = "d"\n')
    (link,), _ = read(source, {"/api/list": [{"u": "/a/1", "title": "x", "d": "2026-11-26 04:00"}]})
    assert link.published_at == NOON


@pytest.mark.parametrize(
    ("id_", "links"),
    [
        (751, [f"{SITE}/a/751?v=1"]),
        ("ab-c_1", [f"{SITE}/a/ab-c_1?v=1"]),
        ("{id}", []),
        ("../../x", []),
        ("1?x=y", []),
        ("x" * 41, []),
        ("{0.__class__}", []),
        (None, []),
        (True, []),
    ],
)
def test_an_address_is_made_of_an_id_that_can_stand_in_one(tmp_path: Path, id_: object, links: list[str]) -> None:
    keys = f'article = "{SITE}/a/{{id}}?v=1"\n{LIST}[sources.town.rows]\nid = "no"\n'
    answer = [{"no": id_, "title": "x"}, {"no": 5, "title": "y"}]
    assert [link.url for link in read(declared(tmp_path, keys), {"/api/list": answer})[0]] == [
        *links,
        f"{SITE}/a/5?v=1",
    ]


def test_columns_choose_among_rows_by_their_section_or_title(tmp_path: Path) -> None:
    keys = f'columns = ["Opinion"]\n{LIST}[sources.town.rows]\nurl = "u"\nsection = ["part", "meta.part"]\n'
    rows = [
        {"u": "/a/1", "title": "One", "part": "Opinion"},
        {"u": "/a/2", "title": "Two", "meta": {"part": "Opinion"}},
        {"u": "/a/3", "title": "Opinion | Three", "part": "Home"},
        {"u": "/a/4", "title": "Opinionated", "part": "Home"},
        {"u": "/a/5", "title": "Five", "part": ["Home", "Opinion"]},
        {"u": "/a/6", "title": "Six", "part": ["Home", None, {"name": "Opinion"}], "meta": ["Opinion"]},
    ]
    found, _ = read(declared(tmp_path, keys), {"/api/list": rows})
    assert [link.url[-1] for link in found] == ["1", "2", "3", "5"]


ROW = {"headline": "One", "link": "/a/1", "published": 5}


@pytest.mark.parametrize(
    ("keys", "answer", "line"),
    [
        (LIST, {"items": [ROW]}, "no object has both 'id' and 'title'; it has: headline, link, published "),
        (
            f'{LIST}[sources.town.rows]\nurl = "link"\n',
            [ROW],
            "no object has both 'link' and 'title'; it has: headline",
        ),
        (
            f'{LIST}[sources.town.rows]\nurl = "link"\nwithin = "data"\n',
            {"items": [{**ROW, "title": "x"}]},
            "no object within 'data' has both 'link' and 'title'; it has: headline, link, published, title ",
        ),
        (
            LIST,
            [{"id": 1, "title": "x", "web": "/a/1"}],
            "its rows have 'id' and no address: say `article`, or in `rows`",
        ),
        (
            f'{LIST}[sources.town.rows]\nurl = "link"\n',
            [{"link": "javascript:1", "title": "x"}],
            "no 'link' of its rows makes an address; they have: link, title ",
        ),
        (LIST, {"error": "denied"}, "no object has both 'id' and 'title'; it has: error "),
        (LIST, [{"a\x1b[2J\nb": 1}], "no object has both 'id' and 'title'; it has: a?[2J?b "),
    ],
)
def test_rows_without_an_article_are_named_in_one_line(tmp_path: Path, keys: str, answer: Any, line: str) -> None:
    with pytest.raises(ParseError) as caught:
        read(declared(tmp_path, keys), {"/api/list": answer})
    reason = caught.value.reason
    assert reason.startswith(f"names no article: {line}")
    assert reason.endswith("(see [sources.town.rows] in docs/adding-a-source.md)")
    assert "\n" not in reason


def test_rows_out_of_scope_are_named_too(tmp_path: Path) -> None:
    keys = f'{LIST}[sources.town.rows]\nurl = "link"\n'
    with pytest.raises(ParseError, match=r"names 1 addresses, none of them in `scope` and on its hosts: .*/b/1"):
        read(declared(tmp_path, keys), {"/api/list": [{"link": "/b/1", "title": "x"}]})


@pytest.mark.parametrize("answer", [[], {}, {"data": []}, 5, "x", [1, 2], {"code": 0, "list": []}])
def test_an_empty_list_is_no_error(tmp_path: Path, answer: Any) -> None:
    keys = f'{LIST}[sources.town.rows]\nurl = "link"\n'
    if isinstance(answer, int | str):
        with pytest.raises(ParseError, match="expected a list in JSON"):
            read(declared(tmp_path, keys), {"/api/list": answer})
    else:
        assert read(declared(tmp_path, keys), {"/api/list": answer})[0] == []


def page(*numbers: int) -> list[dict[str, Any]]:
    return [{"u": f"/a/{number}", "title": "x", "at": number * 10} for number in numbers]


ROWS = '[sources.town.rows]\nurl = "u"\ntime = "at"\n'


def test_a_list_in_pages_ends_where_nothing_is_new(tmp_path: Path) -> None:
    source = declared(tmp_path, f'pages = 9\nsection = "7"\njson_lists = ["{SITE}/l/{{section}}/{{page}}"]\n{ROWS}')
    found, asked = read(source, {"/l/7/1": page(9, 8), "/l/7/2": page(8, 7), "/l/7/3": page(8, 7), "/l/7/4": page(1)})
    assert [link.url[-1] for link in found] == ["9", "8", "7"]
    assert asked == ["/l/7/1", "/l/7/2", "/l/7/3"]


def test_a_list_that_repeats_its_pages_is_asked_no_further_where_no_row_is_wanted(tmp_path: Path) -> None:
    keys = f'columns = ["Opinion"]\npages = 99\njson_lists = ["{SITE}/l/{{page}}"]\n{ROWS}section = "part"\n'
    home = [{**row, "part": "Home"} for row in page(9, 8)]
    found, asked = read(declared(tmp_path, keys), {f"/l/{n}": home for n in range(1, 99)})
    assert (found, asked) == ([], ["/l/1", "/l/2"])
    opinion = [{**row, "part": "Opinion"} for row in page(7)]
    found, asked = read(declared(tmp_path, keys), {"/l/1": home, "/l/2": opinion, "/l/3": opinion})
    assert ([link.url[-1] for link in found], asked) == (["7"], ["/l/1", "/l/2", "/l/3"])


POST = f'[[sources.town.posts]]\nurl = "{SITE}/more"\n'


@pytest.mark.parametrize(
    ("form", "answers", "numbers"),
    [
        (  # by a number of the page
            'form = { p = "{page}", size = 2, of = "news {section}" }',
            {"p=1&size=2&of=news+s": page(9, 8), "p=2&size=2&of=news+s": page(7), "p=3&size=2&of=news+s": page(7)},
            "987",
        ),
        (  # by the time of what came last
            'form = { before = "{last}" }',
            {"": page(9, 8), "before=80": page(7), "before=70": page(7)},
            "987",
        ),
        ("", {"page=1": page(9), "page=2": []}, "9"),
        ("pages = 1", {"page=1": page(9), "page=2": page(8)}, "9"),
    ],
)
def test_a_list_is_asked_by_post_page_after_page(
    tmp_path: Path, form: str, answers: dict[str, Any], numbers: str
) -> None:
    source = declared(tmp_path, f'section = "s"\n{POST}{form}\n{ROWS}')
    found, asked = read(source, answers)
    assert ("".join(link.url[-1] for link in found), asked) == (numbers, list(answers)[: 1 if "pages" in form else 9])


def test_a_declaration_as_json_keeps_the_names_of_its_row_fields(tmp_path: Path) -> None:
    source = declared(tmp_path, f'{LIST}{ROWS}{POST}form = {{ p = "{{page}}" }}\n')
    listed, posted = source.seeds
    assert isinstance(listed, JsonList)
    assert isinstance(posted, JsonList)
    told = source.as_json()["seeds"]
    assert [seed["rows"]["url"] for seed in told] == ["u", "u"]
    assert json.loads(json.dumps(told))[1]["form"] == [["p", "{page}"]]


def test_the_json_of_shangguan_shows_its_built_in_lists() -> None:
    seeds = source_named("shangguan").as_json()["seeds"]
    home = "https://www.shobserver.com"
    assert seeds[0] == {"kind": "JsonList", "url": f"{home}/staticsg/data/web/home/topnewslist.json"}
    form = (("page", "{page}"), ("lastpublishtime", "{until}"))
    assert {"kind": "JsonList", "url": f"{home}/news/homeMoreNews", "pages": 5, "form": form} in seeds


@pytest.mark.slow
def test_a_json_list_of_thinker_toml_is_crawled_or_says_why_it_gives_nothing(tmp_path: Path, pages: Pages) -> None:
    """A list without `rows` once gave 0 articles and exit code 0."""
    pages.put_articles(1, 2)
    rows = [{"headline": f"Article {number}", "link": f"article/{number}"} for number in (1, 2)]
    pages.put("/list.json", json.dumps({"items": rows}))
    thinker = town(tmp_path, pages, lists="/list.json")
    process = thinker.start("crawl", "town", "--json")
    out, err = process.communicate(timeout=120)
    assert (process.returncode, json.loads(out)["errors"], json.loads(out)["new_articles"]) == (3, 1, 0)
    (line,) = [line for line in err.splitlines() if "list.json" in line]
    assert line.endswith(
        "list.json: names no article: no object has both 'id' and 'title'; it has: headline, link "
        "(see [sources.town.rows] in docs/adding-a-source.md)"
    )
    more = '[sources.town.rows]\nurl = "link"\ntitle = "headline"\n'
    found = town(tmp_path, pages, lists="/list.json", more=more).json("crawl", "town")
    assert (found["errors"], found["new_articles"]) == (0, 2)


TOLD = "no list of town has an article that its `scope`, `hosts` and `columns` allow"


@pytest.mark.parametrize(
    ("keys", "new", "told"),
    [
        ('columns = ["Home"]\n', 1, 0),
        ('columns = ["Opinion"]\n', 0, 1),
    ],
)
def test_a_crawl_warns_if_no_row_has_a_declared_column(
    tmp_path: Path, pages: Pages, keys: str, new: int, told: int
) -> None:
    """Such a declaration once gave 0 articles, exit code 0 and no message."""
    pages.put_articles(1)
    pages.put("/list.json", json.dumps([{"url": "article/1", "title": "One", "columns": ["Home", "City"]}]))
    thinker = town(tmp_path, pages, lists="/list.json", more=f'{keys}[sources.town.rows]\nurl = "url"\n')
    assert _crawled(thinker) == (0, new, told)


@pytest.mark.parametrize("kind", ["feeds", "sitemaps", "lists"])
def test_a_crawl_warns_if_no_link_matches_the_scope(tmp_path: Path, pages: Pages, kind: str) -> None:
    bodies = {
        "feeds": "<rss><channel><item><link>{0}/artikel/1</link></item></channel></rss>",
        "sitemaps": "<urlset><url><loc>{0}/artikel/1</loc></url></urlset>",
        "lists": "<a href='{0}/artikel/1'>One</a>",
    }
    pages.put("/seed", bodies[kind].format(pages.address))
    thinker = town(tmp_path, pages, **{kind: "/seed"})
    assert _crawled(thinker) == (0, 0, 1)


def _crawled(thinker: Thinker) -> tuple[int, int, int]:
    """The exit code, the number of new articles, and the number of warnings that lists lead to nothing."""
    process = thinker.start("crawl", "town", "--json")
    out, err = process.communicate(timeout=120)
    return process.returncode, json.loads(out)["new_articles"], err.count(TOLD)
