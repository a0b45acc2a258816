"""Ways in which an article of the newsroom can go, and its address in every shape of the site."""

import re

from support.newsroom_client import get

NUMBER = 4
# What makes an article go, and the name a test shows for it.
ENDINGS = [
    *({"do": "remove", "how": how} for how in ("404", "410", "shell", "front")),
    {"do": "restrict"},
]
SHAPES = (
    "ordinary",
    "gbk",
    "second page",
    "上观 JSON",
    "上观 before 2020",
    "printed",
    "printed before 2024-12-16",
    "mirror",
)


def paths_of(site):
    day = site.truth(NUMBER)["date_published"][:10]
    edition = get(site, f"/staticsg/data/journal/{day}/navi.json").json
    page = next(p["pnumber"] for p in edition["pages"] if 500_000 + NUMBER in [row["id"] for row in p["articleList"]])
    mirror = re.search(rf'class="tit" href="(/viewpoint/\w+_{NUMBER}\.html)"', get(site, "/viewpoint/page_1.html").text)
    return {
        "ordinary": (NUMBER, f"/article/{NUMBER}.html"),
        "gbk": (3, "/article/3.html"),
        "second page": (NUMBER, f"/article/{NUMBER}_2.html"),
        "上观 JSON": (NUMBER, f"/news/getNewsDetail?id={700_000 + NUMBER}"),
        "上观 before 2020": (NUMBER, f"/news/detail?id={700_000 + NUMBER}"),
        "printed": (NUMBER, f"/journal/getJournalPageArticle.do?id={500_000 + NUMBER}"),
        "printed before 2024-12-16": (
            NUMBER,
            f"/staticsg/data/journal/{day}/{page}/article/{500_000 + NUMBER}.json",
        ),
        "mirror": (NUMBER, mirror[1]),
    }
