"""An archive.db that is old or gone is not an archive that is: what captures and ledger hold is entered again."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from support.attacks import claims, copied
from support.journeys import Thinker, asked

from newsroom.process import Site, running

pytestmark = [pytest.mark.slow, pytest.mark.soak]

ARTICLES, MORE = 8, 3


@dataclass(frozen=True)
class Homes:
    """A home of two crawls, and a copy of its database from between them."""

    whole: Path
    older: Path
    site: Site

    def copy(self, to: Path) -> Thinker:
        return Thinker(copied(self.whole, to / "home"), self.site)


@pytest.fixture(scope="module")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homes]:
    folder = tmp_path_factory.mktemp("homes")
    with running(articles=ARTICLES) as site:
        thinker = Thinker(folder / "whole", site)
        thinker.run("crawl", "newsroom")
        older = Path(folder / "older.db")
        older.write_bytes((thinker.home / "archive.db").read_bytes())
        site.event(do="edit", article=3)
        for _ in range(MORE):
            site.event(do="publish")
        thinker.run("crawl", "newsroom")
        yield Homes(thinker.home, older, site)


def _frontier(home: Path) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(f"{(home / 'archive.db').as_uri()}?mode=ro", uri=True)) as conn:
        return conn.execute("select urlkey, url, kind, etag, last_modified from frontier order by 1").fetchall()


def test_an_old_database_is_caught_up_by_a_crawl_with_its_frontier(tmp_path: Path, homes: Homes):
    thinker = homes.copy(tmp_path)
    whole, frontier = claims(thinker.home), _frontier(thinker.home)
    (thinker.home / "archive.db").write_bytes(homes.older.read_bytes())
    assert len(_frontier(thinker.home)) < len(frontier)
    code, _, err = asked(thinker.home, "search", "发展")
    assert (code, "are not in the database yet; the next crawl adds them" in err) == (0, True)
    assert asked(thinker.home, "migrate")[0] == 0  # any writing command does, without the network
    assert claims(thinker.home) == whole
    assert _frontier(thinker.home) == frontier
    (thinker.home / "archive.db").write_bytes(homes.older.read_bytes())
    thinker.run("crawl", "newsroom")
    assert _frontier(thinker.home) == frontier
    _well(thinker.home)


@pytest.mark.parametrize("way", ["crawl", "rebuild"])
def test_without_a_database_readers_name_the_remedy_and_a_crawl_is_one(tmp_path: Path, homes: Homes, way: str):
    thinker = homes.copy(tmp_path)
    whole, frontier = claims(thinker.home), _frontier(thinker.home)
    (thinker.home / "archive.db").unlink()
    for command in (["show", "newsroom-3"], ["search", "发展"], ["status"], ["verify"], ["changes"]):
        remedy = f"run `thinker --home {thinker.home} rebuild` to make it again"
        said = f"thinker: {thinker.home / 'archive.db'} is missing: {remedy}\n"
        assert asked(thinker.home, *command) == (2, "", said)
        assert not (thinker.home / "archive.db").exists(), "a reader makes none"
    thinker.run(way, *(["newsroom"] if way == "crawl" else []))
    assert _frontier(thinker.home) == frontier
    if way == "rebuild":
        assert sorted(claims(thinker.home)) == sorted(whole)
    _well(thinker.home)


def _well(home: Path) -> None:
    """Check that every command is content and the newest articles are there."""
    commands = (["show", f"newsroom-{ARTICLES + MORE}"], ["verify", "--deep"], ["status"])
    assert [asked(home, *command)[0] for command in commands] == [0, 0, 0]
