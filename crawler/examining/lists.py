"""A list compared with its declaration: its answer, its rows and their fields, and its links."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from crawler.examining.asked import AskedPage, ListSeen
from crawler.examining.finding import SCRIPTED, SHELL, DoctorFinding
from crawler.sources import (
    Feed,
    JsonList,
    ListPage,
    NewsSitemap,
    PrintEdition,
    Seed,
    Sitemap,
    Source,
    holds,
    leads_to_lists,
)
from parsers import Document, ParseError
from parsers.json_rows import MISSING, RowFields, json_rows, sections_of, value_at
from parsers.links import Link, article_links, feed_links, json_document, json_list_links, sitemap_links
from parsers.scaffold import is_rendered_by_script

KINDS = {
    "Feed": ("a feed", "feeds"),
    "Sitemap": ("a sitemap", "sitemaps"),
    "NewsSitemap": ("a news sitemap", "sitemaps"),
    "ListPage": ("a list", "lists"),
    "JsonList": ("a list in JSON", "lists"),
    "PrintEdition": ("an issue in print", "homepage"),
}
NEAR = 0.6  # difflib's ratio; publishtime and pubtime have 0.78
MAX_DEPTH = 6  # of nested lists and objects
MAX_NAMED, MAX_CHARACTERS = 12, 40  # fields or sections in a finding, and the length of each


def of_list(seen: ListSeen, source: Source) -> Iterator[DoctorFinding]:
    """Yield the faults of one seed's redirect, answer and fields, and last a finding on its links, also if they are ok.

    After a fault that leaves nothing to look at, no further finding follows. No fault, but the only finding, is a 404
    or 410 of a list that is declared as of an earlier generation of the site.
    """
    kind, key = KINDS[type(seen.seed).__name__]
    if isinstance(seen.seed, JsonList) and (seen.seed.is_posted or not _is_json_path(seen.seed.url)):
        key = "json_lists"
    first, last = seen.asked[0], seen.asked[-1]
    if first.moved_to and first.document is not None:
        yield DoctorFinding(
            _place(seen, first), kind, f"HTTP {first.answers[0].status} to {first.moved_to}", f"change {key}"
        )
    if last.document is None:
        remedy = None if _may_be_gone(seen) else last.remedy(f"change {key}")
        yield DoctorFinding(_place(seen, last), kind, str(last.problem), remedy)
        return
    try:
        document = held_in(seen.seed, last.document)
        faults = list(_fields(_place(seen, last), document, seen.seed)) if isinstance(seen.seed, JsonList) else []
        yield from faults
        if faults and not seen.links:
            return
        named = named_links(seen.seed, document, source, seen.links)
    except ParseError as error:
        yield DoctorFinding(_place(seen, last), kind, f"another kind of page: {error.reason}", f"change {key}")
        return
    yield _wanted(seen, document, kind, key, named, source)


def held_in(seed: Seed, document: Document) -> Document:
    """The answer of a list in JSON as a document with only its JSON; of another seed unchanged. Raises ParseError."""
    return json_document(document, seed.script) if isinstance(seed, JsonList) else document


def _place(seen: ListSeen, asked: AskedPage) -> str:
    """The address that was asked, with the fragment that distinguishes lists of one address."""
    _, mark, name = seen.seed.url.partition("#")
    return f"{asked.url}{mark}{name}"


def _is_json_path(url: str) -> bool:
    """True if the path of the address ends in .json, so that thinker.toml may name the list under `lists`."""
    return urlsplit(url).path.endswith(".json")


def _may_be_gone(seen: ListSeen) -> bool:
    """True if a list of an earlier generation of the site answered that it no longer exists."""
    answers = seen.asked[-1].answers
    return getattr(seen.seed, "old", False) and bool(answers) and answers[-1].status in (404, 410)


def _wanted(
    seen: ListSeen, document: Document, kind: str, key: str, named: Sequence[Link], source: Source
) -> DoctorFinding:
    """The finding on a list's links: the number of links and of the source's articles among them.

    Without any of these, the reason: a page made by script, no link at all, or the rule that excludes every link
    (scope, hosts or columns). kind and key: of the list, for the texts: `a feed`, and `feeds` in thinker.toml.
    """
    url = _place(seen, seen.asked[-1])
    if isinstance(seen.seed, ListPage) and not seen.links and is_rendered_by_script(document):
        return DoctorFinding(url, kind, SHELL, SCRIPTED)
    if not named and isinstance(seen.seed, PrintEdition):
        return DoctorFinding(url, f"pages {', '.join(source.columns)}", "no article on such a page", "change columns")
    if not named:
        return DoctorFinding(url, kind, "no link" if kind == "a list" else "no article", f"change {key}")
    if isinstance(seen.seed, ListPage) and seen.seed.lists and len(seen.asked) == 1 and not seen.links:
        return _leads_nowhere(url, seen.seed.lists, named)
    if seen.links:
        return DoctorFinding(url, kind, f"{len(named)} links, {len(seen.links)} of them articles of {source.name}")
    if all(link.kind == "sitemap" for link in named):
        return DoctorFinding(url, kind, f"{len(named)} sitemaps")
    if leads_to_lists(seen.seed) and len(seen.asked) > 1 and not any(source.within(link.url) for link in named):
        return DoctorFinding(
            url, kind, f"{len(named)} links to other hosts in the first list that it leads to"
        )  # of many
    example = named[0].url
    scoped = [link for link in named if source.in_scope(link.url)]
    if not scoped:
        return DoctorFinding(
            url, f"scope {source.scope}", f"none of {len(named)} links match, such as {example}", "change scope"
        )
    if not any(source.within(link.url) for link in scoped):
        return DoctorFinding(
            url, "its hosts", f"none of {len(scoped)} links are on them, such as {scoped[0].url}", "change hosts"
        )
    columns = ", ".join(source.columns)
    return DoctorFinding(
        url, f"columns {columns}", f"none of {len(named)} rows are in them; {_sections(seen)}", "change columns"
    )


def _leads_nowhere(url: str, lists: str, named: Sequence[Link]) -> DoctorFinding:
    """The fault of a list of which no link matches `lists`, the regular expression for the lists it should lead to."""
    found = f"none of {len(named)} links match, such as {named[0].url}"
    return DoctorFinding(url, f"lists {lists}", found, "change lists")


def named_links(seed: Seed, document: Document, source: Source, followed: Sequence[Link] = ()) -> list[Link]:
    """Every link of a list, wanted or not. Raises ParseError.

    followed: the links that were read in the list; for a PrintEdition they are returned, for others not used.
    """
    if isinstance(seed, Feed):
        return feed_links(document)
    if isinstance(seed, Sitemap | NewsSitemap):
        return list(sitemap_links(document))
    if isinstance(seed, JsonList):
        return json_list_links(document, source.article, seed.rows)
    if isinstance(seed, PrintEdition):
        return list(followed)
    return article_links(document)


def _fields(url: str, document: Document, seed: JsonList) -> Iterator[DoctorFinding]:
    """Yield a finding for each of key, title and time that no row of a list in JSON has, and for a missing cursor.

    The key is the row's url, or its id where no url is declared. Each shows the most similar name that the rows have,
    or the first names. A missing time is a fault only if there is a similar name, or if the next page is asked for by
    time. Without rows only the cursor is looked for.
    """
    rows, declared = list(_objects(document.json)), seed.rows
    names = Counter(name for row in rows for name in row)
    wanted = {"url" if declared.url else "id": declared.key, "title": declared.title, "time": declared.time}
    others = [name for name in names if name not in wanted.values()]
    for key, name in wanted.items():
        if not rows or any(value_at(row, name) is not MISSING for row in rows):
            continue
        near = difflib.get_close_matches(name, others, n=1, cutoff=NEAR)
        if near or key != "time" or holds(seed, "{last}") or holds(seed, "{until}"):  # many lists have no dates
            found = f"{len(rows)} rows without it; they have {_named_in(near or others)}"
            yield DoctorFinding(url, f"rows.{key} {name}", found, " to ".join([f"change rows.{key}", *near]))
    if seed.cursor is not None:
        yield from _cursor(url, document.json, seed.cursor)


def _cursor(url: str, answer: Any, cursor: str) -> Iterator[DoctorFinding]:
    """Yield a finding if an answer has no value at `cursor`; an empty value is no fault, it marks the last page."""
    place, _, name = cursor.rpartition(".")
    beside = value_at(answer, place) if place and isinstance(answer, dict) else answer
    if isinstance(answer, dict) and value_at(answer, cursor) is not MISSING:
        return
    names = [each for each in beside if isinstance(each, str)] if isinstance(beside, dict) else []
    near = difflib.get_close_matches(name, names, n=1, cutoff=NEAR)
    found = f"an answer without it; it has {_named_in(near or names)}" if names else "an answer without it"
    remedy = " to ".join(["change cursor", *(f"{place}.{each}".lstrip(".") for each in near)])
    yield DoctorFinding(url, f"cursor {cursor}", found, remedy)


def _named_in(names: Sequence[str]) -> str:
    """The first MAX_NAMED names, each cut to MAX_CHARACTERS, joined by commas."""
    return ", ".join(name[:MAX_CHARACTERS] for name in names[:MAX_NAMED])


def _objects(value: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    """Yield every object of the outermost lists of nothing but objects, down to MAX_DEPTH levels."""
    if depth > MAX_DEPTH:
        return
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        yield from value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _objects(each, depth + 1)


def _sections(seen: ListSeen) -> str:
    """A phrase on the sections of a list's rows: `they are in 评论, 要闻` or `they name no section`."""
    fields: RowFields = seen.seed.rows if isinstance(seen.seed, JsonList) else RowFields()
    words = Counter[str]()
    for document in filter(None, (asked.document for asked in seen.asked)):
        with suppress(ParseError):  # of several days' answers; the last one's fault is a finding already
            rows = json_rows(held_in(seen.seed, document).json, fields)
            words.update(word for row in rows for word in sections_of(row, fields))
    return f"they are in {_named_in(list(words))}" if words else "they name no section"
