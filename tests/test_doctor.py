"""`thinker doctor SOURCE` against a newsroom that is as it is declared, and that is not: every line it prints."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.checkout import ROOT
from support.journeys import Thinker

from archive.settings.settings import load_settings
from crawler.sources import source_named
from newsroom.process import Site, running

ARTICLES = 12
LISTS = "/staticsg/data/web/home"


@pytest.fixture
def site() -> Iterator[Site]:
    with running(articles=ARTICLES) as site:
        yield site


@pytest.fixture
def thinker(tmp_path: Path, site: Site) -> Thinker:
    """A home with settings, in which nothing was ever collected."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "thinker.toml").write_text(
        f'[sources.shangguan]\nhomepage = "{site.address}"\nallow = ["{site.address[7:]}"]\ndelay = 0\n'
    )
    return Thinker(home, site)


def lines(thinker: Thinker, *arguments: str, code: int = 0) -> list[str]:
    """The lines of `doctor`, with the site's address and its texts left out."""
    process = thinker.start("doctor", *arguments)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err) == (code, ""), (out, err)
    assert thinker.site is not None
    return [
        re.sub(r"the (headline|date) .+", r"the \1", line)
        for line in out.replace(thinker.site.address, "").splitlines()
    ]


def asked(site: Site) -> list[str]:
    return [str(line["path"]) for line in site.log() if not str(line["path"]).startswith("/-/")]


ROBOTS = "✓ /robots.txt: declared to be crawled, found HTTP 200, none of 5 addresses refused"
FEED = "✓ /feed.xml: declared a feed, found 12 links, 12 of them articles of newsroom"
SITEMAP = "✓ /sitemap-1.xml: declared a sitemap, found 12 links, 12 of them articles of newsroom"


SHANGGUAN = [
    "✓ /robots.txt: declared to be crawled, found HTTP 200, none of 11 addresses refused",
    *(
        f"✓ {path}: declared a list in JSON, found {links} links, {articles} of them articles of shangguan"
        for path, links, articles in (
            (f"{LISTS}/topnewslist.json", 12, 9),
            (f"{LISTS}/morenewslist.json", 4, 3),
            (f"{LISTS}/recommandnewslist.json", 12, 9),
            (f"{LISTS}/quicknewslist.json", 4, 3),
            (f"{LISTS}/bannernewslist.json", 4, 3),
            ("/staticsg/data/web/common/newsrank.json", 5, 3),
            ("/news/homeMoreNews", 12, 5),
        )
    ),
    *(
        f"✓ {path}: declared a list, found 4 links, 3 of them articles of shangguan"
        for path in ("/news/list?section=1&page=1", "/news/sublist?section=2&page=1")
    ),
]
SECTION = (
    "✓ section: declared none, found 思想者 (sublist?section=9011): "
    'add section = "sublist?section=9011" to [sources.shangguan] to list it'
)
EXPECTED = "✓ expect: declared 1, found 9 articles on the pages that were read"


def read_of_shangguan(*numbers: int) -> list[str]:
    """The lines on its articles that are as they should be."""
    parts = [(number, part) for number in numbers for part in ("headline", "date")]
    return [f"✓ /news/getNewsDetail?id={n}: declared page class ShangguanPage, found the {part}" for n, part in parts]


def read(*numbers: int) -> list[str]:
    """The lines on articles that are as they should be."""
    parts = [(number, part) for number in numbers for part in ("headline", "date")]
    return [f"✓ /article/{n}.html: declared page class NewsroomPage, found the {part}" for n, part in parts]


WELL = [ROBOTS, FEED, SITEMAP, *read(12, 1)]


