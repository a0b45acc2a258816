"""Sections that a site's own lists name like the column: ids and names are the site's word, and may be anything."""

import json
from datetime import UTC, datetime

from support.tables import every_row

from crawler.examining.asked import AskedPage, ListSeen, SeenSite
from crawler.examining.sections import of_sections
from crawler.sources import JsonList, source_named
from parsers import Document

NOW = datetime(2026, 11, 26, tzinfo=UTC)
HOME = "https://www.shobserver.com"
ROW = {"id": 1, "title": "江与海的连接"}
NONE = ["no section called 思想者 or 思想周刊 on 1 page"]


def told(payload: object) -> list[str]:
    """The findings on a page; the payload is rows for JSON, or a text for HTML."""
    body = payload if isinstance(payload, str) else json.dumps({"data": payload})
    kind = "text/html" if isinstance(payload, str) else "application/json"
    document = Document(body.encode(), kind, f"{HOME}/news/list?section=1", NOW)
    seen = SeenSite(lists=[ListSeen(JsonList(HOME), [AskedPage(document.url, document=document)])])
    findings = list(of_sections(seen, source_named("shangguan")))
    assert all(finding.ok for finding in findings)
    return [finding.found for finding in findings]


def say(name: str, asked: str) -> str:
    return f'{name} ({asked}): add section = "{asked}" to [sources.shangguan] to list it'


@every_row(
    ("page", "found"),
    [
        ([ROW | {"subsectionid": 12, "subsectionname": "思想者"}], [say("思想者", "sublist?section=12")]),
        ([ROW | {"sectionid": "7", "sectionname": "思想周刊"}], [say("思想周刊", "list?section=7")]),
        (
            [ROW | {"sectionid": 7, "sectionname": "思想周刊", "subsectionid": 12, "subsectionname": "思想者·专栏"}]
            * 3,
            [say("思想周刊", "list?section=7"), say("思想者·专栏", "sublist?section=12")],
        ),
        ([ROW | {"sectionid": 7, "sectionname": "观点"}], NONE),
        ([ROW | {"sectionid": 7}], NONE),
        ([ROW | {"subsectionname": "思想者"}], NONE),
        *(
            ([ROW | {"subsectionid": id_, "subsectionname": "思想者"}], NONE)
            for id_ in ('12"\nallow = ["10.0.0.1"', "１２", "-12", 1.5, True, None, [12], "9" * 16, "")
        ),
        (
            [ROW | {"subsectionid": 12, "subsectionname": "思想者" + "长" * 90}],
            [say("思想者" + "长" * 37, "sublist?section=12")],
        ),
        (
            '<li class="subsection-li"><a href="/news/sublist?section=12">思想者</a></li>',
            [say("思想者", "sublist?section=12")],
        ),
        ('<a href="/news/list?section=7&amp;page=2">思想周刊</a>', [say("思想周刊", "list?section=7")]),
        ('<a href="https://www.jfdaily.com/news/list?section=7">思想周刊</a>', [say("思想周刊", "list?section=7")]),
        ('<a href="https://evil.example/news/list?section=7">思想者</a>', NONE),
        ('<a href="/news/list?section=7%22">思想者</a><a href="/news/detail?id=7">思想者</a>', NONE),
        ("<p>思想者</p>", NONE),
        ('{"data":' + "[" * 100_000 + "]" * 100_000 + "}", []),  # which its own line says
    ],
)
def test_a_section_is_named_by_rows_and_by_links(page: object, found: list[str]) -> None:
    assert told(page) == found
