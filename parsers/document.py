"""A captured payload, decoded once and parsed once for all readers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, wraps
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser, LexborNode

from parsers.decoding import decode_doubtful, is_surely_utf8
from parsers.errors import ParseError
from parsers.inline_calls import Calls, dated_calls, placed
from parsers.json_text import json_beside, loads
from parsers.selectors import NO_SELECTORS, Selectors
from parsers.slow_markup import readable_part, refuse_deep_tree, refuse_slow_markup
from parsers.stray_text import with_parted_text
from parsers.urls import safe_url

Found = TypeVar("Found")
Named = Mapping[str, Sequence[LexborNode]]  # must not be changed: it is kept with the document

MAX_PAYLOAD_BYTES = 10_000_000  # hostile pages of this size stay within 5 s and 1 GiB (tests/parsers/test_hostile.py)
MAX_JSON_LD_CHARACTERS = 2_000_000  # characters of one script
MAX_EMBEDDED_CHARACTERS = 5_000_000  # of one with all the page's text, and more
UNWATCHED = LexborDocumentOptions.WO_EVENTS  # no events: nothing observes the tree
NAMED = ("script", "style", "meta", "h1", "p", "br")
_NAMED = ", ".join(NAMED)
META_NAMES = ("name", "property", "itemprop", "http-equiv")
BLANK_LINES = re.compile("\n\n+")  # left by other white space
TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufeff]")
COMMENT_BEFORE_JSON = re.compile(r"\s*(?:<!--|//\s*<!\[CDATA\[)")
COMMENT_AFTER_JSON = re.compile(r"(?:-->|//\s*\]\]>)\s*;?$")
MAX_COMMENT_CHARACTERS = 40  # characters of one that ends a script


@dataclass(frozen=True)
class Document:
    """The parser's input from a capture: the bytes, their Content-Type, url and moment.

    content_type is the HTTP header as sent (RFC 9110 §8.3; None: none was), captured_at is aware, source is the name of
    the declared source (None: any site), further is True for a later page of an article in several pages, selectors are
    those of the source's declaration.
    Properties that read the payload raise ParseError if it is too large, or would take too long to parse.
    """

    payload: bytes
    content_type: str | None
    url: str
    captured_at: datetime
    source: str | None = None
    further: bool = False
    selectors: Selectors = NO_SELECTORS

    @cached_property
    def _decoded(self) -> tuple[str, str]:
        if self._is_plain:
            return self.payload.decode(), "UTF-8"
        return decode_doubtful(self.payload, self.content_type)

    @cached_property
    def _is_plain(self) -> bool:
        """True if `is_surely_utf8` holds for the payload, as for most: then the tree is built without decoding it.

        Raises ParseError for a payload of more than MAX_PAYLOAD_BYTES.
        """
        if len(self.payload) > MAX_PAYLOAD_BYTES:
            raise ParseError(
                f"the payload has {len(self.payload):,} bytes; more than {MAX_PAYLOAD_BYTES:,} are not read"
            )
        return is_surely_utf8(self.payload)

    @property
    def text(self) -> str:
        """The payload as text, markup included."""
        return self._decoded[0]

    @property
    def encoding(self) -> str:
        """The Encoding standard's name of the encoding by which the payload was decoded: "UTF-8", "GBK"."""
        return self._decoded[1]

    def opening(self, characters: int) -> str:
        """The first `characters` of the decoded payload, with its markup; all of a shorter one."""
        if self._is_plain:
            return self.payload[: 4 * characters].decode("utf-8", "ignore")[:characters]
        return self.text[:characters]

    @property
    def _markup(self) -> bytes:
        return self.payload if self._is_plain else self.text.encode("utf-8", "replace")

    @cached_property
    def _parsed(self) -> tuple[LexborHTMLParser, Named, Sequence[Mapping[str, Any]], Mapping[str, str], Calls]:
        tree = parse_markup(self._markup)
        named = named_elements(tree)
        scripts = [(node, kind) for node in named["script"] if "json" in (kind := node.attributes.get("type") or "")]
        linked = [thing for node, kind in scripts if "ld+json" in kind for thing in _things(node.text())]
        data = {name: node.text() for node, _ in scripts if (name := node.attributes.get("id"))}
        remaining, calls = _without_scripts(tree, named)
        return tree, remaining, linked, data, calls

    @cached_property
    def is_cut(self) -> bool:
        """True if the page has so many tags that `tree` holds only its beginning."""
        return is_cut(self._markup)

    @cached_property
    def tree(self) -> LexborHTMLParser:
        """The page as a tree, without its scripts and styles."""
        return self._parsed[0]

    @cached_property
    def named(self) -> Named:
        """The page's elements by tag, for each tag in NAMED; none for script and style, which the tree lacks."""
        return self._parsed[1]

    @cached_property
    def json_ld(self) -> Sequence[Mapping[str, Any]]:
        """The JSON-LD objects of the page in document order, also those in lists, @graph and mainEntity.

        Objects under other names, such as an author, are not listed by themselves. A script that is too long or cannot
        be read gives none; JSON nested too deeply raises ParseError.
        """
        return self._parsed[2]

    @property
    def calls(self) -> Calls:
        """The dates that scripts of the body are called with, each after its offset in `visible_text`."""
        return self._parsed[4]

    @cached_property
    def embedded(self) -> Mapping[str, Any]:
        """The JSON of each <script> with an id and a type of JSON, by its id: an object or a list.

        None stands for a script that holds neither, or JSON nested too deeply; a script of more than
        MAX_EMBEDDED_CHARACTERS is left out.
        """
        short = {name: text for name, text in self._parsed[3].items() if len(text) <= MAX_EMBEDDED_CHARACTERS}
        return {name: json_beside(text) for name, text in short.items()}

    @cached_property
    def meta(self) -> Mapping[str, str]:
        """The first content that is not empty under each name, property, itemprop or http-equiv of the <meta> elements.

        The names are in lower case.
        """
        found: dict[str, str] = {}
        for node in self.named["meta"]:
            attributes = node.attributes
            if content := (attributes.get("content") or "").strip():
                for kind in META_NAMES:
                    if name := attributes.get(kind):
                        found.setdefault(name.strip().lower(), content)
        found.pop("", None)
        return found

    @cached_property
    def json(self) -> Any:
        """The payload as a JSON object or list; None if it is neither. Raises ParseError for JSON nested too deeply."""
        start = self.opening(200).lstrip("\ufeff \t\r\n")[:1]
        return loads(self.text) if start and start in "{[" else None

    @cached_property
    def address(self) -> SplitResult:
        """The url in its parts; all of them empty if it cannot be split."""
        return split_url(self.url)

    @cached_property
    def host(self) -> str:
        """The host of the url, in lower case; "" without one."""
        return self.address.hostname or ""

    @cached_property
    def base(self) -> str:
        """The base of relative addresses: the first <base href> of the head, made absolute, else the page's url.

        See HTML Standard, 4.2.3. If the first is no safe http(s) address, the page's url is returned; a second is never
        read.
        """
        head = self.tree.head
        node = head.css_first("base[href]") if head is not None else None
        leads = (node.attributes.get("href") or "").strip() if node is not None else ""
        return (safe_url(leads, self.url) if leads else None) or self.url

    @property
    def declared_language(self) -> str | None:
        """The lang attribute of the page's root element (HTML Standard, 3.2.6.1), unchanged; None if missing or ""."""
        root = self.tree.root
        return (root.attributes.get("lang") or None) if root is not None else None

    @cached_property
    def visible_text(self) -> str:
        """The text of the page's body, as `shown_text` gives it; "" without a body."""
        body = self.tree.body
        return shown_text(body) if body is not None else ""


