"""解放日报 in print, where 思想者 has its page: both generations of its addresses (source-site.md, 1.7)."""

from crawler.sources.declaration import Source
from crawler.sources.places import below, hosts, sites
from crawler.sources.seed_kinds import PrintEdition

HOME = "https://www.shobserver.com"
ALIASES = ("https://www.jfdaily.com",)  # 1.1: one site, the same data files

# Names of pages. The number and the weekday of 思想者's page were not found in any source, so its name chooses it.
PAGES = ("思想者", "思想周刊", "理论", "智库", "评论", "观点", "新论")


def jiefang(homepage: str = HOME) -> Source:
    """The issues of the last week, and of them the pages that bear one of these names."""
    own = sites(homepage, HOME, *ALIASES)
    new, old = (
        r"/journal/getJournalPageArticle\.do\?id=\d+",
        r"/staticsg/data/journal/[\d-]{10}/\w{1,4}/article/\d+\.json",
    )
    return Source(
        name="jiefang",
        publisher="解放日报",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=(PrintEdition(homepage),),
        scope=rf"{below(*own)}(?:{new}|{old})",
        columns=PAGES,
        delay=2.0,
        hosts=hosts(*own),
        aliases=hosts(*own[1:]),
        expect=1,
        usual_schedule="30 7 * * *",
        unproven=True,
        inferred=(
            "that list.do names the newest issue",
            "the names of the policy pages; 思想者's own page was never seen",
            "that issues before 2024-12-16 still answer under their old addresses",
        ),
    )
