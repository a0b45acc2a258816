"""An article that stands under another number is one article: its site led there, or published it again."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from support.journeys import Thinker

from newsroom.process import Site, running

pytestmark = pytest.mark.slow

LED, AGAIN, EDITED, NOTICE = 3, 5, 6, 7
PROPERTIES = ("headline", "alternative_headline", "article_section", "speaker", "date_published")


@pytest.fixture
def site() -> Iterator[Site]:
    with running(articles=12) as there:
        yield there


@pytest.fixture
def thinker(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Thinker:
    thinker = Thinker(tmp_path_factory.mktemp("home"), site)
    thinker.run("crawl", "newsroom")
    return thinker


def publish(site: Site, number: int, of: int, **other: str) -> None:
    """Publish an article's text under another number, with other values for some properties.

    Waits for the next second: of two articles first seen in one second, the key that sorts first leads.
    """
    time.sleep(1 - time.time() % 1)
    truth = site.truth(of)
    values: dict[str, Any] = {name: truth[name] for name in PROPERTIES if truth[name]}
    paragraphs: Any = truth["paragraphs"]
    site.event(do="publish", article=number, **{**values, "body_text": "\n".join(paragraphs), **other})


def crawls(thinker: Thinker, count: int) -> None:
    for _ in range(count):
        thinker.run("crawl", "newsroom")


def visits(site: Site) -> list[Any]:
    return [line for line in site.log() if line["path"] == f"/article/{AGAIN}.html"]


def moves(thinker: Thinker) -> list[tuple[str, str]]:
    """The leading key and the new key of each event `moved`."""
    return [(each["key"], each["detail"]["other"]) for each in thinker.json("changes") if each["kind"] == "moved"]


def kinds(thinker: Thinker, key: str) -> list[str]:
    """The events of an article but for its versions."""
    return [
        each["kind"] for each in thinker.json("changes") if each["key"] == key and each["kind"] not in ("new", "edited")
    ]


def test_an_article_whose_address_leads_to_another_number_stays_one(thinker: Thinker, site: Site) -> None:
    publish(site, 103, LED)
    site.event(do="redirect", article=LED, to="/article/103.html")
    crawls(thinker, 3)
    assert moves(thinker) == [("newsroom-3", "newsroom-103")]
    shown = thinker.json("show", "newsroom-103")
    assert (shown["key"], shown["state"]) == ("newsroom-3", "live")
    assert kinds(thinker, "newsroom-3") == ["moved"]
    assert thinker.json("verify", "--deep")["ok"]
    before = thinker.json("changes")
    thinker.run("rebuild")
    assert thinker.json("changes") == before

    site.event(do="remove", article=103, how="404")
    crawls(thinker, 3)
    assert kinds(thinker, "newsroom-3") == ["moved", "removed"]
    assert thinker.json("verify", "--deep")["ok"]


@pytest.mark.parametrize("first", ["removed", "published"])
def test_an_article_published_again_under_another_number_stays_one(thinker: Thinker, site: Site, first: str) -> None:
    steps = [lambda: site.event(do="remove", article=AGAIN, how="404"), lambda: publish(site, 105, AGAIN)]
    for step in steps if first == "removed" else reversed(steps):
        step()
        crawls(thinker, 3)
    assert moves(thinker) == [("newsroom-5", "newsroom-105")]
    shown = thinker.json("show", "newsroom-105")
    assert (shown["key"], shown["state"]) == ("newsroom-5", "live")
    assert kinds(thinker, "newsroom-5") == ["removed", "moved"]
    asked = visits(site)
    crawls(thinker, 2)
    assert visits(site) == asked
    thinker.run("rebuild")
    assert thinker.json("verify", "--deep")["ok"]


def test_an_edited_text_may_move_and_a_notice_filled_in_anew_does_not(thinker: Thinker, site: Site) -> None:
    paragraphs: Any = site.truth(NOTICE)["paragraphs"]
    publish(site, 106, EDITED)
    site.event(do="edit", article=106)
    site.event(do="publish", article=107, headline=site.truth(NOTICE)["headline"],
               body_text="\n".join((*paragraphs[:-1], paragraphs[-1] + "共35人")))  # fmt: skip
    for number in (EDITED, NOTICE):
        site.event(do="remove", article=number, how="410")
    crawls(thinker, 2)
    assert moves(thinker) == [("newsroom-6", "newsroom-106")]


@pytest.mark.parametrize("way", ["split", "undo"])
def test_the_program_does_not_join_again_two_articles_that_an_operator_parted(
    thinker: Thinker, site: Site, way: str
) -> None:
    publish(site, 105, AGAIN)
    site.event(do="remove", article=AGAIN, how="404")
    crawls(thinker, 2)
    (act,) = [each for each in thinker.json("undo") if each["kind"] == "moved"]
    if way == "split":
        thinker.run("split", "newsroom-5", "--address", f"{site.address}/article/105.html")
    else:
        thinker.run("undo", act["digest"][7:19])
    site.event(do="restore", article=AGAIN)
    asked = len(visits(site))
    crawls(thinker, 1)
    assert len(visits(site)) > asked
    assert thinker.json("show", "newsroom-5")["state"] == "live"
    site.event(do="remove", article=AGAIN, how="404")
    crawls(thinker, 3)
    assert [thinker.json("show", f"newsroom-{number}")["key"] for number in (5, 105)] == ["newsroom-5", "newsroom-105"]
    assert len(moves(thinker)) == 1
    thinker.run("rebuild")
    assert thinker.json("verify", "--deep")["ok"]
