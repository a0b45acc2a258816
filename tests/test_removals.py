"""A deletion ledger that can be believed: removals of all kinds, single 404s, outages and restores, held to the truth.

Articles go in every way, before a crawl or while one is under way; some answer 404 once; some come back, the same or
changed; the whole site fails in three ways. The archive's events are compared with these acts.
"""

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from support.journeys import ENOUGH, SOAK, Thinker

from archive import open_archive
from newsroom.process import Site, running

pytestmark = [pytest.mark.slow, pytest.mark.soak]

ARTICLES, GO, ONCE = (1_000, 30, 20) if SOAK else (150, 5, 4)
ENDINGS: dict[str, dict[str, str]] = {
    "removed": {"do": "remove", "how": "404"},
    "removed by 410": {"do": "remove", "how": "410"},
    "removed by a shell": {"do": "remove", "how": "shell"},
    "redirected": {"do": "remove", "how": "front"},
    "restricted": {"do": "restrict"},
    "delisted": {"do": "delist"},
}
JUDGED = {"removed", "redirected", "restricted", "delisted"}
CALM, ILL = "calm", {"articles at 404", "everything at 404", "503"}
# What each crawl meets, in this order.
CRAWLS = [CALM, CALM, "articles at 404", "articles at 404", CALM, "503", "everything at 404", CALM, CALM, CALM]
PROBES = 2


@dataclass
class Fate:
    """The removal of an article: its kind, its moment, and the moment it came back."""

    number: int
    kind: str
    gone: datetime
    calm: int = 0  # whole crawls in calm weather while it was gone
    back: datetime | None = None


