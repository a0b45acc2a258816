"""The encoding in a page's own ``<meta>`` (HTML standard, *prescan a byte stream*)."""

import re

from parsers.decoding.encodings import encoding_for

_SKIPPED = re.compile(rb"<(?:!--|meta(?=[\s/])|/?[a-z]|[!/?])", re.IGNORECASE)
_ATTRIBUTE = re.compile(rb"""[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"'][^\s>]*|)))?""")
_CHARSET = re.compile(rb"""charset\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s;"'][^\s;]*))""", re.IGNORECASE)


_XML = re.compile(rb"""\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")


def prescan(head: bytes) -> str | None:
    """The standard's name of the encoding that ``head`` declares, or None.

    That is the encoding of an XML declaration at the very start (XML 1.0, appendix F), as in feeds and sitemaps, None
    if it is unknown; without such a declaration, of the first meta that names a known one and is not cut off. In a meta
    UTF-16 means UTF-8, and x-user-defined means windows-1252.
    """
    declared = _XML.match(head)
    if declared:
        return encoding_for(declared[1].decode("ascii"))
    position = 0
    while match := _SKIPPED.search(head, position):
        tag = match[0].lower()
        if tag == b"<!--":
            position = _after(head, b"-->", match.start() + 2)
        elif tag.startswith(b"<meta"):
            attributes, position = _attributes(head, match.end())
            encoding = _declared(attributes)
            if encoding and position < len(head):  # a tag that the end cuts off does not count
                return encoding
        elif tag in (b"<!", b"</", b"<?"):
            position = _after(head, b">", match.end())
        else:
            _, position = _attributes(head, _name_end(head, match.end()))
    return None


def _after(head: bytes, mark: bytes, start: int) -> int:
    found = head.find(mark, start)
    return len(head) if found < 0 else found + len(mark)


def _name_end(head: bytes, start: int) -> int:
    while start < len(head) and head[start] not in b" \t\n\f\r>":
        start += 1
    return start


def _attributes(head: bytes, position: int) -> tuple[dict[bytes, bytes], int]:
    attributes: dict[bytes, bytes] = {}
    while match := _ATTRIBUTE.match(head, position):
        value = match[2] or match[3] or match[4] or b""
        attributes.setdefault(match[1].lower(), value)
        position = match.end()
    return attributes, position


def _declared(attributes: dict[bytes, bytes]) -> str | None:
    label = attributes.get(b"charset")
    if label is None and attributes.get(b"http-equiv", b"").lower() == b"content-type":
        found = _CHARSET.search(attributes.get(b"content", b""))
        label = next((group for group in found.groups() if group is not None), None) if found else None
    encoding = encoding_for(label.decode("latin-1")) if label is not None else None
    if encoding in ("UTF-16LE", "UTF-16BE"):
        return "UTF-8"
    return "windows-1252" if encoding == "x-user-defined" else encoding
