"""Texts that change on a page by themselves: counters of readers, relative times, today's date, weather, font sizes.

`浏览次数：12`, `阅读 1.2万`, `3条评论`, `12 views`, `3小时前`, `今天是2026年11月29日 星期日`, `多云 12℃`,
`字号：大 中 小`.
None of it is part of an article. In a sentence the same words are text: a number counts only if a unit, a blank or
the end of the line follows, which 阅读 12 本书 shows.
"""

import re

from parsers.text.han import HAN
from parsers.text.sentences import CHINESE_STOPS

MAX_LINE_CHARACTERS = 100  # of a line that may hold counters alone: a bar of buttons
MAX_GLUED_CHARACTERS = 80  # at the end of a line in which one is looked for
MAX_VALUE_CHARACTERS = 600  # of a value in which one is looked for

# Things that a page counts, or that its buttons do; no publisher is named like one.
READ = "浏览|瀏覽|阅读|閱讀|阅览|點閱|点击|點擊"
COUNTED = (
    f"{READ}|访问|訪問|查看|评论|評論|留言|跟[帖贴]|回复|回覆|点赞|點讚|按讚|收藏|打印|列印|下载|下載"
    "|转发|轉發|分享|播放|人气|人氣|热度|喜欢|参与|互动|围观|推荐|在线"
)
_COUNT = r"总?(?:人?次[数數]?|[数數]量?|人[数數]|量|率|总[数量]|热度)"
_BEFORE = "(?:本文|本页|本頁|本站|页面|網頁|网页|文章|信息|新闻|稿件|内容)?(?:已被?|被|总|總|累计|今日|当前|共)?"
READERS = rf"(?:{READ})(?:{_COUNT})?"  # 阅读, 浏览次数: labels that open no sentence of an article, as 评论： does
LABEL = rf"{_BEFORE}(?:{COUNTED})(?:{_COUNT})?"  # 阅读, 浏览次数, 本文点击量
_SURE_LABEL = rf"{_BEFORE}(?:{COUNTED})(?:{_COUNT}|\s?(?=[:：]))"
_NUMBER = r"[0-9０-９](?:[0-9０-９,，.．]{0,14}[0-9０-９])?\s?[kKmMwW千万萬亿億]?\+?"
_UNIT = "(?:人次|次|人|条|條|个|個|篇|份|遍)"
_UNIT_ENDS = tuple("次人条條个個篇份遍+万亿])）】")
_UNFILLED = r"(?:[-–—]{1,3}|加载中|载入中|loading|undefined|null|NaN)[.…]{0,6}"  # before a script has counted
_BRACKETS = r"\[【〔（(\]】〕）)"
_OPENS, _CLOSES = r"[\[【〔（(]", r"[\]】〕）)]"
_VALUE = (
    rf"(?:{_OPENS}\s?(?:共|约)?\s?(?:{_NUMBER}\s?{_UNIT}?)?\s?{_CLOSES}\s?{_UNIT}?"
    rf"|(?:共|约|已有)?\s?(?:{_NUMBER}\s?{_UNIT}?|{_UNFILLED}))"
)
_ENGLISH = (
    "(?:(?:page|total|article|post) ?)?(?:views?|reads?|clicks?|hits?|visits?|visitors?|comments?|likes?|shares?"
    "|downloads?|favou?rites?|prints?|replies|reactions)(?: count)?"
)
_CLOCK = r"(?:\s?[0-2]?[0-9][:：][0-5][0-9](?:[:：][0-5][0-9])?)"
_SPAN = "(?:秒钟?|分钟|分鐘|小时|小時|个小时|天|日|周|星期|个月|個月|月|年)"
_AGO = (
    rf"(?:[0-9]{{1,4}}\s?{_SPAN}之?前|刚刚|剛剛|[昨前今]天{_CLOCK}"
    r"|(?:about )?"
    r"(?:an?|[0-9]{1,4})\s?(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|[hmd]|days?|weeks?|months?|years?)\.?\s?ago"
    r"|just now)"
)
_DAY = "(?:昨天|前天|yesterday|today)"  # on a line of its own it is the page's; it may be an article's elsewhere
_SINCE = (
    r"(?:(?:最后|最近)?(?:更新|发布|發布|发表|编辑)(?:时间|于|於)?\s?[:：]?\s?|时间[:：]\s?"
    r"|(?:last )?(?:posted|updated|published|modified)\s?:?\s)?"
)
_WEEKDAY = r"(?:(?:星期|周|礼拜)[一二三四五六日天]|(?:mon|tues?|wednes|thurs?|fri|satur|sun)day)"
# Words before the date of the page's own clock.
TODAY = r"(?:今天|今日|现在|現在|当前|today)(?:时间|日期|时刻)?\s?(?:是|为|is)?\s?[:：]?\s?"
_DATE = r"(?:(?:19|20)[0-9]{2}\s?[年./-]\s?)?[0-9]{1,2}\s?[月./-]\s?[0-9]{1,2}\s?[日号號]?"
_SKY = "(?:晴|多云|多雲|阴|陰|晴间多云|[小中大阵暴]?雨|[小中大阵暴]?雪|雷阵雨|雨夹雪|雾|霾|沙尘|浮尘|扬沙)"
_DEGREES = r"(?:-|−|零下)?[0-9]{1,2}(?:\.[0-9])?\s?"
_WEATHER = (
    r"(?:(?:今日|今天|当前|实时)?(?:天气|天氣|气温|氣溫|温度)\s?[:：]?\s?)?"
    rf"(?:{_SKY}(?:(?:转|轉|到|间|/|~|-){_SKY}){{0,3}}[:：,，\s]?\s?)?"
    rf"{_DEGREES}(?:[℃°]C?|度)?(?:\s?[~～–至/-]\s?{_DEGREES})?(?:℃|°C?|度)"
    r"(?:\s?(?:微风|无持续风向|[东南西北]{1,2}风)(?:\s?[<≤]?[0-9](?:-[0-9])?级)?)?"
    rf"|(?:今日|今天|当前)?(?:天气|天氣)\s?[:：\s]\s?{_SKY}(?:(?:转|轉|到|间){_SKY})?|空气质量\s?[:：]\s?(?:优|良|[轻中重]度污染)?\s?[0-9]{{0,3}}"
)
_SIZES = (
    rf"(?:{_OPENS}?\s?(?:特大|超大|较大|特小|大|中|小|标准|默认|正常|標準|[AT][+-]?)\s?{_CLOSES}?[\s|｜/、]{{0,3}})"
)
_SIZE = (
    rf"{_OPENS}?\s?(?:浏览|阅读)?字\s?[号號体體]\s?(?:大小)?\s?[:：]?\s?{_SIZES}{{0,5}}{_CLOSES}?"
    rf"|{_SIZES}{{3,5}}|(?:A\s?[+-]\s?){{2,3}}"
)
_SERVICES = r"(?:微信|(?:新浪|腾讯)?微博|QQ(?:空间|好友)?|朋友圈|人人网?|豆瓣|Facebook|Twitter|LINE|WhatsApp|Telegram)"
_BUTTON = (
    rf"{_OPENS}?\s?(?:打印(?:本页|此页|本文|文章)?|列印|友善列印|关闭(?:窗口|本页)?|收藏(?:本页|本文)?|我要纠错|纠错|复制链接"
    rf"|分享(?:到|至)?\s?[:：]?(?:\s?{_SERVICES}[\s、]?){{0,8}})\s?{_CLOSES}?"
)
_VISITOR = rf"[您你]是(?:本站|本页|本文)?(?:的)?第\s?{_NUMBER}\s?[位个](?:访客|访问者|读者|浏览者|来访者)?"
_LABELLED = (
    rf"(?:{LABEL}|[PU]V)\s?(?:[:：]\s?(?:{_VALUE}|{_UNIT})?|{_VALUE})"
    rf"|(?:[赞讚踩]|[👁👀👍❤♥🔥💬]\ufe0f?)\s?(?:[:：]\s?)?{_VALUE}"
)
_REVERSED = (
    rf"(?:已有|共有?|有)?\s?{_NUMBER}\s?{_UNIT}?\s?(?:网友|读者)?\s?已?(?:{COUNTED})(?:[过了])?(?:本文|此文)?"
    rf"|(?:no|{_NUMBER})\s?{_ENGLISH}"
)
_COUNTERS = (
    rf"{_LABELLED}|{_REVERSED}|{_ENGLISH}\s?(?:[:：]\s?(?:{_VALUE})?|{_VALUE})|{_VISITOR}|{_SINCE}{_AGO}"
    rf"|{TODAY}{_DATE}(?:[,，\s]{{0,3}}{_WEEKDAY})?{_CLOCK}?(?:\s?农历\w{{2,8}})?(?:\s?欢迎\w{{0,20}})?|{_WEATHER}|{_SIZE}"
)
_BLANKS = " \t\r\n\u3000\xa0|｜丨/·•,，、;；"
_BETWEEN = r"\s|｜丨/·•,，、;；"
_ITEM = re.compile(rf"{_COUNTERS}|{_SINCE}{_DAY}|{_BUTTON}|[{HAN}]{{2,6}}[:：\s]\s?(?:{_WEATHER})", re.IGNORECASE)
_PART = re.compile(rf"{LABEL}|(?:{_NUMBER})?\s?{_UNIT}|{_ENGLISH}|{TODAY}", re.IGNORECASE)
_SEPARATOR = re.compile(rf"[{_BETWEEN}{_BRACKETS}]*")
_BEGINS, _ENDS = rf"(?:^|(?<=[{_BETWEEN}])){_OPENS}?", rf"{_CLOSES}?(?=$|[{_BETWEEN}])"
_NEXT_LABEL = re.compile(r"[^\s:：]{1,8}\s?[:：]|[\[【〔（(]")  # 作者：
_IN_VALUE = re.compile(
    rf"{_BEGINS}(?:{_COUNTERS}|{_SINCE}{_DAY}|{_OPENS}\s?(?:打印|关闭)|(?:(?:今天|今日|现在)是|(?:{COUNTED}){_COUNT})$){_ENDS}",
    re.IGNORECASE,
)
_SURELY = re.compile(rf"{_BEGINS}{_SURE_LABEL}\s?(?:[:：]\s?{_VALUE}?|{_VALUE}){_ENDS}", re.IGNORECASE)
_GLUED_TO_VALUE = re.compile(
    rf"(?<=[{HAN}])(?:{_OPENS}\s?(?:{_LABELLED}|{_REVERSED})\s?{_CLOSES}|(?:{READ})(?:{_COUNT})?\s?[:：]\s?{_VALUE})"
    rf"(?=$|[{_BETWEEN}]|{_OPENS}|打印|关闭|字[号体])"
)
_GLUED = re.compile(rf"(?<=[{CHINESE_STOPS}”）)])\s*(?:{_SURE_LABEL}\s?[:：]?\s?{_VALUE}\s*){{1,4}}$", re.IGNORECASE)