@dataclass
class Site404:
    """The site and the acts on it. No article is hit twice, and the first and last of the list never."""

    site: Site
    fates: list[Fate] = field(default_factory=list)
    outages: list[tuple[datetime, datetime]] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    def __post_init__(self) -> None:
        self.fresh = self.chance.sample(range(2, ARTICLES), ARTICLES - 2)

    def take_away(self, count: int) -> None:
        for _ in range(count):
            number, (kind, event) = self.fresh.pop(), self.chance.choice(list(ENDINGS.items()))
            self.fates.append(Fate(number, kind.split()[0], now()))
            self.site.event(article=number, **event)

    def bring_back(self, count: int) -> None:
        gone = [fate for fate in self.fates if fate.back is None]
        for fate in self.chance.sample(gone, min(count, len(gone))):
            if self.chance.random() < 0.5:
                self.site.event(do="edit", article=fate.number)
            self.site.event(do="restore", article=fate.number)
            fate.back = now()

    def fail_once(self, count: int) -> None:
        for _ in range(count):
            self.site.event(do="status", article=self.fresh.pop(), code=self.chance.choice((404, 410, 401)))

    def fall_ill(self, how: str) -> None:
        if how == "503":
            self.site.event(do="outage", on=True)
        elif how == "everything at 404":
            self.site.event(do="status", code=404)
        else:
            for truth in self.site.truths():
                self.site.event(do="status", article=truth["id"], code=404)

    def recover(self) -> None:
        self.site.event(do="outage", on=False)
        self.site.event(do="clear")


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Told:
    """An event of the archive, and the interval that it claims."""

    kind: str
    number: int
    at: datetime
    earliest: datetime | None
    latest: datetime | None


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site404, list[Told], Path]]:
    """The whole course of the site, and the archive's events."""
    home = tmp_path_factory.mktemp("removals") / "home"
    with running(articles=ARTICLES) as site:
        world, thinker = Site404(site), Thinker(home, site)
        crawl(thinker)
        for number, weather in enumerate(CRAWLS):
            last = number >= len(CRAWLS) - PROBES
            if not last:
                world.take_away(GO)
                world.bring_back(GO // 3)
                site.event(do="publish")
            weathered(world, thinker, weather, during=0 if last else GO // 2)
        yield world, told(home), home


def weathered(world: Site404, thinker: Thinker, weather: str, during: int) -> None:
    """Do one crawl in this weather; in calm weather `during` articles go while it is under way."""
    if weather in ILL:
        begun = datetime.now(UTC)
        world.fall_ill(weather)
        crawl(thinker)
        world.outages.append((begun, datetime.now(UTC)))
        world.recover()
        return
    begun = now()
    world.fail_once(ONCE if during else 0)
    going = threading.Timer(2.5, world.take_away, [during])
    going.start()
    crawl(thinker)
    going.join()
    world.recover()
    for fate in world.fates:
        fate.calm += fate.gone < begun and fate.back is None


def crawl(thinker: Thinker) -> None:
    """Crawl to the end, with exit code 0 or 3."""
    process = thinker.start("crawl", "newsroom")
    _, err = process.communicate(timeout=ENOUGH)
    assert process.returncode in (0, 3), err[-2000:]


def told(home: Path) -> list[Told]:
    archive = open_archive(home)
    rows = archive.conn.execute(
        """
        select e.kind, a.key, e.at, coalesce(e.detail ->> 'last_listed_at', e.detail ->> 'last_seen_at'),
               coalesce(e.detail ->> '$.unlisted[0].at', e.detail ->> '$.standing.first_missed_at')
          from events e join articles a on a.id = e.article_id
         where e.kind in ('removed', 'redirected', 'restricted', 'delisted', 'restored') order by e.id
        """
    ).fetchall()
    archive.close()
    return [
        Told(kind, int(key.rpartition("-")[2]), *(moment and datetime.fromisoformat(moment) for moment in moments))
        for kind, key, *moments in rows
    ]


def true(world: Site404, event: Told) -> Fate | None:
    """The fate that an event reports, if it befell the article before the event."""
    fates = (fate for fate in world.fates if (fate.number, fate.kind) == (event.number, event.kind))
    return next(
        (fate for fate in fates if fate.gone <= event.at and (fate.back is None or event.at <= fate.back)), None
    )


def test_removal_events_have_high_precision_and_recall(course: tuple[Site404, list[Told], Path], capsys: Any) -> None:
    world, events, _ = course
    judged = [event for event in events if event.kind in JUDGED]
    right = [event for event in judged if true(world, event)]
    due = [fate for fate in world.fates if fate.calm >= PROBES]
    found = [fate for fate in due if any(true(world, event) is fate for event in judged)]
    precision, recall = len(right) / len(judged), len(found) / len(due)
    with capsys.disabled():
        print(
            f"\n{ARTICLES} articles, {len(world.fates)} disappearances, {len(due)} of them for two calm crawls: "
            f"{len(judged)} judged, precision {precision:.3f}, recall {recall:.3f}"
        )
    assert precision >= 0.99
    assert recall >= 0.98
    assert len({(event.number, event.kind) for event in judged}) == len(judged)  # no event twice


def test_nothing_is_judged_while_the_site_is_ill(course: tuple[Site404, list[Told], Path]) -> None:
    world, events, _ = course
    assert len(world.outages) == sum(weather in ILL for weather in CRAWLS)
    second = timedelta(seconds=1)  # an event's moment has whole seconds, and lies somewhere in the last of them
    false = [event for event in events if any(begun <= event.at <= ended - second for begun, ended in world.outages)]
    assert false == []


def test_every_interval_holds_the_true_moment(course: tuple[Site404, list[Told], Path]) -> None:
    world, events, _ = course
    judged = [(event, fate) for event in events if event.kind in JUDGED and (fate := true(world, event))]
    assert judged
    wrong = [
        (event, fate)
        for event, fate in judged
        if event.earliest is None or event.latest is None or not event.earliest <= fate.gone <= event.latest
    ]
    assert wrong == []


def test_each_judged_article_that_comes_back_is_restored_once(course: tuple[Site404, list[Told], Path]) -> None:
    world, events, _ = course
    judged = {event.number for event in events if event.kind in JUDGED and true(world, event)}
    back = {fate.number for fate in world.fates if fate.back is not None}
    restored = [event.number for event in events if event.kind == "restored"]
    assert set(restored) == judged & back
    assert len(restored) == len(set(restored))


def test_at_the_end_every_article_has_its_true_state(course: tuple[Site404, list[Told], Path]) -> None:
    world, _, home = course
    gone = {fate.number: fate.kind for fate in world.fates if fate.back is None}
    archive = open_archive(home)
    rows = archive.conn.execute("select key, state from articles where state <> 'live'").fetchall()
    archive.close()
    assert {int(key.rpartition("-")[2]): state for key, state in rows} == gone


def test_every_judgement_rests_on_probes_that_counted(course: tuple[Site404, list[Told], Path]) -> None:
    archive = open_archive(course[2])
    rows = archive.conn.execute(
        """
        select count(*) from events e, json_each(e.detail, '$.evidence') p
          left join captures c on c.record_id = p.value ->> 'capture'
          left join captures w on w.record_id = p.value ->> 'witness'
         where e.kind in ('removed', 'redirected', 'restricted')
           and (c.id is null or w.id is null or w.verdict is 'gone' or w.urlkey = c.urlkey)
        """
    ).fetchall()
    archive.close()
    assert rows == [(0,)]
