"""The multi-byte encodings by the Encoding standard (encoding.spec.whatwg.org, §10–14)."""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache

from parsers.decoding.big5 import BIG5_DIFFERENCES

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_GB18030 = frozenset({"GBK", "gb18030"})

# Python's table predates GB 18030-2005 and -2022: private-use characters where the standard has real ones.
_GB18030_TABLE = str.maketrans(
    "\ue5e5\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796"
    "\ue7c7\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864",
    "\u3000\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19"
    "\u1e3f\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb",
)
_PRIVATE = re.compile("[\ue5e5-\ue864]")  # all that the table replaces
_EUC_JP_TABLE = str.maketrans("\u301c\u2016\u2212\xa2\xa3\xac", "\uff5e\u2225\uff0d\uffe0\uffe1\uffe2")

# A run of ASCII, else one invalid or valid sequence of each encoding, over the bytes written as Latin-1 characters.
_SEQUENCES = {
    "Big5": re.compile(r"[\x00-\x7f]+|[\x81-\xfe][\x00-\xff]?|[\x80\xff]"),
    "EUC-KR": re.compile(r"[\x00-\x7f]+|[\x81-\xfe][\x00-\xff]?|[\x80\xff]"),
    "Shift_JIS": re.compile(r"[\x00-\x7f]+|[\x81-\x9f\xe0-\xfc][\x00-\xff]?|[\x80-\xff]"),
    "EUC-JP": re.compile(r"[\x00-\x7f]+|\x8f[\xa1-\xfe][\x00-\xff]?|[\x8e\x8f\xa1-\xfe][\x00-\xff]?|[\x80-\xff]"),
}
_TRAILS = list(map(chr, range(0x21, 0xFF)))
_PIECE = 1_000_000  # bytes that are decoded at a time
_NO_TRAIL = re.compile(rb"[\x00-\x2f\xff]")  # no sequence of GB 18030 continues behind these: it may be cut there
_MAX_ERRORS = 100_000  # of a payload that are read exactly by the standard, at a microsecond each


def decode_multi_byte(payload: bytes, encoding: str) -> str:
    """The text of ``payload`` by the standard's decoder for ``encoding``; U+FFFD for invalid sequences."""
    if encoding in _GB18030:
        try:
            return payload.decode("gbk")  # the same if it succeeds: it has neither errors nor private characters
        except UnicodeDecodeError:
            text = "".join(_gb18030(payload))
        return text.translate(_GB18030_TABLE) if _PRIVATE.search(text) else text
    if encoding == "ISO-2022-JP":
        return payload.decode("iso2022_jp_ext", "replace")
    return "".join(_by_index(payload.decode("latin-1"), encoding))


def _gb18030(payload: bytes) -> Iterator[str]:
    """Yield the decoded text in pieces; errors follow the standard up to _MAX_ERRORS, then Python's faster handling."""
    start = errors = 0
    while start < len(payload):
        cut = _NO_TRAIL.search(payload, start + _PIECE)
        end = cut.end() if cut else len(payload)
        piece = payload[start:end].decode(
            "gb18030", "encoding-standard-gb18030" if errors <= _MAX_ERRORS else "replace"
        )
        errors += piece.count(_REPLACEMENT)
        yield piece
        start = end


def _by_index(text: str, encoding: str) -> Iterator[str]:
    """Yield the decoded text in pieces; ``text`` holds the bytes as Latin-1 characters."""
    index, sequences = _INDEXES[encoding](), _SEQUENCES[encoding]
    start = 0
    while start < len(text):
        found = sequences.findall(text, start, start + _PIECE)
        if start + _PIECE < len(text) and len(found) > 1:
            found.pop()  # the end of the piece may have cut it
        start += sum(map(len, found))
        yield "".join([index.get(part) or (part if part[0] < "\x80" else _unread(part)) for part in found])


def _unread(sequence: str) -> str:
    """The text for an invalid sequence: U+FFFD, then the ASCII character that ends it, if one does."""
    return _REPLACEMENT + sequence[-1] if len(sequence) > 1 and sequence[-1] < "\x80" else _REPLACEMENT