def test_doctor_finds_a_source_as_declared_and_writes_no_archive(site: Site, thinker: Thinker) -> None:
    assert lines(thinker, "newsroom") == WELL
    assert sorted(asked(site)) == [
        "/article/1.html", "/article/12.html", "/feed.xml", "/robots.txt", "/sitemap-1.xml", "/sitemap.xml",
    ]  # fmt: skip
    assert not (thinker.home / "archive.db").exists()
    assert not (thinker.home / "captures").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("event", "code", "found"),
    [
        pytest.param(
            {"do": "status", "path": "/feed.xml", "code": 404},
            3,
            [
                ROBOTS,
                "✗ /feed.xml: declared a feed, found HTTP 404 → change feeds",
                SITEMAP,
                *read(1, 2),
            ],
            id="a list is gone",
        ),
        pytest.param(
            {"do": "redirect", "path": "/feed.xml", "to": "/news-sitemap.xml", "code": 301},
            3,
            [
                ROBOTS,
                "✗ /feed.xml: declared a feed, found HTTP 301 to /news-sitemap.xml → change feeds",
                "✗ /feed.xml: declared a feed, found another kind of page: expected a feed (rss, RDF or feed), "
                "got <urlset> → change feeds",
                SITEMAP,
                *read(1, 2),
            ],
            id="a list has moved, and is of another kind",
        ),
        pytest.param(
            {"do": "redirect", "path": "/feed.xml", "to": "http://[x", "code": 302},
            3,
            [
                ROBOTS,
                "✗ /feed.xml: declared a feed, found HTTP 302 to http://[x, which is not followed → change feeds",
                SITEMAP,
                *read(1, 2),
            ],
            id="a list redirects to a malformed address",
        ),
        pytest.param(
            {"do": "redirect", "path": "/sitemap.xml", "to": "/news-sitemap.xml", "code": 301},
            3,
            [
                ROBOTS.replace("5", "4"),
                FEED,
                "✗ /sitemap.xml: declared a sitemap, found HTTP 301 to /news-sitemap.xml → change sitemaps",
                "✓ /sitemap.xml: declared a sitemap, found 5 links, 5 of them articles of newsroom",
                *read(12, 11),
            ],
            id="a list has moved",
        ),
        pytest.param(
            {"do": "rename", "article": 12, "name": "content", "to": "c-81"},
            3,
            [
                ROBOTS,
                FEED,
                SITEMAP,
                "✗ /article/12.html: declared body at css article > .content, css .story-text, found nothing there "
                "→ change selector body of NewsroomPage",
                *read(1),
            ],
            id="the layout of an article has changed",
        ),
        pytest.param({"do": "redesign"}, 0, WELL, id="the other layout that is declared"),
        pytest.param(
            {"do": "robots", "text": "User-agent: *\nDisallow: /article/12\n"},
            3,
            [
                "✗ /robots.txt: declared to be crawled, found HTTP 200, 1 of 5 addresses refused, such as "
                "/article/12.html → remove these addresses, or turn the source off",
                FEED,
                SITEMAP,
                *read(1),
            ],
            id="robots.txt refuses an article",
        ),
        pytest.param(
            {"do": "robots", "text": "User-agent: *\nDisallow: /\n"},
            4,
            [
                "✗ /robots.txt: declared to be crawled, found HTTP 200, 2 of 2 addresses refused, such as /feed.xml "
                "→ remove these addresses, or turn the source off"
            ],
            id="robots.txt refuses all",
        ),
    ],
)
def test_doctor_reports_each_difference_from_the_declaration(
    site: Site, thinker: Thinker, event: dict[str, Any], code: int, found: list[str]
) -> None:
    site.event(**event)
    assert lines(thinker, "newsroom", code=code) == found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("key", "name", "to", "have"),
    [
        ("title", "title", "\u202etitel", "\\u202etitel → change rows.title to \\u202etitel"),  # turns no line round
        ("time", "publishtime", "pubtime", "pubtime → change rows.time to pubtime"),
        (
            "title",
            "title",
            "headline",
            "headline, summary, sectionname, subsectionname, subsectionid, picurl, newstype, relatecontentid, replay "
            "→ change rows.title",
        ),
        (
            "id",
            "id",
            "contentid",
            "contentid, summary, sectionname, subsectionname, subsectionid, picurl, newstype, relatecontentid, replay "
            "→ change rows.id",
        ),
    ],
)
def test_a_field_of_a_list_in_json_has_another_name(
    site: Site, thinker: Thinker, key: str, name: str, to: str, have: str
) -> None:
    """The other lists name the same articles, so doctor reports nothing else."""
    path = f"{LISTS}/topnewslist.json"
    site.event(do="rename", path=path, name=name, to=to)
    fault = f"✗ {path}: declared rows.{key} {name}, found 12 rows without it; they have {have}"
    well = (
        [*SHANGGUAN[1:], *read_of_shangguan(700012, 700004)]
        if name == "publishtime"
        else [*SHANGGUAN[2:], *read_of_shangguan(700004, 700012)]
    )
    assert lines(thinker, "shangguan", code=3) == [SHANGGUAN[0], fault, *well, SECTION, EXPECTED]


