"""中国社会科学网."""

from parsers.reader import PUBLISHED, DefaultPage, all_of, css


class CssnPage(DefaultPage):
    """The layout seen in 2019: 2019年4月2日 10:11 stands in .TitleFont2, under the title."""

    sources = frozenset({"cssn"})
    hosts = frozenset({"cssn.cn"})
    timezone = "Asia/Shanghai"
    body = ("#Zoom .TRS_Editor", "#Zoom")
    date_published = all_of(css(".TitleFont2"), PUBLISHED)
    expected = ("body", "date_published")
