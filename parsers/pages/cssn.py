"""中国社会科学网."""

from parsers.reader.candidates import css, first
from parsers.reader.default import SHOWN, DefaultPage


class CssnPage(DefaultPage):
    """The layout seen in 2019 (facts/source-site.md 1.9)."""

    sources = frozenset({"cssn"})
    hosts = frozenset({"cssn.cn"})
    timezone = "Asia/Shanghai"
    body = ("#Zoom .TRS_Editor", "#Zoom")
    headline = first(css(".TitleFont2"), SHOWN)
