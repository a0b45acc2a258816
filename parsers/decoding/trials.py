"""Bytes of a page to text, in the browsers' order, but without a label that the bytes contradict."""

import codecs
import re
from codecs import utf_8_decode

from parsers.decoding.encodings import encoding_for
from parsers.decoding.guess import detected, multi_byte_guess, stands_in_words
from parsers.decoding.multi_byte import decode_multi_byte
from parsers.decoding.prescan import prescan
from parsers.decoding.single_byte import decode_single_byte, is_single_byte

_BOMS = ((codecs.BOM_UTF8, "UTF-8"), (codecs.BOM_UTF16_BE, "UTF-16BE"), (codecs.BOM_UTF16_LE, "UTF-16LE"))
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']{1,60})", re.IGNORECASE)
# A server's or editor's default rather than a statement: used only if nothing else fits.
_DEFAULT_CLAIMS = frozenset({"windows-1252"})
_SHORT_SEQUENCES = bytes(range(0xE0))  # bytes of UTF-8 that open no sequence of three or four
_PAIR = re.compile("[\u0080-\u07ff]")
_LOOKED_AT = 100_000  # characters
_PIECE = 8_192  # bytes, few enough to leave the processor's caches to the readers of the page
_LATE_META = 16_384  # bytes: the HTML standard reads 1,024, but real pages declare later
_JUDGED = 2_000_000  # bytes, far more than any page has: an encoding that fits so many is used for all
_ASCII = bytes(range(0x80))
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def decode(payload: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Text of ``payload`` and the Encoding standard's name of the encoding that gave it. Never raises.

    ``content_type`` is the Content-Type header. Order: byte order mark; UTF-8 that cannot be anything else;
    header, then ``<meta>``, each only if the payload is valid in it; then trials of the bytes, as in `_unlabelled`,
    of which the last may give replacement characters. A claim of latin-1 or windows-1252 waits until UTF-8 and GB18030
    have failed: on the archive's sites it is a server's default.
    """
    if is_surely_utf8(payload):
        return payload.decode(), "UTF-8"
    return decode_doubtful(payload, content_type)


def decode_doubtful(payload: bytes, content_type: str | None) -> tuple[str, str]:
    """The text and its encoding, as `decode` gives them, for a payload for which `is_surely_utf8` is False."""
    marked = bom(payload)
    if marked:
        return decode_label(payload, marked), marked
    text = _strictly(payload, "UTF-8")
    if text is not None and text.endswith(_REPLACEMENT) and _has_long_sequences(payload):
        return text, "UTF-8"  # cut off in its last character
    claims = [claim for claim in (header_encoding(content_type), meta_encoding(payload)) if claim]
    if text is not None and any(map(is_single_byte, claims)) and _pairs_throughout(text):
        return text, "UTF-8"
    for encoding in [claim for claim in claims if claim not in _DEFAULT_CLAIMS]:
        reading = text if encoding == "UTF-8" else _strictly(payload, encoding)
        if reading is not None:
            return reading, encoding
    return _unlabelled(payload, claims)


def decode_label(payload: bytes, label: str) -> str:
    """The text of ``payload`` by ``label``, as the Encoding standard's *decode* (§6) gives it, with U+FFFD for errors.

    A byte order mark wins over the label. Raises LookupError for a label that the standard does not know.
    """
    encoding = encoding_for(label)
    if encoding is None:
        raise LookupError(f"Unknown encoding label {label!r}; the Encoding standard lists the known ones.")
    return _decode_as(payload, bom(payload) or encoding)


def is_surely_utf8(payload: bytes) -> bool:
    """True for valid UTF-8 without a byte order mark that holds two or more characters of three or four bytes.

    Those do not occur by chance, so the declared encoding does not matter. False for plain ASCII. The payload is
    decoded in small pieces, which leave the processor's caches to the readers of the page.
    """
    if payload.startswith(codecs.BOM_UTF8):
        return False
    view, start, long = memoryview(payload), 0, 0
    try:
        while start < len(payload):
            text, size = utf_8_decode(view[start : start + _PIECE], "strict", start + _PIECE >= len(payload))
            if long < 2 and not text.isascii():
                long += len(bytes(view[start : start + size]).translate(None, _SHORT_SEQUENCES))
            start += size
    except UnicodeDecodeError:
        return False
    return long > 1


def bom(payload: bytes) -> str | None:
    """The encoding of a byte order mark at the start of ``payload`` (§6, *BOM sniff*), or None."""
    return next((name for mark, name in _BOMS if payload.startswith(mark)), None)


def header_encoding(content_type: str | None) -> str | None:
    """The encoding named by a Content-Type header; None without one, or for an unknown one."""
    found = _CHARSET.search(content_type[:1000]) if content_type else None
    return encoding_for(found[1]) if found else None


def meta_encoding(payload: bytes) -> str | None:
    """The encoding that the page's own ``<meta>``, or its XML declaration, names in its first 16 KB, or None.

    The HTML standard looks at 1,024 bytes; real pages declare later. A readable meta that names UTF-16 means UTF-8,
    and x-user-defined means windows-1252 (HTML standard, *prescan*).
    """
    return prescan(payload[:_LATE_META])


def _unlabelled(payload: bytes, claims: list[str]) -> tuple[str, str]:
    """The text and its encoding by the bytes alone, as all claims are wrong or missing.

    Tried in this order: UTF-16 if zero bytes show it, or UTF-8 if they do not, without errors; a guess that fits all
    bytes; the least broken reading of a claim, UTF-8 or GB18030; a claim of windows-1252; the detector's guess;
    windows-1252.
    """
    wide = _wide(payload)
    text = _strictly(payload, wide or "UTF-8")
    if text is not None:
        return text, wide or "UTF-8"
    words = stands_in_words(payload[:_JUDGED])
    guess = multi_byte_guess(payload) if words else None
    text = _strictly(payload, guess) if guess else None
    if guess and text is not None:
        return text, guess
    encoding = _least_broken(payload, claims, words=words)
    encoding = encoding or next((claim for claim in claims if claim in _DEFAULT_CLAIMS), None)
    encoding = encoding or detected(payload) or "windows-1252"
    return _decode_as(payload, encoding), encoding


def _has_long_sequences(payload: bytes) -> bool:
    """True if valid UTF-8 holds two or more characters of three or four bytes, which do not occur by chance."""
    return len(payload.translate(None, _SHORT_SEQUENCES)) > 1


def _pairs_throughout(text: str) -> bool:
    """True if a text read as UTF-8 holds more than three characters of two bytes: single bytes rarely form so many.

    A page under an old Western label is then UTF-8.
    """
    return len(_PAIR.findall(text[:_LOOKED_AT])) > 3


def _least_broken(payload: bytes, claims: list[str], *, words: bool) -> str | None:
    """The encoding that reads a cut or damaged payload with the fewest errors, if they are few, else None.

    Few are at most one error for 20 bytes outside ASCII and, for a claim, also one or two in all. The claims are tried
    except windows-1252, and UTF-8 and GB18030 if ``words`` (the result of `stands_in_words`).
    """
    told = [claim for claim in claims if claim not in _DEFAULT_CLAIMS]
    payload = payload[:_JUDGED]
    names = (*told, "UTF-8", "gb18030") if words else told
    if not names:
        return None
    errors = {name: _decode_as(payload, name).count(_REPLACEMENT) for name in names}
    best = min(errors, key=lambda name: errors[name])
    foreign = len(payload.translate(None, _ASCII))
    return best if errors[best] * 20 <= foreign or (best in told and errors[best] < 3) else None


def _wide(payload: bytes) -> str | None:
    """UTF-16LE or UTF-16BE for a payload without a mark, shown by the zero bytes of its Latin letters; else None."""
    head = payload[:2000]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 4 <= len(head) or min(even, odd) * 8 > max(even, odd):
        return None
    return "UTF-16BE" if even > odd else "UTF-16LE"


def _strictly(payload: bytes, encoding: str) -> str | None:
    """The text if every byte is valid in ``encoding``, else None; U+FFFD that the page itself holds in UTF-8 is valid.

    UTF-8 and UTF-16 may be cut off in their last character, which is then U+FFFD. Of other encodings only the first
    _JUDGED bytes are judged; an error after them is U+FFFD in the text.
    """
    if encoding.startswith("UTF-"):
        try:
            return payload.decode(encoding)
        except UnicodeDecodeError as error:
            return payload.decode(encoding, "replace") if _is_cut_off(error, payload) else None
    judged = payload[:_JUDGED]
    text = _decode_as(judged, encoding)
    whole = len(judged) == len(payload)
    if _REPLACEMENT in (text if whole else text[:-2]):  # the last character may be cut
        return None
    return text if whole else _decode_as(payload, encoding)


def _is_cut_off(error: UnicodeDecodeError, payload: bytes) -> bool:
    """True for an error at the end of the payload, inside a character: the body ended too early."""
    return error.end == len(payload) and error.start > 0 and "end of data" in error.reason


def _decode_as(payload: bytes, encoding: str) -> str:
    if encoding == "UTF-8":
        return payload.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    if encoding in ("UTF-16LE", "UTF-16BE"):
        return payload.decode(encoding, "replace").removeprefix("\ufeff")
    if encoding == "replacement":
        return _REPLACEMENT if payload else ""
    if is_single_byte(encoding):
        return decode_single_byte(payload, encoding)
    return decode_multi_byte(payload, encoding)
