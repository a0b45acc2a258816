"""A page's moments of publication and change: meta, microdata, time elements, its address."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from selectolax.lexbor import LexborNode

from parsers.dates import WESTERN_DATE, parse_date
from parsers.document import META_NAMES, Document, once
from parsers.reader.published.address import day_in_address
from parsers.reader.published.comments import stands_in_comment, without_comments
from parsers.reader.published.dateline import DATE, first_date
from parsers.reader.published.days_in_words import told_under_headline
from parsers.reader.published.labels import UPDATE, label_before, meaning
from parsers.reader.published.thresholds import (
    MAX_DISTANCE,
    MAX_LABEL_CHARACTERS,
    MAX_SHOWN_DATE_CHARACTERS,
    MAX_TIMES,
    MIN_ALONE,
    UNDER_HEADLINE,
)
from parsers.reader.view.belonging import is_another
from parsers.reader.view.candidates import Candidate, PageView, json_ld, meta
from parsers.reader.view.datelines import Dateline

PUBLISHED_METAS = (
    "article:published_time", "article:published:time", "article:published-time", "datepublished", "og:release_date",
    "og:published_time", "pubdate", "publishdate", "publish-date", "firstpublishedtime", "og:time", "date", "dc.date",
    "dc.date.issued", "dcterms.created", "sailthru.date", "parsely-pub-date", "article.published", "publication_date",
    "datecreated", "weibo: article:create_at",
)  # fmt: skip
MODIFIED_METAS = (
    "article:modified_time", "og:updated_time", "datemodified", "lastmodifiedtime", "dateupdate",
    "weibo: article:update_at",
)  # fmt: skip
_MARKED = "[itemprop=datePublished], [property~='dc:date'], abbr.published"
MARKED = f"time[pubdate], {_MARKED}"
# Without a zone only values that every calendar has: publishing systems write 0001-01-01T00:00:00 for unknown moments.
WHOLE_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)"
    r"|20\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])[T ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?"
)
TABLE_DATES = ("发布日期", "发布时间", "公布日期", "公布时间", "公开日期", "公开时间")
DAYS_OF_WRITING = ("发文日期", "发文时间", "成文日期", "生成日期", "签发日期", "印发日期", "成文时间", "生成时间")
MICRODATA = ("datepublished", "datecreated")  # metas that comments have, too
INLINE = ("span", "b", "strong", "i", "em", "label", "small")
# Text before and behind a day that opens a paragraph: (Bonn, 3. Mai 2022) –
PLACE = re.compile(r"[(\[]?(?:[^\W\d_][^\d.!?:;]{1,40},\s+(?:(?:den|le|am)\s+)?)?")
BEHIND_DAY = re.compile(r"\s*(?:[)\]]|[-–—|/]\s(?!\d)|[„»“])")


def table_dates(page: PageView) -> tuple[str, ...]:
    """The values of 发布日期, 公开时间 and the like in the page's document table, as printed; () without any.

    They are in the order of TABLE_DATES.
    """
    table = dict(page.table)
    return tuple([table[name] for name in TABLE_DATES if name in table])


def days_of_writing(page: PageView) -> tuple[str, ...]:
    """The days of writing or signature of a document, as printed: those in its metadata, then those in short lines.

    The metadata are its table, or else the fields found in its text. () without any day.
    """
    told = dict(page.metadata())
    shown = [line.raw for line in page.datelines if line.meaning == "written"]
    return (*(told[name] for name in DAYS_OF_WRITING if name in told), *shown)


def url_date(page: PageView) -> tuple[str, ...]:
    """The one day in the page's own address, as a tuple; () without one."""
    return tuple(filter(None, [day_in_address(page.document.url)]))


def published_metas(page: PageView) -> tuple[str, ...]:
    """The dates of publication in the page's metas, in the order of PUBLISHED_METAS; those of comments are left out."""
    document = page.document
    names = [name for name in PUBLISHED_METAS if name in document.meta]
    told = [_own_meta(document, name) if name in MICRODATA else document.meta[name] for name in names]
    return tuple(filter(None, told))


def _own_meta(document: Document, name: str) -> str | None:
    """The first content that is not empty of a <meta> of that name outside comments; None without one."""
    named = [node for node in document.named["meta"] if _is_meta(node, name)][:MAX_TIMES]
    own = (node.attributes.get("content") or "" for node in named if not stands_in_comment(document, node))
    return next((content.strip() for content in own if content.strip()), None)


