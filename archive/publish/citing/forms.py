"""The forms in which a version is cited, each by the end of its address."""

from collections.abc import Callable
from dataclasses import dataclass

from archive.publish.citing import bibtex, csl, gbt7714, ris
from archive.publish.citing.citation import Citation


@dataclass(frozen=True, slots=True)
class CitationForm:
    """How a citation is written, and the media type of what comes out."""

    name: str
    write: Callable[[Citation], str]
    type: str


FORMS = {
    "bib": CitationForm("BibTeX", bibtex.write, bibtex.TYPE),
    "ris": CitationForm("RIS", ris.write, ris.TYPE),
    "csl.json": CitationForm("CSL-JSON", csl.write, csl.TYPE),
    "txt": CitationForm("GB/T 7714", gbt7714.write, gbt7714.TYPE),
}
