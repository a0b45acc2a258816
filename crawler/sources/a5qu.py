"""a5qu.com, an English machine translation of 上观 pages."""

from crawler.sources.declaring.declaration import Source
from crawler.sources.declaring.evidence import ROBOTS_UNSEEN, Known, evidence_of
from crawler.sources.declaring.places import below
from crawler.sources.declaring.seed_kinds import ListPage

HOME = "https://a5qu.com"
COPIES = "ten public pages, seen 2026-11"
UNSEEN: Known = (
    "INFERRED",
    "only the list /the_world/page_334.html was seen; we expect a first page for each section",
)
SECTIONS = ("viewpoint", "important_news", "the_yangtze_river_delta", "the_world", "depth")


def a5qu(homepage: str = HOME) -> Source:
    """The source a5qu at `homepage`: lists of sections; articles are /SECTION/SLUG_ID.html, later without the id."""
    seeds = tuple(ListPage(f"{homepage}/{section}/page_{{page}}.html", pages=3) for section in SECTIONS)
    return Source(
        name="a5qu",
        publisher="a5qu.com (mirror of 上观新闻)",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="en",
        seeds=seeds,
        scope=rf"{below(homepage)}/(?:{'|'.join(SECTIONS)})/(?!page_\d+\.html)[^/?#]+\.html",
        delay=2.0,
        expect=10,
        usual_schedule="every 1d",
        unproven=True,
        evidence=evidence_of(
            seeds,
            [("SINGLE", "one public page, seen 2026-11") if section == "the_world" else UNSEEN for section in SECTIONS],
            scope=("SINGLE", COPIES),
            delay=ROBOTS_UNSEEN,
            layout=("INFERRED", "the pages seen were stored as text without tags, so no selectors are known"),
        ),
    )
