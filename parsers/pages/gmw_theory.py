"""光明网理论频道."""

from parsers.reader.default import DefaultPage


class GmwTheoryPage(DefaultPage):
    """The body's box has had three names."""

    sources = frozenset({"gmw_theory"})
    hosts = frozenset({"gmw.cn"})
    timezone = "Asia/Shanghai"
    body = (".u-mainText", "#contentMain", "#articleBox")
