"""The data sets that can be exported: their columns, and the SQL that selects and reads their rows.

Everything that a file says about itself comes from here: schema, dictionary, codebook, docs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from archive.properties import BY_NAME, said_now
from archive.publish.exporting.columns import ExportColumn, ValueType

What = Literal["articles", "revisions", "changes", "events", "captures", "coverage"]

SHOWN = "a.state <> 'withdrawn'"
_CHOSEN = "(select value from json_each(:articles))"
_WITHDRAWN = "(select id from articles where state = 'withdrawn')"
# Captures of a withdrawn article: those that show it or repeat its bytes, and those of its addresses.
_HIDDEN_CAPTURES = f"""(
    select capture_id from sightings where article_id in {_WITHDRAWN}
    union select c.id from articles a join sightings g on g.article_id = a.id join captures t on t.id = g.capture_id
      join captures c on c.refers_to = t.record_id where a.state = 'withdrawn'
    union select c.id from articles a join addresses d on d.article_id = a.id
      join captures c on c.urlkey = d.urlkey and c.source = d.source where a.state = 'withdrawn')"""
_CAPTURES_OF = f"""(
    select capture_id from sightings where article_id in {_CHOSEN}
    union select c.id from addresses d join captures c on c.urlkey = d.urlkey and c.source = d.source
     where d.article_id in {_CHOSEN})"""


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set: rows with an id each, in one order.

    rows: SQL of the tables from which `columns` are read. ids: SQL of the tables from which `id` is read, for the rows
    with `shown`, in the order of `order`. of_articles: the condition for rows of the articles in `:articles`; None if
    they belong to none. moment: the column that `since` and `until` limit, which is a calendar day if `by_day`.
    """

    name: What
    columns: tuple[ExportColumn, ...]
    rows: str
    ids: str
    id: str
    order: str
    shown: str
    of_articles: str | None
    source: str
    moment: str
    by_day: bool = False


def _columns(table: str, *columns: ExportColumn | str) -> tuple[ExportColumn, ...]:
    return tuple(ExportColumn(each, f"{table[0]}.{each}", table) if isinstance(each, str) else each for each in columns)


def _of(table: str, name: str, type_: ValueType, sql: str = "") -> ExportColumn:
    return ExportColumn(name, sql or f"{table[0]}.{name}", table, type_)


def _moments(table: str, names: Iterable[str]) -> list[ExportColumn]:
    return [_of(table, name, "moment") for name in names]


def _properties(*names: str) -> list[ExportColumn]:
    """The columns of these properties of the current text."""
    return [
        ExportColumn(name, f"a.{name}" if name == "article_section" else said_now(name), "articles",
                     "list" if BY_NAME[name].is_list else "text")
        for name in names
    ]  # fmt: skip


def _permalink(digest: str) -> ExportColumn:
    return ExportColumn("permalink", f":site || '/a/' || a.key || '/v/' || substr({digest}, 8, 12)", is_address=True)


_KEY = ExportColumn("key", "a.key", "articles")
_SOURCE = ExportColumn("source", "a.source", "articles")

ARTICLES = DataSet(
    "articles",
    _columns(
        "articles",
        "key",
        "source",
        ExportColumn("url", "a.url", "articles", is_address=True),
        _permalink("a.content_digest"),
        *_properties("headline", "alternative_headline", "kicker", "article_section"),
        "listed_section",
        *_properties("speaker", "standfirst", "authors", "editors", "source_line", "keywords", "date_published"),
        _of("articles", "date_published_utc", "moment"),
        _of("articles", "published_date", "day"),
        "published_month",
        "date_precision",
        "date_modified",
        "in_language",
        ExportColumn("characters", "a.characters", "articles", "integer", "characters"),
        *_properties("body_text", "headings", "biography", "reprint_notice", "metadata", "attachments"),
        *_moments("articles", ("first_seen_at", "last_seen_at", "first_missed_at")),
        "state",
        _of("articles", "revisions", "integer"),
        _of("articles", "shown_at", "moment"),
        "content_digest",
    ),
    rows="articles as a on a.id = wanted.value",
    ids="articles as a",
    id="a.id",
    order="a.search_id",
    shown=SHOWN,
    of_articles=f"a.id in {_CHOSEN}",
    source="a.source",
    moment="a.published_date",
    by_day=True,
)

_OF_REVISION = "revision_records as o join articles as a on a.id = o.article_id"