def _is_meta(node: LexborNode, name: str) -> bool:
    return name in [(node.attributes.get(kind) or "").strip().lower() for kind in META_NAMES]


def earlier_time(page: PageView) -> tuple[str, ...]:
    """The date under the headline, as printed (at most one), if meta names the same day with another time; else ().

    The time in meta may be later or earlier. () also on a page whose zone is not Asia/Shanghai.
    """
    if page.zone != "Asia/Shanghai" or not (metas := published_metas(page)):
        return ()
    return tuple(filter(None, [time_under_headline(page.datelines, metas, page.document.captured_at, page.zone)]))


def time_under_headline(
    shown_dates: Sequence[Dateline], others: tuple[str, ...], now: datetime, zone: str
) -> str | None:
    """The first of all `shown_dates`, as printed, if under the headline and `others` name that day at another time.

    Else None, also if one of the two names no time; no later item is tried. `others` are the dates in the page's meta,
    of which the first that can be read counts: publishing systems write a moment of their own there; the page shows
    when the article appeared.
    """
    top = next(
        (found for found in shown_dates[:1] if found.meaning == "published" and found.rank >= UNDER_HEADLINE), None
    )
    shown = parse_date(top.raw, now=now, timezone=zone) if top else None
    other = next((date for raw in others if (date := parse_date(raw, now=now, timezone=zone))), None)
    if top is None or shown is None or other is None or "day" in (shown.precision, other.precision):
        return None
    same_day = shown.value.date() == other.value.date()
    return top.raw if same_day and not shown.earliest <= other.value <= shown.latest else None


def told_day(page: PageView) -> tuple[str, ...]:
    """The first date of publication under the headline, as printed, in words too: ("昨天 23:01",); () without one."""
    told = told_under_headline(page.where, page.document.captured_at, page.zone)
    return tuple([line.raw for line in without_comments(page.document, page.where, told)][:1])


def opening_day(page: PageView) -> tuple[str, ...]:
    """The day that opens the standfirst or one of the first two paragraphs after it, at most one; () without one.

    3. Mai 2022 – In Bonn … gives ("3. Mai 2022",). A mark must follow it, but after a place name it may stand alone:
    Bonn, 3. Mai 2022.
    """
    summed_up = len(page.lines.standfirst)
    for paragraph in (*page.lines.standfirst[:1], *page.lines.paragraphs[summed_up : summed_up + 2]):
        opening = paragraph[:MAX_SHOWN_DATE_CHARACTERS]
        day = first_date(opening, 0, len(opening)) if "20" in opening or "19" in opening else None
        alone = day is not None and day.start() > 0 and day.end() == len(paragraph)  # Bonn, 3. Mai 2022
        if day and PLACE.fullmatch(opening, 0, day.start()) and (alone or BEHIND_DAY.match(opening, day.end())):
            return (day[0],)
    return ()


def marked_moments(page: PageView) -> tuple[str, ...]:
    """The dates in elements marked as publication by microdata, RDFa or a microformat, outside comments.

    That of a marked <time> element is there twice, see `_timed`.
    """
    marked = [node for node in _timed(page.document) if _is_marked(node)][:MAX_TIMES]
    nodes = [node for node in marked if not stands_in_comment(page.document, node)]
    return tuple([moment for node in nodes if (moment := _marked_moment(node))])


def _marked_moment(node: LexborNode) -> str | None:
    """The moment in an attribute of an element, else its text if that holds a date; None without either."""
    told = node.attributes
    if moment := told.get("datetime") or told.get("content") or told.get("title"):
        return moment
    text = node.text()[:MAX_SHOWN_DATE_CHARACTERS].strip()
    return text if DATE.search(text) or WESTERN_DATE.search(text) else None


def shown_dates(page: PageView) -> tuple[str, ...]:
    """The dates of publication in short lines, as printed, the likeliest first."""
    return tuple([line.raw for line in page.datelines if line.meaning == "published"])


def called_moments(page: PageView) -> tuple[str, ...]:
    """The dates with which scripts between headline and body are called, such as showTime('2026-11-25 08:30').

    Left out are those whose label says an update or another day, and days to come, which such scripts count down to.
    """
    where, captured = page.where, page.document.captured_at
    titles = [place for place in where.titles if place <= where.body] or [len(where.text)]
    own = [
        date
        for place, date in page.document.calls
        if titles[0] <= place <= min(where.body, titles[-1] + MAX_DISTANCE)
        and DATE.fullmatch(date)
        and meaning(label_before(where.text, where.titles, place, place), "") == "published"
    ]
    told = [(date, parse_date(date, now=captured, timezone=page.zone)) for date in own]
    return tuple([date for date, moment in told if moment is not None and moment.earliest <= captured])


