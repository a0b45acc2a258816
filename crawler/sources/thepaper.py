"""澎湃新闻: its pages on politics and its 思想 channel (source-site.md, 1.9)."""

from crawler.sources.declaration import Source
from crawler.sources.places import below
from crawler.sources.seed_kinds import ListPage

HOME = "https://www.thepaper.cn"
LISTS = (
    "25488",  # 中南海, as a saved page of 2020 links it
    "25483",  # 思想市场, 1.9
    "26525",  # 思想湃; this and the next as the spider that 1.9 names lists them (idx 5461864156)
    "25445",  # 澎湃研究所
)


def thepaper(homepage: str = HOME) -> Source:
    """Articles are /newsDetail_forward_N, in both layouts."""
    return Source(
        name="thepaper",
        publisher="澎湃新闻",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=tuple(ListPage(f"{homepage}/list_{node}") for node in LISTS),
        scope=rf"{below(homepage)}/newsDetail_forward_\d+",
        delay=2.0,
        expect=10,
        usual_schedule="every 2h",
        unproven=True,
        inferred=(
            "that 中南海 stands for 政务, whose own list was not found",
            "that today's lists hold their rows as links and not only as JSON in a script",
        ),
    )
