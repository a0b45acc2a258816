"""求是网: the theory journal's site, with both generations of its addresses."""

from crawler.sources.declaring.declaration import Source
from crawler.sources.declaring.evidence import NEWS_ALL, ROBOTS_UNSEEN, Known, evidence_of
from crawler.sources.declaring.places import below
from crawler.sources.declaring.seed_kinds import ListPage

HOME = "https://www.qstheory.cn"
RSSHUB = "DIYgod/RSSHub lib/routes/qstheory/index.ts, 2026-07"
TO_PDF = "KaidLi/qstheory2pdf src/qstheory2pdf/crawler.py, seen 2026-11"
SPIDER = NEWS_ALL.format("spiders_all/qstheory_all.py")
MULU = "/qs/mulu.htm"  # the printed 求是
PRINTED = "KaidLi/qstheory2pdf scripts/discover_issue.py, seen 2026-11; two public clients, seen 2026-11"
TWO: Known = ("CERTAIN", f"{RSSHUB}; one public client, seen 2026-11")
ONE: Known = ("SINGLE", "one public client, seen 2026-11")
LISTS: tuple[tuple[str, Known], ...] = (
    ("/qszq/llwx/index.htm", TWO),  # 理论文选
    ("/qszq/xxbj/index.htm", TWO),  # 学习笔记
    ("/qslgxd/index.htm", TWO),  # 原创
    ("/qswp.htm", TWO),  # 网评
    ("/economy/index.htm", TWO),  # 经济
    ("/politics/index.htm", TWO),  # 政治
    ("/culture/index.htm", TWO),  # 文化
    ("/cpc/index.htm", TWO),  # 党建
    ("/v9zhuanqu/zhuanqu/sddy/index.htm", ONE),  # 深度调研
    ("/v9zhuanqu/zhuanqu/qszf/index.htm", ONE),  # 求是专访
    ("/v9zhuanqu/zhuanqu/xxwd/index.htm", ONE),  # 学习问答
    ("/v9zhuanqu/zhuanqu/llzt/index.htm", ONE),
)


def qstheory(homepage: str = HOME) -> Source:
    """The source qstheory at `homepage`.

    Articles are /…/2019-04/15/c_N.htm until 2024, and /20250415/HASH/c.html since.
    """
    old, new = r"/(?!qssyggw/)(?:\w+/){1,4}\d{4}-\d\d/\d\d/c_\d+\.htm", r"/\d{8}/[0-9a-f]{32}/c\.html"
    printed = ListPage(f"{homepage}{MULU}", lists=f"{new}$", depth=2, newest=2)  # years, issues, articles
    seeds = (*(ListPage(homepage + path) for path, _ in LISTS), printed)
    return Source(
        name="qstheory",
        publisher="求是网",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=seeds,
        scope=rf"{below(homepage)}(?:{old}|{new})",
        delay=2.0,
        expect=10,
        usual_schedule="every 6h",
        unproven=True,
        evidence=evidence_of(
            seeds,
            [*(known for _, known in LISTS), ("CERTAIN", PRINTED)],
            scope=("CERTAIN", f"{SPIDER}; {TO_PDF}; three public clients, seen 2026-11"),
            delay=ROBOTS_UNSEEN,
            layout=("CERTAIN", f"{TO_PDF}; two public clients, seen 2026-11"),
        ),
    )
