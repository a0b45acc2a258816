"""The time at which a url is due again: soon while it is young or just changed, then ever more rarely."""

from datetime import UTC, datetime, timedelta

LIST_EVERY = timedelta(minutes=5)
SOONEST = timedelta(minutes=10)
LATEST = timedelta(days=30)
UNDATED_EVERY = timedelta(days=1)
AGE_SHARE = 24
"""An article is asked again after a 24th of its age: a day old, in an hour; a month old, in 30 hours."""


def next_due(kind: str, published_at: datetime | None, last_changed_at: datetime | None, now: datetime) -> datetime:
    """The moment, in UTC, at which a url fetched at `now` should be fetched again.

    `kind` is "article" or a kind of list (list, feed, sitemap). A list is due again after five minutes, an article
    after a 24th of its age (at least ten minutes, at most 30 days), and an article without a date after one day. Age
    counts from the later of publication and the last change, so that an edit brings an old article back under watch.
    All times are aware.
    """
    return now.astimezone(UTC) + _interval(kind, published_at, last_changed_at, now)


def _interval(kind: str, published_at: datetime | None, last_changed_at: datetime | None, now: datetime) -> timedelta:
    if kind != "article":
        return LIST_EVERY
    known = [at for at in (published_at, last_changed_at) if at is not None]
    if not known:
        return UNDATED_EVERY
    return min(max((now - max(known)) / AGE_SHARE, SOONEST), LATEST)
