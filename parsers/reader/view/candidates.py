"""Candidates, the places where a property may stand on a page: the words that page declarations are written in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from selectolax.lexbor import LexborHTMLParser

from parsers.document import Document
from parsers.reader.view.datelines import Dateline, Surroundings
from parsers.reader.view.provenance import text_from
from parsers.reader.view.structured import strings, values_at
from parsers.reader.view.thresholds import MAX_ELEMENTS


class ReadLines(Protocol):
    """The parts of the body that a candidate may read."""

    @property
    def paragraphs(self) -> tuple[str, ...]: ...
    @property
    def standfirst(self) -> tuple[str, ...]: ...
    @property
    def headings(self) -> tuple[str, ...]: ...
    @property
    def biography(self) -> str | None: ...
    @property
    def reprint_notice(self) -> str | None: ...


class PageView(Protocol):
    """The page as candidates see it: its document, and values that are read from it when first asked for.

    `found` holds the texts of each candidate that was asked.
    """

    @property
    def document(self) -> Document: ...
    @property
    def found(self) -> dict[Candidate, tuple[str, ...]]: ...
    @property
    def linked_article(self) -> Mapping[str, Any]: ...
    @property
    def body_tree(self) -> LexborHTMLParser: ...
    @property
    def headline_text(self) -> str | None: ...
    @property
    def in_language(self) -> str | None: ...
    @property
    def zone(self) -> str: ...
    @property
    def lines(self) -> ReadLines: ...
    @property
    def where(self) -> Surroundings: ...
    @property
    def datelines(self) -> tuple[Dateline, ...]: ...
    @property
    def editors(self) -> Candidate: ...
    @property
    def source_line(self) -> Candidate: ...
    @property
    def head(self) -> tuple[str, ...]: ...
    @property
    def byline(self) -> tuple[str, ...]: ...
    @property
    def tail(self) -> tuple[str, ...]: ...
    @property
    def credits(self) -> tuple[str, ...]: ...
    @property
    def table(self) -> tuple[tuple[str, str], ...]:
        """The label and value pairs of a document's own block; () without one."""

    def metadata(self) -> tuple[tuple[str, str], ...]:
        """Label and value pairs: those of the document's block, else those in its text; then those of `edition`.

        () on a page class that looks for none.
        """


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A place on a page where a property may stand; `of(page)` gives the texts found there, () without any.

    `read` finds them. `rule` names the place in words: "css h1", "meta og:title". For explanations `parts` are the
    candidates that it is made of, and `how` the use that `read` makes of them: "first" takes the first that gives
    something, "all" takes them all in order, "inside" reads a value out of their texts, as 新华社 out of 来源：新华社.
    """

    read: Callable[[PageView], tuple[str, ...]]
    rule: str
    parts: tuple[Candidate, ...] = ()
    how: Literal["first", "all", "inside"] = "first"
    selects: bool = False  # a selector, a name or a path, which a page's markup has or lacks

    def of(self, page: PageView) -> tuple[str, ...]:
        """The texts found on a page, each a `Text`; its place is this candidate, or the part of it that gave the text.

        Computed once for each page.
        """
        found = page.found.get(self)
        if found is None:
            found = page.found[self] = tuple([text_from(self, text) for text in self.read(page)])
        return found


NOWHERE = Candidate(lambda _page: (), "nowhere")


def css(selector: str, attr: str | None = None) -> Candidate:
    """A candidate for the text, or the attribute `attr`, of every element that a css selector finds.

    Empty texts are left out, long ones cut; only the first MAX_ELEMENTS elements count.
    """

    def read(page: PageView) -> tuple[str, ...]:
        nodes = page.document.tree.css(selector)[:MAX_ELEMENTS]
        return strings([node.attributes.get(attr) if attr else node.text(separator=" ") for node in nodes])

    return Candidate(read, f"css {selector} @{attr}" if attr else f"css {selector}", selects=True)


def head_link(relation: str) -> Candidate:
    """A candidate for the href of each <link> of a relation in the head; without one there, of each on the page."""
    selector = f'link[rel="{relation}"]'

    def read(page: PageView) -> tuple[str, ...]:
        tree = page.document.tree
        nodes = (tree.head.css(selector) if tree.head is not None else None) or tree.css(selector)
        return strings([node.attributes.get("href") for node in nodes[:MAX_ELEMENTS]])

    return Candidate(read, f"css {selector} @href", selects=True)


def meta(*names: str) -> Candidate:
    """A candidate for the content of one <meta>: that of the first of these names which has any on the page.

    Of several <meta> of that name it is the first that is not empty. A name, in lower case, may stand in the attribute
    name, property, itemprop or http-equiv.
    """

    def read(page: PageView) -> tuple[str, ...]:
        found = page.document.meta
        for name in names:
            if name in found and (texts := strings([found[name]])):
                return texts
        return ()

    parts = tuple(meta(name) for name in names) if len(names) > 1 else ()
    return Candidate(read, f"meta {', '.join(names)}", parts, selects=True)


def every_meta(name: str) -> Candidate:
    """A candidate for the contents of all <meta> with this property, such as article:tag, repeated for each tag."""
    every = css(f'meta[property="{name}"]', attr="content")
    return Candidate(lambda page: every.of(page) if name in page.document.meta else (), every.rule, selects=True)


def in_url(pattern: str) -> Candidate:
    """A candidate for group 1 of the first match of a regular expression in the page's address."""
    compiled = re.compile(pattern)

    def read(page: PageView) -> tuple[str, ...]:
        found = compiled.search(page.document.url)
        return (found[1],) if found else ()

    return Candidate(read, f"url {pattern}")


