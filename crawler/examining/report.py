"""The report of `thinker doctor SOURCE`: a file that can be sent and read again, without the texts of the pages.

Each page keeps its markup; the characters of its texts are replaced (parsers/scaffold/masking.py). Beside it stand
measures of what was read in it. `replayed` reads it again: an unchanged parser gives the same measures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from archive.files import VERSION, instant, stamp
from archive.judging import PageParser, PageReading
from archive.properties import of_kind
from archive.rules import ArticleState
from archive.settings import Settings
from crawler.examining.asked import AskedPage, RobotsSeen, SeenSite
from crawler.examining.finding import DoctorFinding
from crawler.examining.lists import named_links
from crawler.sources import Seed, Source, source_named
from parsers import PARSER_VERSION, Document, ParseError
from parsers.article import NAMES, Article
from parsers.scaffold import Mask

FORM = 1  # version of the report's format
TEXTS = of_kind("line", "name", "passage")
COUNTED = tuple(name for name in of_kind("names", "lines", "pairs", "files", "links") if name in NAMES)


def report_of(
    seen: SeenSite, findings: list[DoctorFinding], source: Source, settings: Settings, now: datetime
) -> dict[str, Any]:
    """The report as JSON values: versions, declaration, findings, and each page without its texts."""
    mask, parser = Mask(), PageParser()
    own = settings.sources.get(source.name)
    try:
        return {
            "form": FORM,
            "thinker": VERSION,
            "parser": PARSER_VERSION,
            "at": stamp(now),
            "source": source.name,
            "declaration": own.model_dump(mode="json", exclude_unset=True) if own else {},
            "findings": [_finding(each, mask) for each in findings],
            "robots": [_robots(each) for each in seen.robots],
            "pages": [_page(kind, asked, seed, source, mask, parser) for kind, asked, seed in _asked(seen)],
        }
    finally:
        parser.close()


def replayed(report: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """Yield (address, measures in the report, measures now) of each page whose masked text is in the report."""
    name = report["source"]
    declared = {name: report["declaration"]} if report["declaration"] else {}
    source, parser = source_named(name, Settings.model_validate({"sources": declared})), PageParser()
    try:
        for page in report["pages"]:
            if page["payload"] is not None:
                document = Document(
                    page["payload"].encode("utf-8", "replace"), page["masked_type"], page["url"],
                    instant(page["captured_at"]), name, selectors=source.selectors,
                )  # fmt: skip
                seed = source.seeds[page["seed"]] if page["seed"] is not None else None
                yield page["url"], page["gave"], _gave(document, seed, source, parser)
    finally:
        parser.close()


def _asked(seen: SeenSite) -> Iterator[tuple[str, AskedPage, Seed | None]]:
    yield from (("list", asked, each.seed) for each in seen.lists for asked in each.asked)
    yield from (("article", each.asked, None) for each in seen.articles)


def _page(
    kind: str, asked: AskedPage, seed: Seed | None, source: Source, mask: Mask, parser: PageParser
) -> dict[str, Any]:
    """The report's entry on an address that was asked: its answers, its masked page, and the measures of that.

    reads_alike is True if the page as it came gives the same measures. Without a page, payload and gave stay None, and
    reads_alike is missing; with a page that cannot be masked likewise, but gave has the measures of the page as it
    came.
    """
    document = asked.document
    told = {
        "kind": kind,
        "asked": asked.url,
        "url": document.url if document else asked.url,
        "seed": source.seeds.index(seed) if seed in source.seeds else None,
        "statuses": [answer.status for answer in asked.answers],
        "content_type": document.content_type if document else None,
        "problem": mask.han(asked.problem) if asked.problem else None,
    }
    if document is None:
        return {**told, "captured_at": None, "payload": None, "gave": None}
    told |= {"captured_at": stamp(document.captured_at), "encoding": _encoding(document)}
    gave = _gave(document, seed, source, parser)
    try:
        payload = mask.document(document)
    except ParseError as error:
        return {**told, "payload": None, "why": error.reason, "gave": gave}
    masked_type = f"{(document.content_type or 'text/html').partition(';')[0]}; charset=utf-8"
    alike = _gave(replace(document, payload=payload, content_type=masked_type), seed, source, parser)
    return {
        **told,
        "masked_type": masked_type,
        "gave": alike,  # of the masked page, so that a replay can be compared
        "reads_alike": alike == gave,
        **({} if alike == gave else {"gave_with_texts": gave}),
        "payload": payload.decode(),
    }


def _gave(document: Document, seed: Seed | None, source: Source, parser: PageParser) -> dict[str, Any]:
    """The measures of the reading of a page, without any of its text: of a list (with a seed) or of an article."""
    if seed is None:
        return _measures(parser.read(document))
    try:
        links = named_links(seed, document, source)
    except ParseError as error:
        return {"unread": type(error).__name__}
    return {"links": len(links), "in_scope": sum(source.in_scope(link.url) for link in links)}


def _measures(reading: PageReading) -> dict[str, Any]:
    if not isinstance(reading, ArticleState):
        return {"verdict": reading.verdict}
    article: Article = reading.article
    return {
        "characters": {name: len(text) for name in TEXTS if (text := getattr(article, name))},
        "counts": {name: len(values) for name in COUNTED if (values := getattr(article, name))},
        "paragraphs": [len(paragraph) for paragraph in article.paragraphs],
        "date_published": article.date_published.isoformat() if article.date_published else None,
        "date_precision": article.date_precision,
        "in_language": article.in_language,
        "unmatched": list(reading.unmatched),
    }


def _finding(finding: DoctorFinding, mask: Mask) -> dict[str, Any]:
    """A finding as JSON; `found` and `remedy` are left out if it is ok, for what was found may be a headline."""
    told = {"ok": finding.ok, "what": finding.what, "declared": finding.declared}
    return told if finding.ok else told | {"found": mask.han(finding.found), "remedy": finding.remedy}


def _robots(robots: RobotsSeen) -> dict[str, Any]:
    statuses = [answer.status for answer in robots.answers]
    return {"url": robots.url, "statuses": statuses, "reading": robots.reading, "problem": robots.problem}


def _encoding(document: Document) -> str | None:
    try:
        return document.encoding
    except ParseError:
        return None
