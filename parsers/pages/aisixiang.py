"""爱思想: essays that it carries from books and journals."""

from parsers.reader import PUBLISHED, SOURCE, Candidate, DefaultPage, PageView, all_of, css, first

AUTHORS = css(".about strong")
LINE = css(".show_text h3")


def _title(page: PageView) -> tuple[str, ...]:
    """At most one headline, without the author before it: of 王小青：江与海的连接 the second part; else ().

    It is whole if the words before the colon do not hold a name that the page gives as its author.
    """
    found = []
    for line in LINE.of(page)[:1]:
        name, mark, rest = line.partition("：")
        found.append(rest if mark and any(author in name for author in AUTHORS.of(page)) else line)
    return tuple(found)


class AisixiangPage(DefaultPage):
    """An essay's page; the date of publication is that of 更新时间, the moment at which the site took the text up."""

    sources = frozenset({"aisixiang"})
    hosts = frozenset({"aisixiang.com"})
    timezone = "Asia/Shanghai"
    body = (".article-content", "#content")
    headline = first(Candidate(_title, f"{LINE.rule} without the author", (LINE,), "inside"), DefaultPage.headline)
    authors = first(AUTHORS, DefaultPage.authors)
    source_line = SOURCE  # the text beside the date is a topic
    keywords = first(css(".about u"), DefaultPage.keywords)
    date_published = all_of(css(".info"), PUBLISHED)
    expected = ("headline", "body", "authors", "date_published")
