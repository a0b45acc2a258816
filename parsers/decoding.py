"""Bytes of a page into text, in the browsers' order and without believing a label that the bytes deny."""

import codecs
import re

from charset_normalizer import from_bytes

from parsers.encodings import encoding_for
from parsers.multi_byte import decode_multi_byte
from parsers.prescan import prescan
from parsers.single_byte import decode_single_byte, is_single_byte

_BOMS = ((codecs.BOM_UTF8, "UTF-8"), (codecs.BOM_UTF16_BE, "UTF-16BE"), (codecs.BOM_UTF16_LE, "UTF-16LE"))
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s;\"']{1,60})", re.IGNORECASE)
_ISO_2022_JP = re.compile(rb"\x1b(?:\$[@B]|\([BJI])")
# A server's or editor's default rather than a statement: believed only when nothing else fits.
_DEFAULT_CLAIMS = frozenset({"windows-1252"})
_LATE_META = 8192
_DETECTOR_SAMPLE = 65536


def decode(payload: bytes, content_type: str | None = None) -> tuple[str, str]:
    """Text of ``payload`` and the Encoding standard's name of the encoding that gave it. Never raises.

    ``content_type`` is the Content-Type header. Order: byte order mark, header, ``<meta>`` (each only when
    the whole payload is valid in it), UTF-8, GB18030, a detector; replacement characters are the last resort.
    A claim of latin-1 or windows-1252 waits until UTF-8 and GB18030 have failed: here it is a mere default.
    """
    marked = bom(payload)
    if marked:
        return decode_label(payload, marked), marked
    claims = [claim for claim in (header_encoding(content_type), meta_encoding(payload)) if claim]
    for encoding in [claim for claim in claims if claim not in _DEFAULT_CLAIMS]:
        text = _strictly(payload, encoding)
        if text is not None:
            return text, encoding
    return _unlabelled(payload, claims)


def decode_label(payload: bytes, label: str) -> str:
    """Text of ``payload`` as the Encoding standard's *decode* (§6) gives it for ``label``, U+FFFD for errors.

    A byte order mark wins over the label. Raises LookupError for a label that the standard does not know.
    """
    encoding = encoding_for(label)
    if encoding is None:
        raise LookupError(f"Unknown encoding label {label!r}; the Encoding standard lists the known ones.")
    return _decode_as(payload, bom(payload) or encoding)


def bom(payload: bytes) -> str | None:
    """The encoding that a byte order mark at the start of ``payload`` announces (§6, *BOM sniff*)."""
    return next((name for mark, name in _BOMS if payload.startswith(mark)), None)


def header_encoding(content_type: str | None) -> str | None:
    """The encoding named by a Content-Type header, None when it names none or one that nobody knows."""
    found = _CHARSET.search(content_type[:1000]) if content_type else None
    return encoding_for(found[1]) if found else None


def meta_encoding(payload: bytes) -> str | None:
    """The encoding that the page's own ``<meta>`` names, looked for in the first 8 KB.

    The HTML standard looks at 1,024 bytes; real pages declare later. UTF-16 in a meta that we could read as
    ASCII means UTF-8, and x-user-defined means windows-1252 (HTML standard, *prescan*).
    """
    return prescan(payload[:_LATE_META])


def _unlabelled(payload: bytes, claims: list[str]) -> tuple[str, str]:
    for encoding in ("UTF-8", "gb18030"):
        text = _strictly(payload, encoding)
        if text is not None:
            return text, encoding
    encoding = _detected(payload) or (claims[0] if claims else "UTF-8")
    return _decode_as(payload, encoding), encoding


def _detected(payload: bytes) -> str | None:
    best = from_bytes(payload[:_DETECTOR_SAMPLE]).best()
    return encoding_for(best.encoding.replace("_", "-")) if best else None


def _strictly(payload: bytes, encoding: str) -> str | None:
    """Text only when every byte is valid; a real U+FFFD inside the page does not count as an error."""
    text = _decode_as(payload, encoding)
    return None if "\N{REPLACEMENT CHARACTER}" in text else text


def _decode_as(payload: bytes, encoding: str) -> str:
    if encoding == "UTF-8":
        return payload.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    if encoding in ("UTF-16LE", "UTF-16BE"):
        return payload.decode(encoding, "replace").removeprefix("\ufeff")
    if encoding == "replacement":
        return "\N{REPLACEMENT CHARACTER}" if payload else ""
    if is_single_byte(encoding):
        return decode_single_byte(payload, encoding)
    return decode_multi_byte(payload, encoding)
