"""The sections that a site's own lists name, for a column whose id was unknown when its source was declared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from crawler.examining.asked import SeenSite
from crawler.examining.finding import DoctorFinding
from crawler.sources import COLUMN, SECTION_LISTS, Source
from parsers import Document, ParseError
from parsers.json_rows import json_rows, text_at
from parsers.links import article_links

ID = re.compile("[0-9]{1,15}")
LINKED = re.compile(r"/news/((?:sub)?list\?section=[0-9]{1,15})(?:&|$)")
MAX_CHARACTERS = 40  # of a section's name
MAX_SECTIONS_SHOWN = 8  # in the findings


def of_sections(seen: SeenSite, source: Source) -> Iterator[DoctorFinding]:
    """Yield a finding for each section whose name begins with one of the names in COLUMN, such as 思想者.

    None of the findings is a fault; `found` has the setting that adds the section, or says that it is listed already.
    Of many only the first MAX_SECTIONS_SHOWN are yielded. If the pages name no such section, one finding that says so;
    nothing if no page could be read. Only for the source shangguan; nothing for others.
    """
    if source.name != "shangguan":
        return
    pages = [named for asked in seen.asked if asked.document and (named := _named(asked.document, source)) is not None]
    found = {asked: name for named in pages for asked, name in named if name.startswith(COLUMN)}
    declared = source.section or "none"
    for asked, name in list(found.items())[:MAX_SECTIONS_SHOWN]:
        key = f'section = "{asked}"'
        told = "is listed" if source.section == asked else f"add {key} to [sources.{source.name}] to list it"
        yield DoctorFinding("section", declared, f"{name[:MAX_CHARACTERS]} ({asked}): {told}")
    if pages and not found:
        where = "1 page" if len(pages) == 1 else f"{len(pages)} pages"
        yield DoctorFinding("section", declared, f"no section called {' or '.join(COLUMN)} on {where}")


def _named(page: Document, source: Source) -> list[tuple[str, str]] | None:
    """(request such as `list?section=12`, name) of each section that a page names; None if it cannot be read."""
    try:
        return list(_sections(page, source))
    except ParseError:
        return None


def _sections(page: Document, source: Source) -> Iterator[tuple[str, str]]:
    """Yield (request, name) of each section in a page's JSON rows, or in its links. Raises ParseError."""
    if page.json is not None:
        for row in json_rows(page.json):
            for kind, id_, name in SECTION_LISTS:
                if ID.fullmatch(number := text_at(row, id_)):
                    yield f"{kind}?section={number}", text_at(row, name)
        return
    for link in article_links(page, LINKED):
        found: Any = LINKED.search(link.url)
        if source.within(link.url):
            yield found[1], (link.title or "").strip()
