"""光明网理论频道 (source-site.md, 1.9)."""

from crawler.sources.declaration import Source
from crawler.sources.places import below
from crawler.sources.seed_kinds import ListPage

HOME = "https://theory.gmw.cn"
NODES = ("4227", "10133", "97034")  # 1.9; 理论首发 (idx 46967548456); idx 51812564044


def gmw_theory(homepage: str = HOME) -> Source:
    """A list is node_N.htm and leads on by the 下一页 of its #displaypagenum; articles are content_N.htm."""
    return Source(
        name="gmw_theory",
        publisher="光明网理论频道",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=tuple(ListPage(f"{homepage}/node_{node}.htm", pages=3) for node in NODES),
        scope=rf"{below(homepage)}/\d{{4}}-\d\d/\d\d/content_\d+\.htm",
        delay=2.0,
        expect=10,
        usual_schedule="every 6h",
        unproven=True,
        inferred=("which of the channel's nodes are the ones to watch",),
    )