NEIGHBOURS = {"cssn": "cssn", "gmw_theory": "gmw", "people_theory": "people", "qstheory": "qstheory", "rmlt": "rmlt"}
NAMED = "declared {} at css {}, found nothing there → change selector {} of {}"


@pytest.fixture(scope="module")
def today() -> Iterator[Site]:
    """Every article has the newest layout of its site."""
    with running(articles=ARTICLES, clock="2025-06-03T09:00+08:00") as site:
        yield site


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "renamed", "prop", "places", "page_class"),
    [
        ("people_theory", "rm_txt_zw", "body", "#rm_txt_zw", "PeopleTheoryPage"),
        ("people_theory", "newstime", "date_published", "#newstime", "PeopleTheoryPage"),
        ("gmw_theory", "ContentPh", "body", "#ContentPh, .u-mainText", "GmwTheoryPage"),
        ("gmw_theory", "articleID", "headline", ".u-title, #articleID", "GmwTheoryPage"),
        ("cssn", "Zoom", "body", "#Zoom .TRS_Editor", "CssnPage"),
        ("rmlt", "article-title", "headline", ".article-title", "RmltPage"),
        ("qstheory", "detailContent", "body", "#detailContent", "QstheoryPage"),
        ("qstheory", "inner", "date_published", ".inner > span", "QstheoryPage"),
    ],
)
def test_a_place_of_a_publisher_has_another_name(
    today: Site, tmp_path: Path, name: str, renamed: str, prop: str, places: str, page_class: str
) -> None:
    """A crawl reads the page by the rules of any site, so that only this says what to change."""
    (tmp_path / "thinker.toml").write_text(
        f'contact = "archive@example.org"\n[sources.{name}]\nhomepage = "{today.address}/{NEIGHBOURS[name]}"\n'
        f'allow = ["{today.address[7:]}"]\ndelay = 0\nexpect = 1\n'
    )
    thinker = Thinker(tmp_path, today)
    well = lines(thinker, name)
    assert [line for line in well if not line.startswith("✓")] == []
    for article in range(1, ARTICLES + 1):
        today.event(do="rename", article=article, name=renamed, to="x-81")
    changed = lines(thinker, name, code=3)
    today.event(do="clear")
    faults = [line.partition(": ")[2] for line in changed if line.startswith("✗")]
    assert faults == [NAMED.format(prop, places, prop, page_class)] * 2
    assert [line for line in changed if line.startswith("✓")] == well  # both articles have headline and date


@pytest.mark.slow
@pytest.mark.parametrize(
    ("renamed", "fault"),
    [
        (
            "title",
            "declared headline at field object.article.title, field article.title, found nothing there → "
            "change selector headline of JiefangPage",
        ),
        ("jdate", "declared page class JiefangPage, found no date → change selector date_published of JiefangPage"),
        (
            "content",
            "declared page class JiefangPage, found not_article: the article has no content → "
            "change scope, or the page class JiefangPage",
        ),
    ],
)
def test_a_field_of_the_printed_paper_has_another_name(today: Site, tmp_path: Path, renamed: str, fault: str) -> None:
    (tmp_path / "thinker.toml").write_text(
        f'contact = "archive@example.org"\n[sources.jiefang]\nhomepage = "{today.address}"\n'
        f'allow = ["{today.address[7:]}"]\ndelay = 0\nexpect = 1\n'
    )
    thinker = Thinker(tmp_path, today)
    assert [line for line in lines(thinker, "jiefang") if not line.startswith("✓")] == []
    for article in range(1, ARTICLES + 1):
        today.event(do="rename", article=article, name=renamed, to="x81")
    faults = [line.partition(": ")[2] for line in lines(thinker, "jiefang", code=3) if line.startswith("✗")]
    today.event(do="clear")
    assert faults == [fault]


