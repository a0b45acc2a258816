"""人民网理论频道, and the other channels of people.com.cn that share its layouts."""

from datetime import date
from typing import ClassVar

from parsers.reader import DefaultPage, all_of, css, editors_in, first, names_in


class PeopleTheoryPage(DefaultPage):
    """The layout of 2026: #rm_txt_zw in .rm_txt_con, #newstime; from 2020 on the body stood in .rm_txt_con itself."""

    sources = frozenset({"people_theory", "people_opinion"})
    hosts = frozenset({"people.com.cn"})
    timezone = "Asia/Shanghai"
    body: ClassVar[tuple[str, ...]] = ("#rm_txt_zw", ".rm_txt_con", "#rwb_zw")
    left_out = ".bza, .edit, .paper_num, .rm_relevant, #rwb_tjyd"  # editor's notes, the editors, further reading
    # 人民网>>理论: the last link of the path, unless it is the first too.
    article_section = css("#rwb_navpath > a:last-of-type:not(:first-of-type)")
    authors = first(names_in(css("p.author, .author.cf")), DefaultPage.authors)
    editors = first(editors_in(css(".edit")), DefaultPage.editors)
    date_published = all_of(css("#newstime"), DefaultPage.date_published)
    expected = ("body", "date_published")


class PeopleTheoryOldPage(PeopleTheoryPage):
    """The layout until 2020: the body in #rwb_zw, on some channels in #p_content."""

    valid_until = date(2020, 12, 31)
    body = ("#rwb_zw", "#p_content")
