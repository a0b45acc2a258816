"""The JSON of a list, taken out of the answer that holds it."""

from __future__ import annotations

import json
from dataclasses import replace

from parsers.document import Document
from parsers.errors import ParseError
from parsers.json_text import json_in, value_in_script


def json_document(document: Document, script: str | None = None) -> Document:
    """The document with only its JSON as payload, of Content-Type application/json; the same document without any.

    script: CSS selector of the <script> that holds the JSON in an HTML page; ParseError if no such script holds any.
    Without `script` the JSON is taken out of a call or an assignment, and bare JSON is returned unchanged, also in its
    Content-Type.
    """
    if script is not None:
        value = value_in_script(document.text, script)
        if value is None:
            raise ParseError(f"expected JSON in {script}, got a page without it")
    elif document.json is not None:
        return document
    else:
        value = json_in(document.text)
    if value is None:
        return document
    payload = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    return replace(document, payload=payload, content_type="application/json; charset=utf-8")