def test_doctor_finds_the_json_lists_of_shangguan_as_declared(thinker: Thinker) -> None:
    assert lines(thinker, "shangguan") == [*SHANGGUAN, *read_of_shangguan(700012, 700004), SECTION, EXPECTED]


@pytest.mark.slow
def test_the_section_that_is_named_is_a_line_that_works_when_it_is_pasted(site: Site, thinker: Thinker) -> None:
    """Once in [sources.shangguan], its list alone leads to every essay of the column, and doctor says that it does."""
    named = next(line for line in lines(thinker, "shangguan") if "section: declared none" in line)
    pasted = re.findall(r'add (section = "\S+") to \[sources\.shangguan\]', named)[0]
    others = [seed.url for seed in source_named("shangguan", load_settings(thinker.home)).seeds]
    settings = thinker.home / "thinker.toml"
    settings.write_text(f"{settings.read_text()}{pasted}\nwithout = {json.dumps(others)}\n")
    essays = [n for n in range(1, ARTICLES + 1) if site.truth(n, "zh")["article_section"] == "思想者"]
    told = thinker.json("crawl", "shangguan")
    assert (told["new_articles"], told["errors"]) == (len(essays), 0)
    assert lines(thinker, "shangguan")[-2] == (
        "✓ section: declared sublist?section=9011, found 思想者 (sublist?section=9011): is listed"
    )


@pytest.mark.slow
def test_doctor_says_that_a_site_names_no_section_of_the_column(site: Site, thinker: Thinker) -> None:
    """The lists lack the ids or the names of sections, and in the ranking the column has another name."""
    for path in ("/staticsg/data/web/home/topnewslist.json", "/staticsg/data/web/home/recommandnewslist.json"):
        site.event(do="rename", path=path, name="subsectionid", to="columnid")
    for name in ("morenewslist", "quicknewslist", "bannernewslist"):
        site.event(do="rename", path=f"{LISTS}/{name}.json", name="subsectionname", to="columnname")
    site.event(do="rename", path="/staticsg/data/web/common/newsrank.json", name="思想者", to="思考者")
    told = lines(thinker, "shangguan")
    assert told[-2] == "✓ section: declared none, found no section called 思想者 or 思想周刊 on 11 pages"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "prefix", "path", "renamed", "fault"),
    [
        pytest.param(
            "govcn", "/govcn", "/zhengce/zuixin/ZUIXINZHENGCE.json", ("URL", "LINK"),
            "declared rows.url URL, found 3 rows without it; they have SUB_TITLE, LINK → change rows.url",
            id="govcn",
        ),
        pytest.param(
            "thepaper", "/thepaper", "/contentapi/nodeCont/getByNodeIdPortal", ("contId", "contentId"),
            "declared rows.id contId, found 4 rows without it; they have contentId → change rows.id to contentId",
            id="thepaper",
        ),
        pytest.param(
            "ndrc", "/ndrc", None, ("TRS_Editor", "view_1"),
            "declared body at css .TRS_Editor, .article_con, found nothing there → change selector body of NdrcPage",
            id="ndrc",
        ),
        pytest.param(
            "people_opinion", "/opinion", None, ("rm_txt_zw", "view_1"),
            "declared body at css #rm_txt_zw, found nothing there → change selector body of PeopleTheoryPage",
            id="people_opinion",
        ),
        pytest.param(
            "pbc", "/pbc", None, ("zoom", "view_1"),
            "declared body at css #zoom, found nothing there → change selector body of PbcPage",
            id="pbc",
        ),
        pytest.param(
            "aisixiang", "/aisixiang", None, ("article-content", "view_1"),
            "declared body at css .article-content, found nothing there → change selector body of AisixiangPage",
            id="aisixiang",
        ),
    ],
)  # fmt: skip
def test_a_renamed_field_of_a_neighbour_is_named(
    site: Site, thinker: Thinker, name: str, prefix: str, path: str | None, renamed: tuple[str, str], fault: str
) -> None:
    """A field of a list in JSON, or the element of a page that holds the body, is renamed; the rest is as declared."""
    (thinker.home / "thinker.toml").write_text(
        f'[sources.{name}]\nhomepage = "{site.address}{prefix}"\nallow = ["{site.address[7:]}"]\n'
        "delay = 0\nexpect = 1\n"
    )
    assert all(line.startswith("✓") for line in lines(thinker, name)), "as it is declared"
    old, new = renamed
    if path is not None:
        site.event(do="rename", path=prefix + path, name=old, to=new)
    else:
        for article in range(1, ARTICLES + 1):
            site.event(do="rename", article=article, name=old, to=new)
    found = [line.partition(": ")[2] for line in lines(thinker, name, code=3) if line.startswith("✗")]
    assert found
    assert set(found) == {fault}


