"""人民网理论频道 (source-site.md, 1.9)."""

from crawler.sources.declaration import Source
from crawler.sources.places import below
from crawler.sources.seed_kinds import ListPage

HOME = "http://theory.people.com.cn"
LISTS = ("/GB/148980/index.html", "/GB/409497/index.html", "/GB/409499/")  # 1.9; 重要评论: the spider 1.9 names


def people_theory(homepage: str = HOME) -> Source:
    """Articles are /n1/2024/0424/c1001-40223222.html."""
    return Source(
        name="people_theory",
        publisher="人民网理论频道",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=tuple(ListPage(homepage + path) for path in LISTS),
        scope=rf"{below(homepage)}/n1/\d{{4}}/\d{{4}}/c\d+-\d+\.html",
        delay=2.0,
        expect=10,
        usual_schedule="every 6h",
        unproven=True,
        inferred=("that the list addresses of 2019 still answer", "that a list is one page"),
    )
