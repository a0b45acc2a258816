"""One address, one article: pages that are fetched, imported and crawled in any order are filed once."""

import shutil
import sqlite3
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from support.archiving import page, rows
from support.journeys import Thinker

from archive import open_archive, read_archive
from archive.judging.import_ingest import ImportIngest
from archive.settings.source_record import SourceRecord
from newsroom.process import Site, running

FIGURES = "select count(distinct article_id), count(distinct urlkey) from addresses"
DUMP = "A Headline of a Page | Shanghai | Economy\n\nRelease time:Apr 13, 2024 23:01 PM\n\n" + "".join(
    f"Paragraph {number} says in a few words of some length what the article is about, and then ends.\n\n"
    for number in range(9)
)
CAPTURES = """
    select c.source, count(*) from keys k join sightings g on g.article_id = k.article_id
      join captures c on c.id = g.capture_id where k.key = '{}' group by 1 order by 1
    """


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with running(articles=8) as site:
        yield site


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory, site: Site) -> Path:
    """A home after one crawl of the site."""
    home = tmp_path_factory.mktemp("crawled") / "home"
    Thinker(home, site).run("crawl", "newsroom")
    return home


@pytest.fixture
def copy(tmp_path: Path, crawled: Path, site: Site) -> Thinker:
    """A copy of that home, to change."""
    return Thinker(Path(shutil.copytree(crawled, tmp_path / "home")), site)


def said(thinker: Thinker, *command: str) -> tuple[int, str, list[str]]:
    process = thinker.start(*command)
    out, err = process.communicate(timeout=120)
    return process.returncode, out, err.splitlines()


def asked(thinker: Thinker, sql: str) -> list[tuple[object, ...]]:
    with closing(read_archive(thinker.home)) as archive:
        return rows(archive, sql)


def whole(thinker: Thinker) -> None:
    """Check that the archive is proved, and that a rebuild makes the same articles again."""
    articles = "select key, source, headline, revisions, first_seen_at, last_seen_at, state from articles order by key"
    before = asked(thinker, articles)
    assert thinker.json("verify", "--deep")["ok"]
    thinker.run("rebuild")
    assert asked(thinker, articles) == before


def unclaimed(home: Path, site: Site) -> Thinker:
    """A home in which the newsroom's host is declared for another part of the site only."""
    host = site.address.removeprefix("http://")
    (home / "thinker.toml").write_text(
        f'[sources.town]\nhomepage = "{site.address}"\nfeeds = ["{site.address}/town.xml"]\n'
        f'scope = "{site.address}/town/.+"\nallow = ["{host}"]\ndelay = 0\n'
    )
    return Thinker(home)


def test_a_fetch_of_a_crawled_address_is_one_more_capture_of_its_article(copy: Thinker, site: Site) -> None:
    """Also of another address of the host, whose page names the known one."""
    coverage = asked(copy, "select * from coverage")
    for number, query in enumerate(("", "?from=timeline"), 1):
        code, out, (line,) = said(copy, "fetch", f"{site.address}/article/3.html{query}")
        assert (code, out.splitlines()[1]) == (0, "newsroom-3")
        assert line == "already kept as newsroom-3: this visit is one more capture of it, under the source newsroom"
        assert asked(copy, CAPTURES.format("newsroom-3")) == [("newsroom", number + 1)]
        assert asked(copy, FIGURES) == [(8, 8)]
        assert asked(copy, "select count(*) from articles") == [(8,)]
        assert asked(copy, "select count(*) from crawls where is_single") == [(number,)]
    assert asked(copy, "select * from coverage") == coverage  # one page is no crawl of the source
    whole(copy)