def _gb18030_error(error: UnicodeError) -> tuple[str, int]:
    """The text for invalid bytes and the index at which decoding goes on, by the standard, §10.2.1.

    A handler for codecs.register_error: it reads 0x80 as the euro sign, and of ASCII it swallows only the digits of a
    four-byte sequence that is valid in form, or cut off at the end.
    """
    if not isinstance(error, UnicodeDecodeError):
        raise error
    sequence = error.object[error.start : error.start + 4]
    if sequence[0] == 0x80:
        return "\u20ac", error.start + 1
    second = sequence[1] if len(sequence) > 1 else 0x80
    if 0x30 <= second <= 0x39:
        return _REPLACEMENT, error.start + _broken_four(sequence)
    return _REPLACEMENT, error.start + (1 if sequence[0] == 0xFF or second < 0x80 else min(2, len(sequence)))


def _broken_four(sequence: bytes) -> int:
    """The number of bytes that an invalid four-byte sequence takes: 4 only if its form is valid, else 1.

    At the end of the payload a beginning of a valid form takes all of its bytes.
    """
    if sequence[0] == 0xFF:
        return 1
    if len(sequence) < 4:
        # At the end of the payload the pending bytes are one error.
        return len(sequence) if len(sequence) < 3 or 0x81 <= sequence[2] <= 0xFE else 1
    return 4 if 0x81 <= sequence[2] <= 0xFE and 0x30 <= sequence[3] <= 0x39 else 1


codecs.register_error("encoding-standard-gb18030", _gb18030_error)


def _pairs(leads: Iterable[int], codec: str, prefix: str = "") -> dict[str, str]:
    """For every two-byte sequence that Python's codec reads as a whole, the text that it gives.

    A key holds the bytes as Latin-1 characters: ``prefix``, a byte of ``leads`` and a second byte. With a prefix of one
    byte these are sequences of three bytes.
    """
    index: dict[str, str] = {}
    for lead in leads:
        sequences = [prefix + chr(lead) + trail for trail in _TRAILS]
        # A line feed is part of no sequence, so the texts can be split at it again.
        texts = "\n".join(sequences).encode("latin-1").decode(codec, "replace").split("\n")
        index |= {
            sequence: text
            for sequence, text in zip(sequences, texts, strict=True)
            if not text.isascii() and not text[-1].isascii() and _REPLACEMENT not in text
        }
    return index


@cache
def _big5() -> dict[str, str]:
    return _pairs(range(0x81, 0xFF), "big5hkscs") | BIG5_DIFFERENCES


@cache
def _euc_kr() -> dict[str, str]:
    return _pairs(range(0x81, 0xFF), "cp949")


@cache
def _shift_jis() -> dict[str, str]:
    katakana = {chr(byte): chr(0xFF61 - 0xA1 + byte) for byte in range(0xA1, 0xE0)}
    leads = (*range(0x81, 0xA0), *range(0xE0, 0xFD))
    return _pairs(leads, "cp932") | katakana | {"\x80": "\x80"}


@cache
def _euc_jp() -> dict[str, str]:
    jis0208 = {pair: text.translate(_EUC_JP_TABLE) for pair, text in _pairs(range(0xA1, 0xFF), "euc_jp").items()}
    katakana = {"\x8e" + chr(byte): chr(0xFF61 - 0xA1 + byte) for byte in range(0xA1, 0xE0)}
    return _vendor_rows() | jis0208 | katakana | _pairs(range(0xA1, 0xFF), "euc_jp", "\x8f")


def _vendor_rows() -> dict[str, str]:
    """The text of each EUC-JP pair in NEC's and IBM's rows of the standard's jis0208 index.

    Python has these rows only in Shift_JIS. The keys are the bytes written in Latin-1.
    """
    rows: dict[str, str] = {}
    for row in (13, *range(89, 93)):
        for cell in range(1, 95):
            lead = (row - 1) // 2 + (0x81 if row < 63 else 0xC1)
            trail = cell + (0x9E if row % 2 == 0 else 0x3F if cell < 64 else 0x40)
            text = bytes((lead, trail)).decode("cp932", "replace")
            if _REPLACEMENT not in text:
                rows[chr(row + 0xA0) + chr(cell + 0xA0)] = text
    return rows


_INDEXES: dict[str, Callable[[], dict[str, str]]] = {
    "Big5": _big5,
    "EUC-KR": _euc_kr,
    "Shift_JIS": _shift_jis,
    "EUC-JP": _euc_jp,
}
