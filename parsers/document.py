"""A captured payload, decoded once and parsed once, for every reader that looks at it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import SplitResult, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from parsers.decoding import decode
from parsers.errors import ParseError

PAYLOAD_LIMIT = 20_000_000  # bytes
DEPTH_LIMIT = 4_000  # open blocks; the tree builder looks through all of them at each new one
REOPENED_LIMIT = 4_000_000  # unclosed <b> and the like are opened again in every later block
ATTRIBUTE_LIMIT = 2_000  # of one tag; each is compared with all before it
JSON_LD_LIMIT = 2_000_000  # characters of one script

FORMATTING = re.compile(r"<(/?)(?:b|big|code|em|font|i|s|small|strike|strong|tt|u)(?=[\s>/])", re.IGNORECASE)
BLOCK = re.compile(
    r"<(/?)(?:div|ul|ol|dl|section|article|aside|main|nav|header|footer|blockquote|center|figure|form"
    r"|fieldset|details|address|hgroup|menu|dir|pre|listing|summary|search|dialog)(?=[\s>/])",
    re.IGNORECASE,
)
FORMATTING_OR_LIKE_IT = re.compile(r"<[bcefistuBCEFISTU](?=[\s>/iomtIOMT])")  # three times faster
CROWDED = 8_000  # characters of a tag that can have too many attributes
CROWDED_TAG = re.compile(rf"<[a-z][^<>]{{{CROWDED},}}", re.IGNORECASE)
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufeff]")
COMMENT_AROUND_JSON = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[)|(?:-->|//\s*\]\]>)\s*;?\s*$")


@dataclass(frozen=True)
class Document:
    """What a capture gives to the parser: the bytes, what the server called them, where and when.

    content_type is the HTTP header as sent (RFC 9110 §8.3), captured_at is aware, source is the name of
    the declared source (None: any site). Reading a property raises ParseError when the payload cannot be read.
    """

    payload: bytes
    content_type: str | None
    url: str
    captured_at: datetime
    source: str | None = None

    @cached_property
    def _decoded(self) -> tuple[str, str]:
        if len(self.payload) > PAYLOAD_LIMIT:
            raise ParseError(f"the payload has {len(self.payload):,} bytes; more than {PAYLOAD_LIMIT:,} are not read")
        return decode(self.payload, self.content_type)

    @property
    def text(self) -> str:
        """The payload as text, markup included."""
        return self._decoded[0]

    @property
    def encoding(self) -> str:
        """The encoding that the text was found to be in."""
        return self._decoded[1]

    @cached_property
    def _parsed(self) -> tuple[LexborHTMLParser, list[dict[str, Any]]]:
        tree = parse_markup(self.text)
        linked = [thing for script in tree.css('script[type*="ld+json"]') for thing in _things(script.text())]
        tree.strip_tags(["script", "style"])
        return tree, linked

    @property
    def tree(self) -> LexborHTMLParser:
        """The page as a tree, without its scripts and styles."""
        return self._parsed[0]

    @property
    def json_ld(self) -> list[dict[str, Any]]:
        """Every JSON-LD object of the page, those inside lists and @graph included, in order."""
        return self._parsed[1]

    @cached_property
    def meta(self) -> dict[str, str]:
        """The first content under each name, property, itemprop or http-equiv, in lower case; never ""."""
        found: dict[str, str] = {}
        for name, content in (pair for node in self.tree.css("meta") for pair in _meta_pairs(node)):
            found.setdefault(name, content)
        return found

    @cached_property
    def json(self) -> Any:
        """The payload as JSON, or None when it is something else."""
        start = self.text[:200].lstrip("\ufeff \t\r\n")[:1]
        return _loads(self.text) if start and start in "{[" else None

    @cached_property
    def address(self) -> SplitResult:
        """The url in its parts; all of them empty when it is no url."""
        return split_url(self.url)

    @property
    def declared_language(self) -> str | None:
        """The lang attribute of the page's root element (HTML Standard, 3.2.6.1), as it stands."""
        root = self.tree.root
        return (root.attributes.get("lang") or None) if root is not None else None

    @cached_property
    def visible_text(self) -> str:
        """One line for each run of text in the body, in document order."""
        body = self.tree.body
        text = body.text(separator="\n", strip=True) if body is not None else ""
        return "\n".join(filter(None, text.split("\n")))  # white space between tags leaves empty lines


def split_url(url: str) -> SplitResult:
    """The parts of a url (RFC 3986 §3); all of them empty when it is no url."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def parse_markup(text: str) -> LexborHTMLParser:
    """The tree of a page or a fragment; raises ParseError for markup that would take too long."""
    _refuse_slow_markup(text)
    return LexborHTMLParser(text)


def _refuse_slow_markup(text: str) -> None:
    """Raise ParseError for markup that makes the tree builder of the HTML standard work in square time."""
    tags = text.count("<")
    opened = len(FORMATTING_OR_LIKE_IT.findall(text)) if tags > 1_000 else 0
    if opened * tags > REOPENED_LIMIT and _deepest(FORMATTING, text) * tags > REOPENED_LIMIT:
        raise ParseError("the page leaves so many formatting tags open that its tree would not end")
    if tags > DEPTH_LIMIT and tags - text.count("</") > DEPTH_LIMIT and _deepest(BLOCK, text) > DEPTH_LIMIT:
        raise ParseError(f"the page nests more than {DEPTH_LIMIT:,} blocks")
    if any(len(QUOTED.sub("", tag).split()) > ATTRIBUTE_LIMIT for tag in _crowded_tags(text)):
        raise ParseError(f"a tag of the page has more than {ATTRIBUTE_LIMIT:,} attributes")


def _crowded_tags(text: str) -> Iterator[str]:
    """What CROWDED_TAG finds, in leaps from one < to the last one that stands near enough behind it."""
    start = text.find("<")
    while 0 <= start < len(text) - CROWDED:
        leap = text.rfind("<", start + 1, start + CROWDED + 1)
        if leap < 0:
            found = CROWDED_TAG.match(text, start)
            if found:
                yield found[0]
            leap = text.find("<", start + 1)
        start = leap


def _deepest(tag: re.Pattern[str], text: str) -> int:
    depth = deepest = 0
    for match in tag.finditer(text):
        depth = max(0, depth + (-1 if match[1] else 1))
        deepest = max(deepest, depth)
    return deepest


def _meta_pairs(node: LexborNode) -> Iterator[tuple[str, str]]:
    attributes = node.attributes
    content = (attributes.get("content") or "").strip()
    for key in ("name", "property", "itemprop", "http-equiv"):
        name = (attributes.get(key) or "").strip().lower()
        if name and content:
            yield name, content


def _things(script: str) -> list[dict[str, Any]]:
    """The objects of one JSON-LD script; [] when it cannot be read even with a little tolerance."""
    if len(script) > JSON_LD_LIMIT:
        return []
    cleaned = CONTROLS.sub(" ", COMMENT_AROUND_JSON.sub("", script))
    value = _loads(cleaned)
    return list(_objects(_loads(TRAILING_COMMA.sub("", cleaned)) if value is None else value))


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


def _loads(text: str) -> Any:
    try:
        return json.loads(text.lstrip("\ufeff"), strict=False)
    except (ValueError, RecursionError) as error:
        if isinstance(error, RecursionError):
            raise ParseError("the JSON is nested too deeply") from error
        return None
