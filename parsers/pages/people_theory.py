"""人民网理论频道, and the other channels of people.com.cn that share its layouts."""

from parsers.pages.default import DefaultPage


class PeopleTheoryPage(DefaultPage):
    """Since 2020 .rm_txt_con; before that #rwb_zw."""

    sources = frozenset({"people_theory"})
    hosts = frozenset({"people.com.cn"})
    timezone = "Asia/Shanghai"
    body = (".rm_txt_con", "#rwb_zw")
