"""How an article stands after a probe, a sight or a list: the rules of absence, every one of them here. Pure.

An article is judged gone by as many probes as its source asks for, each with a witness: another article of its host
that answered about then. Of ways to be gone the last one names the judgement; what is judged stands until as many
probes say another way, or the article is seen.
"""

from dataclasses import dataclass, replace
from typing import Literal

from archive.files import instant

PresenceState = Literal[
    "live", "unvisited", "unreachable", "soft_gone", "redirected", "delisted", "removed", "restricted", "withdrawn"
]
Missing = Literal["gone", "redirected", "restricted", "unreachable"]
ProbeOutcome = Literal["found", "answered", "listed", Missing]
Leads = Literal["elsewhere", "login", "nowhere"]  # what an answer leads to that sends its reader on
Counted = Literal["yes", "unreachable", "seeds_failed", "no_witness", "too_soon", "answered", "withdrawn"]

JUDGED: dict[Missing, PresenceState] = {"gone": "removed", "redirected": "redirected", "restricted": "restricted"}
AWAY = tuple(JUDGED.values())  # judged missing by probes of the article's own address
DISAPPEARED: tuple[PresenceState, ...] = (*AWAY, "delisted")  # or its page is there and no list shows it any more
JUDGEMENTS: tuple[str, ...] = (*DISAPPEARED, "restored")  # the kinds of events that judge an article's presence
OPEN = frozenset({"live", "unvisited", "unreachable"})  # nothing is known against the article
UNSETTLED = OPEN | {"soft_gone", "delisted"}  # where a probe that misses the article asks for a judgement
UNJUDGED: frozenset[Counted] = frozenset({"no_witness", "seeds_failed"})  # the article did not answer, and that is all
LED: dict[Leads, Missing] = {"elsewhere": "redirected", "login": "restricted", "nowhere": "unreachable"}
PATIENCE_CRAWLS = 3  # crawls in a row: so long a failing list that answered before holds up the removals of its host
MIN_ABSENCES = 2  # crawls whose lists leave an article out of its place
LEAST_WINDOW, DELAYS = 60.0, 3  # seconds, or so many of the host's delays, between a miss and its witness
MAX_WITNESSES = 3  # articles that are asked for the sake of a miss, until one of the host answers


@dataclass(frozen=True, slots=True)
class Standing:
    """What the archive holds of an article's presence.

    misses: probes in a row that counted, towards the judgement made or the next one. unjudged_since: the first probe
    that missed the article since it was last there, if the last such probe could not be judged.
    """

    state: str
    misses: int
    first_missed_at: str | None
    last_missed_at: str | None
    unjudged_since: str | None = None


NEVER_ASKED = Standing("unvisited", 0, None, None)  # only imported


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a miss is judged by: the source's own terms, and how its site was just then."""

    probes: int
    spacing: float  # seconds
    witnessed: bool = True
    seeds_failed: bool = False
    answered: bool = False  # the article itself, in the same crawl, or at another address since it did at this one
    unreached: bool = False  # another of its addresses did not answer in the same crawl


@dataclass(frozen=True, slots=True)
class Ruling:
    """The standing after a probe, the event to record, if any, and whether the probe counted or why it did not."""

    standing: Standing
    event: str | None = None
    counted: Counted = "yes"


def outcome_of(status: int, leads: Leads | None) -> Missing:
    """What it means for an article when its address answers with this HTTP status; leads: where its Location leads.

    A redirect that names no place, and a 304 that confirms nothing we hold, say nothing.
    """
    if status in (404, 410):
        return "gone"
    if status in (401, 402, 451):
        return "restricted"
    return outcome_led(leads) if 300 <= status < 400 and status != 304 and leads else "unreachable"


def outcome_led(leads: Leads) -> Missing:
    """What it means for an article when its address sends its reader on; what leads nowhere says nothing."""
    return LED[leads]


def after_miss(before: Standing, outcome: Missing, at: str, terms: Circumstances) -> Ruling:
    """One more probe that did not find the article."""
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
    """The article is there: what was missing is live again, what was judged missing is restored.

    One that no list shows any more is still delisted. A sight that comes to light later than a miss says nothing of it.
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
    """Something stands at the address that does not show the article: it is not missing, and not proved to be there."""
    if before.state in ("live", "unreachable", "soft_gone", "delisted"):
        return after_sight(before, at)
    return Ruling(replace(before, unjudged_since=None))


def after_lists(before: Standing, absences: int) -> Ruling:
    """Lists left the article out of its place in so many crawls; whether its page is there comes first."""
    if before.state == "live" and not before.misses and absences >= MIN_ABSENCES:
        return Ruling(replace(before, state="delisted"), "delisted")
    return Ruling(before)


def after_listing(before: Standing) -> Ruling:
    """A list shows the article; of one that is judged missing only its own page can say that it is there."""
    return Ruling(replace(before, state="live"), "restored") if before.state == "delisted" else Ruling(before)


def window(delay: float) -> float:
    """How many seconds a witness may answer before or after a miss, on a host that is asked every `delay` seconds."""
    return max(LEAST_WINDOW, DELAYS * delay)


def _counts(before: Standing, outcome: Missing, at: str, terms: Circumstances) -> Counted:
    """Whether a miss counts, or the first reason why not."""
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
