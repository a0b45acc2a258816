"""The deletion ledger on hosts of one article: removals of all kinds, outages, lists that fail, held to the truth.

A third of the hosts have a list of their own, a third have none, and of a third the list never lets go of the article.
A list of the hub names them all; another one never answers, and the hub's own fails in two crawls.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.journeys import ENOUGH, SOAK, Thinker
from support.village import WAYS, House, Village, village

from archive import read_archive

pytestmark = [pytest.mark.slow, pytest.mark.soak]

HOUSES, GO = (300, 25) if SOAK else (36, 3)
CALM, ILL = "calm", {"articles at 404", "everything at 404", "503"}
CRAWLS = [CALM, CALM, "articles at 404", "articles at 404", CALM, "hub fails", "hub fails", CALM,
          "503", "everything at 404", CALM, CALM, CALM]  # fmt: skip
PROBES = 2


@dataclass(frozen=True)
class Told:
    """An event of the archive, and its moment."""

    kind: str
    number: int
    at: datetime


@dataclass(frozen=True)
class Course:
    """The course of the village, and the archive's events."""

    there: Village
    events: list[Told]
    outages: list[tuple[datetime, datetime]]
    status: dict[str, Any]
    calm: dict[int, int]  # whole crawls in calm weather while an article was gone


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    home = tmp_path_factory.mktemp("alone") / "home"
    with village(HOUSES) as there:
        thinker, outages, calm = declared(home, there), list[tuple[datetime, datetime]](), dict[int, int]()
        crawl(thinker)
        for number, weather in enumerate(CRAWLS):
            if number < len(CRAWLS) - PROBES - 1:
                there.take_away(GO)
                there.bring_back(GO // 3)
            there.weather, there.hub_fails = CALM if weather == "hub fails" else weather, weather == "hub fails"
            begun = datetime.now(UTC)
            crawl(thinker)
            if weather in ILL:
                outages.append((begun, datetime.now(UTC)))
            elif weather == CALM:
                calm |= {house.number: calm.get(house.number, 0) + 1 for house in there.houses if house.gone}
        yield Course(there, told(home), outages, thinker.json("status", code=3), calm)


def declared(home: Path, there: Village) -> Thinker:
    addresses = [there.hub, *(house.address for house in there.houses)]
    allow = [address.removeprefix("http://") for address in addresses]
    lists = [f"{there.hub}/list", f"{there.hub}/guessed"]
    lists += [f"{house.address}/list" for house in there.houses if house.kind != "no list"]
    home.mkdir(parents=True)
    (home / "thinker.toml").write_text(
        f'[sources.village]\nhomepage = "{there.hub}"\nlists = {json.dumps(lists)}\nhosts = {json.dumps(allow)}\n'
        f'allow = {json.dumps(allow)}\nscope = "http://.+/article/\\\\d+"\ndelay = 0\nrecheck = 0\n'
        f"removal_probes = {PROBES}\nremoval_spacing = 0\n",
        encoding="utf-8",
    )
    return Thinker(home)


def crawl(thinker: Thinker) -> None:
    """Crawl to the end, with exit code 3: one list never answers."""
    process = thinker.start("crawl", "village")
    _, err = process.communicate(timeout=ENOUGH)
    assert process.returncode == 3, err[-2000:]


def told(home: Path) -> list[Told]:
    with closing(read_archive(home)) as archive:
        rows = archive.conn.execute(
            """
            select e.kind, a.url, e.at from events e join articles a on a.id = e.article_id
             where e.kind in ('removed', 'redirected', 'restricted', 'delisted', 'restored') order by e.id
            """
        ).fetchall()
    return [Told(kind, int(url.rpartition("/")[2]), datetime.fromisoformat(at)) for kind, url, at in rows]


def judgeable(house: House, calm: int) -> bool:
    """True if something could vouch for its host: a list that lets go of the article, or for 404 the front page."""
    vouched = house.kind == "own list" or (house.kind == "no list" and house.way in ("404", "410"))
    return calm >= PROBES and vouched


def test_removal_events_have_high_precision_and_recall(course: Course, capsys: Any) -> None:
    fates = {house.number: house for house in course.there.houses if house.way}
    judged = [event for event in course.events if event.kind != "restored"]
    right = [each for each in judged if is_right(course, each)]
    due = [house for house in fates.values() if judgeable(house, course.calm.get(house.number, 0))]
    found = [house for house in due if any(event.number == house.number for event in right)]
    precision, recall = len(right) / len(judged), len(found) / len(due)
    with capsys.disabled():
        print(
            f"\n{HOUSES} hosts of one article, {len(fates)} disappearances, {len(due)} that could be judged: "
            f"{len(judged)} judged, precision {precision:.3f}, recall {recall:.3f}"
        )
    wrong = [(each, fates.get(each.number)) for each in judged if each not in right]
    assert precision >= 0.99, wrong
    assert recall >= 0.98


def is_right(course: Course, event: Told) -> bool:
    house = next(house for house in course.there.houses if house.number == event.number)
    return house.way is not None and is_true(event, house, in_outage(course, event))


def is_true(event: Told, house: House, ill: bool) -> bool:
    """True if an event names a house's fate, while it lasted; in an outage every article that went is seen at 404."""
    assert house.way is not None
    assert house.since is not None
    named = event.kind == WAYS[house.way][0] or (ill and event.kind == "removed")
    return named and house.since <= event.at and (house.back is None or event.at <= house.back)


def in_outage(course: Course, event: Told) -> bool:
    second = timedelta(seconds=1)  # an event's moment has whole seconds, and lies somewhere in the last of them
    return any(begun - second <= event.at <= ended for begun, ended in course.outages)


def test_nothing_that_stands_is_judged_while_the_village_is_ill(course: Course) -> None:
    judged = [event for event in course.events if event.kind != "restored" and in_outage(course, event)]
    assert [event for event in judged if not is_right(course, event)] == []


def test_status_names_every_gone_article_without_a_verdict(course: Course) -> None:
    judged = {event.number for event in course.events if event.kind != "restored"}
    unjudged = {int(each["url"].rpartition("/")[2]) for each in course.status["unjudged"]}
    gone = {house.number for house in course.there.houses if house.gone}
    assert unjudged == gone - judged


def test_the_list_that_never_answered_is_named(course: Course) -> None:
    (rule,) = (rule for rule in course.status["rules"] if rule["name"] == "lists")
    assert not rule["ok"]
    assert f"the list {course.there.hub}/guessed never answered, in {len(CRAWLS) + 1} crawls" in rule["detail"]
