"""中国社会科学网."""

from parsers.pages.candidates import css, first
from parsers.pages.default import SHOWN, DefaultPage


class CssnPage(DefaultPage):
    """The layout seen in 2019 (facts/source-site.md 1.9)."""

    sources = frozenset({"cssn"})
    hosts = frozenset({"cssn.cn"})
    timezone = "Asia/Shanghai"
    body = ("#Zoom .TRS_Editor", "#Zoom")
    headline = first(css(".TitleFont2"), SHOWN)
