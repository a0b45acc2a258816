"""Lines with a label at the beginning or end of an article: summary, biography, reprint notice, and their sources."""

import re
from dataclasses import dataclass

from parsers.text.han import HAN, holds_han
from parsers.text.labels import alternatives
from parsers.text.sentences import STOPS

_MAX_CHARACTERS = 2000  # of a biography that are looked at

# (canonical name, key) of one publisher under all its names.
_SHANGGUAN = ("上观新闻", "shobserver")
_JIEFANG = ("解放日报", "jiefang")
SOURCE_NAMES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(
        (
            "上观",
            "上观新闻",
            "上海观察",
            "解放日报·上观新闻",
            "解放日报-上观新闻",
            "上观新闻客户端",
            "shangguan",
            "shangguan news",
            "shanghai observer",
            "shobserver",
            "jiefang daily - shangguan",
            "jiefang daily - shangguan news",
            "jiefang daily shangguan news",
            "liberation daily - shangguan news",
        ),
        _SHANGGUAN,
    ),
    **dict.fromkeys(("解放日报", "jiefang daily", "liberation daily", "jfdaily"), _JIEFANG),
}

_BIOGRAPHY_HEADING = re.compile(
    r"(?:biograph(?:y|ies)|profiles?)(?: of (?:the )?(?:thinkers?|speakers?|authors?))?"
    r"|(?:the )?(?:thinker|speaker|author)(?:'s|s'?|’s)? (?:biograph(?:y|ies)|profiles?)"
    r"|about the (?:authors?|speakers?|thinkers?)"
    rf"|(?:{alternatives(presents=True)})"
    r"(?:小传|小傳|简介|簡介|介绍|介紹|名片|简历|簡歷|档案|檔案|其人)",
    re.IGNORECASE,
)
_MAX_LABEL_CHARACTERS = 80  # a label is shorter, so that longer lines are not matched at all
_COLON = re.compile(r"[:：]")
_BIOGRAPHY_LABEL = re.compile(
    rf"^[（(【\s]*(?:(?:{alternatives(presents=True)})(?:小传|小傳|简介|簡介|介绍|介紹|名片)?[】]?\s*(?:[:：]|系|为|是|单位[:：])"
    r"|about the (?:author|speaker)s?:)\s*",
    re.IGNORECASE,
)
_AUTHOR_POST = re.compile(
    rf"[（(【\s]*(?:执笔人|{alternatives('author', 'speaker', presents=True)})"
    rf"(?:\s*[:：]\s*[{HAN}·、 ]{{2,20}}[，,；;]\s*"
    rf"(?:(?:分别)?(?:系|为|是|单位|现任)|[{HAN}]{{2,20}}(?:大学|学院|研究院|研究所|中心|党校))"
    r"|系|单位\s*[:：])"
    r"|[（(【\s]*(?:本文)?(?:作者|执笔人|主讲人)(?:分别)?[为是](?!了|什么|何)"
)
_MAX_POST_CHARACTERS = 160
_ENGLISH_POST = re.compile(r",\s+(?:and\s+)?(?=[A-Z])|;\s*(?:and\s+)?")
_CHINESE_POST = re.compile(r"[，,；;]\s*")

_SUMMARY_LABEL = re.compile(
    r"\s*[【\[（(]?\s*(?:内容|文章|本文)?\s*(?:摘\s*要|提\s*要|导\s*[语读言]|核心(?:提示|阅读|要点|观点)|阅读提示)\s*"
    r"(?:[】\]）)]\s*[:：]?|[:：]|$)\s*"
)

