"""中国政府网: the policy library and the State Council gazette (source-site.md, 1.9 and the saved pages)."""

from crawler.sources.declaration import Source
from crawler.sources.places import below
from crawler.sources.seed_kinds import ListPage

HOME = "https://www.gov.cn"
LISTS = (
    "/zhengce/",  # 最新政策, the saved list block
    "/zhengce/zuixin/",  # 更多, where that block leads
    "/gongbao/currentissue.htm",  # 国务院公报, as the saved page of the gazette links it
)


def govcn(homepage: str = HOME) -> Source:
    """Documents of the library and pieces of the gazette, with the addresses of both generations."""
    # /zhengce/content/202609/content_N.htm; before: /zhengce/content/2019-02/15/content_N.htm
    policy = r"zhengce/(?:content/)?(?:\d{6}|\d{4}-\d\d/\d\d)"
    # /gongbao/2024/issue_11246/202403/content_N.html (idx 13750395622); before: /gongbao/content/2007/content_N.htm
    gazette = r"gongbao/(?:\d{4}/issue_\d+/\d{6}|content/\d{4})"
    return Source(
        name="govcn",
        publisher="中国政府网",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=tuple(ListPage(homepage + path) for path in LISTS),
        scope=rf"{below(homepage)}/(?:{policy}|{gazette})/content_\d+\.html?",
        delay=2.0,
        expect=10,
        usual_schedule="every 6h",
        unproven=True,
        inferred=(
            "that the page of the newest gazette links its pieces",
            "that /zhengce/zuixin/ holds its rows as links: ZUIXINZHENGCE.json beside it does (idx 60739691599)",
        ),
    )
