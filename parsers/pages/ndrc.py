"""国家发展和改革委员会: notices, plans, announcements and news."""

from parsers.reader import DefaultPage, first, meta


class NdrcPage(DefaultPage):
    """Its system writes title, column and moment into metas; the body stands in .TRS_Editor or .article_con."""

    sources = frozenset({"ndrc"})
    hosts = frozenset({"ndrc.gov.cn"})
    timezone = "Asia/Shanghai"
    body = (".TRS_Editor, .article_con",)
    headline = first(meta("articletitle"), DefaultPage.headline)
    article_section = first(meta("columnname"), DefaultPage.article_section)
    expected = ("headline", "body", "article_section")