_REPRINT = re.compile(  # of lower case: that takes a third of the time of a search without regard to case
    r"please (?:indicate|credit|cite|note|state) the source|when reprint|if (?:you )?reprint"
    r"|reprint(?:ed|ing)? (?:please|must|should)"
    r"|(?:no|without) (?:permission|authori[sz]ation).{0,40}reprint"
    r"|reprint(?:ing|ed)?.{0,40}(?:prohibited|without (?:permission|authori[sz]ation))"
    r"|转载.{0,8}(?:请|须|需|应|必须).{0,4}(?:注明|标明|保留|联系)"
    r"|(?:不得|禁止|谢绝|严禁|请勿).{0,6}转载|转载请注明"
    r"|未经.{0,12}(?:授权|许可|允许|同意).{0,14}转载",
)
_QUOTED = re.compile(r"[\"“”「『《]\s*([^\"“”「」『』《》]{1,60}?)\s*[\"“”」』》]")
_NAME_ENDS = f'{STOPS}，,；;."“”'
_NAMED = re.compile(
    rf"(?:来源|出处|来自|source(?: as)?)\s*[:：为是]?\s*([^{_NAME_ENDS}\s][^{_NAME_ENDS}]{{0,40}})", re.IGNORECASE
)
_LEGAL = re.compile(r"追究|法律责任|依法|侵权|\blaw\b|\blegal|accountable|liab", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Biography:
    """A speaker's biography: the name (None if the text only lists posts) and the posts as printed."""

    name: str | None
    positions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReprintNotice:
    """A notice on reprints (转载请注明来源：…) and the source that it names, if it names one."""

    source_name: str | None  # as printed
    source_canonical: str | None  # the publisher's own name: 上观新闻 for Shangguan News; an unknown one as printed
    source_key: str | None  # shobserver, jiefang; None for an unknown publisher
    licence_note: bool  # it threatens legal action


def canonical_source(name: str) -> tuple[str, str] | None:
    """The publisher's own name and its key, for any of its names; None for an unknown one.

    解放日报 (Liberation Daily) is the sister newspaper of 上观新闻 and has a name and key of its own.

    >>> canonical_source("Shangguan News"), canonical_source("解放日报")
    (('上观新闻', 'shobserver'), ('解放日报', 'jiefang'))
    """
    return SOURCE_NAMES.get(" ".join(name.split()).casefold())


def is_biography_heading(line: str) -> bool:
    """True if ``line`` is the heading of a biography and no more: "Biography of Thinkers", 思想者小传, 【作者简介】."""
    return len(line) < _MAX_LABEL_CHARACTERS and bool(
        _BIOGRAPHY_HEADING.fullmatch(line.strip(" \t\u3000:：【】[]■●▲◆"))
    )


def opens_biography(line: str) -> bool:
    """True if a line, or its part before the first colon, is the heading of a biography: 思想者小传, 作者简介：…."""
    label = line[:_MAX_LABEL_CHARACTERS].replace("：", ":").partition(":")[0]
    return is_biography_heading(label)


def after_label(line: str) -> str | None:
    """The text after the first colon, without blanks and 】 round it; None without a colon or without text after it."""
    parts = _COLON.split(line, maxsplit=1)
    return parts[1].strip(" 】") or None if len(parts) > 1 else None


def opens_summary(line: str) -> bool:
    """True if a line begins with the label of a summary, 摘要：…, 【核心提示】…, or is only the label."""
    return _SUMMARY_LABEL.match(line) is not None


def without_summary_label(line: str) -> str:
    """The line without the label of a summary; "" if it is only the label.

    >>> without_summary_label("【核心提示】江与海，怎样连接？"), without_summary_label("导语很短。")
    ('江与海，怎样连接？', '导语很短。')
    """
    found = _SUMMARY_LABEL.match(line)
    return line[found.end() :] if found else line


def author_post(line: str) -> bool:
    """True if a line of its own describes the author: （作者系江海大学教授）, 作者单位：…

    >>> author_post("（作者：王小青，系江海大学教授）")
    True
    """
    return len(line) <= _MAX_POST_CHARACTERS and _AUTHOR_POST.match(line) is not None


def biography_parts(text: str) -> Biography:
    """Name and posts of a biography: the first comma ends the name; in English only a comma before a capital counts.

    A label before them (作者简介：) is cut off. A text that does not open with a name and a comma gives None as the
    name and all its parts as posts.

    >>> biography_parts("作者简介：王小青，江海大学教授，博士。")
    Biography(name='王小青', positions=('江海大学教授', '博士'))
    """
    body = _BIOGRAPHY_LABEL.sub("", text[:_MAX_CHARACTERS]).strip(" \u3000()（）").rstrip(".。")
    splitter = _CHINESE_POST if holds_han(body) else _ENGLISH_POST
    first, *posts = splitter.split(body)
    posts = [post.strip().removeprefix("and ") for post in posts if post.strip()]
    if not posts or not _is_name(first):
        return Biography(None, tuple(part for part in (first.strip(), *posts) if part))
    return Biography(first.strip(), tuple(posts))


def reprint_notice(line: str) -> ReprintNotice | None:
    """The content of a reprint notice; None if ``line`` is not one, or has more than _MAX_CHARACTERS.

    The line must mention reprinting: a newspaper named inside a sentence is not a notice.
    """
    head = line[:_MAX_CHARACTERS]
    if len(line) > _MAX_CHARACTERS or not _REPRINT.search(head.lower()):
        return None
    found = _QUOTED.search(head) or _NAMED.search(head)
    name = found[1].strip() if found else None
    canonical = canonical_source(name) if name else None
    return ReprintNotice(
        name,
        canonical[0] if canonical else name,
        canonical[1] if canonical else None,
        bool(_LEGAL.search(head)),
    )


def _is_name(text: str) -> bool:
    text = text.strip()
    if holds_han(text):
        return len(text) <= (12 if "·" in text else 4)
    return 0 < len(text.split()) <= 5 and text[0].isupper()
