"""国家发展和改革委员会: orders, notices, announcements and news."""

from crawler.sources.declaring.declaration import Source
from crawler.sources.declaring.evidence import ROBOTS_UNSEEN, Known, evidence_of
from crawler.sources.declaring.places import below
from crawler.sources.declaring.seed_kinds import ListPage, Seed

HOME = "https://www.ndrc.gov.cn"
NEWS = "DIYgod/RSSHub lib/routes/gov/ndrc/xwdt.ts, seen 2026-11"
FILES = "DIYgod/RSSHub lib/routes/gov/ndrc/wjk.ts, seen 2026-11"
LISTS: dict[str, Known] = {
    "/xxgk/zcfb/fzggwl/": ("SINGLE", "one public client, seen 2026-11"),  # 发展改革委令, measured 2026-09-11
    "/xxgk/zcfb/tz/": ("CERTAIN", "three public clients, seen 2026-11"),  # 通知
    "/xwdt/xwfb/": ("CERTAIN", f"{NEWS}; three public clients, seen 2026-11"),  # 新闻发布
    "/xwdt/tzgg/": ("SINGLE", "one public client, seen 2026-11"),  # 通知公告
}


def ndrc(homepage: str = HOME) -> Source:
    """The source ndrc at `homepage`; articles are /xwdt/xwfb/202607/t20260731_1406862.html.

    /xxgk/zcfb/ itself is only a redirect by script. A script pages its lists too: two public clients ask index_1.html
    as page 2 of 通知公告 and 新闻发布.
    """
    seeds: tuple[Seed, ...] = tuple(
        ListPage(homepage + path, pages=2, further=f"{homepage}{path}index_{{page}}.html", first=1) for path in LISTS
    )
    return Source(
        name="ndrc",
        publisher="国家发展和改革委员会",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=seeds,
        scope=rf"{below(homepage)}/(?:xxgk|xwdt)/(?:\w+/){{1,3}}\d{{6}}/t\d{{8}}_\d+\.html",
        delay=2.0,
        expect=10,
        usual_schedule="every 6h",
        unproven=True,
        evidence=evidence_of(
            seeds,
            LISTS.values(),
            scope=("CERTAIN", "five public clients, seen 2026-11"),
            delay=ROBOTS_UNSEEN,
            layout=("CERTAIN", f"{NEWS}; {FILES}"),
        ),
    )
