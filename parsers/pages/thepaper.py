"""澎湃新闻."""

from parsers.pages.candidates import css
from parsers.pages.default import DefaultPage


class ThepaperPage(DefaultPage):
    """Until 2021 the body stood in .news_txt and the breadcrumb named the column (思想市场, 中南海)."""

    sources = frozenset({"thepaper"})
    hosts = frozenset({"thepaper.cn"})
    timezone = "Asia/Shanghai"
    body = (".news_txt",)
    article_section = css(".news_path a:last-of-type")
