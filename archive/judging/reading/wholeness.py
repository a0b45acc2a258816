"""Decide if the body of a response is whole: by its framing, its content coding, and the end of its content."""

import json
import re
from dataclasses import dataclass

from archive.files import ContentError, CutShort, TooLarge, Truncation, decoded, tells_its_end
from archive.judging.reading.fetched import Fetched

SAID: dict[Truncation, str] = {
    "length": "the body is only a part: it is larger than what is fetched",
    "time": "the body is only a part: the rest took too long",
    "disconnect": "the body is only a part: the connection ended before it did",
    "unspecified": "the body is only a part",
}
UNENDED = "the body may be only a part: its length is not said, and it does not end as a page does"
FOLDED = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", b"abcdefghijklmnopqrstuvwxyz")
HTML_ENDS = (b"</html", b"</body")
NO_MARKUP = re.compile(rb"<!--(?:-?>|.*?(?:--!?>|\Z))|<(script|style|textarea|title)\b.*?(?:</\1|\Z)", re.DOTALL)
"""Comments and elements that hold text: a closing tag inside them does not end the page."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A body that is only a part: the reason as WARC-Truncated has it, and one line for people."""

    reason: Truncation
    said: str


@dataclass(frozen=True, slots=True)
class Opened:
    """The content of a response, or why it is not read: fault, one line; or cut, if it is only a part.

    large: the fault is its size.
    """

    content: bytes
    fault: str | None = None
    cut: Cut | None = None
    large: bool = False


def opened(response: Fetched) -> Opened:
    """The content of a response, decoded and checked to be whole; else the fault or the cut."""
    if response.truncated:
        return Opened(b"", None, Cut(response.truncated, SAID[response.truncated]))
    try:
        content = decoded(response.payload, dict(response.headers))
    except CutShort as error:
        return Opened(b"", None, Cut("unspecified", str(error)))
    except ContentError as error:
        return Opened(b"", str(error), large=isinstance(error, TooLarge))
    if response.open_ended and not (tells_its_end(dict(response.headers)) or ends(content)):
        return Opened(b"", None, Cut("disconnect", UNENDED))
    return Opened(content)


def ends(content: bytes) -> bool:
    """True if a document has a proper end: JSON that loads, markup with its closing tag, or text with a final newline.

    False for an empty one. The closing tag of HTML is </html> or </body>, anywhere but in comments and scripts; other
    markup must end with that of its first element, before comments.
    Used only where nothing else marks the end of a body (RFC 9112 §6.3, rule 8), so that it may be cut anywhere.
    """
    shown = content.translate(FOLDED, b"\0").removeprefix(b"\xef\xbb\xbf").strip(b"\xff\xfe \t\r\n\f")
    if shown[:1] in (b"{", b"["):
        return _is_json(content)
    if shown[:1] != b"<":
        return content.rstrip(b"\0").endswith(b"\n")
    root, is_html = _root(shown)
    if is_html or root == b"html":
        return any(end in NO_MARKUP.sub(b"", shown) for end in HTML_ENDS)
    return root != b"" and _without_comments(shown).rstrip(b"> \t\r\n").endswith(b"</" + root)


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return False
    return True


def _root(shown: bytes) -> tuple[bytes, bool]:
    """The name of the first element, b"" if it has none, and True if a `<!doctype html` stands before it."""
    at, is_html = 0, False
    while shown.startswith((b"<!", b"<?"), at):
        is_html = is_html or shown.startswith(b"<!doctype html", at)
        mark = b"-->" if shown.startswith(b"<!--", at) else b">"
        end = shown.find(mark, at)
        if end < 0:
            return b"", is_html
        at = end + len(mark)
        while shown[at : at + 1].isspace():
            at += 1
    name = shown[at + 1 : at + 101].split(b">")[0].split(b"/")[0].split()
    return (name[0] if name else b""), is_html


def _without_comments(shown: bytes) -> bytes:
    """The document without the comments that stand at its very end."""
    while shown.endswith(b"-->") and (start := shown.rfind(b"<!--")) >= 0:
        shown = shown[:start].rstrip()
    return shown
