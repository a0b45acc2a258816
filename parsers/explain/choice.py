"""The page class and the encoding of a document, and the reasons for them."""

from __future__ import annotations

from dataclasses import replace

from parsers.decoding import bom, header_encoding, meta_encoding
from parsers.document import Document
from parsers.explain.model import Considered, ExplainedChoice
from parsers.pages import PAGES
from parsers.reader import ArticlePage, DefaultPage, unmatched

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def explain_page(document: Document, chosen: type[ArticlePage]) -> ExplainedChoice:
    """The chosen page class and its reason; each other class of the same source or host with the reason against it.

    If the declaration of the document's source gives selectors, the reason ends with them, and with the names of those
    that match nothing on the page.
    """
    decision = _explain_class(document, chosen.unselected or chosen)
    if not document.selectors:
        return decision
    said = ", ".join(f"{name} {selector}" for name, selector in document.selectors.said().items())
    missed = unmatched(document)
    lost = f"; {', '.join(missed)} found nothing" if missed else ""
    return replace(decision, why=f"{decision.why}; selectors of the declaration before its own: {said}{lost}")


def _explain_class(document: Document, chosen: type[ArticlePage]) -> ExplainedChoice:
    related = [page for page in PAGES if page is not chosen and _why(document, page)]
    others = tuple(Considered(page.__name__, (), _why_not(document, page)) for page in related)
    if chosen is DefaultPage:
        return ExplainedChoice("DefaultPage", "no page class is declared for this source and address: any site", others)
    return ExplainedChoice(chosen.__name__, ", ".join(filter(None, [_why(document, chosen), *_limits(chosen)])), others)


def _why(document: Document, page: type[ArticlePage]) -> str | None:
    """The reason for which a class may read a document, in words; None if neither source nor host allows it.

    "source SOURCE" if the class declares the document's source. Only if no class declares it, the host counts: "host
    HOST is HOST" for a host that this class declares, "host HOST is below DECLARED" for a subdomain of one.
    """
    if document.source is not None and any(document.source in other.sources for other in PAGES):
        return f"source {document.source}" if document.source in page.sources else None
    host = document.host
    longest = sorted(page.hosts, key=len, reverse=True)
    name = next((name for name in longest if host == name or host.endswith(f".{name}")), None)
    return f"host {host} is {name}" if name == host else f"host {host} is below {name}" if name else None


def _limits(page: type[ArticlePage]) -> list[str]:
    path = [f"path matches {page.paths.pattern}"] if page.paths is not None else []
    return [*path, *([f"captures until {page.valid_until}"] if page.valid_until is not None else [])]


def _why_not(document: Document, page: type[ArticlePage]) -> str:
    path = f"{document.address.path}?{document.address.query}"
    if page.paths is not None and not page.paths.search(path):
        return f"its path {page.paths.pattern} does not match"
    if page.valid_until is not None and document.captured_at.date() > page.valid_until:
        return f"read captures until {page.valid_until}"
    return "came later"


def explain_encoding(document: Document) -> ExplainedChoice:
    """The encoding that `decode` found, the claim or trial that gave it, and the other claims with their verdicts."""
    claims = {
        "byte order mark": bom(document.payload),
        "Content-Type header": header_encoding(document.content_type),
        "meta": meta_encoding(document.payload),
    }
    found = document.encoding
    winner = _winner(document, {rule: name for rule, name in claims.items() if name == found})
    broken = document.text.count(REPLACEMENT)
    faults = f"; {broken:,} replacement characters" if broken else ""
    others = tuple(
        Considered(rule, (name,) if name else (), _fate(name, found, winner))
        for rule, name in claims.items()
        if rule != winner
    )
    return ExplainedChoice(found, winner + faults, others)


def _winner(document: Document, agreeing: dict[str, str | None]) -> str:
    if "byte order mark" in agreeing:
        return "byte order mark"
    if document.encoding == "UTF-8" and _is_utf8(document.payload):
        return "the bytes are valid UTF-8"
    return next(iter(agreeing), "trial: no claim is true of the bytes, and these readings came first without faults")


def _is_utf8(payload: bytes) -> bool:
    try:
        payload.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _fate(name: str | None, found: str, winner: str) -> str:
    if name is None:
        return "says nothing"
    if name == found:
        return "says the same"
    return "is denied by the bytes" if not winner.startswith("byte order") else "a mark goes before it"
