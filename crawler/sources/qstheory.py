"""求是网: the theory journal's site, with both generations of its addresses (source-site.md, 1.9)."""

from crawler.sources.declaration import Source
from crawler.sources.places import below
from crawler.sources.seed_kinds import ListPage

HOME = "https://www.qstheory.cn"
LISTS = (
    "/qszq/llwx/index.htm",  # 理论文选, 1.9
    "/economy/index.htm",  # 经济, 1.9
    "/qslgxd/index.htm",  # 原创, as Pintrue/news_all lists it (idx 4948851436; still idx 54826445413)
    "/qswp.htm",  # 网评, the same two
)


def qstheory(homepage: str = HOME) -> Source:
    """Articles are /…/2019-04/15/c_N.htm until 2024, and /20250415/HASH/c.html since."""
    old, new = r"/(?:\w+/){1,4}\d{4}-\d\d/\d\d/c_\d+\.htm", r"/\d{8}/[0-9a-f]{32}/c\.html"
    return Source(
        name="qstheory",
        publisher="求是网",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=tuple(ListPage(homepage + path) for path in LISTS),
        scope=rf"{below(homepage)}(?:{old}|{new})",
        delay=2.0,
        expect=10,
        usual_schedule="every 6h",
        unproven=True,
        inferred=("that a list is one page", "that the old articles still answer under their old addresses"),
    )
