"""The meaning of an absence: a table of state × outcome × probes × witness, and rules for every course of events."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from archive.files.clock import later
from archive.rules.standing import (
    AWAY,
    UNJUDGED,
    UNSETTLED,
    Circumstances,
    Leads,
    Missing,
    Ruling,
    Standing,
    after_answer,
    after_listing,
    after_lists,
    after_miss,
    after_sight,
    outcome_of,
    window,
)

FIRST, LAST, NOW = "2026-11-24T12:00:00Z", "2026-11-25T12:00:00Z", "2026-11-26T12:00:00Z"
DAY = 86_400.0
TWO, THREE = Circumstances(2, DAY), Circumstances(3, DAY)


def standing(state: str, misses: int = 0) -> Standing:
    return Standing(state, misses, FIRST if misses else None, LAST if misses else None)


def missed(state: str, misses: int) -> Standing:
    """After a miss that counted just now."""
    return Standing(state, misses, FIRST if misses > 1 else NOW, NOW)


def again(state: str, misses: int) -> Standing:
    """After another miss that counted, of an article that was missing before."""
    return Standing(state, misses, FIRST, NOW)


# Where it stood and how many misses had counted, what the probe met, and how it stands then.
COUNTED = [
    # one probe of two: nothing is judged
    ("live", 0, "gone", TWO, missed("soft_gone", 1), None),
    ("live", 0, "redirected", TWO, missed("soft_gone", 1), None),
    ("live", 0, "restricted", TWO, missed("soft_gone", 1), None),
    ("unvisited", 0, "gone", TWO, missed("soft_gone", 1), None),
    ("unreachable", 0, "gone", TWO, missed("soft_gone", 1), None),
    ("delisted", 0, "gone", TWO, missed("delisted", 1), None),
    # the second: the last way names the judgement
    ("soft_gone", 1, "gone", TWO, again("removed", 2), "removed"),
    ("soft_gone", 1, "redirected", TWO, again("redirected", 2), "redirected"),
    ("soft_gone", 1, "restricted", TWO, again("restricted", 2), "restricted"),
    ("delisted", 1, "gone", TWO, again("removed", 2), "removed"),
    # a source that asks for three, and one that asks for one
    ("soft_gone", 1, "gone", THREE, again("soft_gone", 2), None),
    ("soft_gone", 2, "gone", THREE, again("removed", 3), "removed"),
    ("live", 0, "gone", Circumstances(1, DAY), missed("removed", 1), "removed"),
    # a judgement stays, without another event
    ("removed", 2, "gone", TWO, again("removed", 3), None),
    ("redirected", 2, "redirected", TWO, again("redirected", 3), None),
    ("restricted", 2, "restricted", TWO, again("restricted", 3), None),
    # and is judged otherwise by as many probes as it took
    ("removed", 2, "redirected", TWO, again("removed", 1), None),
    ("removed", 1, "redirected", TWO, again("redirected", 2), "redirected"),
    ("removed", 1, "gone", TWO, again("removed", 2), None),
    ("restricted", 5, "gone", THREE, again("restricted", 1), None),
    ("restricted", 1, "gone", THREE, again("restricted", 2), None),
    ("restricted", 2, "gone", THREE, again("removed", 3), "removed"),
    # one that an earlier version judged restricted by a single probe
    ("restricted", 0, "restricted", TWO, Standing("restricted", 2, NOW, NOW), None),
]


@every_row(("state", "misses", "outcome", "terms", "after", "event"), COUNTED)
def test_counted_misses_judge_an_article_once_the_source_has_as_many_as_it_asks_for(
    state: str, misses: int, outcome: Missing, terms: Circumstances, after: Standing, event: str | None
) -> None:
    assert after_miss(standing(state, misses), outcome, NOW, terms) == Ruling(after, event, "yes")


STANDINGS = [
    standing("live"), standing("unvisited"), standing("unreachable"), standing("soft_gone", 1), standing("delisted"),
    standing("delisted", 1), standing("removed", 2), standing("redirected", 2), standing("restricted", 2),
]  # fmt: skip
UNFIT = {
    "no_witness": Circumstances(2, 0, witnessed=False),
    "seeds_failed": Circumstances(2, 0, seeds_failed=True),
    "answered": Circumstances(2, 0, answered=True),
}


@every_row(("before", "outcome", "why"), list(product(STANDINGS, ("gone", "redirected", "restricted"), UNFIT)))
def test_a_miss_that_does_not_count_changes_nothing_but_since_when_it_is_not_judged(
    before: Standing, outcome: Missing, why: str
) -> None:
    unjudged = why in UNJUDGED and before.state in UNSETTLED
    after = replace(before, unjudged_since=NOW) if unjudged else before
    assert after_miss(before, outcome, NOW, UNFIT[why]) == Ruling(after, None, why)


UNSURE = replace(standing("live"), unjudged_since=FIRST)


@every_row(
    ("verdict", "since"),
    [
        (after_miss(UNSURE, "gone", NOW, UNFIT["no_witness"]), FIRST),
        (after_miss(UNSURE, "unreachable", NOW, TWO), FIRST),
        (after_miss(UNSURE, "gone", NOW, TWO), None),  # it counts: what went before does not
        (after_sight(UNSURE, NOW), None),
        (after_answer(UNSURE, NOW), None),
        (after_answer(replace(UNSURE, state="unvisited"), NOW), None),
    ],
)
def test_unjudged_since_is_kept_until_a_miss_counts_or_a_page_answers(verdict: Ruling, since: str | None) -> None:
    assert verdict.standing.unjudged_since == since


def test_a_miss_that_does_not_count_gives_the_reason_nearest_to_the_article() -> None:
    ill = Circumstances(2, DAY, witnessed=False, seeds_failed=True, answered=True)
    assert after_miss(standing("live"), "gone", NOW, ill).counted == "answered"
    assert after_miss(standing("withdrawn"), "gone", NOW, ill).counted == "withdrawn"
    assert after_miss(standing("live"), "unreachable", NOW, ill) == Ruling(standing("live"), None, "answered")
    silent = replace(ill, answered=False)
    assert after_miss(standing("live"), "unreachable", NOW, silent).counted == "unreachable"


@every_row("before", STANDINGS)
def test_no_answer_is_no_evidence(before: Standing) -> None:
    after = standing("unreachable") if before.state == "live" else before
    assert after_miss(before, "unreachable", NOW, TWO) == Ruling(after, None, "unreachable")


@pytest.mark.parametrize(("seconds", "counted"), [(0, "too_soon"), (DAY - 1, "too_soon"), (DAY, "yes")])
def test_probes_are_spaced(seconds: float, counted: str) -> None:
    assert after_miss(standing("soft_gone", 1), "gone", later(LAST, seconds), TWO).counted == counted


@every_row(
    ("before", "after", "event"),
    [
        (standing("live"), standing("live"), None),
        (standing("unvisited"), standing("live"), None),
        (standing("unreachable"), standing("live"), None),
        (standing("soft_gone", 1), standing("live"), None),
        (standing("removed", 2), standing("live"), "restored"),
        (standing("redirected", 2), standing("live"), "restored"),
        (standing("restricted", 2), standing("live"), "restored"),
        (standing("delisted", 1), standing("delisted"), None),
    ],
)
def test_a_sighting_restores_a_removed_article_and_does_not_relist_a_delisted_one(
    before: Standing, after: Standing, event: str | None
) -> None:
    assert after_sight(before, NOW) == Ruling(after, event, "yes")


@every_row("before", STANDINGS)
def test_a_sight_that_comes_to_light_after_a_miss_changes_nothing_of_it(before: Standing) -> None:
    if before.misses:
        assert after_sight(before, FIRST) == after_answer(before, FIRST) == Ruling(before)
    assert after_sight(before, LAST).standing.misses == 0  # a witness to the same second


@every_row(
    ("before", "after"),
    [
        (standing("live"), standing("live")),
        (standing("unvisited"), standing("unvisited")),
        (standing("unreachable"), standing("live")),
        (standing("soft_gone", 1), standing("live")),
        (standing("delisted", 1), standing("delisted")),
        *((before, before) for before in STANDINGS if before.state in AWAY),
    ],
)
def test_an_answer_without_the_article_ends_misses_and_restores_no_removed_article(
    before: Standing, after: Standing
) -> None:
    assert after_answer(before, NOW) == Ruling(after)


def test_a_withdrawn_article_stays_withdrawn_and_makes_no_event() -> None:
    before = standing("withdrawn")
    verdicts = (after_miss(before, "gone", NOW, TWO), after_sight(before, NOW), after_answer(before, NOW),
                after_lists(before, 9), after_listing(before))  # fmt: skip
    assert {(verdict.standing, verdict.event) for verdict in verdicts} == {(before, None)}


@every_row(
    ("before", "absences", "after", "event"),
    [
        (standing("live"), 1, standing("live"), None),
        (standing("live"), 2, standing("delisted"), "delisted"),
        (standing("delisted"), 3, standing("delisted"), None),
        # whether the page is there comes first: an article judged missing is already more than delisted
        *((before, 2, before, None) for before in STANDINGS if before.state != "live"),
    ],
)
def test_two_absences_from_its_lists_delist_a_live_article(
    before: Standing, absences: int, after: Standing, event: str | None
) -> None:
    assert after_lists(before, absences) == Ruling(after, event)


@every_row("before", STANDINGS)
def test_a_listing_restores_only_a_delisted_article(before: Standing) -> None:
    if before.state == "delisted":
        assert after_listing(before).event == "restored"
        assert after_listing(before).standing.state == "live"
    else:
        assert after_listing(before) == Ruling(before)


@every_row(
    ("status", "leads", "outcome"),
    [
        (404, None, "gone"), (410, None, "gone"), (404, "elsewhere", "gone"),
        (401, None, "restricted"), (402, None, "restricted"), (451, None, "restricted"),
        (301, "elsewhere", "redirected"), (302, "elsewhere", "redirected"), (303, "elsewhere", "redirected"),
        (307, "elsewhere", "redirected"), (308, "elsewhere", "redirected"), (300, "elsewhere", "redirected"),
        (302, "login", "restricted"), (301, "login", "restricted"), (307, "login", "restricted"),
        (302, "nowhere", "unreachable"), (301, "nowhere", "unreachable"),
        (301, None, "unreachable"), (302, None, "unreachable"), (300, None, "unreachable"),
        (304, None, "unreachable"), (304, "elsewhere", "unreachable"), (304, "login", "unreachable"),
        (400, None, "unreachable"), (403, None, "unreachable"), (429, None, "unreachable"),
        (500, None, "unreachable"), (503, "elsewhere", "unreachable"), (-200, None, "unreachable"),
    ],
)  # fmt: skip
def test_the_status_and_the_redirect_target_decide_the_outcome(
    status: int, leads: Leads | None, outcome: Missing
) -> None:
    assert outcome_of(status, leads) == outcome


@every_row(("delay", "seconds"), [(0, 60), (2, 60), (20, 60), (30, 90), (60, 180)])
def test_a_witness_has_three_delays_and_at_least_a_minute(delay: float, seconds: float) -> None:
    assert window(delay) == seconds


# -- any course of events -------------------------------------------------------------------------------------------

PROBE = st.tuples(
    st.sampled_from(["found", "answered", "gone", "redirected", "restricted", "unreachable"]),
    st.booleans(),  # a witness answered
    st.booleans(),  # the seeds failed
    st.integers(0, 3),  # spacings since the probe before
)


def course(probes: list[tuple[str, bool, bool, int]], needed: int) -> list[tuple[str, Ruling]]:
    """The events of a live article in a course of probes, each with the outcome of its probe."""
    now, stands, told = FIRST, standing("live"), []
    for outcome, witnessed, ill, spacings in probes:
        now = later(now, 60 * spacings)
        terms = Circumstances(needed, 60, witnessed, ill)
        match outcome:
            case "found":
                verdict = after_sight(stands, now)
            case "answered":
                verdict = after_answer(stands, now)
            case "gone" | "redirected" | "restricted" | "unreachable":
                verdict = after_miss(stands, outcome, now, terms)
        stands = verdict.standing
        told.append((outcome, verdict))
    return told


@given(st.lists(PROBE, max_size=20), st.integers(1, 4))
def test_a_judgement_has_all_its_probes_and_nothing_between_them(
    probes: list[tuple[str, bool, bool, int]], needed: int
) -> None:
    counted = 0
    for outcome, verdict in course(probes, needed):
        if outcome == "found" or (outcome == "answered" and not verdict.standing.misses):
            counted = 0
        elif outcome in ("gone", "redirected", "restricted"):
            counted += verdict.counted == "yes"
        if verdict.event in AWAY:
            assert counted >= needed
            assert verdict.standing.misses >= needed


@given(st.lists(PROBE, max_size=20), st.integers(1, 4))
def test_every_event_is_a_change_of_state_that_matches_its_kind(
    probes: list[tuple[str, bool, bool, int]], needed: int
) -> None:
    state = "live"
    for _, verdict in course(probes, needed):
        before, state = state, verdict.standing.state
        if verdict.event == "restored":
            assert (before in AWAY, state) == (True, "live")
        elif verdict.event:
            assert (verdict.event, before != state) == (state, True)
        else:
            assert state == before or {state, before} <= {"live", "soft_gone", "unreachable"}


@given(st.lists(PROBE, max_size=20), st.integers(1, 4))
def test_without_a_witness_nothing_is_ever_judged(probes: list[tuple[str, bool, bool, int]], needed: int) -> None:
    alone = [(outcome, False, ill, spacings) for outcome, _, ill, spacings in probes]
    assert {verdict.event for _, verdict in course(alone, needed)} <= {None}
    assert all(verdict.standing.state in ("live", "unreachable") for _, verdict in course(alone, needed))


@given(st.lists(PROBE, max_size=20), st.integers(1, 4))
def test_the_interval_begins_with_the_first_miss_that_counted(
    probes: list[tuple[str, bool, bool, int]], needed: int
) -> None:
    for _, verdict in course(probes, needed):
        stands = verdict.standing
        assert (stands.first_missed_at is None) == (stands.misses == 0)
        assert (stands.first_missed_at or "") <= (stands.last_missed_at or "")
