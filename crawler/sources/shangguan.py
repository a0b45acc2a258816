"""上观新闻: the Thinker column and the policy columns, by today's JSON and old lists (source-site.md, 1.2 to 1.6)."""

from crawler.sources.declaration import Source
from crawler.sources.places import below, hosts, sites
from crawler.sources.seed_kinds import JsonList, ListPage, Seed

HOME = "https://www.shobserver.com"
ALIASES = ("https://www.jfdaily.com", "https://www.shobserver.cn", "https://www.jfdaily.com.cn")  # 1.1: one site
LISTS = (
    "topnewslist",
    "morenewslist",
    "recommandnewslist",
    "quicknewslist",
    "bannernewslist",
)  # sic: "recommand"

# The id of the column is not known to any source we found, so rows are chosen by what they call themselves.
COLUMNS = ("思想者", "上观智库", "智库", "理论", "政情", "伴公汀", "新论", "思想")
OLD_SECTIONS = ("list?section=1", "sublist?section=2")  # 1.4: 政情, and 伴公汀 in it


def shangguan(homepage: str = HOME, section: str | None = None) -> Source:
    """The current site and its server-rendered lists; section is the column's own list id, once somebody knows it."""
    seeds: list[Seed] = [JsonList(f"{homepage}/staticsg/data/web/home/{name}.json") for name in LISTS]
    seeds += [
        JsonList(f"{homepage}/staticsg/data/web/common/newsrank.json"),
        JsonList(f"{homepage}/news/homeMoreNews", pages=5, form=(("page", "{page}"), ("lastpublishtime", "{until}"))),
    ]
    seeds += [_old_list(homepage, asked, old=True) for asked in OLD_SECTIONS]
    seeds += [_old_list(homepage, f"list?section={section}")] if section else []
    own = sites(homepage, HOME, *ALIASES)
    return Source(
        name="shangguan",
        publisher="上观新闻",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=tuple(seeds),
        scope=rf"{below(*own)}/news/(?:getNewsDetail|detail)\?id=\d+",
        article=f"{homepage}/news/getNewsDetail?id={{id}}",
        columns=COLUMNS,
        section=section,
        delay=2.0,
        hosts=hosts(*own),
        aliases=hosts(*own[1:]),
        expect=1,
        usual_schedule="every 2h",
        unproven=True,
        inferred=(
            "that the server-rendered lists (seen 2017-2020) still answer",
            "that the four hosts are one server",
            "that rows of the column name 思想者 as their section or before their title: its list id was never seen",
        ),
    )


def _old_list(homepage: str, asked: str, old: bool = False) -> Seed:
    """It links /news/detail?id=N, which is asked for as the others are: else one article would have two texts."""
    return ListPage(f"{homepage}/news/{asked}&page={{page}}", pages=5, ids=r"/news/detail\?id=(\d{1,15})$", old=old)
