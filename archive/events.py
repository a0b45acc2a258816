"""What an absence means: states of an article, and when a missing one counts as removed. Pure."""

from dataclasses import dataclass

from archive.clock import instant

GONE = frozenset({"gone", "redirected"})
SUSPECT_SHARE = 0.5  # of a crawl's articles missing at once: the site is ill, nothing was removed
SUSPECT_LEAST = 5


@dataclass(frozen=True, slots=True)
class Standing:
    """What the archive holds of an article's presence."""

    state: str
    misses: int
    first_missed_at: str | None
    last_missed_at: str | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The standing after a probe, and the event to record, if any."""

    standing: Standing
    event: str | None


def after_miss(before: Standing, outcome: str, at: str, probes: int, spacing: float) -> Verdict:
    """One more probe that did not find the article.

    outcome: gone (404, 410, or the publisher's data says so), redirected (sent elsewhere), restricted, unreachable.
    A removal needs `probes` misses, each at least `spacing` seconds after the last one that counted; an
    unreachable site is no evidence at all.
    """
    if outcome == "unreachable":
        state = "unreachable" if before.state == "live" else before.state
        return Verdict(Standing(state, before.misses, before.first_missed_at, before.last_missed_at), None)
    if outcome == "restricted":
        event = None if before.state == "restricted" else "restricted"
        return Verdict(Standing("restricted", before.misses, before.first_missed_at or at, at), event)
    if before.last_missed_at and (instant(at) - instant(before.last_missed_at)).total_seconds() < spacing:
        return Verdict(before, None)
    misses = before.misses + 1
    first = before.first_missed_at or at
    if misses < probes:
        waiting = "soft_gone" if before.state in ("live", "unreachable") else before.state
        return Verdict(Standing(waiting, misses, first, at), None)
    state = "removed" if outcome == "gone" else "redirected"
    return Verdict(Standing(state, misses, first, at), None if before.state == state else state)


def after_sight(before: Standing) -> Verdict:
    """The article is there: what was missing is live again; one that was judged gone is restored."""
    judged = before.state not in ("live", "unreachable", "soft_gone")
    return Verdict(Standing("live", 0, None, None), "restored" if judged else None)


def site_is_ill(missing: int, found: int) -> bool:
    """Whether so many articles are missing at once that the site, not the articles, is the cause."""
    return missing >= SUSPECT_LEAST and missing > SUSPECT_SHARE * (missing + found)
