"""上观新闻: the Thinker column and the policy columns, from today's JSON lists and from old HTML lists."""

import re

from crawler.sources.declaring.declaration import Source
from crawler.sources.declaring.evidence import NEWS_ALL, ROBOTS_UNSEEN, Known, evidence_of
from crawler.sources.declaring.places import below, hosts, sites
from crawler.sources.declaring.seed_kinds import JsonList, ListPage, Seed

HOME = "https://www.shobserver.com"
ALIASES = ("https://www.jfdaily.com", "https://www.shobserver.cn", "https://www.jfdaily.com.cn")  # one site
LEADERS = "minmengxhw-cpu/minmeng-canzheng-agent scripts/fetch_leaders.py, 2026-08-22"
WHATSHOT = "alisen39/whatshot whats_hot_api/routes/hotlist/shanghai_media.py, seen 2026-11"
MORE_NEWS = "echosoar/news spider/jfdaily.go, 2024-03-01"
DETAILS = "babyowen/serp_news jfdaily_news_content.py, seen 2026-11"  # and its tests
EXPORT = "ykallan/shobserver shangguan/spiders/sg.py, 2020-06-10"
OLD_SPIDER = NEWS_ALL.format("spiders_old2/jfdaily.py")
LISTS: dict[str, Known] = {
    "home/topnewslist": ("CERTAIN", f"{LEADERS}; {WHATSHOT}"),
    "home/morenewslist": ("CERTAIN", f"{LEADERS}; one public client, seen 2026-11"),
    "home/recommandnewslist": ("CERTAIN", f"{LEADERS}; {WHATSHOT}"),  # sic
    "home/quicknewslist": ("CERTAIN", f"{LEADERS}; one public client, seen 2026-11"),
    "home/bannernewslist": ("CERTAIN", f"{LEADERS}; one public client, seen 2026-11"),
    "common/newsrank": ("SINGLE", WHATSHOT),
}
# Page 1 sends a time too, as one public client of 2026-11 does: rows published before it.
MORE: Known = ("CERTAIN", f"{MORE_NEWS}; one public client, seen 2026-11")
STILL: Known = ("INFERRED", "clients of 2017 to 2020 read it, later ones do not: it may be gone")
OF_A_SECTION: Known = (
    "INFERRED",
    "the number comes from thinker.toml, the form from clients of 2017 to 2020; today the page of a section is "
    "m.jfdaily.com/staticsg/wap/subsection?id=N (one public client, seen 2026-11)",
)

# No evidence gives the id of the column, so rows are chosen by the names in them.
COLUMNS = ("思想者", "上观智库", "智库", "理论", "政情", "伴公汀", "新论", "思想")
COLUMN = ("思想者", "思想周刊")  # names of the sections that `section` should list
# For each kind of section: its request, and the fields of its id and name in rows.
SECTION_LISTS = (("list", "sectionid", "sectionname"), ("sublist", "subsectionid", "subsectionname"))
SECTION = re.compile(r"(?:(?P<list>(?:sub)?list)\?section=)?(?P<id>[0-9]{1,15})")
OLD_SECTIONS = ("list?section=1", "sublist?section=2")  # 政情, and 伴公汀 in it


class WrongSection(ValueError):  # noqa: N818 named for the mistake
    """The value of `section` is not a section's number; the text shows the right form."""

    def __init__(self, section: str) -> None:
        super().__init__(
            f'{section!r} is not a section: give its number, or "sublist?section=" and the number of a subsection; '
            "`thinker doctor shangguan` lists both"
        )


def shangguan(homepage: str = HOME, section: str | None = None) -> Source:
    """The source shangguan at `homepage`: JSON lists of the current site, and two old server-rendered lists.

    section: adds the server-rendered list of that section. It is the number of a section, or `sublist?section=NUMBER`
    for a section inside another; None adds none. Raises WrongSection.
    """
    data = f"{homepage}/staticsg/data/web"
    more = f"{homepage}/news/homeMoreNews"
    seeds: list[Seed] = [JsonList(f"{data}/{name}.json") for name in LISTS]
    seeds += [JsonList(more, pages=5, form=(("page", "{page}"), ("lastpublishtime", "{until}")))]
    old = [_old_list(homepage, asked, old=True) for asked in OLD_SECTIONS]
    column = [_old_list(homepage, _asked(section))] if section else []
    all_seeds = (*seeds, *old, *column)
    own = sites(homepage, HOME, *ALIASES)
    return Source(
        name="shangguan",
        publisher="上观新闻",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=all_seeds,
        scope=rf"{below(*own)}/news/(?:getNewsDetail|detail)\?id=\d+",
        article=f"{homepage}/news/getNewsDetail?id={{id}}",
        columns=COLUMNS,
        section=section,
        delay=2.0,
        hosts=hosts(*own),
        aliases=hosts(*own[1:]),
        expect=1,
        usual_schedule="every 2h",
        unproven=True,
        evidence=evidence_of(
            all_seeds,
            [*LISTS.values(), MORE, *[STILL] * len(old), *[OF_A_SECTION] * len(column)],
            rows=("CERTAIN", f"{WHATSHOT}; {LEADERS}; {MORE_NEWS}"),
            scope=("CERTAIN", f"{DETAILS}; {LEADERS}; {OLD_SPIDER}"),
            article=("CERTAIN", f"{DETAILS}; {LEADERS}"),
            columns=(
                "INFERRED",
                "names seen in rows and titles; the number of 思想者 was not found in any reference",
            ),
            hosts=("SINGLE", f"{DETAILS}; for www.jfdaily.com: {LEADERS}"),
            delay=ROBOTS_UNSEEN,
            layout=("CERTAIN", f"{DETAILS}; {OLD_SPIDER}; {EXPORT}"),
        ),
    )


def _asked(section: str) -> str:
    """The request of a section: `list?section=12` for 12; `sublist?section=12` stays. Raises WrongSection."""
    found = SECTION.fullmatch(section)
    if found is None:
        raise WrongSection(section)
    return f"{found['list'] or 'list'}?section={found['id']}"


def _old_list(homepage: str, asked: str, old: bool = False) -> ListPage:
    """A server-rendered list; asked: its section, as `list?section=12`.

    An article that it links as /news/detail?id=N is asked at the address that the other lists give: otherwise it would
    have two texts.
    """
    return ListPage(f"{homepage}/news/{asked}&page={{page}}", pages=5, ids=r"/news/detail\?id=(\d{1,15})$", old=old)
