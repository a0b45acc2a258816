"""Every rule with a first look: whatever its pattern matches passes it, for the look is read out of the pattern."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
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
@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_what_a_pattern_matches_passes_the_first_look(name, data):
    rule = RULES[name]
    text = data.draw(st.from_regex(rule.pattern))
    assert rule.search(text) is not None
    found = rule.pattern.match(text)
    assert (rule.match(text) and rule.match(text).span()) == (found and found.span())


@pytest.mark.parametrize(
    ("pattern", "text", "opens", "holds"),
    [
        ("责任编辑[:：]", "责任编辑：王小青", True, True),
        ("责任编辑[:：]", "主编：王小青", False, False),
        ("(?:作者|编辑)[:：]", "本文作者：王小青", False, True),
        (r"^[\W_]*(?:By|Von)\s", "“By Jane Doe", True, True),
        (r"^[\W_]*(?:By|Von)\s", "Jane Doe", False, False),
        (r"\d+ min(?:utes)? read", "5 min read", True, True),
        (r"\d+ min(?:utes)? read", "Five minutes", False, False),
        (r"\w+", "anything", True, True),
    ],
)
def test_the_first_look(pattern, text, opens, holds):
    rule = Gated(pattern, 2)  # re.IGNORECASE
    assert (rule.may_open(text), rule.may_hold(text)) == (opens, holds)


def test_a_rule_is_compiled_when_it_is_first_used():
    rule = Gated("a+b")
    assert "pattern" not in vars(rule)
    assert rule.search("xx") is None
    assert "pattern" not in vars(rule)
    assert rule.search("aab") is not None
    assert "pattern" in vars(rule)
