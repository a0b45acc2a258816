"""Anything sent as an event is applied, or refused in one line with nothing changed."""

import copy
import dataclasses
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.newsroom_client import ask, get

from newsroom.events.arguments import EventError
from newsroom.events.kinds import KINDS
from newsroom.site.room import Newsroom

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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"do": "vanish"}, "no kind 'vanish'; kinds: publish, edit, "),
        ({"article": 12}, "no kind None"),
        ({"do": "edit"}, "edit needs article"),
        ({"do": "edit", "article": 41}, "no article 41; articles: 1 to 40"),
        ({"do": "edit", "article": 0}, "no article 0"),
        ({"do": "edit", "article": "twelve"}, "article is a whole number"),
        ({"do": "edit", "article": 12, "colour": "red"}, "edit has no argument 'colour'; its arguments: article, "),
        ({"do": "edit", "article": 12, "property": "colour"}, "property is headline, "),
        ({"do": "edit", "article": 12, "property": "date_published", "text": "soon"}, "ISO 8601"),
        ({"do": "edit", "article": 12, "property": "headline", "text": " "}, "the text is empty"),
        ({"do": "edit", "article": 13, "property": "speaker"}, "article 13 has no speaker; give its text"),
        ({"do": "remove", "article": 12, "how": "fire"}, "how is 404, 410, shell, front"),
        ({"do": "publish", "article": 12}, "article 12 is published already"),
        ({"do": "publish", "date_published": "soon"}, "ISO 8601"),
        ({"do": "outage", "on": "yes"}, "on is true or false"),
        ({"do": "robots"}, "robots needs text"),
        ({"do": "hosts", "links": "other"}, "hosts: the site has one host only; start it with --also 127.0.0.2"),
        ({"do": "hosts", "links": "both"}, "links is asked, other, not 'both'"),
        ({"do": "lists"}, "lists needs dated"),
        ({"do": "lists", "dated": "no"}, "dated is true or false"),
        (
            {"do": "lists", "dated": False, "shape": "printed"},
            "shape is ordinary, feeds, shangguan, shangguan_old, mirror",
        ),
        ({"do": "redirect"}, "redirect needs to"),
        ({"do": "hang", "article": 99}, "no article 99"),
        ({"do": "hang", "path": "list/1"}, "path is a path of the site such as /list/1, not under /-/, not 'list/1'"),
        ({"do": "hang", "path": "/-/log"}, "not under /-/, not '/-/log'"),
        ({"do": "hang", "path": 7}, "path is a path"),
        ({"do": "hang", "article": 12, "path": "/list/1"}, "hang takes article or path, not both"),
        ({"do": "hang", "path": "/list/1", "page": 2}, "hang takes page or path, not both"),
        ({"do": "hang", "times": 0}, "times is a whole number from 1, not 0"),
        ({"do": "hang", "seconds": 10**400}, "seconds is a number, not 1000"),
        ({"do": "clear", "article": 12, "path": "/list/1"}, "clear takes article or path, not both"),
        ({"do": "clear", "article": 99}, "no article 99"),
        ({"do": "close", "share": 2}, "share is a number from 0 to 1, not 2"),
        ({"do": "close", "share": 0.5, "bytes": 9}, "close takes share or bytes, not both"),
        ({"do": "close", "bytes": -1}, "bytes is a whole number from 0, not -1"),
        ({"do": "raw_status"}, "raw_status needs line"),
        ({"do": "raw_status", "line": "HTTP/1.1 200 OK\r\nX: y"}, "line is a text of one line"),
        ({"do": "header_flood", "bytes": 1}, "bytes is a whole number from 64 to 17179869184, not 1"),
        ({"do": "header_flood", "lines": 0}, "lines is a whole number from 1 to 1000000, not 0"),
        ({"do": "encoding", "how": "rot13"}, "how is gzip, br, zstd, deflate, not 'rot13'"),
        ({"do": "block_page", "how": "no"}, "how is verify, moment, captcha, rate, refused, json, not 'no'"),
        ({"do": "block_page", "status": 100}, "status is a whole number from 200 to 599, not 100"),
        ([1], "an event is an object"),
    ],
)
def test_an_invalid_event_gets_400_with_the_reason_and_changes_nothing(site, event, reason):
    before = _everything(site)
    answer = ask(site, "/-/event", "POST", json.dumps(event))
    assert (answer.status, reason in answer.text, answer.text.count("\n")) == (400, True, 1), answer.text
    assert _everything(site) == before


def _everything(site):
    """Bodies and headers; Date is the site's own time, which every event moves on."""
    answers = [get(site, path) for path in ("/article/12.html", "/list/1", "/sitemap.xml", "/robots.txt", "/-/truth")]
    return [(answer.status, answer.headers.items(), answer.body) for answer in answers]
