"""光明网理论频道."""

from parsers.reader import SHOWN, DefaultPage, all_of, css, first


class GmwTheoryPage(DefaultPage):
    """The layout of 2026, with two names each for headline, body and date; also the body's boxes until 2020."""

    sources = frozenset({"gmw_theory"})
    hosts = frozenset({"gmw.cn"})
    timezone = "Asia/Shanghai"
    headline = first(css(".u-title, #articleID"), SHOWN)
    body = ("#ContentPh, .u-mainText", "#contentMain", "#articleBox")
    left_out = ".m-zbTool, #articleLiability, .liability"
    date_published = all_of(css("#articlePubTime, .m-con-time"), DefaultPage.date_published)
    article_section = css("#contentBreadcrumbs2 > a:last-of-type")  # 首页 > 科技频道 > 探索者, on a page of 2017
    expected = ("headline", "body", "date_published")
