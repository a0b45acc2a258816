"""澎湃新闻: today's pages, and those of 2014 to 2021."""

from datetime import date

from parsers.reader.byline.authors import AUTHORS
from parsers.reader.candidates import css, first
from parsers.reader.default import DefaultPage, names_in


class ThepaperPage(DefaultPage):
    """Since 2022 the class names change with every build of the site: the general rules read it."""

    sources = frozenset({"thepaper"})
    hosts = frozenset({"thepaper.cn"})
    timezone = "Asia/Shanghai"
    authors = first(names_in(css(".news_about p:first-child")), AUTHORS)


class ThepaperOldPage(ThepaperPage):
    """The body stood in .news_txt, and the breadcrumb named the column (思想市场, 中南海)."""

    valid_until = date(2021, 12, 31)
    body = (".news_txt",)
    article_section = css(".news_path a:last-of-type")
