"""中国人民银行: its announcements."""

from crawler.sources.declaring.declaration import Source
from crawler.sources.declaring.evidence import ROBOTS_UNSEEN, evidence_of
from crawler.sources.declaring.places import below
from crawler.sources.declaring.seed_kinds import ListPage

HOME = "https://www.pbc.gov.cn"
NEWS = "/goutongjiaoliu/113456/113469"  # 新闻发布
LISTED = "DIYgod/RSSHub lib/routes/gov/pbc/goutongjiaoliu.ts, seen 2026-11"  # by a browser; two others use none
TRADED = "DIYgod/RSSHub lib/routes/gov/pbc/trade-announcement.ts, seen 2026-11"


def pbc(homepage: str = HOME) -> Source:
    """The source pbc at `homepage`: its list of announcements.

    Articles are /goutongjiaoliu/113456/113469/2026081414193264304/index.html, with a short number in some years. A
    script pages the list, without a link: two public clients ask 11040-2.html and so on.
    """
    seed = ListPage(f"{homepage}{NEWS}/index.html", pages=3, further=f"{homepage}{NEWS}/11040-{{page}}.html")
    return Source(
        name="pbc",
        publisher="中国人民银行",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=(seed,),
        scope=rf"{below(homepage)}{NEWS}/\d+/index\.html",
        delay=2.0,
        expect=10,
        usual_schedule="every 6h",
        unproven=True,
        evidence=evidence_of(
            (seed,),
            [("CERTAIN", f"{LISTED}; five public clients, seen 2026-11")],
            scope=("CERTAIN", "ten public clients, seen 2026-11"),
            delay=ROBOTS_UNSEEN,
            layout=("CERTAIN", f"{LISTED}; {TRADED}"),
        ),
    )
