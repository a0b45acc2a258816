"""Every rule with a first look: whatever its pattern matches passes it, for the look is read out of the pattern."""

import importlib
import pkgutil
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.tables import every_row

import parsers
from parsers.gated import Gated


def rules() -> dict[Gated, str]:
    """Every rule of the parsers, with the first module and name under which it is found."""
    modules = [found.name for found in pkgutil.walk_packages(parsers.__path__, "parsers.")]
    named = [(name, rule, module) for module in modules for name, rule in vars(importlib.import_module(module)).items()]
    return {rule: f"{module}.{name}" for name, rule, module in reversed(named) if isinstance(rule, Gated)}


RULES = {name: rule for rule, name in rules().items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", RULES)
@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_what_a_pattern_matches_passes_the_first_look(name, data):
    rule = RULES[name]
    plain = re.compile(rule.source, rule.flags)
    text = data.draw(st.from_regex(plain))
    assert [match.span() for match in (rule.search(text), rule.match(text)) if match] == [
        match.span() for match in (plain.search(text), plain.match(text)) if match
    ]


@every_row(
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
