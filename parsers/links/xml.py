"""XML from the web, read without entities, without network and without a document type that declares anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from lxml import etree

from parsers.dates import parse_date
from parsers.document import Document
from parsers.errors import ParseError

HTML = re.compile(r"\s*+<!DOCTYPE\s++html\b", re.IGNORECASE)
DOCTYPE = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
MAX_MARK_CHARACTERS = 9  # characters of <!DOCTYPE, which may be split between two pieces
DECLARATION = re.compile(r"\s*+(?:<\?xml\b[^>]*>)?\s*+")
HARMLESS = re.compile(
    r"""((?:\s++|<!--(?:(?!-->).)*+-->|<\?(?:(?!\?>).)*+\?>)*+)  # what may stand before it
        <!DOCTYPE\s++[\w:.-]++\s*+                  # no part of it that declares anything,
        (?:(?:PUBLIC\s++(?:"[^"<>]*+"|'[^'<>]*+')   # and no file of the reader's own: a public name, and where it is,
             |SYSTEM(?=\s++["']))\s*+               # or only where it is
           (?:"(?:https?:)?//[^"<>]*+"|'(?:https?:)?//[^'<>]*+'|(?=>)))?\s*+>""",
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
"""A document type that only names a DTD, as RSS 0.91 does: it is removed, and the DTD is never fetched."""
PROLOG = re.compile(r"(?:\s++|<!--(?:(?!-->).)*+-->|<\?(?:(?!\?>).)*+\?>)*+<[\w:]", re.DOTALL)
"""Everything up to the first element; after it nothing is a document type, even if it looks like one."""
CDATA = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
MARK = re.compile(r"&|<!\[CDATA\[|\]\]>")
REFERENCE = re.compile(r"&(?:#\d{1,9}|#x[\da-f]{1,8}|[a-z][\w.-]{0,30});", re.IGNORECASE)
MAX_REFERENCE_CHARACTERS = 33  # characters: a reference may be split between two pieces


def xml_root(document: Document) -> etree._Element:
    """The root of an XML payload.

    Raises ParseError if it cannot be read, or has a document type that could declare an entity.
    """
    parser = etree.XMLParser(**_calm())
    try:
        root = etree.fromstring(
            "".join(escaped_pieces(safe_pieces([document.text]))).strip().encode("utf-8", "replace"), parser
        )
    except etree.XMLSyntaxError as error:
        raise _unreadable(error) from error
    if root is None:
        raise ParseError("the XML has no element")
    return root


def xml_events(pieces: Iterable[str]) -> Iterator[tuple[str, etree._Element]]:
    """Yield ("start" or "end", element) for each element while the text is read; the caller drops finished elements.

    Of a text that is cut ParseError is raised at its end; the elements that are open there get no "end".
    """
    parser, inside = etree.XMLPullParser(("start", "end"), **_calm()), 0
    try:
        for piece in escaped_pieces(safe_pieces(pieces)):
            parser.feed(piece.encode("utf-8", "replace"))
            for event, element in parser.read_events():
                inside += 1 if event == "start" else -1
                yield event, element
        parser.close()
    except etree.XMLSyntaxError as error:
        raise _unreadable(error) from error
    rest = list(parser.read_events())
    if inside or any(event == "start" for event, _ in rest):
        raise ParseError("the XML ends before its first element does: it is cut")
    yield from rest


def safe_pieces(pieces: Iterable[str]) -> Iterator[str]:
    """Yield a text in pieces, without its XML declaration and a document type that only names a DTD (HARMLESS).

    Raises ParseError for any other document type, and so for an HTML page with one.
    """
    rest = iter(pieces)
    first = next(rest, "").removeprefix("\ufeff")
    if HTML.match(first):
        raise ParseError("expected XML, got an HTML page")
    end, first = "", _without_type(first)
    begun = PROLOG.match(first)
    for piece in chain([first], rest):
        if DOCTYPE.search(
            end + (CDATA.sub("", piece) if begun else piece)
        ):  # a page may stand whole in a CDATA section
            raise ParseError("the XML declares a document type; feeds and sitemaps need none, so it is not read")
        end = piece[-MAX_MARK_CHARACTERS:]
        yield piece


def escaped_pieces(pieces: Iterable[str]) -> Iterator[str]:
    """Yield a text in pieces with `&amp;` for each ampersand that begins no reference, as in ?a=1&b=2.

    In CDATA sections all ampersands stay. Otherwise the parser would drop such an ampersand and the name after it,
    which changes the address.
    """
    rest, literal = "", False
    for piece in pieces:
        text = rest + piece
        end = next(
            (at for at in range(max(0, len(text) - MAX_REFERENCE_CHARACTERS), len(text)) if text[at] in "&<]"),
            len(text),
        )
        escaped, literal = _escaped(text, end, literal)
        rest = text[end:]
        yield escaped
    yield _escaped(rest, len(rest), literal)[0]


def _escaped(text: str, end: int, literal: bool) -> tuple[str, bool]:
    """The text up to `end`, its bare ampersands as `&amp;` but not in CDATA sections, and True if `end` is in one.

    literal: True if the text begins in a CDATA section.
    """
    parts, done = [], 0
    for mark in MARK.finditer(text):
        if mark.start() >= end:
            break
        if mark[0] != "&":
            literal = mark[0] != "]]>"
        elif not literal and not REFERENCE.match(text, mark.start()):
            parts += [text[done : mark.start()], "&amp;"]
            done = mark.end()
    return "".join([*parts, text[done:end]]), literal


def _without_type(text: str) -> str:
    """The text without its XML declaration and a harmless document type (HARMLESS); any other document type stays."""
    declared = DECLARATION.match(text)
    text = text[declared.end() :] if declared else text
    harmless = HARMLESS.match(text)
    return harmless[1] + text[harmless.end() :] if harmless else text


def parts_of(entry: etree._Element) -> dict[str, str]:
    """The text of each child that has one by its local name; of several with one name that of the first."""
    parts: dict[str, str] = {}
    for element in entry:
        text = "".join(element.itertext()).strip()
        if text:
            parts.setdefault(name_of(element), text)
    return parts


def name_of(element: etree._Element) -> str:
    """The local name of an element, without its namespace, or a prefix that the document does not declare."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def moment_of(raw: str | None, document: Document) -> datetime | None:
    """The moment that a date of a feed or sitemap names; None without one or if it cannot be read.

    A date without a year, or in words (yesterday), counts from the capture of the document; one without a zone is of
    Asia/Shanghai.
    """
    parsed = parse_date(raw, now=document.captured_at) if raw else None
    return parsed.value if parsed else None


def _calm() -> dict[str, bool]:
    return {"resolve_entities": False, "no_network": True, "huge_tree": False, "recover": True, "remove_comments": True}


def _unreadable(error: etree.XMLSyntaxError) -> ParseError:
    return ParseError(f"the XML cannot be read: {error.msg}")
