"""求是网: today's pages, and those with addresses such as /2019-04/15/c_1124364140.htm."""

import re
from datetime import date
from typing import ClassVar

from parsers.reader import SHOWN, SHOWN_DATES, DefaultPage, all_of, css, first


class QstheoryPage(DefaultPage):
    """The layout of 2026, at addresses such as /20250415/HASH/c.html."""

    sources = frozenset({"qstheory"})
    hosts = frozenset({"qstheory.cn"})
    timezone = "Asia/Shanghai"
    alternative_headline = first(css(".inner > h2"), DefaultPage.alternative_headline)  # 副题
    body: ClassVar[tuple[str, ...]] = ("#detailContent", ".highlight")
    left_out = ".fs-text, .fs-pinglun, .xl_ewm, .sharebox"  # sizes, comments, a code to scan, buttons
    date_published = all_of(css(".inner > span"), DefaultPage.date_published)  # beside 来源：and 作者：
    expected = ("body", "date_published")


class QstheoryOldPage(QstheoryPage):
    """The layout until 2024, as seen in 2019."""

    paths = re.compile(r"/c_\d+\.htm")
    valid_until = date(2024, 12, 31)
    headline = first(css(".headtitle h1"), SHOWN)
    body = (".highlight",)
    date_published = all_of(css(".headtitle .pubtime"), css(".headtitle span"), SHOWN_DATES)
