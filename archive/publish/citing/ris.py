"""RIS, one tag per line, for Zotero, EndNote and NoteExpress.

The speaker is in the note: type NEWS has no tag for one, and Zotero reads A4 as the translator (its RIS.js).
"""

from collections.abc import Iterator

from archive.publish.citing.citation import Citation, one_line

TYPE = "application/x-research-info-systems; charset=utf-8"


def write(cited: Citation) -> str:
    """The RIS record with CRLF line ends; tags without a value are left out."""
    lines = [f"{tag}  - {value}" for tag, text in _lines(cited) if (value := one_line(text))]
    return "\r\n".join(["TY  - NEWS", *lines, "ER  - ", ""])


def _lines(cited: Citation) -> Iterator[tuple[str, str | None]]:
    yield "ID", cited.key
    yield from (("AU", name) for name in cited.authors)
    yield "TI", cited.title
    yield "T2", cited.container
    yield "SE", cited.section
    yield "PB", cited.publisher
    if cited.published:
        yield from (("PY", cited.published[:4]), ("DA", _day(cited.published)))
    yield "Y2", _day(cited.accessed)
    yield "LA", cited.language
    yield from (("KW", keyword) for keyword in cited.keywords)
    yield "UR", cited.url
    yield "DB", "Thinker Archive"
    yield "AV", cited.address
    yield "AN", cited.digest
    yield "N1", cited.note


def _day(day: str) -> str:
    """The day as `YYYY/MM/DD/`, with no further information after the last slash."""
    return f"{day.replace('-', '/')}/"
