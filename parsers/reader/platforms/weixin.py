"""Values in the scripts of a WeChat account's article (mp.weixin.qq.com): the account, the moment, its numbers."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from urllib.parse import parse_qs

from parsers.document import Document, once
from parsers.reader.view.candidates import Candidate, PageView
from parsers.reader.view.thresholds import MAX_SCRIPT_VALUES
from parsers.text import CHINESE_STOPS, alternatives, clean_text

HOST = "weixin.qq.com"
# var ct = "1697068800"; var biz = ""||"MzI="; since 2023 also create_time: JsDecode('2023-10-12 08:00')
VALUE = re.compile(
    r"(?:\b(?:var\s{1,4}|let\s{1,4}|const\s{1,4}|window\.)(ct|oriCreateTime|createTime|nickname|biz|mid|idx)\s{0,4}="
    r"|\b(ori_create_time|create_time|createTime|oriCreateTime|nick_name|nickname|bizuin|ct|mid|idx)[\"']?\s{0,4}:)"
    r"\s{0,4}(?:\w{1,16}\(\s{0,4})?(?:[\"']{2}\s?\|\|\s?)?(?:[\"']([^\"'<>\n]{1,120})[\"']|(\d{1,20})\b)"
)
TODAYS = {"ori_create_time": "oriCreateTime", "create_time": "createTime", "nick_name": "nickname", "bizuin": "biz"}
ESCAPE = re.compile(r"\\x([0-9a-fA-F]{2})")
SECONDS = re.compile(r"1\d{9}")
MOMENTS = ("ct", "oriCreateTime", "createTime")
NUMBERS = ("biz", "mid", "idx")
SHORT = re.compile(r"/s/([\w-]{10,64})")


@once
def script_values(document: Document) -> Mapping[str, str]:
    """The first value of each name in the scripts of a WeChat article, or of a copy of one; {} for any other page.

    The names are ct, oriCreateTime, createTime, nickname, biz, mid and idx; create_time is read as createTime.
    """
    payload = document.payload
    if not (document.host.endswith(HOST) or (b"js_content" in payload and b"mmbiz" in payload)):
        return {}
    found: dict[str, str] = {}
    for count, value in enumerate(VALUE.finditer(document.text)):
        if count >= MAX_SCRIPT_VALUES:
            break
        name = value[1] or value[2]
        found.setdefault(TODAYS.get(name, name), _unescaped(value[3] or value[4]))
    return found


def _unescaped(value: str) -> str:
    return clean_text(html.unescape(ESCAPE.sub(lambda found: chr(int(found[1], 16)), value)))


def _values(page: PageView) -> Mapping[str, str]:
    """The `script_values` of a page on WeChat's host, or of a copy that is in Chinese; {} for any other page."""
    document = page.document
    told = document.host.endswith(HOST) or (page.in_language or "").startswith("zh")
    return script_values(document) if told else {}


def _is_of_account(page: PageView) -> bool:
    """True if a page is WeChat's, or a copy with the values of its scripts."""
    return page.document.host.endswith(HOST) or bool(_values(page))


def _account(page: PageView) -> tuple[str, ...]:
    """The account's name under the headline, or, if the page has no element for it, in the scripts; () without one.

    At most one name. () also unless `_is_of_account` holds for the page.
    """
    if not _is_of_account(page):
        return ()
    values = _values(page)
    shown = page.document.tree.css_first("#js_name")
    name = clean_text(shown.text()) if shown is not None else values.get("nickname")
    return (name,) if name else ()


def _author(page: PageView) -> tuple[str, ...]:
    """The text beside the account that names the author, as a tuple of one; () without, and unless `_is_of_account`."""
    if not _is_of_account(page):
        return ()
    shown = page.document.tree.css_first("#js_author_name, #js_author_name_text")
    return tuple(filter(None, [clean_text(shown.text())])) if shown is not None else ()


def _moments(page: PageView) -> tuple[str, ...]:
    """The moments of publication in the scripts, as text; other forms than seconds since 1970 are not changed.

    Those seconds become milliseconds ("1700000000000") for the parser of dates.
    """
    values = _values(page)
    told = [values[name] for name in MOMENTS if name in values]
    return tuple([f"{moment}000" if SECONDS.fullmatch(moment) else moment for moment in told])