def test_the_printed_edition_is_read_to_the_first_page_with_articles(site: Site, thinker: Thinker) -> None:
    settings = thinker.home / "thinker.toml"
    settings.write_text(settings.read_text().replace("shangguan", "jiefang"))
    found = lines(thinker, "jiefang")
    assert found[1].startswith("✓ /journal/"), found
    assert "declared an issue in print, found 1 links, 1 of them articles of jiefang" in found[1]
    assert [line.partition(": ")[2] for line in found[2:4]] == [
        "declared page class JiefangPage, found the headline", "declared page class JiefangPage, found the date",
    ]  # fmt: skip


def test_a_selector_of_the_declaration_that_finds_nothing_is_named(site: Site, thinker: Thinker) -> None:
    (thinker.home / "thinker.toml").write_text(
        f'[sources.town]\nfeeds = ["{site.address}/feed.xml"]\ndelay = 0\nallow = ["{site.address[7:]}"]\n'
        'selectors.headline = "h1"\nselectors.date = ".when"\n'
    )
    assert [line for line in lines(thinker, "town", code=3) if line.startswith("✗")] == [
        f"✗ /article/{number}.html: declared selectors.date .when, found nothing there → change selectors.date"
        for number in (12, 11)
    ]


def test_expect_is_compared_with_the_articles_on_the_pages_that_were_read(site: Site, thinker: Thinker) -> None:
    (thinker.home / "thinker.toml").write_text(
        f'[sources.town]\nfeeds = ["{site.address}/feed.xml"]\ndelay = 0\nexpect = 30\nscope = ".*/article/1.*"\n'
        f'allow = ["{site.address[7:]}"]\n'
    )
    found = lines(thinker, "town", code=3)
    assert found[1] == "✓ /feed.xml: declared a feed, found 12 links, 4 of them articles of town"
    assert found[-1] == (
        "✗ expect: declared 30, found 4 articles on the pages that were read → change expect to 4 or less"
    )


def test_an_old_list_may_be_gone(site: Site, thinker: Thinker) -> None:
    site.event(do="status", path="/news/list", code=404)
    assert "✓ /news/list?section=1&page=1: declared a list, found HTTP 404" in lines(thinker, "shangguan")


def test_doctor_requires_a_contact_for_a_public_site(thinker: Thinker) -> None:
    (thinker.home / "thinker.toml").write_text("")
    assert "add contact" in thinker.run("doctor", "shangguan", code=2)


def test_doctor_advises_scope_or_hosts_if_no_link_of_a_list_is_covered(site: Site, thinker: Thinker) -> None:
    settings = thinker.home / "thinker.toml"
    settings.write_text(
        f'[sources.town]\nfeeds = ["{site.address}/feed.xml"]\nlists = ["{site.address}/list/1"]\ndelay = 0\n'
        f'scope = ".*/opinion/.*"\nallow = ["{site.address[7:]}"]\nexpect = 3\n'
    )
    assert lines(thinker, "town", code=3) == [
        ROBOTS.replace("5", "2"),
        "✗ /feed.xml: declared scope .*/opinion/.*, found none of 12 links match, such as /article/12.html "
        "→ change scope",
        "✗ /list/1: declared scope .*/opinion/.*, found none of 16 links match, such as / → change scope",
    ]
    settings.write_text(settings.read_text().replace("/opinion/", "/article/") + 'hosts = ["127.0.0.1:9"]\n')
    assert lines(thinker, "town", code=3) == [
        f"✗ {path}: declared {kind}, found a host that is not declared, so it is not crawled "
        f'→ set hosts = ["127.0.0.1:9", "{site.address[7:]}"]'
        for path, kind in (("/feed.xml", "a feed"), ("/list/1", "a list"))
    ]


