"""Each built-in source crawls its shape of the newsroom: whole articles, then what changed, then nothing else.

This proves our code, not the sites: none of them has been seen on a live page.
"""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.journeys import Thinker

from archive import read_archive
from crawler.sources import all_sources
from newsroom.process import Site, running

pytestmark = pytest.mark.slow

ARTICLES = 12
EDITED, REMOVED, IN_PAGES = 4, 9, 7  # of three pages two begin with a heading
CHANNELS = ("politics", "culture")
THINKER, POLICY, OPINION = (
    frozenset(names) for names in (("思想者", "Thinker"), ("政策解读", "Policy"), ("观点", "Opinion"))
)
IN_PRINT, ONLINE = "2024-12-18T09:00+08:00", "2025-01-03T09:00+08:00"  # astride what changed at 解放日报, at 求是网
FIELDS = ("headline", "date_published", "speaker", "article_section", "body_text")
LISTS = {
    "authors": """select p.name from article_people ap join people p on p.id = ap.person_id
                  where ap.article_id = ? and ap.role = 'author' order by ap.position""",
    "keywords": """select k.name from article_keywords ak join keywords k on k.id = ak.keyword_id
                   where ak.article_id = ? order by ak.position""",
}

Truth = dict[str, Any]


@dataclass(frozen=True)
class Shape:
    """A source's shape: where it stands, which id article n has there, and what it tells beside headline and text."""

    name: str
    tells: Callable[[Truth], Truth]
    prefix: str = ""
    first_id: int = 41_000_000
    id: str = r"41\d{6}"  # in an address
    columns: frozenset[str] = frozenset()  # that the source takes; none: all
    clock: str = ONLINE
    language: str = "zh"
    validators: bool = True

    def row(self, truth: Truth) -> Truth:
        """The row that the archive should hold of an article."""
        plain = {
            "headline": truth["headline"],
            "date_published": minute(truth["date_published"]),
            "speaker": None,
            "authors": [],
            "article_section": None,
            "keywords": [],
            "body_text": "\n".join(truth["paragraphs"]),
        }
        return plain | self.tells(truth)


def minute(moment: str) -> str:
    return f"{moment[:16]}:00{moment[19:]}"


def signed(truth: Truth) -> Truth:
    """The author of an essay is its speaker; no site but 上观 calls him that."""
    return {"authors": [truth["speaker"]] if truth["speaker"] else truth["authors"]}


def in_json(truth: Truth) -> Truth:
    """The title names the column of an essay and of an opinion; other columns stand on lists only."""
    section = truth["article_section"] if truth["article_section"] in THINKER | OPINION else None
    return {"date_published": truth["date_published"], "speaker": truth["speaker"], "article_section": section}


def in_print(truth: Truth) -> Truth:
    day = f"{truth['date_published'][:10]}T00:00:00+08:00"
    told = {name: truth[name] for name in ("speaker", "authors", "article_section")}
    return {"date_published": day} | told


def in_the_mirror(truth: Truth) -> Truth:
    """Of three tags the first sticks to the headline; all was imported in two days, an article every four hours."""
    *stuck, _, _ = tags = truth["keywords"]
    imported = datetime.fromisoformat(ONLINE) - timedelta(days=3, hours=-4 * truth["id"])
    return in_json(truth) | {
        "headline": " ".join([truth["headline"], *stuck]), "keywords": tags[-2:], "date_published": imported.isoformat()
    }  # fmt: skip


def with_seconds(truth: Truth) -> Truth:
    return {"date_published": truth["date_published"]}


def tagged(truth: Truth) -> Truth:
    return signed(truth) | {"keywords": truth["keywords"]}


def in_its_column(truth: Truth) -> Truth:
    return tagged(truth) | {"article_section": truth["article_section"]}


def filed(truth: Truth) -> Truth:
    """A document has a column and keywords, and nobody signs it."""
    return {"keywords": truth["keywords"], "article_section": truth["article_section"]}


def in_its_column_with_seconds(truth: Truth) -> Truth:
    return in_its_column(truth) | with_seconds(truth)


def tagged_with_seconds(truth: Truth) -> Truth:
    return tagged(truth) | with_seconds(truth)


