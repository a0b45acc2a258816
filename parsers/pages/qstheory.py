"""求是网."""

from parsers.pages.candidates import css
from parsers.pages.default import DefaultPage


class QstheoryPage(DefaultPage):
    """The layout seen in 2019 (facts/source-site.md 1.9); the general rules read what came after."""

    sources = frozenset({"qstheory"})
    hosts = frozenset({"qstheory.cn"})
    timezone = "Asia/Shanghai"
    body = (".highlight",)
    source_line = css(".headtitle .appellation")
