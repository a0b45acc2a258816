"""The search rule applied to the text itself, with regular expressions and without the index's tokens.

It is what a search means, so that the index can be checked with it, and it decides what an exact search finds.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from archive.search.grammar.folding import fold, fold_case
from archive.search.grammar.query import Every, Field, Node, Not, QueryTerm, parse
from archive.search.marks import expression_of, is_asked_in

Texts = Mapping[str, Iterable[str]] | Iterable[str | None]


def scan(q: str, fields: Texts, exact: bool = False) -> bool:
    """True if a query finds these texts, by the text of each: the reference rule.

    fields: texts by property, or texts of every field, among which None is skipped. Each keyword is a text of its own.
    False if `q` has no term. exact: as the query is written, except for upper and lower case.
    """
    tree = parse(q, exact).tree
    return tree is not None and holds(tree, FoldedTexts(fields, exact))


class FoldedTexts:
    """Texts by property, folded when a term asks for them."""

    def __init__(self, fields: Texts, exact: bool = False) -> None:
        named = fields if isinstance(fields, Mapping) else {"": [text for text in fields if text]}
        self._named = named
        self.fold = fold_case if exact else fold
        self._folded: dict[str, list[str]] = {}

    def of(self, field: Field | None) -> Iterator[str]:
        """The folded texts in which the words of a field are looked for."""
        for name, texts in self._named.items():
            if not name or is_asked_in(field, name):
                if name not in self._folded:
                    self._folded[name] = list(map(self.fold, texts))
                yield from self._folded[name]

    def has(self, term: QueryTerm) -> bool:
        """True if one of the texts has the term."""
        expression = expression_of(self.fold(term.text))
        return expression is not None and any(re.search(expression, text) for text in self.of(term.field))

    def count(self, term: QueryTerm) -> int:
        """The number of places at which the texts have the term; places may overlap."""
        expression = expression_of(self.fold(term.text))
        if expression is None:
            return 0
        return sum(len(re.findall(f"(?={expression})", text)) for text in self.of(term.field))


class AskedOf(Protocol):
    """An object of which each term of a query can be asked."""

    def has(self, term: QueryTerm) -> bool:
        """True if it has the term."""


def holds(node: Node, texts: AskedOf) -> bool:
    """True if a query finds these texts."""
    if isinstance(node, QueryTerm):
        return texts.has(node)
    if isinstance(node, Not):
        return not holds(node.of, texts)
    return (all if isinstance(node, Every) else any)(holds(each, texts) for each in node.of)


class EditedTexts:
    """The texts before and after an edit, each folded once however many queries are asked of it.

    before: None if there was no text before, as of a new article; nothing appears or disappears then.
    """

    def __init__(self, before: Texts | None, after: Texts) -> None:
        self._before = None if before is None else FoldedTexts(before)
        self._after = FoldedTexts(after)
        self._turned: dict[QueryTerm, int] = {}

    def found_before(self, q: str) -> bool:
        """True if a query finds the text before the edit; False if there was none."""
        return self._before is not None and self._is_found(q, self._before)

    def found_after(self, q: str) -> bool:
        """True if a query finds the text after the edit."""
        return self._is_found(q, self._after)

    def _is_found(self, q: str, texts: FoldedTexts) -> bool:
        tree = parse(q, edits=True).tree
        return tree is not None and holds(tree, _Side(self, texts))

    def turns(self, term: QueryTerm) -> bool:
        """True if the edit did with the term as its `turn` says: the text has it at more places, or at fewer."""
        if self._before is None:
            return False
        if term not in self._turned:
            self._turned[term] = self._after.count(term) - self._before.count(term)
        return self._turned[term] > 0 if term.turn == "appears" else self._turned[term] < 0


class _Side:
    """One of the two texts, of which terms are asked that an edit added or removed too."""

    def __init__(self, edit: EditedTexts, texts: FoldedTexts) -> None:
        self._edit, self._texts = edit, texts

    def has(self, term: QueryTerm) -> bool:
        """True if the text has the term; for a term with a turn, if the edit did so."""
        return self._edit.turns(term) if term.turn else self._texts.has(term)
