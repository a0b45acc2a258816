"""中国人民银行: its announcements."""

from parsers.reader import PUBLISHED, DefaultPage, all_of, css


class PbcPage(DefaultPage):
    """The body stands in #zoom, the moment in #shijian."""

    sources = frozenset({"pbc"})
    hosts = frozenset({"pbc.gov.cn"})
    timezone = "Asia/Shanghai"
    body = ("#zoom",)
    date_published = all_of(css("#shijian"), PUBLISHED)
    expected = ("body", "date_published")
