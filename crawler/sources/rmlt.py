"""人民论坛网 (source-site.md, 1.9)."""

from crawler.sources.declaration import Source
from crawler.sources.places import below, hosts, moved
from crawler.sources.seed_kinds import ListPage

HOME = "http://www.rmlt.com.cn"
POLITICS = "http://politics.rmlt.com.cn"
LISTS = (  # the first two stand in 1.9, the others in the spiders that it names (idx 5571788707)
    f"{HOME}/idea/yuanchuang/",  # 深度原创
    f"{HOME}/eco/theory/",  # 经济理论
    f"{HOME}/thinktank/zjgd/",  # 专家观点
    f"{POLITICS}/exclusive/",  # 独家政论
)


def rmlt(homepage: str = HOME) -> Source:
    """Articles are /2019/0225/540320.shtml."""
    return Source(
        name="rmlt",
        publisher="人民论坛网",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=tuple(ListPage(moved(url, HOME, homepage)) for url in LISTS),
        scope=rf"{below(homepage, POLITICS)}/\d{{4}}/\d{{4}}/\d+\.shtml",
        delay=2.0,
        hosts=hosts(homepage, POLITICS),
        expect=10,
        usual_schedule="every 6h",
        unproven=True,
        inferred=("that the list addresses of 2019 still answer", "that a list is one page"),
    )
