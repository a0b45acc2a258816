"""人民网理论频道."""

from crawler.sources.declaring.declaration import Source
from crawler.sources.declaring.evidence import NEWS_ALL, Known, evidence_of
from crawler.sources.declaring.places import below, hosts, moved, sites
from crawler.sources.declaring.seed_kinds import ListPage, Seed, Sitemap

HOME = "http://theory.people.com.cn"
MAPS = "http://www.people.cn"  # sitemap_index.xml leads to /sitemap/cn/CHANNEL/news_sitemap.xml, about 78 of them
FUNDUS = "flairNLP/fundus src/fundus/publishers/cn/__init__.py, 2025-04-06"
JILL = "BlueJillYang/Scrapy_spiders guangming/spiders/people_news_01.py, 2019-01-14"
SPIDERS = NEWS_ALL.format("spiders/people_v.py")
LISTS: tuple[tuple[str, bool, Known], ...] = (  # path, True if of an earlier generation, evidence
    ("/GB/49150/index.html", False, ("CERTAIN", "two public clients, seen 2026-11")),
    ("/GB/409499/", True, ("CERTAIN", f"{SPIDERS}; {JILL}")),
    ("/GB/148980/index.html", True, ("SINGLE", SPIDERS)),
    ("/GB/409497/index.html", True, ("SINGLE", SPIDERS)),
)
ROBOTS = (
    "the robots.txt of www.people.com.cn says Crawl-delay: 120 (three public files, seen 2026-11); that of this host "
    "was not seen, and a long delay does no harm"
)


def people_theory(homepage: str = HOME) -> Source:
    """The source people_theory at `homepage`; articles are /n1/2024/0424/c1001-40223222.html.

    The sitemap names those of other channels too.
    """
    seeds: tuple[Seed, ...] = (
        Sitemap(moved(f"{MAPS}/sitemap_index.xml", HOME, homepage)),
        *(ListPage(homepage + path, old=old) for path, old, _ in LISTS),
    )
    return Source(
        name="people_theory",
        publisher="人民网理论频道",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=seeds,
        scope=rf"{below(homepage)}/n1/\d{{4}}/\d{{4}}/c\d+-\d+\.html",
        delay=120.0,
        hosts=hosts(*sites(homepage, HOME, MAPS)),
        expect=10,
        usual_schedule="every 12h",  # at 120 s the sitemaps alone take two and a half hours
        unproven=True,
        evidence=evidence_of(
            seeds,
            [("CERTAIN", f"{FUNDUS}; three public clients, seen 2026-11"), *(known for *_, known in LISTS)],
            scope=("CERTAIN", f"{SPIDERS}; ten public files, seen 2026-11"),
            hosts=("CERTAIN", FUNDUS),
            delay=("INFERRED", ROBOTS),
            layout=(
                "CERTAIN",
                "DIYgod/RSSHub lib/routes/people/index.ts, seen 2026-11; one public client, seen 2026-11",
            ),
        ),
    )