@pytest.mark.slow
def test_the_pages_are_kept_as_a_test_case(site: Site, thinker: Thinker, tmp_path: Path) -> None:
    folder = tmp_path / "case"
    told = thinker.json("doctor", "newsroom", "--save", str(folder))
    assert (told["source"], told["ok"], len(told["findings"])) == ("newsroom", True, len(WELL))
    assert told["findings"][1] == {
        "ok": True,
        "what": f"{site.address}/feed.xml",
        "declared": "a feed",
        "found": "12 links, 12 of them articles of newsroom",
        "remedy": None,
    }
    manifest = (folder / "manifest.jsonl").read_text(encoding="utf-8")
    entries = [json.loads(line) for line in manifest.splitlines()]
    assert [(entry["path"], entry["url"].removeprefix(site.address)) for entry in entries] == [
        ("01-list.xml", "/feed.xml"),
        ("02-list.xml", "/sitemap.xml"),
        ("03-list.xml", "/sitemap-1.xml"),
        ("04-article.html", "/article/12.html"),
        ("05-article.html", "/article/1.html"),
    ]  # fmt: skip
    parsed = subprocess.run(
        [sys.executable, "-m", "thinker", "parse", "--jsonl"], input=manifest, cwd=folder, capture_output=True,
        text=True, check=True, env={"PYTHONPATH": str(ROOT)},
    ).stdout  # fmt: skip
    articles = [line["article"] for line in map(json.loads, parsed.splitlines())][3:]
    assert [article["headline"] for article in articles] == [site.truth(number)["headline"] for number in (12, 1)]
    again = thinker.run("doctor", "newsroom", "--save", str(folder), code=2)
    assert "already exists" in again


def test_a_page_is_saved_only_of_a_source(thinker: Thinker) -> None:
    assert "needs a SOURCE" in thinker.run("doctor", "--save", "x", code=2)
    assert "no source named 'newsrom'; did you mean newsroom?" in thinker.run("doctor", "newsrom", code=2)


@pytest.mark.parametrize("place", ["file", "file/below"])
def test_doctor_makes_no_request_if_pages_cannot_be_saved(
    site: Site, thinker: Thinker, tmp_path: Path, place: str
) -> None:
    (tmp_path / "file").write_text("here already")
    assert "is not a folder" in thinker.run("doctor", "newsroom", "--save", str(tmp_path / place), code=2)
    assert asked(site) == []


def test_doctor_advises_changes_in_thinker_toml_for_a_source_without_page_class(site: Site, thinker: Thinker) -> None:
    """A list that does not end in .json is one of json_lists, and a page of any site has selectors."""
    settings = thinker.home / "thinker.toml"
    settings.write_text(
        f'[sources.town]\njson_lists = ["{site.address}/api/none"]\nlists = ["{site.address}/"]\ndelay = 0\n'
        f'scope = "{site.address}/list/1"\nallow = ["{site.address[7:]}"]\n'
    )
    found = lines(thinker, "town", code=3)
    assert [line.rpartition(" → ")[2] for line in found if line.startswith("✗")] == [
        "change json_lists", "change scope, or set selectors.body",
    ]  # fmt: skip


def test_doctor_advises_a_network_check_if_nothing_answers(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        address = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        (tmp_path / "thinker.toml").write_text(f'sources.newsroom.homepage = "{address}"\n')
        process = Thinker(tmp_path).start("doctor", "newsroom")
        out, _ = process.communicate(timeout=120)
    assert process.returncode == 3
    remedy = "check that this machine is online, or check the address, or ask again later"
    assert [line.partition(" → ")[2] for line in out.splitlines()] == [remedy]
