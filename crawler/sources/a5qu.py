"""a5qu.com, an English machine translation of 上观 pages: the mirror the seed text came from (source-site.md, 2)."""

from crawler.sources.declaration import Source
from crawler.sources.places import below
from crawler.sources.seed_kinds import ListPage

HOME = "https://a5qu.com"
SECTIONS = ("viewpoint", "important_news", "the_yangtze_river_delta", "the_world", "depth")


def a5qu(homepage: str = HOME) -> Source:
    """Its sections by their list pages; articles are /SECTION/SLUG_ID.html, later without the id."""
    return Source(
        name="a5qu",
        publisher="a5qu.com (mirror of 上观新闻)",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="en",
        seeds=tuple(ListPage(f"{homepage}/{section}/page_{{page}}.html", pages=3) for section in SECTIONS),
        scope=rf"{below(homepage)}/(?:{'|'.join(SECTIONS)})/(?!page_\d+\.html)[^/?#]+\.html",
        delay=2.0,
        expect=10,
        usual_schedule="every 1d",
        unproven=True,
        inferred=("that every section has a list page_1.html (seen: /the_world/page_334.html)",),
    )