def shown_text(node: LexborNode) -> str:
    """The text of a node: each text node inside on a line of its own, in document order; no line is empty.

    For <p>a<b>b</b></p> two lines, a and b.
    """
    text = node.text(separator="\n", strip=True, skip_empty=True)
    return BLANK_LINES.sub("\n", text).strip("\n")


def once(find: Callable[[Document], Found]) -> Callable[[Document], Found]:
    """Decorate a function of a document: its result is kept with the document and must not be changed."""
    name = f"{find.__module__}.{find.__qualname__}"

    @wraps(find)
    def found(document: Document) -> Found:
        kept = document.__dict__
        if name not in kept:
            kept[name] = find(document)
        answer: Found = kept[name]
        return answer

    return found


def split_url(url: str) -> SplitResult:
    """The parts of a url (RFC 3986 §3); all of them empty if it cannot be split, as http://[ cannot."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def same_site(href: str, host: str) -> bool:
    """True if an address is relative, or the last two parts of its host are those of `host`.

    So a.gov.cn and b.gov.cn are one site.
    """
    other = split_url(href.strip()).hostname or ""
    return not other or other.split(".")[-2:] == host.split(".")[-2:]


def parse_markup(markup: bytes) -> LexborHTMLParser:
    """The tree of a page or a fragment in UTF-8; of one with too many tags that of its beginning (`is_cut`).

    Raises ParseError for markup that would take too long to parse, as `refuse_slow_markup` judges by its tags.
    """
    read = readable_part(markup)
    refuse_slow_markup(read)
    tree = LexborHTMLParser(with_parted_text(read), options=UNWATCHED)
    refuse_deep_tree(tree, read)
    return tree


def is_cut(markup: bytes) -> bool:
    """True if `parse_markup` reads only the beginning of this page or fragment."""
    return len(readable_part(markup)) < len(markup)


def named_elements(tree: LexborHTMLParser) -> Named:
    """The elements of each tag in NAMED, by tag, in document order; [] for a tag without elements.

    They are found in one walk over the tree.
    """
    found: dict[str, list[LexborNode]] = {name: [] for name in NAMED}
    for node in tree.css(_NAMED):
        found[node.tag or ""].append(node)
    return found


def _without_scripts(tree: LexborHTMLParser, named: Named) -> tuple[Named, Calls]:
    """Remove scripts and styles from the tree; return the named elements that remain, and the calls with a date.

    Inside <svg> a script may hold elements, even other scripts: they are removed with it, the inner ones first. Those
    that are called with a date are removed last: until then the text of each is a line of the body's text.
    """
    silent = [*named["script"], *named["style"]]
    called = dated_calls(named["script"])
    nested = any(map(_holds_elements, silent))
    kept = {node.mem_id for node, _, _ in called}
    for node in reversed(tree.css("script, style")) if nested else silent:
        if node.mem_id not in kept:
            node.decompose()
    calls = placed(shown_text(tree.body), called) if called and tree.body is not None else ()
    for node, _, _ in reversed(called):
        node.decompose()
    return (named_elements(tree) if nested else {**named, "script": (), "style": ()}), calls


def _holds_elements(node: LexborNode) -> bool:
    child = node.first_child
    return child is not None and (child.next is not None or not child.is_text_node)


def _things(script: str) -> list[dict[str, Any]]:
    """The objects of one JSON-LD script, also those in lists, @graph and mainEntity.

    [] if the script is too long, or cannot be read even with small errors mended.
    Raises ParseError for JSON nested too deeply.
    """
    if len(script) > MAX_JSON_LD_CHARACTERS:
        return []
    text = _uncommented(script)
    value = loads(text, strict=True)
    if value is None:  # a few have control characters in a string, or a comma too many
        cleaned = CONTROLS.sub(" ", text)
        value = loads(cleaned) or loads(TRAILING_COMMA.sub("", cleaned))
    return list(_objects(value))


def _uncommented(script: str) -> str:
    """The text of a script without the comment marks round it: <!-- and -->, //<![CDATA[ and //]]>."""
    opened = COMMENT_BEFORE_JSON.match(script)
    text = script[opened.end() if opened else 0 :].rstrip()
    return text[:-MAX_COMMENT_CHARACTERS] + COMMENT_AFTER_JSON.sub("", text[-MAX_COMMENT_CHARACTERS:])


def _objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 8:
        return
    if isinstance(value, dict):
        yield value
        yield from _objects(value.get("@graph"), depth + 1)
        yield from _objects(value.get("mainEntity"), depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item, depth + 1)
