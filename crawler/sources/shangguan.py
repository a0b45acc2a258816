"""上观新闻: the Thinker column and the policy columns, through its own JSON (source-site.md, 1.3 and 1.5)."""

from crawler.sources.declaration import JsonList, JsonPaging, ListPage, Seed, Source

HOME = "https://www.shobserver.com"
LISTS = (
    "topnewslist",
    "morenewslist",
    "recommandnewslist",
    "quicknewslist",
    "bannernewslist",
)  # sic: "recommand"

# The id of the column is not known to any source we found, so rows are chosen by what they call themselves.
COLUMNS = ("思想者", "上观智库", "智库", "理论", "政情", "伴公汀", "新论", "思想")


def shangguan(homepage: str = HOME, section: str | None = None) -> Source:
    """The current site; section is the column's own list id, once somebody knows it."""
    seeds: list[Seed] = [JsonList(f"{homepage}/staticsg/data/web/home/{name}.json") for name in LISTS]
    seeds += [
        JsonList(f"{homepage}/staticsg/data/web/common/newsrank.json"),
        JsonPaging(f"{homepage}/news/homeMoreNews"),
    ]
    if section:
        seeds.append(ListPage(f"{homepage}/news/list?section={section}&page={{page}}", pages=5))
    return Source(
        name="shangguan",
        publisher="上观新闻",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=tuple(seeds),
        scope=r"https?://[^/]+/news/(?:getNewsDetail|detail)\?id=\d+",
        article=f"{homepage}/news/getNewsDetail?id={{id}}",
        columns=COLUMNS,
        section=section,
        delay=2.0,
    )
