"""中国社会科学网 below /cssn, its sub-hosts all on one; articles in several pages.

Follows the site as seen in 2019 and the fields that public clients read: /SECTION/…/YYYYMM/tYYYYMMDD_N.shtml up to
five sections deep, links of /skgz/bwyc/ relative to it, `.TitleFont2` with 2019年4月2日 10:11, `#Zoom .TRS_Editor`,
further pages by `countPage`, which a script turns into links (…_1.shtml is the second). INFERRED: that this layout is
also today's, the places of title and author, and the content of each list.
"""

import re
from html import escape

from newsroom.shapes.parts import policy_sites
from newsroom.shapes.parts.policy_sites import STATE, THOUGHT, Leaf, NeighbourSite
from newsroom.site.room import Newsroom
from newsroom.stories.story import Head, Story

BWYC = "/skgz/bwyc/"
SECTIONS = ("/mkszy/yc/", BWYC, "/ztzl/jzz/rwln/wh/lnfw1/", "/skgz/")  # each depth at which an article was seen


def _address(room: Newsroom, number: int) -> str:
    section, day = SECTIONS[number % len(SECTIONS)], policy_sites.first_day(room, number)
    return f"{section}{day:%Y%m/t%Y%m%d}_{policy_sites.FIRST_ID + number}.shtml"


def _entry(listed: str, path: str, head: Head) -> str:
    here = f"{SITE.prefix}{BWYC}"
    return policy_sites.entry(listed, f"./{path.removeprefix(here)}" if listed == BWYC and here in path else path, head)


def _render(story: Story, leaf: Leaf) -> str:
    title, when = escape(story.headline), policy_sites.shown(story, "%Y年%-m月%-d日 %H:%M")
    body = (
        f'<div class="f-main-left-Title"><h1>{title}</h1><div class="TitleFont2">{when} 来源：中国社会科学网 '
        f'作者：{policy_sites.author(story)}</div></div>\n<div id="Zoom"><div class="TRS_Editor">'
        f"{policy_sites.body(story)}</div></div>\n"
        f'<div class="ImageListView ImageListViewpage fenye"><script>var currentPage = {leaf.page - 1};'
        f"//所在页从0开始\nvar countPage = {leaf.pages}//共多少页\n</script></div>\n"
        f'<p class="editor">责任编辑：{escape(story.editor)}</p>'
    )
    return policy_sites.PAGE.format(title=f"{title}-中国社会科学网", head=policy_sites.meta(story), body=body)


SITE = NeighbourSite(
    prefix="/cssn",
    lists={
        BWYC: STATE,
        "/zx/bwyc/": STATE,
        "/mkszy/yc/": THOUGHT,
        "/jjx/jjx_xjpxsdzgtsshzyjjsx/": STATE,
        "/zzx/zgzz_zzx/": STATE,
        "/zk/zk_rdgz/": THOUGHT,
    },
    address=_address,
    named=re.compile(r"/(?:\w+/){1,5}\d{6}/t\d{8}_(?P<n>\d+)(?:_\d+)?\.shtml"),
    render=_render,
    entry=_entry,
    article_page=lambda first, page: f"{first.removesuffix('.shtml')}_{page - 1}.shtml",
)
