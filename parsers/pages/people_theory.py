"""人民网理论频道, and the other channels of people.com.cn that share its layouts."""

from datetime import date

from parsers.reader.candidates import css, first
from parsers.reader.default import DefaultPage, names_in


class PeopleTheoryPage(DefaultPage):
    """Since 2020 the body stands in .rm_txt_con."""

    sources = frozenset({"people_theory", "people_opinion"})
    hosts = frozenset({"people.com.cn"})
    timezone = "Asia/Shanghai"
    body = (".rm_txt_con", "#rwb_zw")
    # 人民网>>理论: the last link of the path, unless it is the first too.
    article_section = css("#rwb_navpath > a:last-of-type:not(:first-of-type)")
    authors = first(names_in(css("p.author, .author.cf")), DefaultPage.authors)


class PeopleTheoryOldPage(PeopleTheoryPage):
    """Before that it stood in #rwb_zw, on some channels in #p_content."""

    valid_until = date(2020, 12, 31)
    body = ("#rwb_zw", "#p_content")
