"""Whatever is sent as an event: it is applied, or refused in one line and nothing has changed."""

import copy
import dataclasses

from hypothesis import given, settings
from hypothesis import strategies as st

from newsroom.arguments import EventError
from newsroom.kinds import KINDS
from newsroom.room import Newsroom

CACHES = {"pages", "_stories"}
ANYTHING = st.one_of(
    st.integers(-3, 45), st.integers(), st.floats(), st.booleans(), st.text(max_size=8), st.lists(st.text(max_size=3)),
    st.sampled_from(["/list/1", "/-/log", "2026-01-01", "甲 | 乙", "404"]),
)  # fmt: skip


def events_of(name):
    required, optional = {}, {}
    for key, argument in KINDS[name].arguments.items():
        values = st.one_of(ANYTHING, st.sampled_from(argument.choices)) if argument.choices else ANYTHING
        (required if argument.required else optional)[key] = values
    return st.fixed_dictionaries({"do": st.just(name), **required}, optional=optional)


def state(room):
    fields = [field.name for field in dataclasses.fields(room) if field.name not in CACHES]
    return copy.deepcopy({name: getattr(room, name) for name in fields})


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(sorted(KINDS)).flatmap(events_of), max_size=6))
def test_an_event_is_applied_or_changes_nothing(events):
    room = Newsroom(articles=40)
    for event in events:
        before, refusal = state(room), None
        try:
            room.apply(event)
        except EventError as error:
            refusal = str(error)
        if refusal is None:
            assert len(room.events) == len(before["events"]) + 1
        else:
            assert "\n" not in refusal
            assert state(room) == before
