"""What an explanation says: for each value its rule, the text it came from, and what else was considered."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from parsers.article import Article, to_json


@dataclass(frozen=True, slots=True)
class Considered:
    """One place that was looked at: the texts it gave, and what became of them in a few words."""

    rule: str
    gave: tuple[str, ...]
    verdict: str  # "taken", "gave nothing", "came later", "is no date" …


@dataclass(frozen=True, slots=True)
class ExplainedProperty:
    """One property of the article: its value as in `to_json`, and why it has it."""

    name: str
    value: Any
    rule: str | None  # None: the page does not say
    raw: str | None  # the text that the value was read from
    line: str | None  # the line of the page that this text stands in, or the path of its element
    considered: tuple[Considered, ...] = ()


@dataclass(frozen=True, slots=True)
class ExplainedChoice:
    """What was decided before reading (the page class, the encoding): its name, why, and the others."""

    name: str
    why: str
    considered: tuple[Considered, ...] = ()


@dataclass(frozen=True, slots=True)
class Title:
    """The title line and the property that each part of it became."""

    raw: str | None
    why: str
    parts: tuple[tuple[str, str], ...] = ()  # property, text
    glued_keyword: str | None = None  # a first tag that had stuck to the headline


@dataclass(frozen=True, slots=True)
class BodyBox:
    """The element that holds the body, and what became of its lines."""

    path: str | None  # None: there is none
    why: str
    considered: tuple[Considered, ...]
    lines: tuple[tuple[str, int], ...]  # prose, heading, machinery, …: how many
    left_out: tuple[Considered, ...]  # the first of the lines that are no part of the article
    dropped: tuple[Considered, ...]  # what stood inside lines and was dropped: asides, hidden parts
    ended: str
    beside: int  # characters in the box that stand in no line: asides, hidden parts, other texts


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a document reads as it does. `article` is exactly what `parse` gives; without one `verdict` says why."""

    page: ExplainedChoice
    encoding: ExplainedChoice | None
    article: Article | None
    verdict: str | None
    words: str | None = None  # of the page, by which it was judged
    measured: tuple[tuple[str, str | int], ...] = ()  # what a verdict goes by
    title: Title | None = None
    body: BodyBox | None = None
    properties: tuple[ExplainedProperty, ...] = ()


def explanation_json(explanation: Explanation) -> dict[str, Any]:
    """An explanation as JSON values: properties by name, the article as `to_json` gives it."""
    said = asdict(replace(explanation, article=None))
    said["article"] = to_json(explanation.article) if explanation.article is not None else None
    said["measured"] = dict(explanation.measured)
    said["properties"] = {each.pop("name"): each for each in said["properties"]}
    if said["body"] is not None:
        said["body"]["lines"] = dict(said["body"]["lines"])
    return said
