"""光明网理论频道."""

from parsers.reader.candidates import css
from parsers.reader.default import DefaultPage


class GmwTheoryPage(DefaultPage):
    """The body's box has had three names."""

    sources = frozenset({"gmw_theory"})
    hosts = frozenset({"gmw.cn"})
    timezone = "Asia/Shanghai"
    body = (".u-mainText", "#contentMain", "#articleBox")
    article_section = css("#contentBreadcrumbs2 > a:last-of-type")  # 首页 > 科技频道 > 探索者, on a page of 2017
