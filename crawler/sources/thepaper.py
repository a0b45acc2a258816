"""澎湃新闻: its columns of politics, comment and thought, from the API that its pages use."""

import json

from crawler.sources.declaring.declaration import Source
from crawler.sources.declaring.evidence import Known, evidence_of
from crawler.sources.declaring.places import below, hosts, is_one, moved
from crawler.sources.declaring.seed_kinds import JsonList, ListPage, Seed
from parsers.json_rows import RowFields

HOME, API = "https://www.thepaper.cn", "https://api.thepaper.cn"
ROWS_OF_NODE = "/contentapi/nodeCont/getByNodeIdPortal"
WHATSHOT = "alisen39/whatshot whats_hot_api/routes/hotlist/thepaper_channels.py, seen 2026-11"
UTILS = "DIYgod/RSSHub lib/routes/thepaper/utils.tsx, seen 2026-11"
EVERY_NODE = "two public clients, seen 2026-11"  # both list every node with its name
BOTH: Known = ("CERTAIN", f"{WHATSHOT}; {EVERY_NODE}")
NODES: dict[int, Known] = {
    25536: BOTH,  # 理论·学术, or 专栏
    25483: BOTH,  # 思想市场
    26525: ("CERTAIN", EVERY_NODE),  # 思想湃
    25444: BOTH,  # 社论
    27224: BOTH,  # 澎湃评论
    25462: BOTH,  # 中国政库
    25488: ("CERTAIN", f"{WHATSHOT}; one public client, seen 2026-11"),  # 中南海
    25446: ("CERTAIN", EVERY_NODE),  # 全球智库
    25445: ("CERTAIN", EVERY_NODE),  # 澎湃研究所
}
# The same rows on server-rendered pages; no evidence says that they are links, hence old: no fault if not.
SECOND_DOORS = (25536, 25483, 25462)
RENDERED: Known = ("SINGLE", WHATSHOT)
ROWS = RowFields(
    id="contId", title="name", time="pubTimeLong", section=("nodeInfo.name",), within="data.list", newstype=None,
    instead="link",
)  # fmt: skip


def thepaper(homepage: str = HOME) -> Source:
    """The source thepaper at `homepage`; articles are /newsDetail_forward_N, in both layouts.

    A row with a `link` of its own is no article.
    """
    own = (homepage, API) if is_one(HOME, homepage) else (homepage,)
    seeds: tuple[Seed, ...] = (
        *(_rows_of(homepage, node) for node in NODES),
        *(ListPage(f"{homepage}/list_{node}", old=True) for node in SECOND_DOORS),
    )
    return Source(
        name="thepaper",
        publisher="澎湃新闻",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=seeds,
        scope=rf"{below(homepage)}/newsDetail_forward_\d+",
        article=f"{homepage}/newsDetail_forward_{{id}}",
        delay=3.0,
        hosts=hosts(*own),
        aliases=hosts(*own[1:]),
        expect=10,
        usual_schedule="every 2h",
        unproven=True,
        evidence=evidence_of(
            seeds,
            [*NODES.values(), *[RENDERED] * len(SECOND_DOORS)],
            rows=("CERTAIN", f"{WHATSHOT}; five public clients, seen 2026-11"),
            scope=("CERTAIN", f"{WHATSHOT}; ten public clients, seen 2026-11"),
            article=("CERTAIN", f"{WHATSHOT}; ten public clients, seen 2026-11"),
            hosts=("CERTAIN", f"{WHATSHOT}; ten public clients, seen 2026-11"),
            delay=("SINGLE", WHATSHOT),  # at 3 s it was never refused
            layout=("CERTAIN", f"{UTILS}; five public clients, seen 2026-11"),
        ),
    )


def _rows_of(homepage: str, node: int) -> JsonList:
    """The list of a node's rows, twenty a page; each answer has the cursor to the next page.

    All nodes are asked at one address: the fragment is never sent, and distinguishes their lists. Without the headers
    the answer is 403.
    """
    asked = {"nodeId": node, "excludeContIds": [], "pageSize": 20, "startTime": "{cursor}", "pageNum": "{page}"}
    return JsonList(
        moved(f"{API}{ROWS_OF_NODE}#{node}", HOME, homepage),
        ROWS,
        pages=2,
        body=json.dumps(asked),
        headers=(("Referer", f"{HOME}/"),),
        cursor="data.startTime",
    )
