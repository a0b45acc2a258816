"""The ready declarations of docs/adding-a-source.md: each, as printed, finds all articles and then their changes.

This proves our code and the declarations against shapes of these systems, not against any live site.
"""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support.checkout import ROOT
from support.journeys import Thinker
from support.towns import rows

from newsroom.process import Site, running

pytestmark = pytest.mark.slow

PAGE = (ROOT / "docs" / "adding-a-source.md").read_text(encoding="utf-8").partition("## Ready to copy\n")[2]
ARTICLES, EDITED, REMOVED = 24, 6, 9
IN_PAGES = (7, 12)  # on a list that TRS turns by createPageHTML, on one that it turns by links: articles by countPage
DECLARED = {
    re.findall(r"^\[sources\.([\w-]+)\]$", text, re.MULTILINE)[0]: text
    for text in re.findall(r"^```toml\n(.*?)^```$", PAGE.partition("\n## ")[0], re.MULTILINE | re.DOTALL)
}
ENGLISH = {"wordpress", "wordpress-feed", "drupal", "drupal-json", "hugo"}
WITHOUT_VALIDATORS = {"wordpress", "wordpress-feed"}  # WordPress makes each page anew
WITHOUT_SECONDS = {"trs"}

Row = dict[str, Any]


@dataclass(frozen=True)
class Told:
    """The summaries of two crawls, and after each the archive's rows and the site's own."""

    home: Path
    crawls: tuple[Row, Row]
    held: tuple[dict[int, Row], dict[int, Row]]
    said: tuple[dict[int, Row], dict[int, Row]]


def _thinker(name: str, site: Site, folder: Path) -> Thinker:
    """A home with the declaration as it is printed; one look is enough for a removal, which else takes days."""
    text = DECLARED[name].replace("127.0.0.1:8765", site.address.removeprefix("http://"))
    assert text.count("\ndelay = 0\n") == 1
    home = folder / name
    home.mkdir()
    (home / "thinker.toml").write_text(text.replace("\ndelay = 0\n", "\ndelay = 0\nremoval_probes = 1\n"), "utf-8")
    return Thinker(home, site)


def _crawled(name: str, thinker: Thinker) -> tuple[Row, dict[int, Row], dict[int, Row]]:
    summary = thinker.json("crawl", name, "--recheck", "all")
    assert thinker.site is not None
    language = "en" if name in ENGLISH else "zh"
    truths = {number: thinker.site.truth(number, language) for number in range(1, ARTICLES + 1)}
    return summary, _held(thinker.home, truths), {number: _row(name, truth) for number, truth in truths.items()}


def _row(name: str, truth: Row) -> Row:
    """The row that the archive should hold of an article. Without a page class of its site, headings are paragraphs."""
    moment = truth["date_published"]
    return {
        "headline": truth["headline"],
        "date_published": f"{moment[:16]}:00{moment[19:]}" if name in WITHOUT_SECONDS else moment,
        "authors": [truth["speaker"]] if truth["speaker"] else truth["authors"],
        "article_section": truth["article_section"],
        "keywords": truth["keywords"],
        "paragraphs": truth["paragraphs"],
        "headings": truth["headings"],
    }


def _held(home: Path, truths: dict[int, Row]) -> dict[int, Row]:
    """The archive's rows by article number; headings are apart from the other lines of a text."""
    found = {}
    sql = "select id, url, headline, date_published, article_section, body_text from articles"
    for id_, url, headline, moment, section, text in rows(home, sql):
        headings = truths[number := _number(url)]["headings"]
        lines = text.split("\n")
        found[number] = {
            "headline": headline,
            "date_published": moment,
            "authors": _names(home, "people", "person", id_),
            "article_section": section,
            "keywords": _names(home, "keywords", "keyword", id_),
            "paragraphs": [line for line in lines if line not in headings],
            "headings": [line for line in lines if line in headings],
        }
    return found


def _names(home: Path, table: str, one: str, article: int) -> list[str]:
    joined = f"article_{table} a join {table} t on t.id = a.{one}_id where a.article_id = {article}"
    return [name for (name,) in rows(home, f"select t.name from {joined} order by a.position")]


def _number(url: str) -> int:
    return int(re.findall(r"41\d{6}", url)[-1]) - 41_000_000


