"""The multi-byte encodings as the Encoding standard reads them (encoding.spec.whatwg.org, §10–13)."""

_CODECS = {
    "GBK": "gb18030",
    "gb18030": "gb18030",
    "Big5": "big5hkscs",
    "EUC-JP": "euc_jp",
    "ISO-2022-JP": "iso2022_jp",
    "Shift_JIS": "cp932",
    "EUC-KR": "cp949",
}


def decode_multi_byte(payload: bytes, encoding: str) -> str:
    """``payload`` by the standard's decoder for ``encoding``; U+FFFD for what it cannot read."""
    return payload.decode(_CODECS[encoding], "replace")
