"""The explanation of a page as text: one block per property, rejected candidates after the chosen one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from cli.program.common import visible
from parsers.explain import BodyBox, Considered, ExplainedChoice, ExplainedProperty, Explanation, Title

NAME_COLUMNS = 22  # with one blank; longer names push the text to the right
MAX_TEXT_CHARACTERS = 160  # then `…`
MAX_OTHER_PLACES = 16  # per property; --json has all
MAX_TEXTS_SHOWN = 3  # per place


def explained(explanation: Explanation) -> str:
    """The explanation as text; long texts and lists are shortened, and control characters of the page are escaped."""
    return "\n".join(visible(line) for line in _lines(explanation))


def _lines(explanation: Explanation) -> Iterator[str]:
    yield from _decision("page class", explanation.page)
    if explanation.encoding is not None:
        yield from _decision("encoding", explanation.encoding)
    if explanation.title is not None:
        yield from _title(explanation.title)
    for found in explanation.properties:
        yield ""
        yield from _property(found)
    if explanation.body is not None:
        yield ""
        yield from _body(explanation.body)
    yield ""
    if explanation.measured:
        yield _row("measured", ", ".join(f"{name}: {_short(value)}" for name, value in explanation.measured))
    yield _row("verdict", explanation.verdict or "an article")
    if explanation.words is not None:
        yield _row("  words", _short(explanation.words))


def _decision(name: str, decision: ExplainedChoice) -> Iterator[str]:
    yield _row(name, f"{decision.name}: {decision.why}")
    for other in decision.considered:
        yield _row("  also", ": ".join([other.rule, *other.gave, other.verdict]))


def _title(title: Title) -> Iterator[str]:
    yield _row("title line", _short(title.raw or "none"))
    yield _row("  read", title.why)
    for name, text in title.parts:
        yield _row(f"  {name}", _short(text))
    if title.glued_keyword:
        yield _row("  keyword", f"{_short(title.glued_keyword)}, found in the headline and taken out of it")


def _property(found: ExplainedProperty) -> Iterator[str]:
    yield _row(found.name, _value(found.value))
    if found.rule is not None:
        yield _row("  rule", found.rule)
    if found.raw is not None and found.raw != found.value:
        yield _row("  text", _short(found.raw))
    if found.line is not None and found.line != found.raw:
        yield _row("  from line", _short(found.line))
    yield from _considered(found.considered)


def _body(body: BodyBox) -> Iterator[str]:
    yield _row("body", body.path or "no element")
    yield _row("  rule", body.why)
    yield _row("  lines", ", ".join(f"{count} {name}" for name, count in body.lines) or "none")
    yield _row("  ended", body.ended)
    yield _row("  outside the text", f"{body.beside:,} characters in asides, hidden parts and other texts")
    yield from _considered(body.considered)
    for line in body.dropped:
        yield _row("  dropped", f"{_texts(line.gave)} inside “{_short(line.rule)}”")
    for line in body.left_out:
        yield _row("  left out", f"{_texts(line.gave)}: {line.rule}")


def _considered(considered: Iterable[Considered]) -> Iterator[str]:
    """Yield a line for each rejected place that had a value, at last one line that names all without a value.

    After MAX_OTHER_PLACES of those with a value, one line has the number of the rest of them.
    """
    others = [each for each in considered if each.verdict != "taken"]
    found = [other for other in others if other.gave]
    for other in found[:MAX_OTHER_PLACES]:
        yield _row("  also", f"{other.rule}: {_texts(other.gave)}: {other.verdict}")
    if len(found) > MAX_OTHER_PLACES:
        yield _row("  also", f"{len(found) - MAX_OTHER_PLACES} more; --json shows them")
    if empty := [other.rule for other in others if not other.gave]:
        yield _row("  nothing in", "; ".join(empty))


def _value(value: Any) -> str:
    if value in (None, []):
        return "–"
    if not isinstance(value, list):
        return _short(value)
    texts = [_short(item if not isinstance(item, dict) else item.get("headline") or item.get("url")) for item in value]
    shown = " · ".join(texts[: MAX_TEXTS_SHOWN * 2])
    return shown if len(texts) <= MAX_TEXTS_SHOWN * 2 else f"{shown} … {len(texts)} in all"


def _texts(texts: tuple[str, ...]) -> str:
    shown = " · ".join(f"“{_short(text)}”" for text in texts[:MAX_TEXTS_SHOWN])
    return shown if len(texts) <= MAX_TEXTS_SHOWN else f"{shown} … {len(texts)} in all"


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= MAX_TEXT_CHARACTERS else f"{text[:MAX_TEXT_CHARACTERS]}…"


def _row(name: str, text: str) -> str:
    return f"{name:{NAME_COLUMNS - 1}} {text}"