SHAPES = [
    Shape("a5qu", in_the_mirror, first_id=0, id=r"_(\d+)\.html", language="en", validators=False),
    Shape("aisixiang", tagged, "/aisixiang", validators=False),
    Shape("cssn", tagged, "/cssn"),
    Shape("gmw_theory", in_its_column, "/gmw"),
    Shape("govcn", with_seconds, "/govcn"),
    Shape(
        "jiefang", in_print, first_id=500_000, id=r"5\d{5}", columns=THINKER | OPINION, clock=IN_PRINT, validators=False
    ),
    Shape("ndrc", filed, "/ndrc"),
    Shape("pbc", with_seconds, "/pbc"),
    Shape("people_opinion", in_its_column, "/opinion"),
    Shape("people_theory", in_its_column, "/people"),
    Shape("qstheory", tagged_with_seconds, "/qstheory"),
    Shape("rmlt", tagged, "/rmlt"),
    Shape("shangguan", in_json, first_id=700_000, id=r"7\d{5}", columns=THINKER | POLICY | OPINION, validators=False),
    Shape("thepaper", in_its_column_with_seconds, "/thepaper", validators=False),
]


@dataclass(frozen=True)
class Told:
    """The summaries of two crawls of a source, and after each the archive's rows and the site's own."""

    thinker: Thinker
    crawls: tuple[Truth, Truth]
    held: tuple[dict[int, Truth], dict[int, Truth]]
    said: tuple[dict[int, Truth], dict[int, Truth]]


def _home(shape: Shape, site: Site, folder: Path) -> Thinker:
    home = folder / shape.name
    home.mkdir()
    settings = f"""contact = "archive@example.org"
        [sources.{shape.name}]
        homepage = "{site.address}{shape.prefix}"
        allow = ["{site.address.removeprefix("http://")}"]
        delay = 0
        expect = 1
        removal_probes = 1
        """
    (home / "thinker.toml").write_text(settings, "utf-8")
    return Thinker(home, site)


def _crawled(shape: Shape, thinker: Thinker) -> tuple[Truth, dict[int, Truth], dict[int, Truth]]:
    """The summary of a crawl, the rows of the archive, and the site's own for the columns of this source."""
    told: Truth = thinker.json("crawl", shape.name, "--recheck", "all")
    assert thinker.site is not None
    truths = {number: thinker.site.truth(number, shape.language) for number in range(1, ARTICLES + 1)}
    said = {n: truth for n, truth in truths.items() if not shape.columns or truth["article_section"] in shape.columns}
    return told, _held(shape, thinker.home), said


def _held(shape: Shape, home: Path) -> dict[int, Truth]:
    archive = read_archive(home)
    try:
        texts = archive.conn.execute(f"select id, url, {', '.join(FIELDS)} from articles").fetchall()
        return {
            _number(shape, url): dict(zip(FIELDS, values, strict=True))
            | {name: [text for (text,) in archive.conn.execute(sql, (id_,))] for name, sql in LISTS.items()}
            for id_, url, *values in texts
        }
    finally:
        archive.close()


def _rows(told: Told, sql: str) -> list[tuple[Any, ...]]:
    archive = read_archive(told.thinker.home)
    try:
        return [tuple(row) for row in archive.conn.execute(sql)]
    finally:
        archive.close()


def _number(shape: Shape, url: str) -> int:
    return int(re.findall(shape.id, url)[-1]) - shape.first_id


@pytest.fixture(scope="module")
def neighbourhood(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Told]]:
    """All of them crawl, the sites edit one article and take one away, all crawl again; two at a time."""
    folder = tmp_path_factory.mktemp("neighbourhood")
    with (
        running(ARTICLES, clock=IN_PRINT) as printed,
        running(ARTICLES, clock=ONLINE) as online,
        ThreadPoolExecutor(2) as pool,
    ):
        online.event(do="paginate", article=IN_PAGES, pages=3)
        thinkers = [_home(shape, printed if shape.clock == IN_PRINT else online, folder) for shape in SHAPES]
        first = list(pool.map(_crawled, SHAPES, thinkers))
        for site in (printed, online):
            site.event(do="edit", article=EDITED)
            site.event(do="remove", article=REMOVED, how="410")
        second = list(pool.map(_crawled, SHAPES, thinkers))
        yield {
            shape.name: Told(thinker, *zip(before, after, strict=True))
            for shape, thinker, before, after in zip(SHAPES, thinkers, first, second, strict=True)
        }


def test_each_built_in_source_has_a_shape_and_is_marked_unproven() -> None:
    declared = {name: source.unproven for name, source in all_sources().items() if name != "newsroom"}
    assert declared == {shape.name: True for shape in SHAPES}


each_of_them = pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)


