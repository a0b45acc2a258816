"""The pages of people, tags, columns, sources and times, and the page to find them by."""

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

import pytest
from datasette.app import Datasette
from hypothesis import given
from hypothesis import strategies as st
from support import small_archive
from support.small_archive import HOSTILE, TALK
from support.small_site import get, served, text
from support.tables import every_row

from archive import connect
from archive.publish.formatting import addresses
from archive.publish.formatting.filters import BEIJING
from archive.publish.places.periods import period

ODD = ("a", "a.json", "b/c", "50%", '"双引号"', "..", "\u200fمقال", "长" * 300, "x?y#z", "🙂", "A.atom", "+ ")

WITHOUT = ("/person/林知远", "/tag/城市治理", "/column/思想者", "/source/newsroom", "/day/2024-04-14", "/year/2024",
           "/browse", "/sitemap-1.xml", "/data/articles-2024-04.csv", "/data/articles-2024-04.jsonl")  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    """The small archive, and for each odd name an article that has it as tag, speaker and column."""
    home = small_archive.build(tmp_path_factory.mktemp("places") / "home")
    conn = connect(home.database)
    conn.execute("begin immediate")
    for number, name in enumerate(ODD, start=10):
        odd = replace(
            TALK, identity=str(number), headline=f"之{number}", speaker=name, authors=(), keywords=(name,),
            article_section=name, related=(), media=(),
        )  # fmt: skip
        small_archive._add(conn, odd, "2024-04-20T01:00:00Z")
    conn.commit_group()
    conn.close()
    with served(home) as there:
        yield there


def keys(site: Datasette, path: str) -> list[str]:
    return [row["key"] for row in get(site, path).json()["articles"]]


@every_row("kind", ["person", "tag", "column"])
@every_row("name", ODD)
def test_any_name_is_an_address_that_leads_to_its_own_page(site: Datasette, kind: str, name: str) -> None:
    path = addresses.named(kind, name)
    response = get(site, path)
    assert response.status_code == 200
    place, _, query = path.partition("?")
    data = get(site, f"{place}.json{'?' * bool(query)}{query}").json()
    assert (data["kind"], data["name"], data["count"]) == (kind, name, 1)
    assert [row["headline"] for row in data["articles"]] == [f"之{ODD.index(name) + 10}"]


def test_an_ending_belongs_to_the_page_and_a_name_spells_its_dot(site: Datasette) -> None:
    assert addresses.tag("a.json") == "/tag/a%2Ejson"
    assert get(site, "/tag/a.json").json()["name"] == "a"
    assert get(site, "/tag/a%2Ejson.json").json()["name"] == "a.json"


@given(st.text(min_size=1))
def test_addresses_hold_any_name_that_can_be_encoded(name: str) -> None:
    try:
        path = addresses.tag(name)
    except UnicodeEncodeError:
        return
    if path.startswith("/tag/"):
        assert unquote(path.removeprefix("/tag/")) == name
        assert "/" not in path.removeprefix("/tag/")
        assert not path.endswith((".json", ".atom"))


def test_a_person_has_roles_a_biography_and_a_curve(site: Datasette) -> None:
    data = get(site, "/person/林知远.json").json()
    assert {name: data[name] for name in ("count", "roles", "biography", "months", "tags", "columns")} == {
        "count": 2,
        "roles": {"speaker": 2, "author": 2},
        "biography": TALK.biography,
        "months": [{"month": "2024-04", "articles": 2, "covered": True}],
        "tags": [{"name": "城市治理", "articles": 2}, {"name": "基层减负", "articles": 2}],
        "columns": [{"name": "思想者", "articles": 2}],
    }
    assert keys(site, "/person/林知远.json") == ["newsroom-4", "newsroom-1"]
    assert keys(site, "/person/林知远.json?role=editor") == []
    within = {
        part: keys(site, f"/person/林知远.json?in={part}") for part in ("2024", "2024-04", "2024-04-14", "2024-04-13")
    }
    both = ["newsroom-4", "newsroom-1"]
    assert within == {"2024": both, "2024-04": both, "2024-04-14": both, "2024-04-13": []}


