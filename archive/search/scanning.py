"""The search rule applied to the text itself, with regular expressions and without the index's tokens.

It is what a search means, so that the index can be checked with it, and it decides what an exact search finds.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

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
    return tree is not None and _holds(tree, _Folded(fields, exact))


class _Folded:
    """Texts by property, folded when a term asks for them."""

    def __init__(self, fields: Texts, exact: bool) -> None:
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


def _holds(node: Node, texts: _Folded) -> bool:
    if isinstance(node, QueryTerm):
        expression = expression_of(texts.fold(node.text))
        return expression is not None and any(re.search(expression, text) for text in texts.of(node.field))
    if isinstance(node, Not):
        return not _holds(node.of, texts)
    return (all if isinstance(node, Every) else any)(_holds(each, texts) for each in node.of)
