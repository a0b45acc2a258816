"""Every rule with signs: whatever its pattern matches shows one of them, so the first look loses nothing."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import parsers
from parsers.gated import Gated


def rules() -> Iterator[tuple[str, Gated]]:
    for found in pkgutil.walk_packages(parsers.__path__, "parsers."):
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if isinstance(value, Gated):
                yield f"{found.name}.{name}", value


RULES = dict(rules())


@pytest.mark.parametrize("name", RULES)
@settings(deadline=None, max_examples=400)
@given(data=st.data())
def test_what_a_pattern_matches_shows_one_of_its_signs(name, data):
    rule = RULES[name]
    text = data.draw(st.from_regex(rule.pattern))
    assert rule.may(text), text


def test_a_rule_is_compiled_when_it_is_first_used():
    rule = Gated("a+b", "b")
    assert "pattern" not in vars(rule)
    assert rule.search("xx") is None
    assert "pattern" not in vars(rule)
    assert rule.search("aab") is not None
    assert "pattern" in vars(rule)


@pytest.mark.parametrize("name", RULES)
def test_signs_are_in_the_case_in_which_they_are_looked_for(name):
    rule = RULES[name]
    if rule.flags & 2:  # re.IGNORECASE
        assert [sign for sign in rule.signs if sign != sign.lower()] == []
