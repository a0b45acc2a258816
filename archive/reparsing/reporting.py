"""Summarise the changes by a better parser: counts, and for each property its number and a few examples."""

from dataclasses import dataclass, field
from itertools import takewhile

from archive.reparsing.comparing import ReparseFinding

EXAMPLES_PER_PROPERTY = 3  # per property
MAX_EXAMPLE_CHARACTERS = 60  # of a value in an example


@dataclass(frozen=True, slots=True)
class Example:
    """A value before and after, each cut to fit into a line; key: of the article, such as `newsroom-751736`.

    None stands for a value that is not there.
    """

    key: str
    before: str | None
    after: str | None


@dataclass(slots=True)
class Learned:
    """One property: the number of captures in which it is read differently, and examples."""

    count: int = 0
    examples: list[Example] = field(default_factory=list)


@dataclass(slots=True)
class ReparseReport:
    """One source: the number of captures read, their results, and the properties that differ.

    Of a run that is continued, only the captures read since.
    """

    source: str
    parser_version: str
    reparse: str | None = None  # the id, if applied
    captures: int = 0
    same: int = 0
    other: int = 0
    found: int = 0
    lost: int = 0
    none: int = 0
    damaged: int = 0
    properties: dict[str, Learned] = field(default_factory=dict)
    articles: dict[str, list[str]] = field(default_factory=lambda: {"found": [], "lost": []})  # the first three keys

    def note(self, finding: ReparseFinding) -> None:
        """Count a finding by its kind and by the properties that differ, and keep the first few examples."""
        self.captures += 1
        setattr(self, finding.kind, getattr(self, finding.kind) + 1)
        if finding.kind in self.articles and finding.key and len(self.articles[finding.kind]) < EXAMPLES_PER_PROPERTY:
            self.articles[finding.kind].append(finding.key)
        for name, before, after in finding.differences:
            learned = self.properties.setdefault(name, Learned())
            learned.count += 1
            if len(learned.examples) < EXAMPLES_PER_PROPERTY:
                learned.examples.append(Example(str(finding.key), *_apart(before, after)))


def _apart(before: str | None, after: str | None) -> tuple[str | None, str | None]:
    """Both values cut to fit into a line, from shortly before the first character that differs; None stays None.

    An ellipsis `…` stands for each part that is cut off.
    """
    old, new = before or "", after or ""
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    start = max(0, same - MAX_EXAMPLE_CHARACTERS // 4)
    return _cut(before, start), _cut(after, start)


def _cut(text: str | None, start: int) -> str | None:
    if text is None:
        return None
    line = " ".join(text[start : start + MAX_EXAMPLE_CHARACTERS].split())
    return f"{'…' if start else ''}{line}{'…' if len(text) > start + MAX_EXAMPLE_CHARACTERS else ''}"