@pytest.mark.parametrize("year", [1850, 2200, 2924])
def test_the_curve_of_a_person_ignores_the_odd_year_of_another_article(tmp_path: Path, year: int) -> None:
    home = small_archive.build(tmp_path)
    small_archive.add_versions(
        home, replace(small_archive.ENGLISH, identity="9", date_published=datetime(year, 1, 1, tzinfo=UTC))
    )
    with served(home) as there:
        page, data = get(there, "/person/林知远"), get(there, "/person/林知远.json").json()
    assert (page.status_code, [each["month"] for each in data["months"]]) == (200, ["2024-04"])
    assert sum(each["articles"] for each in data["months"]) == data["count"] == 2


def test_a_list_goes_on_after_a_place_and_ends(site: Datasette) -> None:
    whole = get(site, "/source/newsroom.json").json()["articles"]
    found = []
    for row in whole:
        place = f"{row['date_published_utc'] or ''},{row['id']}"
        found.append([each["key"] for each in get(site, f"/source/newsroom.json?before={place}").json()["articles"]])
    all_keys = [row["key"] for row in whole]
    assert found == [all_keys[n + 1 :] for n in range(len(whole))]


@every_row("path", ["/", "/latest.atom", "/source/newsroom", "/changes", "/removed", "/a/newsroom-1/captures"])
@every_row("place", ["x", "9", "2024-04-15,", "2024-04-15T00:00:00Z,9x", ",٣", "x,5"])
def test_a_list_refuses_an_invalid_place_instead_of_starting_again(site: Datasette, path: str, place: str):
    told = get(site, path, params={"before": place})
    assert (told.status_code, f"before={place}: not a place in this list" in unescape(told.text)) == (400, True)


@every_row("path", ["/a/newsroom-1?before=", "/a/newsroom-1/timemap?after="])
@every_row("number", ["x", "-1", "1e3", "٣"])
def test_an_article_and_its_timemap_refuse_an_invalid_number(site: Datasette, path: str, number: str) -> None:
    told = get(site, f"{path}{number}")
    assert (told.status_code, f"={number}: not a number" in told.text) == (400, True)


def test_withdrawn_articles_are_missing_from_lists_and_exports(site: Datasette) -> None:
    for path in WITHOUT:
        response = get(site, path)
        assert response.status_code == 200
        assert "newsroom-5" not in response.text
        assert "按要求撤下" not in response.text


def test_names_used_only_by_a_withdrawn_article_are_not_shown(tmp_path: Path) -> None:
    home = small_archive.build(tmp_path)
    only = replace(
        TALK, identity="6", headline="只此一篇", speaker="只此一人", authors=(), keywords=("只此一词",),
        article_section="只此一栏", date_published=datetime.fromisoformat("1999-03-03T08:00:00+08:00"),
    )  # fmt: skip
    small_archive.add_versions(home, only)
    with closing(connect(home.database)) as conn:
        conn.execute("update articles set state = 'withdrawn' where key = 'newsroom-6'")
    with served(home) as there:
        lists = [f"/browse/{name}" for name in ("people", "tags", "columns")]
        for path in (*lists, "/browse", "/column/只此", "/tag/只此", "/person/只此", "/year/2024", "/"):
            assert not re.search("只此一|1999", get(there, path).text), path
        assert get(there, "/column/只此一栏").status_code == get(there, "/year/1999").status_code == 404


def test_a_source_is_called_by_its_publisher(site: Datasette) -> None:
    named = '<a href="/source/newsroom" lang="zh-Hans">新闻室</a>'
    for path in ("/", "/browse", "/person/林知远", "/month/2024-04", "/changes", "/removed", "/a/newsroom-1"):
        assert named in get(site, path).text, path


def test_an_article_leads_to_the_day_that_lists_it(tmp_path: Path) -> None:
    home = small_archive.build(tmp_path)
    west = replace(TALK, identity="6", date_published=datetime.fromisoformat("2023-03-03T20:00:00-05:00"))
    small_archive.add_versions(home, west)
    with served(home) as there:
        assert re.findall(r'href="(/day/[^"]+)"', get(there, "/a/newsroom-6").text) == ["/day/2023-03-03"]
        assert keys(there, "/day/2023-03-03.json") == ["newsroom-6"]


