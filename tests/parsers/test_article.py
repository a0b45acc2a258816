"""An article travels as JSON and comes back equal."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.article import Article, Media, RelatedLink, TextLink, from_json, json_line, to_json

texts = st.text(min_size=1)
lists = st.lists(texts, max_size=3).map(tuple)
zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
times = st.datetimes(timezones=zones)

articles = st.builds(
    Article,
    headline=texts,
    alternative_headline=st.none() | texts,
    speaker=st.none() | texts,
    authors=lists,
    editors=lists,
    keywords=lists,
    date_published=st.none() | times,
    date_precision=st.none() | st.sampled_from(["day", "hour", "minute", "second"]),
    zone_assumed=st.none() | st.booleans(),
    date_modified=st.none() | times,
    paragraphs=lists,
    headings=lists,
    heading_positions=st.lists(st.integers(0, 9), max_size=3).map(tuple),
    related=st.lists(st.builds(RelatedLink, texts, st.none() | texts, st.none() | texts), max_size=2).map(tuple),
    media=st.lists(
        st.builds(Media, texts, st.sampled_from(["image", "attachment"]), st.none() | texts), max_size=2
    ).map(tuple),
    links=st.lists(st.builds(TextLink, st.integers(0, 9), texts, texts), max_size=2).map(tuple),
    metadata=st.lists(st.tuples(texts, texts), max_size=2).map(tuple),
)


@settings(deadline=None)
@given(articles)
def test_an_article_comes_back_from_json(article):
    assert from_json(to_json(article)) == article


@settings(deadline=None)
@given(articles)
def test_a_line_of_json_says_the_same(article):
    line = json_line(to_json(article))

    assert json.loads(line) == to_json(article)
    assert "\n" not in line


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ({"headline": "思想者", "media": []}, '{"headline":"思想者","media":[]}'),
        ({"id": 7, "article": None, "error": "a\tb\u2028"}, '{"id":7,"article":null,"error":"a\\tb\u2028"}'),
        ({"headline": "half \ud800 a pair 思"}, '{"headline":"half \\ud800 a pair \\u601d"}'),
    ],
)
def test_json_line_writes_a_value_as_compact_json_on_one_line(value, line):
    assert json_line(value) == line


def test_json_has_the_names_that_scripts_read():
    article = Article(
        headline="Rivers and roads",
        date_published=datetime(2024, 4, 13, 15, 1, tzinfo=UTC),
        keywords=("Construction",),
        paragraphs=("One.", "Two."),
        related=(RelatedLink("Next", "https://example.com/2"),),
        metadata=(("索引号", "000014349/2019-00007"),),
    )
    assert {name: value for name, value in to_json(article).items() if value} == {
        "headline": "Rivers and roads",
        "date_published": "2024-04-13T15:01:00+00:00",
        "keywords": ["Construction"],
        "paragraphs": ["One.", "Two."],
        "body_text": "One.\nTwo.",
        "related": [{"headline": "Next", "url": "https://example.com/2", "teaser": None}],
        "metadata": [["索引号", "000014349/2019-00007"]],
    }


def test_a_property_that_an_older_version_did_not_know_keeps_its_default():
    assert from_json({"headline": "Rivers", "body_text": ""}) == Article(headline="Rivers")
