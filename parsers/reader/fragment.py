"""Pages whose JSON holds the body as HTML."""

from __future__ import annotations

from functools import cached_property

from selectolax.lexbor import LexborHTMLParser

from parsers.document import is_cut, parse_markup
from parsers.reader.body.box.container import Box
from parsers.reader.page import ArticlePage
from parsers.reader.view.candidates import Candidate


class FragmentPage(ArticlePage):
    """A page whose body is HTML in JSON: the first text of the candidate `fragment`.

    If that has no text, the body is sought on the page.
    """

    fragment: Candidate

    @property
    def _markup(self) -> bytes:
        return "".join(self.fragment.of(self)[:1]).encode("utf-8", "replace")

    @property
    def is_cut(self) -> bool:
        return super().is_cut if self.body_tree is self.document.tree else is_cut(self._markup)

    @cached_property
    def body_tree(self) -> LexborHTMLParser:
        tree = parse_markup(self._markup)
        return tree if tree.body is not None and tree.body.text(strip=True) else self.document.tree

    @cached_property
    def place(self) -> Box | None:
        body = self.body_tree.body
        if self.body_tree is self.document.tree or body is None:
            return super().place
        return Box(body, rule=f"the fragment in {self.fragment.rule}")
