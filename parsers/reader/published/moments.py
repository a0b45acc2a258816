"""When a page of any site says that it was published and changed: meta, microdata, time elements, its address."""

from __future__ import annotations

import re
from collections.abc import Sequence

from selectolax.lexbor import LexborNode

from parsers.dates import WESTERN_DATE
from parsers.document import Document, once
from parsers.reader.belonging import is_another
from parsers.reader.byline.unlabelled import time_under_headline
from parsers.reader.candidates import Candidate, PageView, json_ld, meta
from parsers.reader.published.dateline import DATE, UPDATED, first_date
from parsers.reader.published.thresholds import MAX_SHOWN_DATE_CHARACTERS, MAX_TIMES

PUBLISHED_METAS = (
    "article:published_time", "datepublished", "og:release_date", "og:published_time", "pubdate", "publishdate",
    "publish-date", "firstpublishedtime", "og:time", "date", "dc.date", "dc.date.issued", "dcterms.created",
    "sailthru.date", "parsely-pub-date", "article.published", "publication_date", "datecreated",
    "weibo: article:create_at",
)  # fmt: skip
MODIFIED_METAS = (
    "article:modified_time", "og:updated_time", "datemodified", "lastmodifiedtime", "dateupdate",
    "weibo: article:update_at",
)  # fmt: skip
URL_DATE = re.compile(
    r"(?:^|[/_t-])((?:19|20)\d\d)(?:[/_-]?(0[1-9]|1[0-2])[/_-]?(0[1-9]|[12]\d|3[01])|/([1-9])/([12]?\d|3[01]))(?=[/_.-]|$)"
)
_MARKED = "[itemprop=datePublished], [property~='dc:date'], abbr.published"
MARKED = f"time[pubdate], {_MARKED}"
# Without a zone only what every calendar has: publishing systems write 0001-01-01T00:00:00 where they know nothing.
WHOLE_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)"
    r"|20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?"
)
TABLE_DATES = ("发布日期", "公开日期", "发文日期", "成文日期", "生成日期")
# What stands before and behind the day that opens a text: (Bonn, 3. Mai 2022) –
PLACE = re.compile(r"[(\[]?(?:[^\W\d_][^\d.!?:;]{1,40},\s+(?:(?:den|le|am)\s+)?)?")
BEHIND_DAY = re.compile(r"\s*(?:[)\]]|[-–—|/]\s(?!\d)|[„»“])")


def table_dates(page: PageView) -> tuple[str, ...]:
    """The day of a document's table: of publication, else of signature."""
    table = dict(page.metadata())
    return tuple(table[name] for name in TABLE_DATES if name in table)


def url_date(page: PageView) -> tuple[str, ...]:
    """The day that stands in the page's own address: /2019-09/26/, /2019/9/26/, /t20190402_."""
    found = URL_DATE.search(page.document.url)
    return ("-".join(filter(None, found.groups())),) if found else ()


def published_metas(page: PageView) -> tuple[str, ...]:
    found = page.document.meta
    return tuple([found[name] for name in PUBLISHED_METAS if name in found])


def earlier_time(page: PageView) -> tuple[str, ...]:
    """The time under a Chinese headline, where meta tells another time of that day."""
    if page.zone != "Asia/Shanghai" or not (metas := published_metas(page)):
        return ()
    return tuple(filter(None, [time_under_headline(page.datelines, metas, page.document.captured_at, page.zone)]))


def opening_day(page: PageView) -> tuple[str, ...]:
    """The day that opens one of the first paragraphs, parted from it by a mark: 3. Mai 2022 – In Bonn …"""
    for paragraph in (*page.lines.standfirst[:1], *page.lines.paragraphs[:2]):
        opening = paragraph[:MAX_SHOWN_DATE_CHARACTERS]
        day = first_date(opening, 0, len(opening)) if "20" in opening or "19" in opening else None
        alone = day is not None and day.start() > 0 and day.end() == len(paragraph)  # Bonn, 3. Mai 2022
        if day and PLACE.fullmatch(opening, 0, day.start()) and (alone or BEHIND_DAY.match(opening, day.end())):
            return (day[0],)
    return ()


def marked_moments(page: PageView) -> tuple[str, ...]:
    """The moments of elements that the page marks as its publication, in microdata, RDFa or a microformat."""
    nodes = [node for node in _timed(page.document) if _is_marked(node)][:MAX_TIMES]
    return tuple([moment for node in nodes if (moment := _marked_moment(node))])


def _marked_moment(node: LexborNode) -> str | None:
    """What an element says of its moment in an attribute, else in its text, if that names a year."""
    told = node.attributes
    if moment := told.get("datetime") or told.get("content") or told.get("title"):
        return moment
    text = node.text()[:MAX_SHOWN_DATE_CHARACTERS].strip()
    return text if DATE.search(text) or WESTERN_DATE.search(text) else None


def shown_dates(page: PageView) -> tuple[str, ...]:
    """The dates of short lines, the likeliest first."""
    return tuple([line.raw for line in page.datelines if not line.updated])


def shown_updates(page: PageView) -> tuple[str, ...]:
    """The likeliest of those that speak of an update."""
    return tuple([line.raw for line in page.datelines if line.updated][:1])


def time_elements(page: PageView) -> tuple[str, ...]:
    """The moments of the <time> elements that belong to the article and speak of no update, in page order."""
    nodes = [node for node in _timed(page.document) if node.tag == "time" and "datetime" in node.attributes][:MAX_TIMES]
    return tuple(
        moment
        for node in nodes
        if (moment := node.attributes.get("datetime"))
        and not is_another(node)
        and not UPDATED.search(f"{node.attributes.get('class') or ''} {node.text()}"[:200].lower())
    )


def _is_marked(node: LexborNode) -> bool:
    """Whether a <time> element is marked itself; one that holds such an element is not, though it matches, too."""
    if node.tag != "time":
        return True
    attributes = node.attributes
    return (
        "pubdate" in attributes
        or attributes.get("itemprop") == "datePublished"
        or "dc:date" in (attributes.get("property") or "").split()
    )


@once
def _timed(document: Document) -> Sequence[LexborNode]:
    """The <time> elements and those marked otherwise: whoever asks for the one asks for the other."""
    return document.tree.css(f"time, {_MARKED}")


SHOWN_DATES = Candidate(shown_dates, "dateline: date in a short line")
SHOWN_UPDATES = Candidate(shown_updates, "dateline that speaks of an update")
LINKED = json_ld("datePublished")
PUBLISHED_PLACES = (
    LINKED,
    Candidate(earlier_time, "time under a Chinese headline that differs from meta"),
    Candidate(published_metas, "meta with a date of publication", tuple(map(meta, PUBLISHED_METAS)), "all"),
    Candidate(table_dates, "document table 发布日期, 公开日期, 成文日期, 生成日期"),
    Candidate(marked_moments, f"css {MARKED}"),
    SHOWN_DATES,
    Candidate(time_elements, "css time[datetime] of the article"),
    Candidate(opening_day, "day that opens the first paragraphs"),
    Candidate(url_date, "day in the url"),
)


def published_moments(page: PageView) -> tuple[str, ...]:
    """All that the page says of its publication, the surest first; no more is looked for behind a whole moment."""
    found: list[str] = []
    for place in PUBLISHED_PLACES:
        found += place.of(page)
        if found and WHOLE_MOMENT.fullmatch(found[0]):
            break
    return tuple(found)


PUBLISHED = Candidate(published_moments, "date of publication", PUBLISHED_PLACES, "all")
