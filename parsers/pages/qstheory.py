"""求是网: today's pages, and those with addresses such as /2019-04/15/c_1124364140.htm."""

import re
from datetime import date

from parsers.reader.candidates import all_of, css, first
from parsers.reader.default import SHOWN, DefaultPage
from parsers.reader.published.moments import SHOWN_DATES


class QstheoryPage(DefaultPage):
    """Since 2025 addresses are /20250415/HASH/c.html; the layout was not seen, the general rules read it."""

    sources = frozenset({"qstheory"})
    hosts = frozenset({"qstheory.cn"})
    timezone = "Asia/Shanghai"


class QstheoryOldPage(QstheoryPage):
    """The layout seen in 2019 (facts/source-site.md 1.9)."""

    paths = re.compile(r"/c_\d+\.htm")
    valid_until = date(2024, 12, 31)
    body = (".highlight",)
    headline = first(css(".headtitle h1"), SHOWN)
    date_published = all_of(css(".headtitle .pubtime"), css(".headtitle span"), SHOWN_DATES)