@each_of_them
def test_every_article_in_scope_is_held_as_the_site_has_it(shape: Shape, neighbourhood: dict[str, Told]) -> None:
    told = neighbourhood[shape.name]
    assert told.held[0] == {number: shape.row(truth) for number, truth in told.said[0].items()}
    assert [told.crawls[0][name] for name in ("finish_reason", "new_articles", "new_revisions", "errors")] == [
        "finished", len(told.said[0]), 0, 0
    ]  # fmt: skip


@each_of_them
def test_the_next_crawl_finds_one_edit_and_one_removal(shape: Shape, neighbourhood: dict[str, Told]) -> None:
    told = neighbourhood[shape.name]
    assert told.held[1] == {number: shape.row(truth) for number, truth in told.said[1].items()}
    assert told.held[1][EDITED]["body_text"] != told.held[0][EDITED]["body_text"]
    assert [told.crawls[1][name] for name in ("finish_reason", "new_articles", "new_revisions", "errors")] == [
        "finished", 0, 1, 0
    ]  # fmt: skip
    sql = (
        "select e.kind, a.url from events e join articles a on a.id = e.article_id where e.kind <> 'new' order by e.id"
    )
    assert sorted((kind, _number(shape, url)) for kind, url in _rows(told, sql)) == [
        ("edited", EDITED), ("removed", REMOVED)
    ]  # fmt: skip
    states = _rows(told, "select url, state from articles where state <> 'live'")
    assert [(_number(shape, url), state) for url, state in states] == [(REMOVED, "removed")]


@each_of_them
def test_unchanged_articles_become_revisits_by_304_if_the_site_sends_validators(
    shape: Shape, neighbourhood: dict[str, Told]
) -> None:
    told = neighbourhood[shape.name]
    sql = """select c.url, c.status, c.record_type from captures c join articles a on a.url = c.url
             where c.crawl_id = (select max(id) from crawls) order by c.id"""
    visits = {_number(shape, url): (status, kind) for url, status, kind in _rows(told, sql)}
    assert visits.keys() == told.said[0].keys()
    kept = {visit for number, visit in visits.items() if number not in (EDITED, REMOVED)}
    lists_neighbours = {(200, "response")} if shape.name == "a5qu" else set()  # the removed one stood on its page
    assert kept == {(304 if shape.validators else 200, "revisit")} | lists_neighbours


def test_an_article_in_three_pages_is_read_to_its_end(neighbourhood: dict[str, Told]) -> None:
    """中国社会科学网 counts its pages in a script: no link leads to them."""
    site = neighbourhood["cssn"].thinker.site
    assert site is not None
    asked = [
        path
        for path in map(str, (line["path"] for line in site.log()))
        if re.match(rf"/cssn/.*_{41_000_000 + IN_PAGES}", path)
    ]
    assert [path.rpartition(str(IN_PAGES))[2] for path in asked[:3]] == [".shtml", "_1.shtml", "_2.shtml"]


def test_print_is_read_in_both_generations(neighbourhood: dict[str, Told]) -> None:
    urls = [url for (url,) in _rows(neighbourhood["jiefang"], "select url from articles")]
    assert {"getJournalPageArticle.do" in url for url in urls} == {True, False}


def test_the_sitemap_of_a_whole_publisher_leads_to_one_channel(neighbourhood: dict[str, Told]) -> None:
    """Each file is read once, though the index names one twice; files of other channels are not asked."""
    site = neighbourhood["people_theory"].thinker.site
    assert site is not None
    asked = [str(line["path"]) for line in site.log() if "sitemap" in str(line["path"])]
    files = [f"/people/sitemap{part}" for part in ("_index.xml", *(f"/cn/{c}/news_sitemap.xml" for c in CHANNELS))]
    assert asked == files * 2  # two crawls
    sql = "select distinct url from captures where url like '%people.com.cn%'"
    assert _rows(neighbourhood["people_theory"], sql) == []


def test_the_printed_qiushi_is_found_by_its_years_and_issues(neighbourhood: dict[str, Told]) -> None:
    """No other list of the shape names the essays of 思想者. Contents, with addresses like theirs, are lists."""
    told = neighbourhood["qstheory"]
    essays = {n for n, truth in told.said[0].items() if truth["article_section"] in THINKER}
    assert essays
    assert essays <= told.held[0].keys()
    kinds = _rows(told, "select distinct c.kind from captures c where c.url like '%/qs/mulu.htm'")
    assert kinds == [("list",)]


def test_qiushi_is_read_in_both_generations(neighbourhood: dict[str, Told]) -> None:
    urls = [url for (url,) in _rows(neighbourhood["qstheory"], "select url from articles")]
    assert {url.endswith("/c.html") for url in urls} == {True, False}
