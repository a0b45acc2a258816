"""Names of sections, words that name none, and the section among the categories of a feed's entry."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from itertools import islice

from parsers.text import STOPS, clean_text, folded, holds_han, is_counter

MAX_CATEGORIES = 8  # of one article: a cloud of all the site's has more
MAX_CATEGORY_CHARACTERS = 200  # of a feed's category as written: a longer one is cut before it is read
MAX_SECTION_CHARACTERS = 30  # of a section's name
MAX_SECTION_WORDS = 5  # of one in Latin letters: more is a sentence
MIN_CUT_HEADLINE_LETTERS = 7  # letters of a headline that was cut short in a path without a mark
_STARTS = """
    首页|首頁|主页|主頁|home|homepage|home page|front page|frontpage|index|startseite|start|accueil|inicio|início
    |portada|página inicial|principal|capa|главная|начало|główna|strona główna|ホーム|トップ|top|홈|etusivu|hjem
    |hem|forside|hlavní stránka|beranda|übersicht
"""
_WORDS = """
    正文|内容|內容|详情|详细|详细内容|文章|查看|浏览|阅读|列表|热门|热点|推荐|最新|article|articles|artikel|artículo|статья|記事
    |content|text|post|posts|page|view|story|uncategorized|uncategorised|未分类|未分類|blog|all|more|更多|current|none|null
    |undefined|default|category|categories|pfadnavigation|breadcrumb|breadcrumbs|navigation|main navigation|menu
    |搜索|检索|站内搜索|打印|关闭
    |anzeige|werbung|advertisement|sponsored|native-ads|allgemein|general
"""
SECTION_STARTS = frozenset(word.strip() for word in _STARTS.split("|"))
GENERIC = SECTION_STARTS | frozenset(word.strip() for word in _WORDS.split("|"))
UNFILED = frozenset(("uncategorized", "uncategorised", "未分类", "未分類"))
UNNAMED_SECTIONS = UNFILED | {"post", "posts"}  # the folder of a Hugo site, which its own template names
NO_SECTION = re.compile(
    rf"[{STOPS}；;：:]|https?:|^[\d\W]*$|(?:19|20)\d\d\s?(?:年|[-/.]\s?\d)"
    r"|(?:首页|首頁|主页|ホーム|トップ)$|\bDetails?$"
    r"|(?:文章|新闻|信息|内容|政策|公告|通知)(?:正文|内容|详情|详细|列表)$|(?:内容|详情|详细|列表)页?$"
    r"|正文页$|^返回|^(?:浏览|查看|阅读)(?:文章|新闻|信息|公告|全文|内容|正文)$",
    re.IGNORECASE,
)


def category_of(names: Iterable[str], headline: str | None, sites: Iterable[str] = ()) -> str | None:
    """The section among the first eight categories of a feed's entry: the first that may be one; None without any.

    At WordPress's 未分类 the search ends with None: the article has no category, and tags follow. `sites` are folded
    names of the site, which are not sections.

    >>> category_of(["https://www.example.cn/c/1", "政策文件", "养老"], "江海市的意见")
    '政策文件'
    """
    title, known = folded(headline or ""), frozenset(sites)
    for name in islice(names, MAX_CATEGORIES):
        text = clean_text(html.unescape(name[:MAX_CATEGORY_CHARACTERS]))
        if text.lower() in UNFILED:
            return None
        if may_be_section(text, title) and not is_counter(text) and folded(text) not in known:
            return text
    return None


def may_be_section(text: str, title: str) -> bool:
    """True if a text can be a section's name, and does not repeat the headline; `title` is the folded headline."""
    if not 0 < len(text) <= MAX_SECTION_CHARACTERS or text.lower() in GENERIC or NO_SECTION.search(text):
        return False
    if not holds_han(text) and len(text.split()) > MAX_SECTION_WORDS:
        return False
    return not repeats_headline(text, title)


def repeats_headline(text: str, title: str) -> bool:
    """True if a text is the headline, a part of it, or holds it, as the last breadcrumb often does.

    `title` is the folded headline. Unless they are equal, the text must have at least seven letters, or two if it ends
    in … or three dots.
    """
    shown, cut = folded(text.rstrip(".…")), text.endswith(("…", "..."))
    return bool(shown and title) and (
        shown == title
        or (len(shown) >= (2 if cut else MIN_CUT_HEADLINE_LETTERS) and (shown in title or title in shown))
    )
