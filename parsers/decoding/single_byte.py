"""The single-byte encodings by the Encoding standard's indexes (encoding.spec.whatwg.org, §9)."""

import codecs
from functools import cache

_CODECS = {
    "IBM866": "cp866",
    **{f"ISO-8859-{part}": f"iso8859_{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)},
    "ISO-8859-8-I": "iso8859_8",
    "KOI8-R": "koi8_r",
    "KOI8-U": "koi8_u",
    "macintosh": "mac_roman",
    "windows-874": "cp874",
    **{f"windows-{page}": f"cp{page}" for page in range(1250, 1259)},
    "x-mac-cyrillic": "mac_cyrillic",
}
# Differences between Python's codecs and the standard's indexes.
_FIXES: dict[str, dict[int, str]] = {
    "KOI8-U": {0xAE: "ў", 0xBE: "Ў"},
    "windows-1255": {0xCA: "\u05ba"},
}


def is_single_byte(encoding: str) -> bool:
    """True if the standard's ``encoding`` maps one byte to one character."""
    return encoding in _CODECS or encoding == "x-user-defined"


def decode_single_byte(payload: bytes, encoding: str) -> str:
    """The text of ``payload`` by the standard's index of ``encoding``; a byte without an entry gives U+FFFD.

    Bytes 0x80 to 0x9F that Python's codec lacks have an entry there: the control character of the same number.
    """
    return codecs.charmap_decode(payload, "strict", _index(encoding))[0]


@cache
def _index(encoding: str) -> str:
    """The 256 characters of the bytes 0 to 255, in order."""
    ascii_half = "".join(map(chr, range(0x80)))
    if encoding == "x-user-defined":
        return ascii_half + "".join(chr(0xF700 + byte) for byte in range(0x80, 0x100))
    return ascii_half + "".join(_character(byte, encoding) for byte in range(0x80, 0x100))


def _character(byte: int, encoding: str) -> str:
    fixed = _FIXES.get(encoding, {}).get(byte)
    if fixed:
        return fixed
    try:
        return bytes([byte]).decode(_CODECS[encoding])
    except UnicodeDecodeError:
        # The standard fills the holes of the C1 area with the control characters themselves.
        return chr(byte) if byte < 0xA0 else "\N{REPLACEMENT CHARACTER}"
