"""爱思想: essays of scholars, many from books and journals."""

from crawler.sources.declaring.declaration import Source
from crawler.sources.declaring.evidence import ROBOTS_UNSEEN, evidence_of
from crawler.sources.declaring.places import below
from crawler.sources.declaring.seed_kinds import ListPage

HOME = "https://www.aisixiang.com"
TOP_LIST = "DIYgod/RSSHub lib/routes/aisixiang/toplist.ts, seen 2026-11"  # its client got no answer on 2026-08-17
PAGES = "DIYgod/RSSHub lib/routes/aisixiang/utils.ts, seen 2026-11"


def aisixiang(homepage: str = HOME) -> Source:
    """The source aisixiang at `homepage`; articles are /data/150001.html.

    Its list is 最近更新文章, which has those that were added last.
    """
    seed = ListPage(f"{homepage}/toplist?id=10")
    return Source(
        name="aisixiang",
        publisher="爱思想",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=(seed,),
        scope=rf"{below(homepage)}/data/\d+\.html",
        delay=2.0,
        expect=5,
        usual_schedule="every 6h",
        unproven=True,
        evidence=evidence_of(
            (seed,),
            [("CERTAIN", f"{TOP_LIST}; one public client, seen 2026-11")],
            scope=("CERTAIN", f"{TOP_LIST}; ten public clients, seen 2026-11"),
            delay=ROBOTS_UNSEEN,
            layout=("CERTAIN", f"{PAGES}; two public clients, seen 2026-11"),
        ),
    )
