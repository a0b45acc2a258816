"""The parts of an explanation: for each value its rule, its text, and the other places considered."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from parsers.article import Article, to_json


@dataclass(frozen=True, slots=True)
class Considered:
    """One thing that was considered, with the texts it gave, and a verdict in a few words.

    It is a place of the page, or a page class, a claim of an encoding, an element or a line.
    """

    rule: str  # its name or path: "css h1", "meta", "ShangguanPage"; for a line its fate, or the line itself
    gave: tuple[str, ...]
    verdict: str  # "taken", "gave nothing", "came later", "is no date" …


@dataclass(frozen=True, slots=True)
class ExplainedProperty:
    """One property of the article: its value as in `to_json`, and the reason for it."""

    name: str
    value: Any
    rule: str | None  # None: the page does not say
    raw: str | None  # the text that the value was read from
    line: str | None  # the line of the page that this text stands in, or the path of its element
    considered: tuple[Considered, ...] = ()


@dataclass(frozen=True, slots=True)
class ExplainedChoice:
    """A decision before reading: the name of the chosen page class or encoding, the reason, and the alternatives."""

    name: str
    why: str
    considered: tuple[Considered, ...] = ()


@dataclass(frozen=True, slots=True)
class Title:
    """The headline as on the page, before it is split (`raw`, None without one), and the property of each part."""

    raw: str | None
    why: str
    parts: tuple[tuple[str, str], ...] = ()  # property, text
    glued_keyword: str | None = None  # a first tag that had stuck to the headline


@dataclass(frozen=True, slots=True)
class BodyBox:
    """The element with the body, the number of its lines of each kind, and the first of those that were left out."""

    path: str | None  # None: no element
    why: str
    considered: tuple[Considered, ...]
    lines: tuple[tuple[str, int], ...]  # prose, heading, machinery, … and the number of each; all others: left out
    left_out: tuple[Considered, ...]  # the first lines that are not part of the article
    dropped: tuple[Considered, ...]  # parts of lines that were left out: asides, hidden parts
    ended: str
    beside: int  # characters in the box outside its lines: asides, hidden parts, other texts


@dataclass(frozen=True, slots=True)
class Explanation:
    """The reading of a document. `article` is exactly the result of `parse`; without one `verdict` gives the reason.

    If the payload cannot be decoded or parsed, only `page` and `verdict` are set.
    """

    page: ExplainedChoice
    encoding: ExplainedChoice | None
    article: Article | None
    verdict: str | None
    words: str | None = None  # words of the page that decided the verdict
    measured: tuple[tuple[str, str | int], ...] = ()  # the measures behind a verdict
    title: Title | None = None
    body: BodyBox | None = None
    properties: tuple[ExplainedProperty, ...] = ()


def explanation_json(explanation: Explanation) -> dict[str, Any]:
    """An explanation as JSON values by the names of its fields; the article as in `to_json`, None without one.

    `properties`, `measured` and the body's `lines` are objects by name.
    """
    said = asdict(replace(explanation, article=None))
    said["article"] = to_json(explanation.article) if explanation.article is not None else None
    said["measured"] = dict(explanation.measured)
    said["properties"] = {each.pop("name"): each for each in said["properties"]}
    if said["body"] is not None:
        said["body"]["lines"] = dict(said["body"]["lines"])
    return said
