"""人民网观点: the commentaries of 人民日报 and 人民网."""

from crawler.sources.declaring.declaration import Source
from crawler.sources.declaring.evidence import Known, evidence_of
from crawler.sources.declaring.places import below
from crawler.sources.declaring.seed_kinds import ListPage, Seed
from crawler.sources.people_theory import ROBOTS

HOME = "http://opinion.people.com.cn"  # http: its certificate is for another name (one public client, seen 2026-11)
LISTS: dict[str, Known] = {
    "/": ("CERTAIN", "four public clients, seen 2026-11"),
    "/GB/223228/index.html": ("CERTAIN", "five public clients, seen 2026-11"),  # 人民网评, or 壹时评
    "/GB/8213/49160/49219/index.html": ("CERTAIN", "four public clients, seen 2026-11"),  # 人民时评
    "/GB/436867/index.html": ("CERTAIN", "four public clients, seen 2026-11"),  # 人民锐评
}


def people_opinion(homepage: str = HOME) -> Source:
    """The source people_opinion at `homepage`; articles are /n1/2026/0814/c461529-40781234.html."""
    seeds: tuple[Seed, ...] = tuple(ListPage(homepage + path) for path in LISTS)
    return Source(
        name="people_opinion",
        publisher="人民网观点频道",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=seeds,
        scope=rf"{below(homepage)}/n1/\d{{4}}/\d{{4}}/c\d+-\d+\.html",
        delay=120.0,
        expect=10,
        usual_schedule="every 12h",
        unproven=True,
        evidence=evidence_of(
            seeds,
            LISTS.values(),
            scope=("CERTAIN", "ten public clients, seen 2026-11"),
            delay=("INFERRED", ROBOTS),
            layout=(
                "CERTAIN",
                "two public clients, seen 2026-11; DIYgod/RSSHub lib/routes/people/index.ts, seen 2026-11",
            ),
        ),
    )
