"""Compare a reading of a list with the readings before, to find articles left out of their places. Pure.

An article that ages out of a list, or moves within it, is not left out. It is left out if the neighbours that it had in
the last reading with it still stand, one before and one after it, with nothing new between them.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

MIN_PLACE_DISTANCE = 1e-6  # places closer than this leave no room between them: the list is numbered anew


@dataclass(frozen=True, slots=True)
class ListedPlace:
    """An address in a list: its urlkey, the number that gives its order, and the list's first and last reading with it.

    first, last: numbers of readings (1 for the first of the list). last stays None while the list shows the address.
    """

    urlkey: str
    place: float
    first: int
    last: int | None = None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An address that a list no longer shows, between two that it still shows: the urlkeys of these three.

    before, after: the neighbours of its place now; the list had both already when it last showed the address.
    """

    urlkey: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ListComparison:
    """The result of a comparison; addresses are given as urlkeys. back: shown again, after they were not.

    turned: the list is numbered anew, as it shows no known address, or known ones in another order, or has no room;
    then only `new` is set, with all addresses.
    """

    new: tuple[ListedPlace, ...] = ()
    back: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()  # shown by the reading before, not by this one; without `forgotten`
    left_out: tuple[LeftOut, ...] = ()  # now, whether or not the reading before showed it
    forgotten: tuple[str, ...] = ()  # aged out of the list, or last known at an end of it
    turned: bool = False


def compare(known: Sequence[ListedPlace], shown: Sequence[str], reading: int) -> ListComparison:
    """Compare the places known of a list, in their order, with the addresses that it shows now.

    shown: their urlkeys in order, without duplicates. reading: the number of this reading of the list.
    """
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
    """The LeftOut of an address that this reading does not show, between those that stand beside its place now.

    "aged" if no address stands before its place, or none after it; "unsure" if one of the two neighbours came into the
    list after the last reading that showed the address.
    """
    at = bisect(now, place.place, key=lambda each: each.place)
    if at in (0, len(now)):
        return "aged"
    last = reading - 1 if place.last is None else place.last
    before, after = now[at - 1], now[at]
    old = before.first <= last and after.first <= last
    return LeftOut(place.urlkey, before.urlkey, after.urlkey) if old else "unsure"


def _placed(places: dict[str, ListedPlace], shown: Sequence[str], reading: int) -> dict[str, ListedPlace] | None:
    """The places of the new addresses, by urlkey; None if the list must be numbered anew.

    That is if it shows no known address, or known ones in another order, or has no room between two of them.
    """
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
    """Yield `count` evenly spaced places, in ascending order, above `low` and below `high`.

    None is an open end: then the places are 1 apart, and without both they are 0, 1, 2 and so on.
    """
    if low is None:
        start, step = (0.0 if high is None else high - count), 1.0
    else:
        step = 1.0 if high is None else (high - low) / (count + 1)
        start = low + step
    return (start + step * number for number in range(count))


def _in_order(shown: Sequence[str], reading: int) -> tuple[ListedPlace, ...]:
    return tuple(ListedPlace(urlkey, float(number), reading) for number, urlkey in enumerate(shown))
