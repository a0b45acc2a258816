"""人民论坛网."""

from crawler.sources.declaring.declaration import Source
from crawler.sources.declaring.evidence import NEWS_ALL, ROBOTS_UNSEEN, Known, evidence_of
from crawler.sources.declaring.places import below, hosts, moved
from crawler.sources.declaring.seed_kinds import ListPage

HOME = "https://www.rmlt.com.cn"
POLITICS = "http://politics.rmlt.com.cn"
SPIDER = NEWS_ALL.format("spiders_all/rmlt_all.py")
RSSHUB = "DIYgod/RSSHub lib/routes/rmlt/idea.ts, seen 2026-11"
NOW: Known = ("SINGLE", RSSHUB)
THEN: Known = ("SINGLE", SPIDER)
FOURTH: Known = ("SINGLE", NEWS_ALL.format("spiders_four/rmlt.py"))
LISTS: tuple[tuple[str, Known], ...] = (
    (f"{HOME}/idea/", NOW),  # 思想理论
    (f"{HOME}/idea/yuanchuang/", THEN),  # 深度原创
    (f"{HOME}/idea/lilun/", FOURTH),  # 前沿理论
    (f"{HOME}/eco/theory/", THEN),  # 经济理论
    (f"{HOME}/thinktank/zjgd/", THEN),  # 专家观点
    (f"{POLITICS}/exclusive/", THEN),  # 独家政论
)


def rmlt(homepage: str = HOME) -> Source:
    """The source rmlt at `homepage`; articles are /2019/0225/540320.shtml."""
    seeds = tuple(ListPage(moved(url, HOME, homepage), old=known is not NOW) for url, known in LISTS)
    return Source(
        name="rmlt",
        publisher="人民论坛网",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=seeds,
        scope=rf"{below(homepage, POLITICS)}/\d{{4}}/\d{{4}}/\d+\.shtml",
        delay=2.0,
        hosts=hosts(homepage, POLITICS),
        expect=10,
        usual_schedule="every 6h",
        unproven=True,
        evidence=evidence_of(
            seeds,
            [known for _, known in LISTS],
            scope=("CERTAIN", f"{SPIDER}; ten public files, seen 2026-11"),
            hosts=("SINGLE", SPIDER),
            delay=ROBOTS_UNSEEN,
            layout=("CERTAIN", f"{RSSHUB}; {SPIDER}; one public client, seen 2026-11"),
        ),
    )
