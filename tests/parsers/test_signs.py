"""The words and marks by which most lines are spared the long patterns: each stands in whatever the pattern finds."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers import latin_bylines, notices
from parsers.credits import _LABEL, _SIGN
from parsers.reader import page as base
from parsers.reader import related
from parsers.reader.body import notes
from parsers.reader.published import dateline


def _names_credits(text):
    return base.CREDIT_MARK.search(text) or any(word in text for word in base.CREDIT_WORDS)


def _heads_related_items(text):
    """Asked where one of the words stands in a page's visible text, in which a heading may have several lines."""
    if not any(word in text for word in related.CHINESE_WORDS):
        return True
    lines = filter(None, map(str.strip, text.split("\n")))
    return related.HEAD_LINE.search("\n" + "\n".join(lines))


# The long pattern, and the test that a line must pass before it is asked, mostly in lower case.
LOWER = {
    "label": (_LABEL, _SIGN.search),
    "credit": (base.CREDIT, _names_credits),
    "reprint notice": (notices._REPRINT, notices.speaks_of_reprints),
    "offer": (notes.OFFER, notes.may_offer),
    "update": (dateline.UPDATED, dateline.TELLING.search),
    "publication": (dateline.PUBLISHED, dateline.TELLING.search),
    "clock": (dateline.CLOCK, dateline.TELLING.search),
    "byline": (latin_bylines._OPENING, lambda text: latin_bylines._may_open(text[:3])),
}
AS_IT_IS = {"related items": (related.HEADING, _heads_related_items)}


@pytest.mark.parametrize("kind", LOWER | AS_IT_IS)
@settings(deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(st.data())
def test_whatever_is_found_shows_one_of_the_signs(kind, data):
    pattern, shows = (LOWER | AS_IT_IS)[kind]
    found = pattern.search(data.draw(st.from_regex(pattern)))[0]
    assert shows(found.lower() if kind in LOWER else found)