REVISIONS = DataSet(
    "revisions",
    _columns(
        "revisions",
        _KEY,
        _SOURCE,
        _of("revisions", "number", "integer"),
        _of("revisions", "position", "integer"),
        _permalink("r.content_digest"),
        *_moments("revisions", ("captured_at", "recorded_at")),
        "dating",
        "origin",
        "significance",
        "parser_version",
        "headline",
        "body_text",
        "content_digest",
    ),
    rows="revisions as r on r.id = wanted.value cross join articles as a on a.id = r.article_id",
    ids=_OF_REVISION,
    id="o.id",
    order="o.id",
    shown=SHOWN,
    of_articles=f"o.article_id in {_CHOSEN}",
    source="a.source",
    moment="o.captured_at",
)

CHANGES = DataSet(
    "changes",
    _columns(
        "changes",
        _KEY,
        _SOURCE,
        _of("revisions", "number", "integer", "r.number"),
        _of("revisions", "captured_at", "moment", "r.captured_at"),
        ExportColumn("dating", "iif(r.run < 0, 'unknown', 'stated')", "revisions"),
        ExportColumn("origin", "r.origin", "revisions"),
        "property",
        "before",
        "after",
        "significance",
        ExportColumn("content_digest", "s.content_digest", "revisions"),
        _permalink("s.content_digest"),
    ),
    rows="""changes as c on c.id = wanted.value cross join revision_records as r on r.id = c.revision_id
            cross join articles as a on a.id = r.article_id left join states as s on s.id = r.state_id""",
    ids="""change_records as c join revision_records as o on o.id = c.revision_id
            join articles as a on a.id = o.article_id""",
    id="c.id",
    order="c.id",
    shown=SHOWN,
    of_articles=f"o.article_id in {_CHOSEN}",
    source="a.source",
    moment="o.captured_at",
)

EVENTS = DataSet(
    "events",
    _columns(
        "events",
        *_moments("events", ("at", "recorded_at")),
        "kind",
        "source",
        _KEY,
        ExportColumn("headline", f"iif({SHOWN}, a.headline, null)", "articles"),
        _of("revisions", "number", "integer", "r.number"),
        _of("events", "detail", "json"),
        "digest",
        "previous_digest",
    ),
    rows="""events as e on e.id = wanted.value left join articles as a on a.id = e.article_id
            left join revision_records as r on r.id = e.revision_id""",
    ids="events as e left join articles as a on a.id = e.article_id",
    id="e.id",
    order="e.id",
    shown=f"(a.id is null or {SHOWN} or e.kind = 'withdrawn')",
    of_articles=f"e.article_id in {_CHOSEN}",
    source="e.source",
    moment="e.at",
)

CAPTURES = DataSet(
    "captures",
    _columns(
        "captures",
        "record_id",
        "source",
        ExportColumn("url", "c.url", "captures", is_address=True),
        ExportColumn(
            "key",
            """coalesce((select k.key from sightings g join articles k on k.id = g.article_id
                          where g.capture_id = c.id order by k.id limit 1),
                        (select k.key from addresses d join articles k on k.id = d.article_id
                          where d.source = c.source and d.urlkey = c.urlkey))""",
            "articles",
        ),
        _of("captures", "captured_at", "moment"),
        "dating",
        "kind",
        _of("captures", "status", "integer"),
        "mimetype",
        "record_type",
        "payload_digest",
        "refers_to",
        "truncated",
        "verdict",
        "parse_error",
        "parser_version",
        "warc_file",
        ExportColumn("warc_offset", "c.warc_offset", "captures", "integer", "bytes"),
        ExportColumn("warc_length", "c.warc_length", "captures", "integer", "bytes"),
    ),
    rows="captures as c on c.id = wanted.value",
    ids="captures as c",
    id="c.id",
    order="c.id",
    shown=f"c.id not in {_HIDDEN_CAPTURES}",
    of_articles=f"c.id in {_CAPTURES_OF}",
    source="c.source",
    moment="c.captured_at",
)

COVERAGE = DataSet(
    "coverage",
    _columns(
        "coverage",
        "source",
        *_moments("coverage", ("due_at", "started_at", "finished_at")),
        "outcome",
        ExportColumn("crawl", "(select key from crawls where id = c.crawl_id)", "coverage"),
    ),
    rows="coverage as c on c.rowid = wanted.value",
    ids="coverage as c",
    id="c.rowid",
    order="c.source, c.due_at",
    shown="true",
    of_articles=None,
    source="c.source",
    moment="c.due_at",
)

DATA_SETS: dict[str, DataSet] = {each.name: each for each in (ARTICLES, REVISIONS, CHANGES, EVENTS, CAPTURES, COVERAGE)}
