"""Texts of pages made harmless for mail and chats: no header, markup, mention or reversed text comes of them."""

import re

# Controls of direction (UAX #9) are shown by their codes, as on the site.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Other controls, lone surrogates and characters that no XML may have.
_NO_TEXT = re.compile("[^\t\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# An address with nothing in it that a chat reads as markup; it shows where it leads, so it stays.
_PLAIN_URL = re.compile(r"https?://[A-Za-z0-9./?=&%_~:#+,;-]+", re.ASCII)
_MENTION = re.compile(r"@|<(?=\S)")
_MARKUP = re.compile(r"[@<>*_`~\[\]#|\\]|&(?=#|\w+;)|^[ \t]*[-+=]|^(?:[ ]{4,}|[ ]*\t)", re.MULTILINE)
_WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}  # the full-width form of each sign of ASCII


def readable(text: str) -> str:
    """The text in lines that end in a newline, without characters that control what shows it."""
    lines = _BREAKS.sub("\n", text)
    return _NO_TEXT.sub("\ufffd", _TURNS.sub(lambda found: f"[U+{ord(found[0]):04X}]", lines))


def in_one_line(text: str) -> str:
    """The same on one line, for subjects and titles; no word of it is an encoded one (RFC 2047), which mail decodes."""
    return " ".join(readable(text).split()).replace("=?", "＝?")


def without_mentions(text: str) -> str:
    """A readable text in which the signs that call somebody (@ and <) are full-width; nothing else changes."""
    return _MENTION.sub(_wide, text)


def without_markup(text: str) -> str:
    """A readable text in which every sign that chats read as markup or mention is full-width.

    Addresses stay as they are. This holds in each dialect of Markdown, while escapes differ and show in plain text.
    """
    parts, end = [], 0
    for url in _PLAIN_URL.finditer(text):
        parts += [_MARKUP.sub(_wide, text[end : url.start()]), url[0]]
        end = url.end()
    return "".join([*parts, _MARKUP.sub(_wide, text[end:])])


def _wide(found: re.Match[str]) -> str:
    return found[0].translate(_WIDE).replace("\t", "\u3000").replace("    ", "\u3000\u3000")


def fitting(text: str, most: int, end: str, in_bytes: bool = False) -> str:
    """The text, or as many of its lines as leave room for `end`, which then follows; at most so many characters.

    in_bytes: bytes of UTF-8 instead. A first line that is too long is cut.
    """
    if _size(text, in_bytes) <= most:
        return text
    room = most - _size(f"\n{end}", in_bytes)
    kept = text.encode()[: max(room, 0)].decode(errors="ignore") if in_bytes else text[: max(room, 0)]
    whole, newline, _ = kept.rpartition("\n")
    return f"{whole if newline else kept}\n{end}"


def _size(text: str, in_bytes: bool) -> int:
    return len(text.encode()) if in_bytes else len(text)
