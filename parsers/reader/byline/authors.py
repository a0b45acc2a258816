"""The authors of any page: JSON-LD, meta, elements marked as bylines, lines that open with By or Von."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from selectolax.lexbor import LexborNode

from parsers import people
from parsers.document import Document, once
from parsers.people import chinese_person, is_person, marked_names, opened_names, unopened
from parsers.reader.byline.thresholds import (
    MAX_AUTHORS_OF_LIST,
    MAX_BYLINE_CHARACTERS,
    MAX_LINKED_AUTHORS,
    MAX_MARKED_ELEMENTS,
    MAX_PEN_NAME_CHARACTERS,
    MAX_PEN_NAME_LINKS,
)
from parsers.reader.headline.shown import folded_site_names
from parsers.reader.view import normalisers
from parsers.reader.view.belonging import is_another
from parsers.reader.view.candidates import Candidate, PageView, css, first, meta
from parsers.text import folded
from parsers.titles import is_site

AUTHOR_METAS = (
    "author", "article:author", "article:byline", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator",
    "dc.creator.name", "byl", "byline", "citation_author", "cxenseparse:author", "twitter:data1 author",
)  # fmt: skip
MARKED = "[rel~=author], [itemprop~=author], [class*=byline i], [class*=author i], [class*=autor i], [class*=auteur i]"
SIGNED = "[rel~=author], .author.vcard, .byline .author"
LATIN = re.compile(r"[A-Za-z]")
HOUSE = re.compile(r"(?:社|[网網报報台臺]|新[闻聞]|中心|[编編][辑輯][部室]|公司|[频頻]道|小[编編]|管理[员員])$")


def linked_authors(page: PageView) -> tuple[str, ...]:
    """The author names in the JSON-LD of the page's article, else its creators; references by @id are followed."""
    article = page.linked_article
    return tuple(_names(article.get("author") or article.get("creator"), page.document))


def linked_persons(page: PageView) -> tuple[str, ...]:
    """The author names in the JSON-LD of the page's article, without the site's; () unless `_full_names` takes them."""
    return _full_names(LINKED_NAMES.of(page))


def meta_persons(page: PageView) -> tuple[str, ...]:
    """The names in the first of AUTHOR_METAS whose names `_full_names` takes, without the site's; () without one."""
    for names in _metas(page):
        if full := _full_names(names):
            return full
    return ()


def meta_authors(page: PageView) -> tuple[str, ...]:
    """The names in the first of AUTHOR_METAS that has any; () without one.

    Pen names and publishers count; addresses, numbers and the site's name do not.
    """
    for names in _metas(page):
        if names:
            return names
    return ()


def marked_persons(page: PageView) -> tuple[str, ...]:
    """The names in the first element marked as a byline that has any, and in such elements close beside it.

    rel=author goes before itemprop=author, and that before all other marks. Names of an element with two marks are
    there twice. Always () on a Chinese page, because only names in Latin letters are read.
    """
    if _is_chinese(page):
        return ()
    marked = _marked_in(page.document)
    return _first_marked(marked["rel"]) or _first_marked(marked["itemprop"]) or _first_marked(marked["any"])


def _is_chinese(page: PageView) -> bool:
    return (page.in_language or "").startswith("zh")


@once
def _marked_in(document: Document) -> Mapping[str, Sequence[LexborNode]]:
    """Lists of the elements marked as bylines, by the attribute that marks them; under "any" all of them.

    Under "rel", "itemprop" and "class" are those with the word author in that attribute. An element that two selectors
    of MARKED find stands twice in each of its lists.
    """
    found: dict[str, list[LexborNode]] = {"rel": [], "itemprop": [], "class": [], "any": []}
    for node in document.tree.css(MARKED):
        attributes = node.attributes
        said = [name for name in ("rel", "itemprop", "class") if "author" in (attributes.get(name) or "").split()]
        for name in (*said, "any"):
            found[name].append(node)
        if len(found["any"]) == MAX_MARKED_ELEMENTS:
            break
    return found


def pen_names(page: PageView) -> tuple[str, ...]:
    """The first name in an element of SIGNED, mostly a link to the author's own page, as a tuple; () without one.

    A single word counts too; the site's name does not.
    """
    if not _is_chinese(page):  # there marked_persons has searched already: a miss is cheap
        marked = _marked_in(page.document)
        if not (marked["rel"] or marked["class"]):
            return ()
    nodes = page.document.tree.css(SIGNED)
    texts = (node.text(separator=" ", strip=True) for node in nodes[:MAX_PEN_NAME_LINKS] if not is_another(node))
    named = (_without_site((unopened(text),), page) for text in texts if 0 < len(text) <= MAX_PEN_NAME_CHARACTERS)
    return next((names[:1] for names in named if names), ())


def opened_lines(page: PageView) -> tuple[str, ...]:
    """The names in the first line that opens like a byline: By, Von, Par; () without one.

    The lines are those of `page.byline`, then the body's first two paragraphs if they are short.
    """
    for line in (*page.byline, *[line for line in page.lines.paragraphs[:2] if len(line) <= MAX_BYLINE_CHARACTERS]):
        if names := opened_names(line):
            return tuple(names)
    return ()


def credited(page: PageView) -> tuple[str, ...]:
    """The authors that the lines of `page.credits` name (作者：, 记者, Author:); in Latin letters only full names."""
    japanese = page.in_language == "ja"
    names = [name for line in page.credits for name in _whole_names(people.authors(line), line, japanese=japanese)]
    return tuple([name for name in names if not LATIN.search(name) or is_person(name)])