def test_a_fetch_that_is_refused_turns_no_health_rule_of_its_source_red(copy: Thinker, site: Site) -> None:
    health = asked(copy, "select name, ok from health order by name")
    site.event(do="robots", text="User-agent: *\nDisallow: /article/2.html\n")
    copy.run("fetch", f"{site.address}/article/2.html", code=4)
    site.event(do="robots", text="User-agent: *\nAllow: /\n")
    assert asked(copy, "select finish_reason, is_single from crawls order by id") == [
        ("finished", None), ("robots", 1)
    ]  # fmt: skip
    assert asked(copy, "select name, ok from health order by name") == health
    assert len(health) > 5


def test_a_fetched_article_of_a_declared_source_is_the_one_that_a_crawl_finds(tmp_path: Path, site: Site) -> None:
    thinker = Thinker(tmp_path, site)
    code, out, (line,) = said(thinker, "fetch", f"{site.address}/article/3.html")
    assert (code, out.splitlines()[1], line) == (0, "newsroom-3", "kept under the source newsroom")
    assert thinker.json("crawl", "newsroom")["new_articles"] == 7
    assert asked(thinker, FIGURES) == [(8, 8)]
    whole(thinker)


def test_a_fetched_page_that_a_source_claims_later_becomes_one_with_its_article(tmp_path: Path, site: Site) -> None:
    before = unclaimed(tmp_path, site)
    url = f"{site.address}/article/3.html"
    code, out, err = said(before, "fetch", url)
    fetched = out.splitlines()[1]
    assert (code, err, fetched.partition("-")[0]) == (0, [], "fetched")
    thinker = Thinker(tmp_path, site)
    thinker.run("crawl", "newsroom")
    assert asked(thinker, FIGURES) == [(8, 8)]
    assert {thinker.json("show", key)["key"] for key in (fetched, "newsroom-3")} == {fetched}  # seen first
    (act,) = thinker.json("undo")
    assert [act[name] for name in ("kind", "by", "reason")] == ["merged", "thinker", "same_address"]
    assert said(thinker, "fetch", url)[1].splitlines()[1] == fetched
    assert thinker.json("doubles") == []
    whole(thinker)


def test_a_redirect_to_an_article_of_a_declared_source_is_followed(tmp_path: Path, site: Site) -> None:
    thinker = unclaimed(tmp_path, site)
    (tmp_path / "thinker.toml").write_text(
        (tmp_path / "thinker.toml").read_text().replace("/town/.+", "/article/5.html")
    )
    site.event(do="redirect", article=6, to=f"{site.address}/article/5.html")
    code, out, err = said(thinker, "fetch", f"{site.address}/article/6.html")
    site.event(do="clear")
    assert (code, out.splitlines()[1].partition("-")[0]) == (0, "town")
    assert err == [
        f"{site.address}/article/6.html redirects to {site.address}/article/5.html", "kept under the source town"
    ]  # fmt: skip
    assert asked(thinker, FIGURES) == [(1, 1)]


def test_an_imported_page_is_fetched_as_one_more_capture_of_its_article(tmp_path: Path, site: Site) -> None:
    thinker = unclaimed(tmp_path, site)
    url = f"{site.address}/article/3.html"
    with (
        closing(open_archive(thinker.home)) as archive,
        ImportIngest(archive, SourceRecord("imported", in_language="zh-Hans")) as ingest,
    ):
        ingest.add_resource(saved(tmp_path, site, 3).read_bytes(), "text/html", url, None)
        ingest.finish()
    code, out, (line,) = said(thinker, "fetch", url)
    key = out.splitlines()[1]
    assert (code, key.partition("-")[0]) == (0, "imported")
    assert line == f"already kept as {key}: this visit is one more capture of it, under the source imported"
    assert asked(thinker, CAPTURES.format(key)) == [("imported", 2)]
    assert asked(thinker, "select state from articles") == [("live",)]
    assert asked(thinker, "select publisher, homepage, in_language from sources where name = 'imported'") == [
        (None, None, "zh-Hans")
    ]
    code, out, (line,) = said(thinker, "fetch", url, "--source", "town")
    assert (code, out.splitlines()[1], line) == (0, key, "kept under the source town")
    assert asked(thinker, FIGURES) == [(1, 1)]
    whole(thinker)


