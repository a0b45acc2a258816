"""中国政府网: documents, explanations, news and the gazette, from the JSON lists that fill its pages."""

from crawler.sources.declaring.declaration import Source
from crawler.sources.declaring.evidence import Known, evidence_of
from crawler.sources.declaring.places import below
from crawler.sources.declaring.seed_kinds import JsonList, ListPage, Seed
from parsers.json_rows import RowFields

HOME = "https://www.gov.cn"
READINGS = "DIYgod/RSSHub lib/routes/gov/zhengce/jiedu.ts, seen 2026-11"
NEWS = "DIYgod/RSSHub lib/routes/gov/cn/news/index.ts, seen 2026-11"
# The pages for readers hold no rows: a script fills them from these lists.
LISTS: dict[str, Known] = {
    # 最新政策: 1,094 rows on 2026-09-11
    "/zhengce/zuixin/ZUIXINZHENGCE.json": ("CERTAIN", "ten public clients, seen 2026-11"),
    # 要闻: 400 rows on 2026-06-15, some of which lead to tv.cctv.com
    "/yaowen/liebiao/YAOWENLIEBIAO.json": ("CERTAIN", "ten public clients, seen 2026-11"),
    # 解读: more than 8,000 rows, since 2020 and before
    "/zhengce/jiedu/ZCJD_QZ.json": ("CERTAIN", f"{READINGS}; five public clients, seen 2026-11"),
    # 国务院公报
    "/gongbao/zuixin/gongbao.json": ("SINGLE", "one public client, seen 2026-11"),
}
MINISTRIES = "/lianbo/bumen/index.htm"
ROWS = RowFields(url="URL", title="TITLE", time="DOCRELPUBTIME", section=(), newstype=None)


def govcn(homepage: str = HOME) -> Source:
    """The source govcn at `homepage`: documents, explanations, news and parts of the gazette.

    Its scope has the addresses of both generations of the site.
    """
    # /zhengce/content/202609/content_N.htm; before: /zhengce/content/2019-02/15/content_N.htm
    month = r"(?:\d{6}|\d{4}-\d\d/\d\d)"
    policy, news = r"zhengce/(?:content/|zhengceku/)?", r"(?:yaowen/(?:liebiao/)?|lianbo/(?:[a-z]+/)?)"
    # /gongbao/2024/issue_11246/202403/content_N.html; before: /gongbao/content/2007/content_N.htm
    gazette = r"gongbao/(?:\d{4}/issue_\d+/\d{6}|content/\d{4})"
    seeds: tuple[Seed, ...] = (*(JsonList(homepage + path, ROWS) for path in LISTS), ListPage(homepage + MINISTRIES))
    return Source(
        name="govcn",
        publisher="中国政府网",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=seeds,
        scope=rf"{below(homepage)}/(?:(?:{policy}|{news}){month}|{gazette})/content_\d+\.html?",
        delay=2.0,
        expect=10,
        usual_schedule="every 6h",
        unproven=True,
        evidence=evidence_of(
            seeds,
            [*LISTS.values(), ("SINGLE", NEWS)],
            rows=("CERTAIN", f"{READINGS}; ten public clients, seen 2026-11"),
            scope=("CERTAIN", f"{READINGS}; {NEWS}; ten public clients, seen 2026-11"),
            delay=(
                "INFERRED",
                "robots.txt allows everything except paths of 2016 (one public client, seen 2026-11)",
            ),
            layout=("CERTAIN", f"{READINGS}; {NEWS}"),
        ),
    )
