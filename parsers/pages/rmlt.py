"""人民论坛网."""

from parsers.reader import SHOWN, SOURCE, DefaultPage, all_of, css, first


class RmltPage(DefaultPage):
    """The layouts of 2019 and of 2026; only that of 2026 has the headline in .article-title."""

    sources = frozenset({"rmlt"})
    hosts = frozenset({"rmlt.com.cn"})
    timezone = "Asia/Shanghai"
    headline = first(css(".article-title"), SHOWN)
    body = (".article-content",)
    date_published = all_of(css(".date"), DefaultPage.date_published)
    source_line = first(css("span.source"), SOURCE)
    expected = ("headline", "body", "date_published")
