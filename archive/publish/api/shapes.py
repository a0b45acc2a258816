"""The shapes of the site's JSON, in a short notation, as JSON Schema."""

from __future__ import annotations

import re
from typing import Any, get_args

from archive.rules import PresenceState

# NAME TYPE, NAME TYPE, …; `?` after a type: it may be null; `*` after a name: it may be missing; [TYPE] a list,
# {TYPE} an object with any names. A type is a plain one of _PLAIN or the name of a
# shape. Answers may have more names than these.
SHAPES = {
    "Error": "ok bool, error text, error_zh* text, status int, title text",
    "Withdrawn": "key text, state text, at* moment, reason* text",
    "Row": """id int, key text, headline text, alternative_headline text?, article_section text?, speaker text?,
        date_published text?, date_precision text?, date_published_utc text?, in_language text?, state state,
        revisions int, source text""",
    "Latest": """id int, key text, headline text, alternative_headline text?, article_section text?, speaker text?,
        date_published text?, date_precision text?, date_published_utc text?, in_language text?, state state,
        revisions int, source text, first_sentence text?""",
    "Segment": "op text, text text, move* int",
    "Excerpt": "property text, significance* text, segments [Segment]",
    "Probe": "at moment, outcome* text, capture* text?, witness* text?",
    "Unlisted": "after moment?, at moment?, before moment?, capture text?",
    "Standing": "state text, misses int, first_missed_at moment?, last_missed_at moment?",
    "Detail": """conversion* text, origin* text, parser_version* text, standing* Standing, last_seen_at* moment?,
        evidence* [Probe], outcome* text, witness* text?, last_listed_at* moment?, listed_in* text?, reason* text""",
    "Absence": """kind text, at moment, last_seen_at moment?, first_missed_at moment?, probes [Probe],
        lists* [Unlisted], ended* text""",
    "Recent": """id int, at moment, kind text, source text?, publisher text?, key text, url text?, headline text,
        in_language text?, state state, speaker text?, date_published text?, date_precision text?,
        last_seen_at moment?, first_missed_at moment?, revision int?, significance text?, properties [text],
        excerpts* [Excerpt]""",
    "Unconfirmed": """key text, url text?, headline text, in_language text?, state state, speaker text?, source text,
        publisher text?, date_published text?, date_precision text?, last_seen_at moment?, first_missed_at moment?""",
    "MonthCount": "month text, articles int?",
    "TimeCount": "time text, articles int",
    "Chart": "by text, counts [TimeCount]",
    "RemovedQuestion": "month text, since text, until text, articles int, at_least bool",
    "PhraseQuestion": "text text, at text, precision text?",
    "Questions": "removed RemovedQuestion?, phrase PhraseQuestion?",
    "Front": """count int, articles [Latest], older text?, edits [Recent], departures [Recent],
        unconfirmed [Unconfirmed], questions Questions, months [MonthCount], chart Chart?""",
    "Related": "headline text?, url text?, teaser text?, key text?",
    "Media": "url text, kind text, caption text?",
    "Neighbour": "key text, headline text, in_language text?, date_published text?, date_precision text?",
    "Neighbours": "previous Neighbour?, next Neighbour?",
    "PropertyChange": "property text, significance text",
    "Version": """number int?, captured_at moment, dating text, recorded_at moment?, content_digest text,
        significance text, origin text, parser_version text?, before text?, capture text?, current bool, again bool,
        changes [PropertyChange], absences* [Absence]""",
    "ArticleEvent": """at moment, recorded_at moment, kind text, revision int?, detail Detail?, previous_digest text?,
        digest text?""",
    "Capture": """record_id text, captured_at moment, dating text, url text, status int?, mimetype text?,
        record_type text, payload_digest text?, refers_to text?, verdict text?, parser_version text?, warc_file text,
        warc_offset int, warc_length int""",
    "Correction": "property text, value any, at moment, by text?, reason text?, act text, lost bool",
    "Move": "at moment, from text, to text",
    "Act": "at moment, kind text, detail Detail?, digest text",
    "Article": """key text, state state, url text, canonical_url text?, source text, publisher text?, headline text,
        alternative_headline text?, kicker text?, article_section text?, speaker text?, standfirst text?,
        authors [text], editors [text], source_line text?, keywords [text], date_published text?,
        date_published_raw text?, date_precision text?, date_modified text?, in_language text?, paragraphs [text],
        headings [text], heading_positions [int], biography text?, reprint_notice text?, related [Related],
        media [Media], metadata [[text]], body_text text?, first_seen_at moment?, last_seen_at moment?,
        first_missed_at moment?, revisions int, neighbours Neighbours?, version Version?, versions [Version],
        captures_count int, corrections [Correction], moves [Move], acts [Act], events [ArticleEvent],
        captures [Capture]""",
    "Counted": "kind text, places int, deleted int, inserted int, unit text",
    "ChangedProperty": "property text, significance text, changes [Counted], segments [Segment]",
    "Comparison": """key text, headline text, in_language text?, state state, from int?, to int?, significance text,
        versions [Version], properties [ChangedProperty]""",
    "Captures": """key text, headline text, in_language text?, state state, captures_count int, older text?,
        captures [Capture]""",
    "CapturedArticle": "key text, headline text, in_language text?",
    "CapturedVersion": "number int?, captured_at moment, dating text, origin text, content_digest text, again bool",
    "Check": "name text, command text, prints text?",
    "LedgerLine": "recorded_at moment, digest text",
    "CaptureRange": "first_byte int, length int, sha256 text, line_digest text",
    "OtherCapture": "record_id text, captured_at moment, status int?",
    "CapturePage": """record_id text, source text, publisher text?, kind text, url text, captured_at moment,
        dating text, status int?, mimetype text?, record_type text, payload_digest text?, refers_to text?,
        verdict text?, parser_version text?, warc_file text, warc_offset int, warc_length int, sha256 text?,
        article CapturedArticle?, kept_back bool, versions [CapturedVersion], lines [LedgerLine],
        range CaptureRange?, previous OtherCapture?, next OtherCapture?, headers [[any]]?, checks [Check]""",
    "Memento": "uri text, datetime text",
    "Mementos": "list [Memento]",
    "MapAddresses": "link_format text, json_format text",
    "TimeMap": """original_uri text, timegate_uri text, timemap_uri MapAddresses, mementos Mementos,
        next* any""",
    "Choices": """source [text], column [text], tag [text], speaker [text], year [text], state [text],
        language [text], since text?, until text?""",
    "Note": "kind text, text text",
    "Matched": "property text, text text, ours bool",
    "Hit": """id int, key text, headline text, alternative_headline text?, in_language text?, article_section text?,
        speaker text?, date_published text?, date_precision text?, date_published_utc text?, state state,
        revisions int, source text, url text, snippet text?, matched [Matched], superseded bool, digest text?""",
    "Chosen": "value text?, count int, selected bool",
    "Facets": """source [Chosen], column [Chosen], tag [Chosen], speaker [Chosen], year [Chosen], state [Chosen],
        language [Chosen]""",
    "HitMonth": "month text, articles int, covered int",
    "Sql": "query text, parameters {text}",
    "Search": """q text, ever bool, gone bool, exact bool, order text, choices Choices, hits [Hit],
        files Offer?, more bool, next text?, older text?, total int, at_least bool,
        facets Facets|EmptyObject, facet_values {int}, tags_of int?,
        months [HitMonth], publishers {text}, near [text], unnarrowed int, slow bool, undated int, sql Sql,
        notes [Note]""",
    "EmptyObject": "",
    "PhraseUse": """key text, headline text, at text?, date text?, precision text?, captured_at moment?, digest text,
        dating text, came_by_edit bool""",
    "PhraseMonth": "month text, articles int, came_by_edit int, occurrences int?, covered int",
    "Undated": "articles int, came_by_edit int, occurrences int?, covered int",
    "NameCount": "name text, articles int, publisher* text?",
    "PhraseCounts": """text text, first PhraseUse?, last PhraseUse?, articles int, came_by_edit int, occurrences int?,
        occurrences_at_least bool, at_least bool, months [PhraseMonth], undated Undated, speakers [NameCount],
        columns [NameCount], speakers_counted int, columns_counted int""",
    "Line": """key text, digest text?, moment text?, came_by_edit bool, property text, left text, phrase text,
        right text""",
    "Lines": "of int, sort text, from int, total int, of_articles int, next int?, lines [Line]",
    "Phrase": "q [text], phrases [PhraseCounts], lines Lines?, slow bool",
    "Subject": "kind text, name text",
    "Event": """id int, at moment, recorded_at moment, kind text, source text?, publisher text?, key text?, url text?,
        headline text?, in_language text?, state state?, revision int?, significance text?, detail Detail?,
        digest text?, version text?, version_before text?, properties [text], excerpts [Excerpt], absence* Absence,
        hit* text""",
    "SourceName": "name text, publisher text?",
    "Filters": """sources [text], kinds [text], since text?, until text?, every_kind [text],
        every_source [SourceName]""",
    "Changes": """subject Subject?, about text?, notes [Note], events [Event], unconfirmed [Unconfirmed], older text?,
        filters Filters""",
    "RemovedArticle": """id int, at moment, recorded_at moment, kind text, source text, publisher text?, key text,
        url text?, headline text, in_language text?, state state, speaker text?, article_section text?,
        date_published text?, date_precision text?, last_seen_at moment?, first_missed_at moment?, properties [text],
        excerpts [Excerpt], absence* Absence""",
    "Removed": """count int, at_least bool, articles [RemovedArticle], unconfirmed [Unconfirmed], unjudged [Unjudged],
        older text?, filters Filters""",
    "Unjudged": """key text, url text?, headline text, in_language text?, state state, source text, publisher text?,
        date_published text?""",
    "PlaceMonth": "month text, articles int, covered bool",
    "Place": """kind text, name text, count int, undated int, articles [Row], older text?, files Offer,
        in text?, role text?,
        months [PlaceMonth], columns [NameCount], tags [NameCount], people [NameCount], sources [NameCount],
        biography* text?, biography_at* moment?, roles* {int}, publisher* text?, homepage* text?, in_language* text?,
        previous* text?, next* text?, days* {int}""",
    "BrowsedYear": "year text, articles int, months [MonthCount]",
    "Browse": "people [NameCount], tags [NameCount], columns [NameCount], sources [NameCount], years [BrowsedYear]",
    "Names": "kind text, after text?, names [NameCount], further text?",
    "ReadyQuestion": "name text, en text, zh text",
    "TableSize": "name text, rows int?",
    "PublicFile": "name text, bytes int, sha256 text?",
    "Example": "path text, gives text",
    "Data": """questions [ReadyQuestion], tables [TableSize], views [text], months [MonthCount], files [PublicFile],
        examples [Example], sql bool""",
    "CoveredDay": "day text, outcome text?, slots {int}",
    "SourceCoverage": "name text, publisher text?, days [CoveredDay]",
    "About": "count int, unknown {int}, days [text], coverage [SourceCoverage], contact text?, project text?",
    "Both": "zh text, en text",
    "HelpExample": "q text, zh text, en text",
    "HelpSection": "name text, title Both, text [Both]",
    "Term": "en text, zh text, meaning Both, where [text]",
    "Help": "examples [HelpExample], sections [HelpSection], glossary [Term]",
    "Rule": "name text, ok bool, detail text?, detail_zh text?, checked_at moment?, known bool",
    "Scheduler": "state text, heartbeat_at moment?",
    "Running": "source text, due_at moment, started_at moment, asked_at moment?, url text?",
    "Cluster": "workers int, orders int, leased int, segments int, lag int",
    "CrawledSource": """name text, publisher text?, started_at moment?, finished_at moment?, finish_reason text?,
        requests int?, captures int?, new_articles int?, new_revisions int?, errors int?""",
    "Counts": "articles int, revisions int, captures int",
    "GrowthMonth": "month text, source text, bytes int",
    "Growth": "size {int}, months [GrowthMonth]",
    "Status": """ok bool, rules [Rule], scheduler Scheduler, running [Running], cluster Cluster?,
        sources [CrawledSource], counts Counts, growth Growth, daily_head text?, heads {text}""",
    "Health": "ok bool, rules* [Rule], scheduler* Scheduler, running* [Running], cluster* Cluster?",
    "TableRows": "database text, table text, rows [{any}], columns [text], truncated bool, next* text?",
    "Answers": "ok* bool, database* text, query_name* text, rows [{any}], columns [text], truncated bool",
    "Package": "name text, created moment, slice {any}, resources [any]",
    "Offer": "rows int, of int, bytes int, command text",
    "ApiParameter": "name text, message text, zh text, en text, many bool, where text, schema any",
    "ApiForm": "path text, type text, shape text?, example text?",
    "ApiAddress": """name text, group text, path text, zh text, en text, parameters [ApiParameter], forms [ApiForm],
        answer any""",
    "ApiQuestion": "name text, zh text, en text, parameters [text], path text",
    "Api": "version text, openapi text, addresses [ApiAddress], questions [ApiQuestion]",
}
_PLAIN: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "int": {"type": "integer"},
    "bool": {"type": "boolean"},
    "moment": {"type": "string", "description": "UTC, 2024-04-13T15:01:00Z"},
    "any": {},
}
_FIELD = re.compile(r"\s*(\w+)(\*?) ([^,]+?)\s*(?:,|$)")


