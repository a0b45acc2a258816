"""Blocks of application/warc-fields, as warcinfo and metadata records have them (ISO 28500 §6)."""

from collections.abc import Mapping

ABOUT_FORMAT = {  # fields of a warcinfo record (ISO 28500 §6.2.2)
    "format": "WARC File Format 1.1",
    "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
}


def warc_fields(block: bytes) -> dict[str, str]:
    """The named fields of a block of application/warc-fields, names in lower case; of a repeated one the last value."""
    pairs = (line.partition(":") for line in block.decode("utf-8", "replace").splitlines() if ":" in line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


def fields_block(said: Mapping[str, str | None]) -> bytes:
    """The block of application/warc-fields with these fields; those without a value are left out.

    A value becomes one line.
    """
    lines = (f"{name}: {' '.join(value.split())}\r\n" for name, value in said.items() if value)
    return "".join(lines).encode("utf-8", "replace")
