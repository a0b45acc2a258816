"""The requests of a day: the share kept for new articles, and the longest wait of known ones; pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from math import ceil

DAY = 86_400
NEW_ARTICLES_SHARE = 5
"""A fifth of a day's budget is kept for lists, new articles, and control pages of missing articles."""
AT_LEAST_EVERY = timedelta(days=60)
"""Every known article should be asked within this time; `too_few` shows if the requests of a day allow it."""
SOONEST, LATEST = timedelta(days=5), timedelta(days=50)  # ten of AT_LEAST_EVERY are left to ask all of them


def kept(limit: int) -> int:
    """The number of a day's requests that articles fetched before must leave to others: a fifth of `limit`.

    Rounded down, at least 1.
    """
    return max(1, limit // NEW_ARTICLES_SHARE)


def of_delay(delay: float) -> int | None:
    """The number of requests that fit in a day with this delay (seconds); None, any number, for a delay of 0."""
    return int(DAY / delay) if delay else None


def a_day(*limits: int | None) -> int | None:
    """The smallest of several limits, ignoring None: a_day(None, 5, 9) -> 5. Without any number: None."""
    return min((limit for limit in limits if limit is not None), default=None)


def longest_wait(articles: int, requests_a_day: int | None) -> timedelta:
    """The time without a visit after which a known article comes before all that change more often: 5 to 50 days.

    All articles must be asked within AT_LEAST_EVERY, even if all of them were last asked on one day: the more days that
    takes, the shorter the wait. 50 days if any number of requests is allowed (None).
    """
    if requests_a_day is None:
        return LATEST
    room = max(1, requests_a_day - kept(requests_a_day))
    takes = timedelta(days=min(articles / room, AT_LEAST_EVERY.days)) * 1.25
    return min(LATEST, max(SOONEST, AT_LEAST_EVERY - takes))


def too_few(articles: int, requests_a_day: int | None) -> int | None:
    """The requests a day that are needed to ask every article within AT_LEAST_EVERY, with the part kept for others.

    None if `requests_a_day` are enough, or None, any number. `too_few(100_000, 100)` -> `2085`.
    """
    needed = ceil(articles / AT_LEAST_EVERY.days)
    if requests_a_day is None or needed <= requests_a_day - kept(requests_a_day):
        return None
    return ceil(needed * NEW_ARTICLES_SHARE / (NEW_ARTICLES_SHARE - 1)) + 1


@dataclass(slots=True)
class Rooms:
    """The requests left by name of host, for all articles and for known ones (None, or no such host: any number).

    shared: one budget bounds all hosts together, so that a request to one is taken from each.
    """

    all: dict[str, int | None] = field(default_factory=dict)
    known: dict[str, int | None] = field(default_factory=dict)
    shared: bool = False

    def take(self, host: str, *, recheck: bool) -> bool:
        """Take a request to a host from both counts, and return True; False, and nothing taken, if none is left.

        Without a limit (None), True without taking one. recheck: it is for a known article, so that the count for
        known ones decides; else the count for all.
        """
        room = self.known.get(host) if recheck else self.all.get(host)
        if room is None:
            return True
        if room <= 0:
            return False
        for rooms in (self.all, self.known):
            for each in rooms if self.shared else [host]:
                left = rooms.get(each)
                rooms[each] = None if left is None else left - 1
        return True