def schemas() -> dict[str, dict[str, Any]]:
    """The schema of every shape, by its name, as OpenAPI 3.1 has them below components."""
    return {name: _object(fields) for name, fields in SHAPES.items()}


def _object(fields: str) -> dict[str, Any]:
    found = [(match[1], match[2], match[3]) for match in _FIELD.finditer(fields)]
    told: dict[str, Any] = {"type": "object", "properties": {name: _type(kind) for name, _, kind in found}}
    needed = [name for name, optional, _ in found if not optional]
    return told | ({"required": needed} if needed else {})


def _type(kind: str) -> dict[str, Any]:
    if kind.endswith("?"):
        inner = _type(kind[:-1])
        plain = inner.get("type")
        return {**inner, "type": [plain, "null"]} if plain and "enum" not in inner else _or_null(inner)
    if kind.startswith("["):
        return {"type": "array", "items": _type(kind[1:-1])}
    if kind.startswith("{"):
        return {"type": "object", "additionalProperties": _type(kind[1:-1]) or True}
    if "|" in kind:
        return {"anyOf": [_type(each) for each in kind.split("|")]}
    if kind == "state":
        return {"type": "string", "enum": list(get_args(PresenceState))}
    return dict(_PLAIN[kind]) if kind in _PLAIN else {"$ref": f"#/components/schemas/{kind}"}


def _or_null(inner: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [inner, {"type": "null"}]} if inner else {}