@every_row(("path", "near"), [
    ("/person/林知", [{"kind": "person", "name": "林知远"}]),
    ("/person/城市治理", [{"kind": "tag", "name": "城市治理"}]),
    ("/tag/Governance", [{"kind": "tag", "name": "governance"}]),
    ("/column/思想", [{"kind": "column", "name": "思想者"}]),
    ("/day/2024-02-30", []),
    ("/month/2024-13", []),
    ("/year/20a4", []),
])  # fmt: skip
def test_an_unknown_name_returns_404_with_similar_names(site: Datasette, path: str, near: list[dict[str, str]]) -> None:
    response = get(site, f"{path}.json")
    assert (response.status_code, response.json()["near"]) == (404, near)
    assert get(site, path).status_code == 404


def test_hostile_names_are_text(site: Datasette) -> None:
    for path in (addresses.person(HOSTILE), addresses.tag(HOSTILE), "/browse", "/browse/people", "/browse/tags"):
        response = get(site, path)
        assert response.status_code == 200
        assert "<script" not in response.text
        assert "<img" not in response.text


def test_a_day_leads_to_those_that_have_something(site: Datasette) -> None:
    data = get(site, "/day/2024-04-14.json").json()
    assert (data["previous"], data["next"]) == (None, "2024-04-15")
    assert get(site, "/day/2024-04-15.json").json()["previous"] == "2024-04-14"


def test_a_day_stands_among_those_of_its_month(site: Datasette) -> None:
    page, data = get(site, "/day/2024-04-14").text, get(site, "/day/2024-04-14.json").json()
    month = get(site, "/month/2024-04.json").json()
    assert data["days"]["2024-04-15"] == 1
    assert (data["days"], data["months"], len(data["months"])) == (month["days"], month["months"], 30)
    assert re.findall(r'<a href="/day/(\d{4}-\d\d-\d\d)" tabindex="-1"><rect class="bar here"', page) == ["2024-04-14"]
    assert re.findall(r'<a href="/day/([\d-]+)" aria-current="page">', page) == ["2024-04-14"]


def test_days_and_months_to_come_are_not_drawn(tmp_path: Path) -> None:
    today = datetime.now(BEIJING)
    home = small_archive.build(tmp_path)
    with closing(connect(home.database)) as conn:
        conn.execute("begin immediate")
        small_archive._add(conn, replace(TALK, identity="9", date_published=today), f"{today:%Y-%m-%d}T01:00:00Z")
        conn.commit_group()
    with served(home) as there:
        of_month, of_year = (get(there, f"/{path}.json").json()["months"]
                             for path in (f"month/{today:%Y-%m}", f"year/{today:%Y}"))  # fmt: skip
    assert (len(of_month), of_month[-1]["articles"]) == (today.day, 1)
    assert (len(of_year), of_year[-1]["articles"]) == (today.month, 1)


@every_row(
    ("path", "headings"),
    [
        ("/year/2024", ("2024年", "2024")),
        ("/month/2024-04", ("2024年4月", "April 2024")),
        ("/day/2024-04-14", ("2024年4月14日", "14 April 2024")),
    ],
)
def test_a_time_is_written_in_words(site: Datasette, path: str, headings: tuple[str, str]) -> None:
    pages = [get(site, f"{path}?ui={ui}").text for ui in ("zh", "en")]
    assert tuple(re.search('<h1 class="place">([^<]+)</h1>', page)[1] for page in pages) == headings
    assert all(f"<title>{heading} · " in page for heading, page in zip(headings, pages, strict=True))


def test_days_and_months_to_come_are_no_zeros(tmp_path: Path) -> None:
    home = small_archive.build(tmp_path)
    misread = datetime.fromisoformat("2099-03-15T10:00:00+08:00")
    small_archive.add_versions(home, replace(TALK, identity="6", date_published=misread))
    with served(home) as there:
        drawn = [get(there, f"/{path}.json").json()["months"] for path in ("month/2099-03", "year/2099", "year/2024")]
    assert [[each["month"] for each in months] for months in drawn[:2]] == [["2099-03-15"], ["2099-03"]]
    assert len(drawn[2]) == 12


