"""澎湃新闻's API by its declaration: the posted body, the start of the next page, and the rows that are articles."""

import asyncio
import json
from datetime import UTC, datetime

from crawler.seeds import links_from
from crawler.seeds.reading import Absent, ListMessage
from crawler.sources import source_named
from parsers import Document

AT = datetime(2026, 11, 26, 12, tzinfo=UTC)
API = "https://api.thepaper.cn/contentapi/nodeCont/getByNodeIdPortal"
NODE = {"nodeId": 25536, "excludeContIds": [], "pageSize": 20}
REFERER = (("Referer", "https://www.thepaper.cn/"),)
ROW = {"link": "", "pubTimeLong": 1795665600000, "nodeInfo": {"name": "专栏"}}


def test_a_node_is_asked_page_after_page_and_its_other_rows_are_left_out() -> None:
    """The first request names no startTime; a collection and a page of another site are no articles."""
    source = source_named("thepaper")
    rows = [
        ROW | {"contId": "34198044", "name": "江与海的连接"},
        ROW | {"contId": "34198045", "name": "早晚报", "link": "https://www.thepaper.cn/specialDetail_1"},
        ROW | {"contId": "34198046", "name": "别处", "link": "https://elsewhere.example/newsDetail_forward_34198046"},
    ]
    answers = [{"data": {"startTime": 1795665600000, "list": rows}}, {"data": {}}]
    asked: list[tuple[str, object, tuple[tuple[str, str], ...]]] = []

    async def answered(url: str, message: ListMessage, _absent: Absent) -> Document:
        asked.append((url, json.loads(message.body or ""), message.headers))
        return Document(json.dumps(answers[len(asked) - 1]).encode(), "application/json", url, AT)

    async def gathered() -> list[tuple[str, tuple[str, ...]]]:
        parts = links_from(source.seeds[0], source, answered, AT)
        return [(link.url, part.elsewhere) async for part in parts for link in part.links]

    article = "https://www.thepaper.cn/newsDetail_forward_34198044"
    assert asyncio.run(gathered()) == [(article, ("https://elsewhere.example/newsDetail_forward_34198046",))]
    assert asked == [
        (API, NODE | {"pageNum": 1}, REFERER),
        (API, NODE | {"startTime": 1795665600000, "pageNum": 2}, REFERER),
    ]


def test_each_node_is_a_list_of_its_own() -> None:
    """All are asked at one address; a list that another node answers would seem to have lost its articles."""
    seeds = [seed.url for seed in source_named("thepaper").seeds if seed.url.startswith(API)]
    assert (len(set(seeds)), {url.partition("#")[0] for url in seeds}) == (9, {API})
