"""中国社会科学网 and its many sub-hosts (source-site.md, 1.9)."""

from crawler.sources.declaration import Source
from crawler.sources.places import below, hosts, moved
from crawler.sources.seed_kinds import ListPage

HOME = "https://www.cssn.cn"
# As the spider that 1.9 names lists them (2019, idx 4796594936); its sub-hosts of archaeology, letters and the like
# are left out.
SUB_HOSTS = tuple(f"http://{name}.cssn.cn" for name in ("news", "marx", "econ", "pol", "phil", "tt", "orig", "sky"))
LISTS = (
    f"{HOME}/skgz/bwyc/",  # 本网原创: where an article of 2026 stands (idx 58947292442)
    "http://news.cssn.cn/zx/bwyc/",  # 本网原创 in 2019
    "http://marx.cssn.cn/mkszy/yc/",  # 马克思主义, 原创
    "http://econ.cssn.cn/jjx/jjx_xjpxsdzgtsshzyjjsx/",  # 经济思想
    "http://pol.cssn.cn/zzx/zgzz_zzx/",  # 中国政治
    "http://tt.cssn.cn/zk/zk_rdgz/",  # 智库, 热点关注
)


def cssn(homepage: str = HOME) -> Source:
    """Articles are /…/201904/t20190402_4858823.shtml; one in several pages goes on as …_1.shtml (countPage)."""
    return Source(
        name="cssn",
        publisher="中国社会科学网",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=tuple(ListPage(moved(url, HOME, homepage)) for url in LISTS),
        scope=rf"{below(homepage, *SUB_HOSTS)}/(?:\w+/){{1,4}}\d{{6}}/t\d{{8}}_\d+\.s?html",
        delay=2.0,
        hosts=hosts(homepage, *SUB_HOSTS),
        expect=10,
        usual_schedule="every 6h",
        unproven=True,
        inferred=("that the sub-hosts of 2019 still answer", "the list /skgz/bwyc/", "that a list is one page"),
    )