@pytest.fixture(scope="module")
def systems(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Told]]:
    """All are crawled, the site edits one article and takes one away, all are crawled again; two at a time."""
    folder = tmp_path_factory.mktemp("systems")
    with running(ARTICLES) as site, ThreadPoolExecutor(2) as pool:
        for number in IN_PAGES:
            site.event(do="paginate", article=number, pages=3)
        thinkers = [_thinker(name, site, folder) for name in DECLARED]
        first = list(pool.map(_crawled, DECLARED, thinkers))
        site.event(do="edit", article=EDITED)
        site.event(do="remove", article=REMOVED, how="410")
        second = list(pool.map(_crawled, DECLARED, thinkers))
        yield {
            name: Told(thinker.home, *zip(before, after, strict=True))
            for name, thinker, before, after in zip(DECLARED, thinkers, first, second, strict=True)
        }


NAMES = ["wordpress", "wordpress-feed", "drupal", "drupal-json", "trs", "by-month", "hugo"]
each = pytest.mark.parametrize("name", NAMES)


def test_each_declaration_of_the_page_is_crawled() -> None:
    assert list(DECLARED) == NAMES


@each
def test_every_article_is_found_whole(name: str, systems: dict[str, Told]) -> None:
    told = systems[name]
    assert told.held[0] == told.said[0]
    figures = [told.crawls[0][key] for key in ("finish_reason", "new_articles", "new_revisions", "errors")]
    assert figures == ["finished", ARTICLES, 0, 0]


@each
def test_the_next_crawl_finds_one_edit_and_one_removal(name: str, systems: dict[str, Told]) -> None:
    told = systems[name]
    assert told.held[1] == told.said[1]
    assert told.held[1][EDITED]["paragraphs"] != told.held[0][EDITED]["paragraphs"]
    figures = [told.crawls[1][key] for key in ("finish_reason", "new_articles", "new_revisions", "errors")]
    assert figures == ["finished", 0, 1, 0]
    sql = "select e.kind, a.url from events e left join articles a on a.id = e.article_id where e.kind <> 'new'"
    assert sorted((kind, _number(url)) for kind, url in rows(told.home, sql)) == [
        ("edited", EDITED),
        ("removed", REMOVED),
    ]
    states = rows(told.home, "select url, state from articles where state <> 'live'")
    assert [(_number(url), state) for url, state in states] == [(REMOVED, "removed")]


@each
def test_unchanged_articles_become_revisits_with_status_304_or_200(name: str, systems: dict[str, Told]) -> None:
    sql = """select c.url, c.status, c.record_type from captures c join articles a on a.url = c.url
             where c.crawl_id = (select max(id) from crawls) order by c.id"""
    visits = {_number(url): (status, kind) for url, status, kind in rows(systems[name].home, sql)}
    kept = {visit for number, visit in visits.items() if number not in (EDITED, REMOVED)}
    assert len(visits) == ARTICLES
    assert kept == {(200 if name in WITHOUT_VALIDATORS else 304, "revisit")}


def test_a_list_ends_where_its_system_says_that_it_does(systems: dict[str, Told]) -> None:
    """WordPress by an error of its own, Drupal by its last page once more, TRS by 404 or the last link, Hugo by 404."""
    sql = "select url, status from captures where kind = 'list' and crawl_id = (select min(id) from crawls) order by id"
    asked = {
        name: [(re.sub(r"^http://[^/]+/[a-z]+", "", url), status) for url, status in rows(systems[name].home, sql)]
        for name in NAMES
    }
    posts = "/wp-json/wp/v2/posts?per_page=20&_fields=link,title,date&page="
    assert asked["wordpress"] == [(f"{posts}1", 200), (f"{posts}2", 200), (f"{posts}3", 400)]
    assert asked["drupal"] == [("/rss.xml", 200), *((f"/news?page={page}", 200) for page in range(4))]
    assert [path.partition("offset")[2].partition("&")[0] for path, _ in asked["drupal-json"]] == ["", "%5D=20"]
    assert asked["trs"] == [
        ("/xwdt/index.html", 200),
        ("/xwdt/index_1.html", 200),
        ("/xwdt/index_2.html", 404),
        ("/llgz/index.html", 200),
        ("/llgz/index_1.html", 200),
    ]
    assert asked["hugo"][-2:] == [("/posts/page/3/", 200), ("/posts/page/4/", 404)]
