"""解放日报 in print, which has a page 思想者: both generations of its addresses."""

from crawler.sources.declaring.declaration import Source
from crawler.sources.declaring.evidence import ROBOTS_UNSEEN, evidence_of
from crawler.sources.declaring.places import below, hosts, sites
from crawler.sources.declaring.seed_kinds import PrintEdition

HOME = "https://www.shobserver.com"
ALIASES = ("https://www.jfdaily.com",)  # the same site with the same data files
WHATSHOT = "alisen39/whatshot whats_hot_api/routes/hotlist/epaper_local.py, seen 2026-11"
HOSTS = "alisen39/whatshot whats_hot_api/routes/hotlist/shanghai_media.py, seen 2026-11"
SPIDER = "iltyty/journalspider jiefang/crawler.go, 2022-04-25"

# Names of pages: no evidence gives the number or weekday of 思想者's page, so it is chosen by its name.
PAGES = ("思想者", "思想周刊", "理论", "智库", "评论", "观点", "新论")


def jiefang(homepage: str = HOME) -> Source:
    """The source jiefang at `homepage`: the printed issues of a week.

    It wants the pages whose names begin with one of its columns.
    """
    seeds = (PrintEdition(homepage),)
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
        seeds=seeds,
        scope=rf"{below(*own)}(?:{new}|{old})",
        columns=PAGES,
        delay=2.0,
        hosts=hosts(*own),
        aliases=hosts(*own[1:]),
        expect=1,
        usual_schedule="30 7 * * *",
        unproven=True,
        evidence=evidence_of(
            seeds,
            [("CERTAIN", f"{WHATSHOT}; {SPIDER}; one public client, seen 2026-11")],
            scope=("CERTAIN", f"{WHATSHOT}; {SPIDER}; one public client, seen 2026-11"),
            columns=("INFERRED", "no list of pages with 思想者 or 思想周刊 was seen, only 要闻 and 评论"),
            hosts=("CERTAIN", f"{HOSTS}; one public client, seen 2026-11"),
            delay=ROBOTS_UNSEEN,
            layout=("CERTAIN", f"{WHATSHOT}; {SPIDER}; one public client, seen 2026-11"),
        ),
    )