@every_row(("name", "window"), [
    ("2024", ("2023-12-31T10:00:00Z", "2025-01-01T14:00:00Z")),
    ("2024-02", ("2024-01-31T10:00:00Z", "2024-03-01T14:00:00Z")),
    ("2024-12", ("2024-11-30T10:00:00Z", "2025-01-01T14:00:00Z")),
    ("2024-02-29", ("2024-02-28T10:00:00Z", "2024-03-01T14:00:00Z")),
    ("0010", ("0009-12-31T10:00:00Z", "0011-01-01T14:00:00Z")),
])  # fmt: skip
def test_the_window_of_a_period_covers_every_time_zone(name: str, window: tuple[str, str]) -> None:
    found = period(name)
    assert found is not None
    assert found.window == window


@every_row("name", ["2024-W01", "2024-1", "2024-02-30", "0000", "٢٠٢٤", "", "2024-04-1", "9999-99"])
def test_an_invalid_period_is_not_recognized(name: str) -> None:
    assert period(name) is None


@given(st.text(max_size=10) | st.from_regex(r"\A\d{4}(-\d\d){0,2}\Z"))
def test_the_window_of_any_period_ends_after_it_begins(name: str) -> None:
    if (found := period(name)) is not None:
        assert found.window[0] < found.window[1]


def test_browsing_counts_and_leads_on(site: Datasette) -> None:
    data = get(site, "/browse.json").json()
    assert {"name": "林知远", "articles": 2} in data["people"]
    assert [(year["year"], year["months"][3]["articles"]) for year in data["years"]] == [("2024", 3 + len(ODD))]
    names = [each["name"] for each in get(site, "/browse/people.json").json()["names"]]
    assert names == sorted(names)
    after = get(site, f"/browse/people.json?after={quote(names[2])}").json()["names"]
    assert [each["name"] for each in after] == names[3:]


def test_every_link_of_a_place_is_answered(site: Datasette) -> None:
    for page in ("/browse", "/person/林知远", "/month/2024-04", "/about", "/data"):
        for href in {*re.findall(r'<a [^>]*href="(/[^"]*)"', get(site, page).text)}:
            path = href.replace("&amp;", "&").replace("&#39;", "'")
            if urlsplit(path).path not in ("/removed", "/phrase"):
                assert get(site, path).status_code in (200, 302), (page, path)


def test_a_page_names_itself_and_its_languages(site: Datasette) -> None:
    told = get(site, "/person/林知远?ui=en").text
    there = f"http://localhost/person/{quote('林知远')}"
    assert re.findall(r'<link rel="canonical" href="([^"]*)"', told) == [there]
    assert re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)"', told) == [
        ("zh-Hans", f"{there}?ui=zh"), ("en", f"{there}?ui=en"), ("x-default", there),
    ]  # fmt: skip
    assert "canonical" not in get(site, "/person/林知").text
    assert "人物" in text(get(site, "/person/林知远"))


@every_row(
    ("path", "leads_to"),
    [("/person", "/browse/people"), ("/person/", "/browse/people"), ("/tag.json", "/browse/tags.json"),
     ("/column/?in=2024&ui=en", "/browse/columns?ui=en"), ("/month/", "/browse"), ("/year.json", "/browse.json")],
)  # fmt: skip
def test_a_kind_without_a_name_leads_to_the_list_of_its_names(site: Datasette, path: str, leads_to: str) -> None:
    reply = get(site, path)
    assert (reply.status_code, reply.headers["location"]) == (302, leads_to)
    assert get(site, leads_to).status_code == 200


def test_one_article_is_not_called_articles(site: Datasette) -> None:
    tags = get(site, "/browse.json").json()["tags"]
    alone, more = (next(each["name"] for each in tags if (each["articles"] > 1) is many) for many in (False, True))
    said = [re.findall(r"\d+ articles?", text(get(site, f"{addresses.tag(name)}?ui=en"))) for name in (alone, more)]
    assert (set(said[0]), said[1][0].endswith(" articles")) == ({"1 article"}, True)
