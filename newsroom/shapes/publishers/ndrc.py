"""国家发展和改革委员会 below /ndrc: news, notices and orders.

Follows the fields that public clients of the site read: `ul.u-list li a[title]` with relative links
`./YYYYMM/tYYYYMMDD_N.html` and a date `YYYY/MM/DD`, metas ArticleTitle, PubDate, ContentSource and ColumnName,
.TRS_Editor. INFERRED: the markup round these, and which column stands on which list.
"""

import re
from html import escape

from newsroom.shapes.parts import policy_sites
from newsroom.shapes.parts.policy_sites import Leaf, NeighbourSite
from newsroom.site.room import Newsroom
from newsroom.stories.story import CULTURE, DEPTH, ECONOMY, OPINION, POLICY, THINKER, Column, Head, Story, column_of

PLACES: dict[Column, str] = {
    POLICY: "/xxgk/zcfb/tz/", ECONOMY: "/xxgk/zcfb/fzggwl/", DEPTH: "/xwdt/xwfb/", OPINION: "/xwdt/xwfb/",
    THINKER: "/xwdt/tzgg/", CULTURE: "/xwdt/tzgg/",
}  # fmt: skip


def _address(room: Newsroom, number: int) -> str:
    day = policy_sites.first_day(room, number)
    return f"{PLACES[column_of(number)]}{day:%Y%m}/t{day:%Y%m%d}_{policy_sites.FIRST_ID + number}.html"


def _render(story: Story, _leaf: Leaf) -> str:
    title = escape(story.headline)
    metas = {
        "ArticleTitle": title,
        "PubDate": policy_sites.shown(story),
        "ContentSource": "政策研究室",
        "ColumnName": escape(story.article_section),
    }
    head = "".join(f'<meta name="{name}" content="{value}">\n' for name, value in metas.items())
    return policy_sites.PAGE.format(
        title=f"{title}-国家发展和改革委员会",
        head=head + policy_sites.meta(story, ";"),
        body=f'<h2 class="article_title">{title}</h2>\n<div class="TRS_Editor">{policy_sites.body(story)}</div>',
    )


def _entry(listed: str, path: str, head: Head) -> str:
    link, title = path.removeprefix(f"{SITE.prefix}{listed}"), escape(head.headline)
    day = head.date_published[:10].replace("-", "/")
    return f'<li><a href="./{link}" title="{title}">{title}</a><span>{day}</span></li>\n'


SITE = NeighbourSite(
    prefix="/ndrc",
    lists={
        place: frozenset(column for column in PLACES if PLACES[column] == place) for place in sorted({*PLACES.values()})
    },
    address=_address,
    named=re.compile(r"/(?:xxgk/zcfb|xwdt)/\w+/\d{6}/t\d{8}_(?P<n>\d+)\.html"),
    render=_render,
    entry=_entry,
    listing='<ul class="u-list">{entries}</ul>{next}',
)
