"""人民论坛网."""

from parsers.reader.candidates import css, first
from parsers.reader.default import SOURCE, DefaultPage


class RmltPage(DefaultPage):
    """The layout seen in 2019 (facts/source-site.md 1.9)."""

    sources = frozenset({"rmlt"})
    hosts = frozenset({"rmlt.com.cn"})
    timezone = "Asia/Shanghai"
    body = (".article-content",)
    source_line = first(css("span.source"), SOURCE)
