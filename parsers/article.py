"""The article: the content of a news page, property by property, in the words of schema.org NewsArticle."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from itertools import accumulate
from operator import attrgetter
from typing import Any, Literal

import pydantic_core


@dataclass(frozen=True, slots=True)
class RelatedLink:
    """Another article that the page offers to read next."""

    headline: str
    url: str | None = None  # None: the page names the article and does not link it
    teaser: str | None = None


MediaKind = Literal["image", "attachment"]


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or an attached file that belongs to the article."""

    url: str
    kind: MediaKind = "image"
    caption: str | None = None


@dataclass(frozen=True, slots=True)
class TextLink:
    """A hyperlink inside the body."""

    paragraph: int  # index, from 0, of the paragraph that holds it; for a link in a heading kept apart, of the next one
    text: str
    url: str  # absolute, http(s) only


@dataclass(frozen=True, slots=True)
class Article:
    """An article, normalised; None or () stands for a property that the page lacks, and "" never occurs."""

    headline: str  # the title without column, speaker, tag line and site name
    alternative_headline: str | None = None  # the title's second clause, or 副题
    kicker: str | None = None  # 引题, the line above the headline
    article_section: str | None = None  # the column: Thinker, 思想者
    speaker: str | None = None  # the person who gave the talk or wrote the essay
    standfirst: str | None = None  # the summary under the headline
    authors: tuple[str, ...] = ()  # 作者, 记者
    editors: tuple[str, ...] = ()  # 编辑, 责任编辑
    source_line: str | None = None  # 来源, as the page names it
    keywords: tuple[str, ...] = ()  # the tag line, or the page's own keywords
    date_published: datetime | None = None  # aware, in the page's own offset
    date_published_raw: str | None = None  # as it stands on the page
    date_precision: str | None = None  # day, hour, minute, second: how much the page gave
    zone_assumed: bool | None = None  # the page gave no zone: the source's was taken
    date_modified: datetime | None = None  # aware
    in_language: str | None = None  # BCP 47: zh-Hans, zh-Hant, en
    canonical_url: str | None = None  # as the page claims it, http(s) only
    identity: str | None = None  # the publisher's own id, "751736"; None: the url is the identity
    paragraphs: tuple[str, ...] = ()  # the body, without headings; on pages of no declared source with them
    headings: tuple[str, ...] = ()  # sub-headings inside the body
    heading_positions: tuple[int, ...] = ()  # of each heading: the index of the paragraph after it, or of itself
    biography: str | None = None  # about the speaker or author
    reprint_notice: str | None = None  # the conditions for a reprint
    related: tuple[RelatedLink, ...] = ()
    media: tuple[Media, ...] = ()
    links: tuple[TextLink, ...] = ()  # inside the body, in its order
    metadata: tuple[tuple[str, str], ...] = ()  # a document's table: 索引号, 发文机关 …
    incomplete: bool | None = None  # True: the page has so many tags that only its beginning was read

    @property
    def body_text(self) -> str:
        """The paragraphs, joined by a newline."""
        return "\n".join(self.paragraphs)


NAMES = tuple(field.name for field in fields(Article))
TIMES = tuple(field.name for field in fields(Article) if field.type == "datetime | None")
LISTS = tuple(field.name for field in fields(Article) if field.type in ("tuple[str, ...]", "tuple[int, ...]"))
PARTS = tuple(tuple(field.name for field in fields(part)) for part in (RelatedLink, Media, TextLink))
VALUES, LINK_VALUES, MEDIA_VALUES, TEXT_LINK_VALUES = (attrgetter(*names) for names in (NAMES, *PARTS))


def opening_standfirst(standfirst: str | None, paragraphs: Sequence[str]) -> int:
    """The number of opening paragraphs that, joined by blanks, are the standfirst.

    0 for no standfirst, and for a text that opens otherwise.

    >>> opening_standfirst("江与海。 怎样连接？", ["江与海。", "怎样连接？", "三座城市。"])
    2
    """
    joined = ""
    for count, paragraph in enumerate(paragraphs if standfirst else (), start=1):
        joined = f"{joined} {paragraph}".strip()
        if joined == standfirst:
            return count
        if not (standfirst or "").startswith(joined):
            break
    return 0


def to_json(article: Article) -> dict[str, Any]:
    """The article as a dict of JSON values by field name, and `body_text`.

    Tuples are lists, times texts in ISO 8601, each link and each media item an object.
    """
    values = dict(zip(NAMES, VALUES(article), strict=True))
    for name in LISTS:
        values[name] = list(values[name])
    for name in TIMES:
        if values[name] is not None:
            values[name] = values[name].isoformat()
    values["related"] = [dict(zip(PARTS[0], LINK_VALUES(link), strict=True)) for link in article.related]
    values["media"] = [dict(zip(PARTS[1], MEDIA_VALUES(item), strict=True)) for item in article.media]
    values["links"] = [dict(zip(PARTS[2], TEXT_LINK_VALUES(link), strict=True)) for link in article.links]
    values["metadata"] = [list(pair) for pair in article.metadata]
    values["body_text"] = article.body_text
    return values