def _whole_names(names: tuple[str, ...], line: str, *, japanese: bool) -> list[str]:
    """The names; on a Japanese page 山田 and 太郎 of the line 山田 太郎 become one name again, with the blank."""
    whole: list[str] = []
    for name in names:
        if japanese and whole and " " not in whole[-1] and f"{whole[-1]} {name}" in " ".join(line.split()):
            whole[-1] += f" {name}"
        else:
            whole.append(name)
    return whole


def writers(page: PageView) -> tuple[str, ...]:
    """The page's authors; on a Chinese page without editors and sources, which its sites put into meta and JSON-LD too.

    There, in order: sources and the site's name are left out, but not one that a label names as author (作者：); if
    nobody is left, the authors that labels name are taken; then editors are left out, unless all are editors.
    """
    named = NAMED.of(page)
    if not _is_chinese(page):
        return named
    labelled = CREDITED.of(page)
    others = (*page.editors.of(page), *page.source_line.of(page))
    sites = folded_site_names(page.document)
    kept = tuple(
        name
        for name in named
        if name in labelled
        or not (name.endswith(others) or (chinese_person(name) is None and (folded(name) in sites or is_site(name))))
    )
    return _without_editors(kept or labelled, page)


def _without_editors(names: tuple[str, ...], page: PageView) -> tuple[str, ...]:
    """The names without the editors, whom publishing systems print as 作者 too; all names if none would be left."""
    editors = page.editors.of(page)
    return tuple([name for name in names if name not in editors]) or names


def _names(value: Any, document: Document) -> list[str]:
    """The names in the author value of a JSON-LD article; references to references are followed up to a limit."""
    names: list[str] = []
    waiting: list[tuple[Any, int]] = [(value, 0)]
    for _ in range(MAX_LINKED_AUTHORS):
        if not waiting:
            break
        value, depth = waiting.pop()
        if isinstance(value, list):
            waiting += [(item, depth) for item in reversed(value[:MAX_AUTHORS_OF_LIST])]
        elif isinstance(value, dict) and depth < 3:
            waiting.append((_name_of(value, document), depth + 1))
        elif isinstance(value, str):
            names.append(value)
    return names


def _name_of(thing: dict[str, Any], document: Document) -> Any:
    named = thing.get("name") or thing.get("byline")
    return named or _things(document).get(str(thing.get("@id")), {}).get("name")


@once
def _things(document: Document) -> Mapping[str, Mapping[str, Any]]:
    """The objects of the page's JSON-LD by their @id; the last one of several with the same."""
    return {thing["@id"]: thing for thing in document.json_ld if isinstance(thing.get("@id"), str)}


def _metas(page: PageView) -> Iterator[tuple[str, ...]]:
    found = page.document.meta
    return (_without_site((found[name],), page) for name in AUTHOR_METAS if name in found)


def _without_site(names: tuple[str, ...], page: PageView) -> tuple[str, ...]:
    told = normalisers.names(names, japanese=page.in_language == "ja")
    if not told:
        return ()
    sites = folded_site_names(page.document)
    return tuple([name for name in told if folded(name) not in sites and (LATIN.search(name) or not is_site(name))])


def _full_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """All names if the first is a full name in Latin letters, or in another script and no publisher's; else ()."""
    whole = names and (is_person(names[0]) or not (LATIN.search(names[0]) or HOUSE.search(names[0])))
    return names if whole else ()


def _first_marked(nodes: Sequence[LexborNode]) -> tuple[str, ...]:
    found: list[str] = []
    place: set[object] = set()
    for node in nodes:
        if place and _place(node).isdisjoint(place):
            break
        names = _marked(node)
        place = place or (_place(node) if names else set())
        found += names
    return tuple(found)


def _place(node: LexborNode) -> set[object]:
    """The mem_ids of a node's parent and grandparent, at most two, which may hold further bylines."""
    around = (node.parent, node.parent.parent if node.parent is not None else None)
    return {at.mem_id for at in around if at is not None}


def _marked(node: LexborNode) -> list[str]:
    text = node.text(separator="\n", strip=True)
    if not text or len(text) > MAX_BYLINE_CHARACTERS or is_another(node):
        return []
    return marked_names([" ".join(line.split()) for line in text.split("\n")])


LINKED_AUTHORS = Candidate(linked_authors, "json-ld author", selects=True)
LINKED_PERSONS = Candidate(linked_persons, "json-ld author in full, not the site", (LINKED_AUTHORS,), "inside")
LINKED_NAMES = Candidate(
    lambda page: _without_site(linked_authors(page), page), "json-ld author, not the site", (LINKED_AUTHORS,), "inside"
)
METAS = tuple(map(meta, AUTHOR_METAS))
META_PERSONS = Candidate(meta_persons, "full name in the first telling meta", METAS, "inside")
META_AUTHORS = Candidate(meta_authors, "name in the first telling meta, not the site", METAS, "inside")
MARKED_PERSONS = Candidate(marked_persons, "first element marked as byline", (css(MARKED),), "inside")
CREDITED = Candidate(credited, "lines that name an author")
PEN_NAMES = Candidate(pen_names, "link to the author's page", (css(SIGNED),), "inside")
OPENED_LINES = Candidate(opened_lines, "line that opens with By, Von, Par")
NAMED = first(
    LINKED_PERSONS, META_PERSONS, OPENED_LINES, CREDITED, MARKED_PERSONS, LINKED_NAMES, PEN_NAMES, META_AUTHORS,
    LINKED_AUTHORS,
)  # fmt: skip
AUTHORS = Candidate(writers, "not the editor or the source of a Chinese page", (NAMED, CREDITED), "inside")
