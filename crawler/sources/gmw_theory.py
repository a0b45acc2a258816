"""光明网理论频道."""

from crawler.sources.declaring.declaration import Source
from crawler.sources.declaring.evidence import NEWS_ALL, ROBOTS_UNSEEN, Known, evidence_of
from crawler.sources.declaring.places import below
from crawler.sources.declaring.seed_kinds import ListPage

HOME = "https://theory.gmw.cn"
SPIDER = NEWS_ALL.format("spiders_all/gmw_all.py")
RSSHUB = "DIYgod/RSSHub lib/routes/gmw/node.ts, seen 2026-11"
ONE: Known = ("SINGLE", "one public client, seen 2026-11")
STILL: Known = ("CERTAIN", f"{SPIDER}; one public client, seen 2026-11")
NODES: tuple[tuple[str, Known], ...] = (
    ("10133", STILL),  # 理论首发
    ("97034", ("CERTAIN", "two public clients, seen 2026-11")),
    ("97957", ONE),
    ("47530", STILL),
    ("97958", ONE),
    ("41267", STILL),
    ("4227", ("SINGLE", SPIDER)),
)
OLD = ("4227",)  # no client of 2026 reads it


def gmw_theory(homepage: str = HOME) -> Source:
    """The source gmw_theory at `homepage`.

    A list is node_N.htm and continues as node_N_2.htm (下一页 in #displaypagenum); articles are content_N.htm.
    """
    seeds = tuple(ListPage(f"{homepage}/node_{node}.htm", pages=3, old=node in OLD) for node, _ in NODES)
    return Source(
        name="gmw_theory",
        publisher="光明网理论频道",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=seeds,
        scope=rf"{below(homepage)}/\d{{4}}-\d\d/\d\d/content_\d+\.htm",
        delay=2.0,
        expect=10,
        usual_schedule="every 6h",
        unproven=True,
        evidence=evidence_of(
            seeds,
            [known for _, known in NODES],
            scope=("CERTAIN", f"{SPIDER}; {RSSHUB}"),
            delay=ROBOTS_UNSEEN,
            layout=("SINGLE", RSSHUB),
        ),
    )
