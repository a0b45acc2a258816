"""澎湃新闻: today's pages, which hold their article as JSON too, and those of 2014 to 2021."""

from __future__ import annotations

from datetime import date

from parsers.reader import (
    AUTHORS,
    PUBLISHED,
    SHOWN,
    TAGS,
    Candidate,
    DefaultPage,
    FragmentPage,
    css,
    embedded,
    first,
    names_in,
)


def _detail(name: str) -> Candidate:
    return embedded("__NEXT_DATA__", f"props.pageProps.detailData.contentDetail.{name}")


class ThepaperPage(FragmentPage, DefaultPage):
    """The JSON that the page is built from is read first; what it lacks is read from the page, by the general rules.

    Class names change with every build of the site since 2022, so none is relied on.
    """

    sources = frozenset({"thepaper"})
    hosts = frozenset({"thepaper.cn"})
    timezone = "Asia/Shanghai"
    headline = first(_detail("name"), SHOWN)
    article_section = first(_detail("nodeInfo.name"), DefaultPage.article_section)
    authors = first(names_in(_detail("author")), names_in(css(".news_about p:first-child")), AUTHORS)
    keywords = first(_detail("tagList.tag"), TAGS)
    # publishTime is milliseconds or a moment; pubTime may be "10小时前", which the site counts anew at every visit.
    date_published = first(_detail("publishTime"), PUBLISHED, _detail("pubTime"))
    identity = _detail("contId")
    fragment = _detail("content")


class ThepaperOldPage(ThepaperPage):
    """The layout of 2014 to 2021: the body in .news_txt, the column (思想市场, 中南海) in the breadcrumb."""

    valid_until = date(2021, 12, 31)
    body = (".news_txt",)
    article_section = css(".news_path a:last-of-type")
