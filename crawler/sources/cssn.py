"""中国社会科学网 and its sub-hosts."""

from crawler.sources.declaring.declaration import Source
from crawler.sources.declaring.evidence import NEWS_ALL, ROBOTS_UNSEEN, Known, evidence_of
from crawler.sources.declaring.places import below, hosts, moved
from crawler.sources.declaring.seed_kinds import ListPage

HOME = "https://www.cssn.cn"
# Those of the spider of 2019, without archaeology, letters and the like.
SUB_HOSTS = tuple(f"http://{name}.cssn.cn" for name in ("news", "marx", "econ", "pol", "phil", "tt", "orig", "sky"))
SPIDER = NEWS_ALL.format("spiders_all/cssn_all.py")
NOW: Known = ("SINGLE", "one public client, seen 2026-11")
THEN: Known = ("SINGLE", SPIDER)
LISTS: tuple[tuple[str, Known], ...] = (
    (f"{HOME}/skgz/bwyc/", NOW),  # 本网原创
    ("http://news.cssn.cn/zx/bwyc/", THEN),  # 本网原创 in 2019
    ("http://marx.cssn.cn/mkszy/yc/", THEN),  # 马克思主义, 原创
    ("http://econ.cssn.cn/jjx/jjx_xjpxsdzgtsshzyjjsx/", THEN),  # 经济思想
    ("http://pol.cssn.cn/zzx/zgzz_zzx/", THEN),  # 中国政治
    ("http://tt.cssn.cn/zk/zk_rdgz/", THEN),  # 智库, 热点关注
)


def cssn(homepage: str = HOME) -> Source:
    """The source cssn at `homepage`, with its sub-hosts.

    Articles are /SECTION/…/201904/t20190402_4858823.shtml; one in several pages goes on as …_1.shtml (countPage).
    """
    seeds = tuple(ListPage(moved(url, HOME, homepage), old=known is THEN) for url, known in LISTS)
    return Source(
        name="cssn",
        publisher="中国社会科学网",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=seeds,
        # five sections were seen (/ztzl/jzz/rwln/wh/lnfw1/); the bound keeps the match fast
        scope=rf"{below(homepage, *SUB_HOSTS)}/(?:[\w-]{{1,60}}/){{1,8}}\d{{6}}/t\d{{8}}_\d+\.s?html",
        delay=2.0,
        hosts=hosts(homepage, *SUB_HOSTS),
        expect=10,
        usual_schedule="every 6h",
        unproven=True,
        evidence=evidence_of(
            seeds,
            [known for _, known in LISTS],
            scope=("CERTAIN", f"{SPIDER}; ten public files, seen 2026-11"),
            hosts=("SINGLE", SPIDER),
            delay=ROBOTS_UNSEEN,
            layout=("SINGLE", SPIDER),
        ),
    )
