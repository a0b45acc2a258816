"""JSON as sites send it: bare, in a call of a function (JSONP), behind an assignment, or in a <script> of a page."""

from __future__ import annotations

import json
import re
from typing import Any

from selectolax.lexbor import LexborDocumentOptions, LexborHTMLParser

from parsers.errors import ParseError
from parsers.slow_markup import readable_part, refuse_slow_markup

MAX_WRAPPER_CHARACTERS = 300  # room for the names of WRAPPER, of 120 and 60 characters, and for blanks
MAX_SCRIPTS = 100  # of a page that a selector finds
# `callback({`, `/**/ jQuery17_5([`, `window.__STATE__ = {`, `var rows = [`, `window["data"] = {`
WRAPPER = re.compile(
    r"""\s*(?:/\*\*/)?[\s;]*(?:(?:var|let|const)\s+)?[\w$.]{1,120}(?:\[["'][\w$.-]{1,60}["']\])?\s*[=(]\s*(?=[\[{])"""
)


def json_in(text: str) -> Any:
    """The JSON object or list that a text is, bare or wrapped in a call or an assignment; None for any other text.

    After the first value of a wrapped text anything may follow. Raises ParseError for JSON that is nested too deeply.
    """
    start = text.lstrip("\ufeff \t\r\n")
    if start[:1] in ("{", "["):
        return loads(start)
    found = WRAPPER.match(start[:MAX_WRAPPER_CHARACTERS])
    return _first(start, found.end()) if found else None


def value_in_script(markup: str, selector: str) -> Any:
    """The JSON object or list of the first <script> that holds one, of those that a CSS selector finds; None without.

    Any element that it finds counts as a <script>, but only the first MAX_SCRIPTS in the `readable_part` are looked at.
    Raises ParseError for markup that would take too long.
    """
    encoded = readable_part(markup.encode("utf-8", "replace"))
    refuse_slow_markup(encoded)
    nodes = LexborHTMLParser(encoded, options=LexborDocumentOptions.WO_EVENTS).css(selector)
    values = (json_beside(node.text()) for node in nodes[:MAX_SCRIPTS])
    return next((value for value in values if value is not None), None)


def json_beside(text: str) -> Any:
    """The JSON value of a text by `json_in`, but None for JSON nested too deeply: the page can still be read."""
    try:
        return json_in(text)
    except ParseError:
        return None


def loads(text: str, *, strict: bool = False) -> Any:
    """The value of a JSON text; None if it is not JSON, or `null`. Raises ParseError if it is nested too deeply.

    strict: a control character inside a string makes the text invalid, as in RFC 8259.
    """
    try:
        return json.loads(text.lstrip("\ufeff"), strict=strict)
    except ValueError:
        return None
    except RecursionError as error:
        raise ParseError("the JSON is nested too deeply") from error


def _first(text: str, start: int) -> Any:
    try:
        return json.JSONDecoder(strict=False).raw_decode(text, start)[0]
    except ValueError:
        return None
    except RecursionError as error:
        raise ParseError("the JSON is nested too deeply") from error
