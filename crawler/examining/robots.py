"""The findings on each host's robots.txt: the rules in force, or the reason for having none, and a crawl's reaction."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from archive.judging import Fetched
from crawler.examining.asked import AskedPage, RobotsSeen, SeenSite
from crawler.examining.finding import LATER, NETWORK, DoctorFinding
from crawler.middlewares import NOT_HAD
from parsers.urls import urlkey

MAX_SHOWN_CHARACTERS = 200  # of a redirect's target
DECLARED = "to be crawled"
LEAVE = "remove these addresses, or turn the source off"
NOTHING = "until that changes, nothing on this host is crawled"
LONGER_DELAY_REMEDY = f"{LATER}; if this happens often, set a longer delay"
UNMENDED = f"{LATER}; only the owner of the site can change it"


def of_robots(seen: SeenSite) -> Iterator[DoctorFinding]:
    """Yield a finding on each robots.txt that was asked for, and then one for each host that asked us to wait."""
    for each in seen.robots:
        yield _unread(each) if each.reading in (None, "forbids_all") else _rules(each, seen)
    closed = {host_of(each.url): each for each in reversed(seen.asked) if each.patience}
    yield from map(_closed, closed.values())


def host_of(url: str) -> str:
    """The host of an address as its urlkey begins: `com,example` for https://www.example.com/."""
    return urlkey(url).partition(")")[0]


def _rules(robots: RobotsSeen, seen: SeenSite) -> DoctorFinding:
    asked = [each for each in seen.asked if host_of(each.url) == host_of(robots.url)]
    here = [each.url for each in asked if each.by_robots]
    way = _way(robots.answers)
    if here:
        found = f"{way}, {len(here)} of {len(asked)} addresses refused, such as {here[0]}"
        return DoctorFinding(robots.url, DECLARED, found, LEAVE)
    if robots.reading == "allows_all":
        return DoctorFinding(robots.url, DECLARED, f"{way}, which allows everything")
    return DoctorFinding(robots.url, DECLARED, f"{way}, none of {len(asked)} addresses refused")


def _unread(robots: RobotsSeen) -> DoctorFinding:
    """The fault of a robots.txt that cannot be had or read, which forbids everything (RFC 9309 §2.3.1.4).

    Its advice is to ask again later; after a 429 also to set a longer delay; if nothing answered, to check the network.
    """
    way = _way(robots.answers)
    if robots.reading is None:
        why = str(robots.problem).removeprefix(NOT_HAD)
        remedy = UNMENDED if way else f"{NETWORK}check the address, or {LATER}"
        return DoctorFinding(robots.url, DECLARED, f"{way}{'; ' if way else ''}{why}: {NOTHING}", remedy)
    status = robots.answers[-1].status
    if status == 429:
        return DoctorFinding(robots.url, DECLARED, f"{way}, which asks us to wait: {NOTHING}", LONGER_DELAY_REMEDY)
    why = "" if status >= 500 else " in an encoding that cannot be read"
    return DoctorFinding(robots.url, DECLARED, f"{way}{why}, which forbids everything: {NOTHING}", UNMENDED)


def _closed(asked: AskedPage) -> DoctorFinding:
    found = f"its host asks us to wait {asked.patience:.0f} s, and crawls wait that long"
    return DoctorFinding(asked.url, DECLARED, found, LONGER_DELAY_REMEDY)


def _way(answers: tuple[Fetched, ...]) -> str:
    """The answers in words: `HTTP 301 to https://other.example/robots.txt, HTTP 200 there`; "" without any."""
    steps = [f"HTTP {each.status}" + (f" to {place}" if (place := _led_to(each)) else "") for each in answers]
    counted = [(step, len(list(same))) for step, same in groupby(steps)]
    there = " there" if len(answers) > 1 and not _led_to(answers[-1]) else ""
    return ", ".join(f"{step} ({count} times)" if count > 1 else step for step, count in counted) + there


def _led_to(answer: Fetched) -> str | None:
    place = answer.header("location") if 300 <= answer.status < 400 else None
    return place and place[:MAX_SHOWN_CHARACTERS]