def json_line(value: Any) -> str:
    """A JSON value as one line of compact JSON (RFC 8259), without a line end.

    Chinese stands unescaped; if the value holds a lone surrogate, everything outside ASCII is escaped.
    """
    try:
        return pydantic_core.to_json(value).decode()  # six times faster
    except pydantic_core.PydanticSerializationError:
        return json.dumps(value, separators=(",", ":"))


def from_json(properties: Mapping[str, Any]) -> Article:
    """The article of a dict that `to_json` made; a missing field keeps its default, an unknown one is ignored.

    Raises TypeError without `headline`, and if a link or a media item has an unknown field.
    """
    known = {name: value for name, value in properties.items() if name in Article.__dataclass_fields__}
    known.update({name: tuple(known[name]) for name in LISTS if name in known})
    known.update({name: datetime.fromisoformat(known[name]) for name in TIMES if known.get(name)})
    known["related"] = tuple(RelatedLink(**link) for link in known.get("related", ()))
    known["media"] = tuple(Media(**item) for item in known.get("media", ()))
    known["links"] = tuple(TextLink(**link) for link in known.get("links", ()))
    known["metadata"] = tuple((name, value) for name, value in known.get("metadata", ()))
    return Article(**known)


Line = tuple[bool, str, tuple[TextLink, ...]]  # True for a heading; its text; the links in it


def stitched(pages: Sequence[Article]) -> Article:
    """One article out of its pages, given in order; at least one.

    Text, headings, links and media are those of all pages, equal media once. Lines at the top of a later page that open
    the first page too are left out, as running heads; so are lines at the end of an earlier page that end the last one
    too. Biography, reprint notice and editors are taken from the last page, each from the first page if the last has
    none; the source line from the first page, or else from the last; all other properties from the first. The article
    is incomplete if one page is.
    """
    first, last = pages[0], pages[-1]
    lines = [line for page in _without_running_heads([_lines(page) for page in pages]) for line in page]
    before = list(accumulate((not is_heading for is_heading, *_ in lines), initial=0))  # paragraphs before each line
    return replace(
        first,
        paragraphs=tuple(text for is_heading, text, _ in lines if not is_heading),
        headings=tuple(text for is_heading, text, _ in lines if is_heading),
        heading_positions=tuple(count for count, (is_heading, *_) in zip(before, lines, strict=False) if is_heading),
        links=tuple(
            replace(link, paragraph=place) for place, line in zip(before, lines, strict=False) for link in line[2]
        ),
        media=tuple(dict.fromkeys(item for page in pages for item in page.media)),
        biography=last.biography or first.biography,
        reprint_notice=last.reprint_notice or first.reprint_notice,
        editors=last.editors or first.editors,
        source_line=first.source_line or last.source_line,
        incomplete=any(page.incomplete for page in pages) or None,
    )


def _lines(page: Article) -> list[Line]:
    """The headings and paragraphs of a page in order, each as (True for a heading, its text, its links).

    A link stands with the paragraph whose index it gives, also one in a heading; without such a paragraph it is lost.
    """
    headings = zip(page.heading_positions, page.headings, strict=False)
    linked: dict[int, list[TextLink]] = {}
    for link in page.links:
        linked.setdefault(link.paragraph, []).append(link)
    placed = [(place, False, text, tuple(linked.get(place, ()))) for place, text in enumerate(page.paragraphs)]
    placed += [(place, True, text, ()) for place, text in headings]
    placed.sort(key=lambda line: (line[0], not line[1]))  # stable: a heading stands before its paragraph
    return [line[1:] for line in placed]


def _without_running_heads(pages: list[list[Line]]) -> list[list[Line]]:
    first, *further = pages
    kept = [first, *(page[_common(first, page) :] for page in further)]
    kept = [page for page in kept if page]
    if not kept:
        return []
    *before, last = kept
    return [*(page[: len(page) - _common(page[::-1], last[::-1])] for page in before), last]


def _common(one: list[Line], other: list[Line]) -> int:
    """The number of lines at the beginning of both pages that are equal; their links are not compared."""
    pairs = zip(one, other, strict=False)
    return next(
        (count for count, (here, there) in enumerate(pairs) if here[:2] != there[:2]), min(len(one), len(other))
    )
