"""What a list left out of its place: one reading compared with those before. Pure.

An article that ages out of a list, or moves in it, is not left out of its place: it is where its neighbours of the last
reading that had it still stand, one before and one behind it, with nothing new between them.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

MIN_PLACE_DISTANCE = 1e-6  # places nearer to each other than that hold nothing between them


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """An address in a list: where it stands among the others, and which readings showed it first and last.

    last is None while it is shown.
    """

    urlkey: str
    place: float
    first: int
    last: int | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An address that was left out between two that the last reading with it had too."""

    urlkey: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ListComparison:
    """What a reading says. turned: the list has another order, and only `new` (all that it shows) stands."""

    new: tuple[ListedPlace, ...] = ()
    back: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()  # shown by the reading before, and no longer
    left_out: tuple[LeftOut, ...] = ()  # now, whether or not the reading before showed it
    forgotten: tuple[str, ...] = ()  # it has aged out, or stood at an end
    turned: bool = False


def compare(known: Sequence[ListedPlace], shown: Sequence[str], reading: int) -> ListComparison:
    """Compare a list's places, in their order, with the addresses that it shows now, each once, in its order."""
    places = {place.urlkey: place for place in known}
    fresh = _placed(places, shown, reading)
    if fresh is None:
        return ListComparison(new=_in_order(shown, reading), turned=True)
    now = [places.get(urlkey) or fresh[urlkey] for urlkey in shown]
    showing = set(shown)
    absent = [place for place in known if place.urlkey not in showing]
    found = {place.urlkey: _left_out(place, now, reading) for place in absent}
    return ListComparison(
        new=tuple(fresh.values()),
        back=tuple(place.urlkey for place in now if place.last is not None),
        lacking=tuple(place.urlkey for place in absent if place.last is None and found[place.urlkey] != "aged"),
        left_out=tuple(each for each in found.values() if isinstance(each, LeftOut)),
        forgotten=tuple(urlkey for urlkey, each in found.items() if each == "aged"),
    )


def _left_out(place: ListedPlace, now: Sequence[ListedPlace], reading: int) -> LeftOut | str:
    """Between which neighbours an address is left out, "aged" where there are none, "unsure" where they are new."""
    at = bisect(now, place.place, key=lambda each: each.place)
    if at in (0, len(now)):
        return "aged"
    last = reading - 1 if place.last is None else place.last
    before, after = now[at - 1], now[at]
    old = before.first <= last and after.first <= last
    return LeftOut(place.urlkey, before.urlkey, after.urlkey) if old else "unsure"


def _placed(places: dict[str, ListedPlace], shown: Sequence[str], reading: int) -> dict[str, ListedPlace] | None:
    """The places of the addresses that are new; None where the list has another order than it had, or is another."""
    held = [places[urlkey].place for urlkey in shown if urlkey in places]
    if not held or any(one >= other for one, other in pairwise(held)):
        return None
    fresh: dict[str, ListedPlace] = {}
    groups = [(known, list(names)) for known, names in groupby(shown, places.__contains__)]
    for number, (known, names) in enumerate(groups):
        if known:
            continue
        low = places[groups[number - 1][1][-1]].place if number else None
        high = places[groups[number + 1][1][0]].place if number + 1 < len(groups) else None
        if low is not None and high is not None and high - low < MIN_PLACE_DISTANCE * len(names):
            return None
        fresh |= {
            name: ListedPlace(name, at, reading)
            for name, at in zip(names, _between(low, high, len(names)), strict=True)
        }
    return fresh


def _between(low: float | None, high: float | None, count: int) -> Iterator[float]:
    """So many places above one and below another, where there are such."""
    if low is None:
        start, step = (0.0 if high is None else high - count), 1.0
    else:
        step = 1.0 if high is None else (high - low) / (count + 1)
        start = low + step
    return (start + step * number for number in range(count))


def _in_order(shown: Sequence[str], reading: int) -> tuple[ListedPlace, ...]:
    return tuple(ListedPlace(urlkey, float(number), reading) for number, urlkey in enumerate(shown))