def is_counter(line: str) -> bool:
    """True if a line holds only counters, times, the weather and buttons.

    False for "", for a table row, with tabs, and for a line of more than MAX_LINE_CHARACTERS.

    >>> is_counter("浏览次数：12"), is_counter("3小时前 | 12 views 打印"), is_counter("阅读 3 本书")
    (True, True, False)
    """
    if len(line) > MAX_LINE_CHARACTERS or "\t" in line:
        return False
    opening = _SEPARATOR.match(line)
    place, size = opening.end() if opening else 0, len(line)
    begun = place
    while place < size:
        found = _ITEM.match(line, place)
        if found is None or found.end() == place:
            return False
        behind = _SEPARATOR.match(line, found.end())
        place = behind.end() if behind else found.end()
    return size > begun


def is_part_of_counter(line: str) -> bool:
    """True if a line is a counter, or a label or a unit without its number: 点赞, 人次, Hits."""
    return is_counter(line) or _PART.fullmatch(line) is not None


def before_counter(value: str, *, surely: bool = False) -> str:
    """A value up to its first counter; unchanged without one, with tabs, or with more than MAX_VALUE_CHARACTERS.

    A counter ends it only if nothing but counters or a label follows, or if it has a label such as 浏览次数.
    surely: only one with such a label ends it.

    >>> before_counter("江海日报　浏览次数：12"), before_counter("江海日报 多云 12℃"), before_counter("阅读 12 本书")
    ('江海日报', '江海日报', '阅读 12 本书')
    """
    if len(value) > MAX_VALUE_CHARACTERS or "\t" in value:
        return value
    found = _SURELY.search(value) or (None if surely else _followed_by_nothing_else(value))
    return value[: found.start()].rstrip(_BLANKS) if found is not None else value


def without_glued_counter(line: str) -> str:
    """A line without the counters that stand at its end, directly after a sentence; unchanged without any.

    >>> without_glued_counter("江水涨了。浏览次数：12"), without_glued_counter("访问量：12")
    ('江水涨了。', '访问量：12')
    """
    tail = line[-MAX_GLUED_CHARACTERS:]
    found = _GLUED.search(tail) if tail[-1:].isdigit() or tail.endswith(_UNIT_ENDS) else None
    return line[: len(line) - len(tail) + found.start()] if found is not None else line


def _followed_by_nothing_else(value: str) -> re.Match[str] | None:
    """The match of the first counter that ends the value, or precedes a label or only counters; None without one."""
    for found in sorted((*_IN_VALUE.finditer(value), *_GLUED_TO_VALUE.finditer(value)), key=re.Match.start):
        rest = value[found.end() :].lstrip(_BLANKS)
        if not rest or _NEXT_LABEL.match(rest) or is_counter(rest):
            return found
    return None
