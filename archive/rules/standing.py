"""The standing of an article after a probe, a sight or a list: all rules of absence. Pure.

An article is judged gone after as many probes as its source asks for, each with a witness: another article of its host
that answered at about that time, or a list or front page that vouches for the host. If the outcomes differ, the last
one names the judgement; a judgement stands until as many probes say otherwise, or the article is seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from archive.files import instant

PresenceState = Literal[
    "live", "unvisited", "unreachable", "soft_gone", "redirected", "delisted", "removed", "restricted", "withdrawn"
]
Missing = Literal["gone", "redirected", "restricted", "unreachable"]
ProbeOutcome = Literal["found", "answered", "listed", Missing]
Leads = Literal["elsewhere", "login", "nowhere"]  # the target of a response that sends its reader on
Counted = Literal["yes", "unreachable", "seeds_failed", "no_witness", "too_soon", "answered", "withdrawn"]

JUDGED: dict[Missing, PresenceState] = {"gone": "removed", "redirected": "redirected", "restricted": "restricted"}
AWAY = tuple(JUDGED.values())  # judged missing by probes of the article's own address
DISAPPEARED: tuple[PresenceState, ...] = (*AWAY, "delisted")  # or the page is there and no list shows it any more
JUDGEMENTS: tuple[str, ...] = (*DISAPPEARED, "restored")  # the kinds of events that judge an article's presence
OPEN = frozenset({"live", "unvisited", "unreachable"})  # nothing is known against the article
UNSETTLED = OPEN | {"soft_gone", "delisted"}  # states in which a miss calls for a judgement
UNJUDGED: frozenset[Counted] = frozenset({"no_witness", "seeds_failed"})  # the article did not answer: no more is known
LED: dict[Leads, Missing] = {"elsewhere": "redirected", "login": "restricted", "nowhere": "unreachable"}
PATIENCE_CRAWLS = 3  # crawls in a row for which a list that answered before and fails delays removals on its host
MIN_ABSENCES = 2  # crawls whose lists leave an article out of its place, until it is delisted
LEAST_WINDOW, DELAYS = 60.0, 3  # the most seconds, or host delays if longer, between a miss and its witness
MAX_WITNESSES = 3  # articles requested as witnesses for one miss, until one of the host answers


@dataclass(frozen=True, slots=True)
class Standing:
    """The standing of an article in the archive.

    misses: probes in a row that counted, towards the judgement made or the next one. first_missed_at, last_missed_at:
    the first and the last probe that counted since the article was there. unjudged_since: the first probe that could
    not be judged since the article was last there or a probe last counted. Without such a probe the moment is null.
    """

    state: str
    misses: int
    first_missed_at: str | None
    last_missed_at: str | None
    unjudged_since: str | None = None


WITHDRAWN = Standing("withdrawn", 0, None, None)  # of a hidden article, whose keys keep their own
NEVER_ASKED = Standing("unvisited", 0, None, None)  # only imported, never requested
# Of an article with several keys the first of these states that one of them has: it is there if any address shows it.
_PRECEDENCE: tuple[PresenceState, ...] = (
    "withdrawn", "live", "unreachable", "soft_gone", "delisted", "unvisited", "restricted", "redirected", "removed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Circumstances:
    """The circumstances of a miss: the source's terms, and the condition of its site at that time.

    probes: how many must count for a judgement. spacing: the least time from one that counts to the next.
    """

    probes: int
    spacing: float  # seconds
    witnessed: bool = True
    seeds_failed: bool = False
    answered: bool = False  # the article answered in this crawl, or at another address since it last did at this one
    unreached: bool = False  # another of its addresses was unreachable in this crawl


@dataclass(frozen=True, slots=True)
class Ruling:
    """The standing after a probe, sight or list, and the kind of the event to record, or None.

    counted: "yes" if the probe counts, else the reason why not.
    """

    standing: Standing
    event: str | None = None
    counted: Counted = "yes"


def joint_standing(standings: Sequence[Standing]) -> Standing:
    """The standing of an article by those of its keys, of which there is at least one; the first of equal ones."""
    return min(standings, key=lambda each: _PRECEDENCE.index(each.state))


def outcome_of(status: int, leads: Leads | None) -> Missing:
    """The outcome for an article whose address answers with this HTTP status. leads: the target of its Location header.

    404 and 410 are "gone"; 401, 402 and 451 "restricted"; a redirect with a target counts by `outcome_led`. All others
    are "unreachable", also 403, a redirect without a target, and a 304 that confirms nothing we hold.
    """
    if status in (404, 410):
        return "gone"
    if status in (401, 402, 451):  # not 403: a firewall answers so to any request
        return "restricted"
    return outcome_led(leads) if 300 <= status < 400 and status != 304 and leads else "unreachable"


def outcome_led(leads: Leads) -> Missing:
    """The outcome for an article whose address sends its reader on.

    "restricted" for "login", "redirected" for "elsewhere", "unreachable" for "nowhere".
    """
    return LED[leads]


def after_miss(before: Standing, outcome: Missing, at: str, terms: Circumstances) -> Ruling:
    """Rule on a probe that did not find the article.

    If the probe counts, an article thought to be there becomes `soft_gone`, any other keeps its state; when
    `terms.probes` probes have counted, it is judged by the outcome, with an event unless it was judged so already. If
    it does not count, the misses stay, and the reason (`counted`) decides: "unreachable" makes a live article
    `unreachable`; "no_witness" and "seeds_failed" set `unjudged_since`, unless it has a value or the article is judged
    gone; any other reason changes nothing.
    """
    counted = _counts(before, outcome, at, terms)
    if counted == "unreachable" and before.state == "live":
        return Ruling(replace(before, state="unreachable"), None, counted)
    if counted in UNJUDGED and before.state in UNSETTLED:
        return Ruling(replace(before, unjudged_since=before.unjudged_since or at), None, counted)
    if counted != "yes":
        return Ruling(before, None, counted)
    first, state = before.first_missed_at or at, JUDGED[outcome]
    if before.state == state:
        return Ruling(Standing(state, max(before.misses + 1, terms.probes), first, at))
    settled = before.state in AWAY and before.misses >= terms.probes
    misses = 1 if settled else before.misses + 1
    if misses < terms.probes:
        return Ruling(Standing("soft_gone" if before.state in OPEN else before.state, misses, first, at))
    return Ruling(Standing(state, misses, first, at), state)


def after_sight(before: Standing, at: str) -> Ruling:
    """Rule on a sight: the article is live without misses; if it was judged missing, with the event `restored`.

    A delisted article stays delisted, without misses; a withdrawn one stays as it is. A sight earlier than the last
    miss that counted changes nothing.
    """
    if at < (before.last_missed_at or ""):
        return Ruling(before)
    match before.state:
        case "withdrawn":
            return Ruling(before, None, "withdrawn")
        case "delisted":
            return Ruling(Standing("delisted", 0, None, None))
        case state:
            return Ruling(Standing("live", 0, None, None), "restored" if state in AWAY else None)


def after_answer(before: Standing, at: str) -> Ruling:
    """Rule on an answer that does not show the article, such as a page that cannot be read.

    The article is not missing, and not proved to be there. In the states live, unreachable, soft_gone and delisted the
    answer counts as a sight. Other states stay; only `unjudged_since` is cleared.
    """
    if before.state in ("live", "unreachable", "soft_gone", "delisted"):
        return after_sight(before, at)
    return Ruling(replace(before, unjudged_since=None))


def after_lists(before: Standing, absences: int) -> Ruling:
    """Rule on an article that lists left out in this many crawls: from MIN_ABSENCES on it is delisted, with an event.

    Only if it is live without misses; else nothing changes.
    """
    if before.state == "live" and not before.misses and absences >= MIN_ABSENCES:
        return Ruling(replace(before, state="delisted"), "delisted")
    return Ruling(before)


def after_listing(before: Standing) -> Ruling:
    """Rule on an article that a list shows: a delisted one is restored and live, any other stays as it is.

    An article judged missing must be seen itself.
    """
    return Ruling(replace(before, state="live"), "restored") if before.state == "delisted" else Ruling(before)


def window(delay: float) -> float:
    """The most seconds between a miss and its witness, on a host that is requested every `delay` seconds.

    Three delays, but at least a minute: `window(5.0) -> 60.0`.
    """
    return max(LEAST_WINDOW, DELAYS * delay)


def _counts(before: Standing, outcome: Missing, at: str, terms: Circumstances) -> Counted:
    """The value of `Ruling.counted` for a miss: "yes", or the first reason against it."""
    last = before.last_missed_at
    reasons: tuple[tuple[bool, Counted], ...] = (
        (before.state == "withdrawn", "withdrawn"),
        (terms.answered, "answered"),
        (outcome == "unreachable" or terms.unreached, "unreachable"),
        (terms.seeds_failed, "seeds_failed"),
        (not terms.witnessed, "no_witness"),
        (last is not None and (instant(at) - instant(last)).total_seconds() < terms.spacing, "too_soon"),
    )
    return next((why for holds, why in reasons if holds), "yes")