UNDO_M035 = """
    drop trigger addresses_shared; drop table shared_addresses;
    alter table crawls drop column is_single;
    delete from _sqlite_migrations
     where name in ('m035_addresses_of_several_sources', 'm037_addresses_are_looked_up_by_source')
    """


def test_the_doubles_of_an_earlier_version_become_one_with_the_upgrade(tmp_path: Path, site: Site) -> None:
    thinker = Thinker(tmp_path / "home", site)
    thinker.run("crawl", "newsroom")
    with closing(open_archive(thinker.home)) as archive:
        for source, numbers in (("imported", (1, 2, 3)), ("fetched", (3, 4))):
            with ImportIngest(archive, SourceRecord(source)) as ingest:
                for number in numbers:
                    url = f"{site.address}/article/{number}.html"
                    content = saved(tmp_path, site, number).read_bytes()
                    ingest.add_resource(content, "text/html", url, None)
                ingest.finish()
        for statement in UNDO_M035.split(";"):
            archive.conn.execute(statement)
    keys = [key for (key,) in asked_directly(thinker, "select key from articles")]
    assert len(keys) == 13
    thinker.run("migrate")
    assert asked(thinker, FIGURES) == [(8, 8)]
    shown = {thinker.json("show", key)["key"] for key in keys}
    assert len(shown) == 8
    assert thinker.json("doubles", "--merge") == {"merged": 0}
    whole(thinker)


def asked_directly(thinker: Thinker, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(thinker.home / "archive.db")) as conn:
        return conn.execute(sql).fetchall()


def saved(folder: Path, site: Site, number: int) -> Path:
    path = folder / f"page-{number}.html"
    with urllib.request.urlopen(f"{site.address}/article/{number}.html") as answer:
        path.write_bytes(answer.read())
    return path


def test_a_saved_page_goes_to_the_article_of_the_address_that_it_names(tmp_path: Path, site: Site) -> None:
    thinker = Thinker(tmp_path / "home", site)
    early, late = saved(tmp_path, site, 2), saved(tmp_path, site, 4)
    told = thinker.json("import", str(early), "--captured-at", "2026-01-02T03:04:05Z")
    assert (told["sources"], told["new_articles"]) == ({"newsroom": 1}, 1)
    thinker.run("crawl", "newsroom")
    out = thinker.run("import", str(late), str(early), "--captured-at", "2026-01-02T03:04:05Z")
    assert out.splitlines()[:2] == ["1 capture, 0 new articles, 0 new revisions", "newsroom: 1 capture"]
    assert asked(thinker, FIGURES) == [(8, 8)]
    whole(thinker)


def test_a_file_that_is_imported_under_two_sources_is_one_article(tmp_path: Path, site: Site) -> None:
    thinker = Thinker(tmp_path / "home", site)
    file = tmp_path / "page.html"
    file.write_bytes(page(1))
    for source, merged in (("newsroom", 0), ("qstheory", 1)):
        told = thinker.json("import", str(file), "--source", source)
        assert (told["sources"], told["merged"]) == ({source: 1}, merged)
    assert thinker.json("import", str(file))["captures"] == 0  # its source is that of the article
    assert asked(thinker, "select count(*), (select count(*) from keys) from articles") == [(1, 2)]
    whole(thinker)


def test_a_text_dump_goes_to_the_mirror_whose_mark_it_has(tmp_path: Path) -> None:
    dump, other = tmp_path / "dump.txt", tmp_path / "other.txt"
    dump.write_text(DUMP)
    other.write_text(DUMP.replace("Release time:Apr 13", "Release time: soon, Apr 13 of"))
    told = Thinker(tmp_path / "home").json("import", str(dump), str(other))
    assert (told["sources"], told["new_articles"]) == ({"a5qu": 1, "imported": 1}, 1)
    (lost,) = told["not_articles"]
    assert lost["path"] == str(other)
