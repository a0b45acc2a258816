"""BibTeX and biblatex: an @article of a newspaper, each value in LaTeX between braces.

The speaker is in the note, as no field of an @article names one.
"""

import re
from collections.abc import Iterator

from archive.publish.citing.citation import Citation, one_line

TYPE = "application/x-bibtex; charset=utf-8"
# Braces only in pairs: BibTeX counts those behind a backslash too. An @ that stands before a brace begins an entry.
_LATEX = str.maketrans({
    "\\": r"\textbackslash{}", "{": r"\ensuremath{\lbrace}", "}": r"\ensuremath{\rbrace}", "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}", "@": "{@}", **{sign: f"\\{sign}" for sign in "%&#_$"},
})  # fmt: skip
# Names of languages in babel and polyglossia; other languages get no langid.
_BABEL = {
    "zh": "chinese", "en": "english", "ja": "japanese", "ko": "korean", "ru": "russian", "fr": "french",
    "de": "german", "es": "spanish", "pt": "portuguese", "ar": "arabic", "mn": "mongolian", "bo": "tibetan",
}  # fmt: skip
_LIGATURES = re.compile(r"'(?=')|`(?=`)|-(?=-)|,(?=,)|<(?=<)|>(?=>)|[?!](?=`)")  # TeX joins these: -- becomes a dash
_VERBATIM = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})  # an address has none of these (RFC 3986 §2)


def write(cited: Citation) -> str:
    """The BibTeX entry `@article{…}` of a citation and a line break; fields without a value are left out."""
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(cited) if value)
    return f"@article{{{cited.key},\n{fields}}}\n"


def _fields(cited: Citation) -> Iterator[tuple[str, str]]:
    yield "author", " and ".join(f"{{{name}}}" for name in map(_text, cited.authors) if name)
    yield "title", f"{{{_text(cited.title)}}}"  # inner braces: styles keep the capitals
    yield "subtitle", _text(cited.subtitle)
    yield "journal", _text(cited.container)
    yield "publisher", _text(cited.publisher)
    yield from _moments(cited)
    yield "url", one_line(cited.url).translate(_VERBATIM)
    yield "urldate", cited.accessed
    yield "langid", _BABEL.get(cited.language.partition("-")[0].lower(), "")
    yield "language", cited.language
    yield "keywords", ", ".join(map(_text, cited.keywords))
    yield "note", _text(cited.note)


def _moments(cited: Citation) -> Iterator[tuple[str, str]]:
    if cited.published:
        year, month, _ = cited.published.split("-")
        yield from (("date", cited.published), ("year", year), ("month", str(int(month))))


def _text(text: str | None) -> str:
    return _LIGATURES.sub(r"\g<0>{}", one_line(text).translate(_LATEX))