def _identity(page: PageView) -> tuple[str, ...]:
    """The article's id, ("BIZ-MID-IDX",) of account, message and place in it, from scripts or the long address.

    Else the name in the short address /s/NAME; () without either.
    """
    values = _values(page)
    asked = {name.strip("_"): texts[0] for name, texts in parse_qs(page.document.address.query).items()}
    numbers = [values.get(name) or asked.get(name) or "" for name in NUMBERS]
    if all(numbers):
        return ("-".join(number.rstrip("=") for number in numbers),)
    short = SHORT.fullmatch(page.document.address.path)
    return (short[1],) if short else ()


# Texts of accounts round their articles: asks to follow, to scan, to like; an end in words; credits; addresses.
ASKS = r"[“\"「『]?(?:在看|点赞|赞|分享|收藏|转发|星标|关注|三连)[”\"」』]?"
CREDITED = rf"(?:新媒体|[图圖]文)?(?:{alternatives('source', 'editor', 'picture', 'made', 'author')})"
ROUND_TEXT = re.compile(
    rf"""^[\W_]*(?:
        点击.{{0,12}}(?:蓝字|蓝色字|名片|卡片|阅读原文|公众号|关注我们?)[^。]{{0,30}}
      | 戳[^。]{{0,8}}(?:阅读原文|这里|蓝字|下方)[^。]{{0,12}}
      | (?:长按|识别|扫描|扫码|扫一扫|微信扫).{{0,16}}(?:二维码|关注|进群|加群)[^。]{{0,24}}
      | (?:快来|记得|请|欢迎|帮忙)?点(?:个|亮|点|击)\s?[“"「]?在看[^。]{{0,20}}
      | [^。]{{0,16}}(?:点个|点亮|点点|点击|点)?[“"「]?在看[”"」]?[^。]{{0,12}}(?<=[吧哦呀看”"」↓！!])
      | [^。]{{0,8}}[“"「『]在看[”"」』][^。]{{0,8}}
      | [^。]{{0,16}}点?{ASKS}(?:[\s、，和与]{{0,3}}点{{0,2}}个?{ASKS}){{2,5}}[^。]{{0,10}}
      | (?:求|记得|喜欢[^。，]{{0,6}}就|觉得不错[^。]{{0,4}}就?)\s?[^。，]{{0,4}}点(?:个|亮)?赞[^。]{{0,8}}
      | (?:记得|请|把|将|欢迎|点击)?[^。，]{{0,20}}(?:设为|加个?|添加)\s?[“"「]?星标[^。]{{0,8}}
      | 星标(?:我们|置顶|本号|公众号)[^。]{{0,8}}
      | 关注[“"「][^“”"「」。]{{1,20}}[”"」]\s?[，,、\s][^。]{{0,6}}(?:获取|了解|不错过|不迷路|精彩|更多)[^。]{{0,16}}
      | (?:欢迎)?加入[^。]{{0,10}}(?:读者|粉丝|交流|微信)群[^。]{{0,8}}
      | 扩散周知 | 转发扩散 | (?:请|欢迎|快)?转发[^。]{{0,8}}让更多人(?:看到|知道|了解)[^。]{{0,4}}
      | 阅读原文 | (?:THE\s)?END | 全文完 | [（(]完(?=[)）]) | 往期(?:推荐|回顾|精选|精彩)
      | (?:微信号|微信|公众号|投稿(?:邮箱|信箱)?|(?:商务)?合作(?:邮箱|电话|微信)?|联系(?:电话|邮箱))
        \s?[:：]\s?[A-Za-z0-9@._\s（）()-]{{4,60}}
      | (?!.*[{CHINESE_STOPS}]$)(?:
          {CREDITED}\s?[丨|｜/／:：]\s?[^\s{CHINESE_STOPS}；，][^{CHINESE_STOPS}；，]{{0,20}}
        | {CREDITED}\s?[丨|｜/／:：][^{CHINESE_STOPS}；，,]{{1,20}}\s
          (?:[^\s{CHINESE_STOPS}；，:：丨|]{{1,10}}[丨|｜/／:：][^{CHINESE_STOPS}；，,]{{0,20}}){{1,5}}
        )
    )[\W_]*$""",
    re.VERBOSE,
)
ACCOUNT = Candidate(_account, "WeChat account: css #js_name, var nickname")
AUTHOR = Candidate(_author, "WeChat: css #js_author_name")
MOMENT = Candidate(_moments, "WeChat: var ct, oriCreateTime, createTime")
IDENTITY = Candidate(_identity, "WeChat: biz, mid and idx of scripts or address, else /s/…")
