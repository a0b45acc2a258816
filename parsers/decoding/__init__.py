"""Bytes in, text out: as browsers decode them, and where nothing is said or what is said is wrong, by trial."""

from parsers.decoding.trials import (
    bom,
    decode,
    decode_doubtful,
    decode_label,
    header_encoding,
    is_surely_utf8,
    meta_encoding,
)

__all__ = ["bom", "decode", "decode_doubtful", "decode_label", "header_encoding", "is_surely_utf8", "meta_encoding"]