def json_ld(path: str) -> Candidate:
    """A candidate for the texts and whole numbers at a dotted path in the article's JSON-LD: "author.name".

    As in `values_at`, an object at the end of the path gives its name, and "author": "TEXT" gives TEXT for author.name.
    """
    names = path.split(".")

    def read(page: PageView) -> tuple[str, ...]:
        value = page.linked_article.get(names[0])
        if value is None:
            return ()
        return strings((value,) if len(names) == 1 and isinstance(value, str) else values_at(value, names[1:]))

    return Candidate(read, f"json-ld {path}", selects=True)


def field(path: str) -> Candidate:
    """A candidate for the texts and whole numbers at a dotted path in a JSON document: "object.title"."""
    names = path.split(".")
    return Candidate(lambda page: strings(values_at(page.document.json, names), None), f"field {path}", selects=True)


def embedded(script: str, path: str) -> Candidate:
    """A candidate for the texts and whole numbers at a dotted path in the JSON of the <script> with the id `script`."""
    names = path.split(".")
    return Candidate(
        lambda page: strings(values_at(page.document.embedded.get(script), names), None),
        f"script #{script} {path}",
        selects=True,
    )


def first(*candidates: Candidate) -> Candidate:
    """A candidate for the texts of the first of these candidates that gives any."""

    def read(page: PageView) -> tuple[str, ...]:
        for candidate in candidates:
            if found := candidate.of(page):
                return found
        return ()

    return Candidate(read, " or ".join(candidate.rule for candidate in candidates), candidates)


def all_of(*candidates: Candidate) -> Candidate:
    """A candidate for the texts of all these candidates, in their order; equal texts are repeated."""
    rule = " and ".join(candidate.rule for candidate in candidates)
    return Candidate(
        lambda page: tuple(text for candidate in candidates for text in candidate.of(page)), rule, candidates, "all"
    )


def selectors(candidate: Candidate) -> Iterator[Candidate]:
    """Yield the candidate itself if it is a selector (`selects`), else those among its parts, at any depth."""
    if candidate.selects:
        yield candidate
    else:
        for part in candidate.parts:
            yield from selectors(part)