def shown_updates(page: PageView) -> tuple[str, ...]:
    """The likeliest date of an update in short lines, as printed, at most one; () without one."""
    return tuple([line.raw for line in page.datelines if line.meaning == "updated"][:1])


def update_alone(page: PageView) -> tuple[str, ...]:
    """The likeliest date of an update that stands close to the article, as printed, at most one; () without one.

    `published_moments` asks for it only on a page without a date of publication; this function does not check that.
    """
    return tuple([line.raw for line in page.datelines if line.meaning == "updated" and line.rank >= MIN_ALONE][:1])


def time_elements(page: PageView) -> tuple[str, ...]:
    """The datetime attributes of the <time> elements of the article, in page order; that of a marked one twice.

    Left out are those that class, text or the words beside them call an update or another day, and those in comments.
    """
    nodes = [node for node in _timed(page.document) if node.tag == "time" and "datetime" in node.attributes][:MAX_TIMES]
    return tuple(
        moment
        for node in nodes
        if (moment := node.attributes.get("datetime"))
        and not is_another(node)
        and not stands_in_comment(page.document, node)
        and not UPDATE.search(f"{_class_of(node)} {node.text()}"[:200].lower())
        and meaning(_text_before(node), _text_behind(node)) == "published"
    )


def _class_of(node: LexborNode) -> str:
    """The class of a <time> element; "" if it says published: WordPress adds updated while both moments are one."""
    name = node.attributes.get("class") or ""
    return "" if "published" in name.split() else name


def _text_before(node: LexborNode) -> str:
    """The end of the text right before an element, stripped and in lower case: "updated:"; "" without any.

    The text may be bare or in an inline element such as <span>; any other element there gives "".
    """
    before = node.prev
    while before is not None and before.is_text_node and not (before.text_content or "").strip():
        before = before.prev
    if before is None:
        return ""
    text = before.text_content if before.is_text_node else before.text() if before.tag in INLINE else ""
    return (text or "").strip()[-MAX_LABEL_CHARACTERS:].lower()


def _text_behind(node: LexborNode) -> str:
    behind = node.next
    return (behind.text_content or "") if behind is not None and behind.is_text_node else ""


def _is_marked(node: LexborNode) -> bool:
    """True for a <time> element with a mark of publication of its own, and for every element that is not <time>."""
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
    """The page's <time> elements and all that are marked as publication, in page order; a <time> that is so twice."""
    return document.tree.css(f"time, {_MARKED}")


SHOWN_DATES = Candidate(shown_dates, "dateline: date in a short line")
SHOWN_UPDATES = Candidate(shown_updates, "dateline that speaks of an update")
LINKED = json_ld("datePublished")
PUBLISHED_PLACES = (
    LINKED,
    Candidate(earlier_time, "time under a Chinese headline that differs from meta"),
    Candidate(published_metas, "meta with a date of publication", tuple(map(meta, PUBLISHED_METAS)), "all"),
    Candidate(table_dates, "document table 发布日期, 公开日期"),
    Candidate(marked_moments, f"css {MARKED}"),
    SHOWN_DATES,
    Candidate(time_elements, "css time[datetime] of the article"),
    Candidate(called_moments, "date that a script between headline and text is called with"),
    Candidate(opening_day, "day that opens the first paragraphs"),
    Candidate(url_date, "day in the url"),
    Candidate(told_day, "day told in words under the headline, of the capture's year where it names none"),
    Candidate(days_of_writing, "成文日期 and the like: the day on which a document was written"),
)
UPDATE_ALONE = Candidate(update_alone, f"{SHOWN_UPDATES.rule}, for want of a day of publication")


def published_moments(page: PageView) -> tuple[str, ...]:
    """The texts of all dates of publication on a page, the surest place first; equal texts stay.

    If the first text found is a whole moment, only the texts of its place are returned. If no text can be read as a
    date, the date of an update is added.
    """
    found: list[str] = []
    for place in PUBLISHED_PLACES:
        found += place.of(page)
        if found and WHOLE_MOMENT.fullmatch(found[0]):
            return tuple(found)
    dated = any(parse_date(text, now=page.document.captured_at, timezone=page.zone) for text in found)
    return tuple(found) if dated else (*found, *UPDATE_ALONE.of(page))


PUBLISHED = Candidate(published_moments, "date of publication", (*PUBLISHED_PLACES, UPDATE_ALONE), "all")
