"""The tables of `thinker sources show`: a source's declaration, and the evidence of each list and rule."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from archive.settings import Settings, SourceSettings
from crawler.built_in import NAMES
from crawler.examining import KINDS
from crawler.sources import UNPROVEN, JsonList, Seed, Source
from parsers.json_rows import RowFields
from parsers.pages import PAGES
from parsers.reader import DefaultPage

RULES = ("hosts", "scope", "article", "columns", "rows", "delay", "layout")

Row = tuple[str, str, list[str]]


@dataclass(frozen=True, slots=True)
class DeclaredSource:
    """A source, built in or declared in thinker.toml, with all settings of that file."""

    source: Source
    settings: Settings

    def properties(self) -> list[tuple[str, str]]:
        """The (name, value) pairs `source`, `publisher`, `homepage`, `declared in` and `schedule`, in this order.

        For an unproven source, `unproven` is added at the end.
        """
        source = self.source
        usual = f"none (usual: {source.usual_schedule})" if source.usual_schedule else "none"
        rows = [
            ("source", source.name),
            ("publisher", source.publisher),
            ("homepage", source.homepage),
            ("declared in", self._place()),
            ("schedule", source.schedule or usual),
        ]
        return [*rows, ("unproven", UNPROVEN)] if source.unproven else rows

    def lists(self) -> list[Row]:
        """A row for each list: (kind, certainty of its evidence, [address, reference]).

        Without evidence the certainty is "", and the reference is the path of the settings file if that declares the
        source, else left out.
        """
        return [self._row(_kind(seed), seed.url, seed.url, self._file) for seed in self.source.seeds]

    def rules(self) -> list[Row]:
        """A row for each rule with a value or evidence: (name, certainty, [value, reference]).

        Without evidence the certainty is "", and the reference is the path of the settings file if that sets the rule,
        else left out. An empty value is left out too.
        """
        others = (each.about for each in self.source.evidence if each.about not in {*RULES, *self._addresses()})
        values = {name: self._value(name) for name in (*RULES, *others)}
        known = {each.about for each in self.source.evidence}
        told = [name for name, value in values.items() if value or name in known]
        return [self._row(name, name, values[name], self._said_of(name)) for name in told]

    def as_json(self) -> dict[str, Any]:
        """The declaration as JSON values; `evidence` is an array, one object for each list or rule with evidence."""
        return {
            **self.source.as_json(),
            "declared_in": self._file,
            "layout": self._layouts(),
            "evidence": [asdict(each) for each in self.source.evidence],
        }

    @property
    def _said(self) -> SourceSettings | None:
        return self.settings.sources.get(self.source.name)

    @property
    def _file(self) -> str | None:
        """The path of the settings file if it has a table for the source, else None."""
        return self.settings.file if self._said is not None else None

    def _place(self) -> str:
        if not self._file:
            return "this program"
        return f"this program and {self._file}" if self.source.name in NAMES else self._file

    def _said_of(self, rule: str) -> str | None:
        """The path of the settings file if its table for the source sets this rule, else None."""
        name = "selectors" if rule == "layout" else rule
        return self._file if self._said is not None and name in self._said.model_fields_set else None

    def _row(self, first: str, about: str, value: str, file: str | None) -> Row:
        known = next((each for each in self.source.evidence if each.about == about), None)
        reference = known.reference if known else file
        return first, known.certainty if known else "", [each for each in (value, reference) if each]

    def _addresses(self) -> set[str]:
        return {seed.url for seed in self.source.seeds}

    def _value(self, rule: str) -> str:
        """The value of a rule as text, its parts joined by commas; "" without one.

        The values of `layout`, `delay` and `rows` are put in words: `5 seconds between requests to a host`. The rows of
        several lists are joined by semicolons.
        """
        if rule == "layout":
            selected = (f"selectors.{name} {selector}" for name, selector in self.source.selectors.said().items())
            return ", ".join([*self._layouts(), *selected])
        if rule == "delay":
            return f"{self.source.delay:g} seconds between requests to a host"
        if rule == "rows":
            return "; ".join(
                dict.fromkeys(_named(seed.rows) for seed in self.source.seeds if isinstance(seed, JsonList))
            )
        value = getattr(self.source, rule, None)
        return ", ".join(value) if isinstance(value, tuple) else str(value or "")

    def _layouts(self) -> list[str]:
        """The names of the page classes that parse the source (without any, DefaultPage).

        One for old pages is followed by its last day: `Name until DAY`.
        """
        own = [page for page in PAGES if self.source.name in page.sources] or [DefaultPage]
        return [f"{page.__name__} until {page.valid_until}" if page.valid_until else page.__name__ for page in own]


def _named(rows: RowFields) -> str:
    """The fields of a JSON list's rows, each with our name before the list's: `id contId, title name`.

    They are those of the url (else the id), the title, the time and the section. Those that are not
    declared are left out.
    """
    names = (("url" if rows.url else "id", rows.key), ("title", rows.title), ("time", rows.time))
    sections = [("section", name) for name in rows.section]
    return ", ".join(f"{ours} {theirs}" for ours, theirs in (*names, *sections) if theirs)


def _kind(seed: Seed) -> str:
    """The kind of a list, such as `feed`; `list (old)` or `feed (old)` for one of an earlier version of its site.

    Such a list may be gone.
    """
    name = KINDS[type(seed).__name__][0].partition(" ")[2]
    return f"{name} (old)" if getattr(seed, "old", False) else name
