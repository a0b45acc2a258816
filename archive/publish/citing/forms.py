"""The citation formats, by the ending of their addresses."""

from collections.abc import Callable
from dataclasses import dataclass

from archive.publish.citing import bibtex, csl, gbt7714, ris
from archive.publish.citing.citation import Citation


@dataclass(frozen=True, slots=True)
class CitationForm:
    """A citation format: its name, such as "BibTeX", its writer and its media type."""

    name: str
    write: Callable[[Citation], str]
    type: str


FORMS = {
    "bib": CitationForm("BibTeX", bibtex.write, bibtex.TYPE),
    "ris": CitationForm("RIS", ris.write, ris.TYPE),
    "csl.json": CitationForm("CSL-JSON", csl.write, csl.TYPE),
    "txt": CitationForm("GB/T 7714", gbt7714.write, gbt7714.TYPE),
}
