"""Bylines: who wrote, who edited and which publisher a line names."""

import re
from collections.abc import Iterable

from parsers.names import chinese_person

_LONGEST_LINE = 500  # characters

_AUTHOR_LABELS = (
    r"作者|撰文|撰稿|执笔|整理|采写|采访|主讲人?|口述|译者|(?:本报|本网|本刊|特约|见习|实习|首席|高级)*(?:记者|评论员|通讯员|实习生)|文字?"
    r"|by|written by|authors?|reporters?|story by"
)
_EDITOR_LABELS = (
    r"(?:责任|栏目|文字|图片|网络|网站|值班|本期|本文|本版|视频|新媒体|执行|实习)?编辑|责编|(?:栏目)?主编"
    r"|(?:责任)?校对|审核|编审|复审|终审|监制|edited by|editors?"
)
_SOURCE_LABELS = r"(?:文章|信息|新闻|稿件|内容|本文)?来源|来自|稿源|转自|摘自|出处|原载|sources?|from"
_OTHER_LABELS = (
    r"(?:图片|数据|资料|题图|照片|视频)来源|摄影|摄|图|制图|题图|摄像|剪辑|设计|发布时间|发表时间|发布日期|更新时间"
    r"|时间|日期|字号|字体|分享|阅读|浏览|点击|评论|关键词|标签|栏目|release time|published|updated|date"
)
_REPORTER = r"(?:本报|本网|本刊|特约|见习|实习|首席|高级|新闻|日报|晚报|时报|网)?(?:记者|通讯员|实习生|评论员)"
_LABEL = re.compile(
    rf"(?P<other>(?:{_OTHER_LABELS})\s*[:：/／|]|photos? by\s)"
    rf"|(?<![\u4e00-\u9fff])(?P<editor>{_EDITOR_LABELS})\s*(?:[:：/／|丨]|(?<=by)\s)"
    rf"|(?P<source>{_SOURCE_LABELS})\s*[:：]"
    rf"|(?<![\w])(?P<author>{_AUTHOR_LABELS})\s*(?:[:：/／|丨]|(?<=by)\s)"
    rf"|(?P<reporter>{_REPORTER})\s*(?=[\u4e00-\u9fff][\u4e00-\u9fff ])",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|\d{1,2}:\d{2}|\d{1,2}月\d{1,2}日"
    r"|\b[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}"
)
_NAME_BREAK = re.compile(r"\s*(?:[、,，;；/／&|+]|\band\b|\s+)\s*")
_HAN_PAIR = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]) ([\u4e00-\u9fff])(?![\u4e00-\u9fff])")
_AFTER_NAMES = re.compile(
    r"\s*(?:[（(\[【].*|(?:摄影?|报道|综合报道|摄影报道|整理|文|图|译|发自|讯|电|SN\d+|PN\d+)\s*$)"
)
_LATIN_NAMES = re.compile(r"\s*(?:[,，;；、/&|]|\band\b)\s*")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SOURCE_END = re.compile(r"\s{2,}|\s+(?=[（(]?(?:字号|字体|分享|阅读|浏览|点击|评论|责编|打印|收藏))|[|｜]")
_WRAP = " \t\u3000()（）[]【】:：,，;；|｜/-–—"


def authors(line: str) -> tuple[str, ...]:
    """The authors that a byline names (作者：, 记者, 文/, By), in order, each once; () when it names none.

    Photographers, editors and sources in the same line are left out.

    >>> authors("来源：上观新闻 作者：夏斌 2023-06-27 06:31")
    ('夏斌',)
    """
    return _once(
        name
        for kind, value in _labelled(line)
        for name in (_reporters(value) if kind == "reporter" else _names(value))
        if kind in ("author", "reporter")
    )


def editors(line: str) -> tuple[str, ...]:
    """The editors that a line names (责任编辑：, 栏目主编：, 校对：, Edited by), in order, each once.

    >>> editors("（责编：曹昆、夏晓伦）")
    ('曹昆', '夏晓伦')
    """
    return _once(name for kind, value in _labelled(line) if kind == "editor" for name in _names(value))


def source_line(line: str) -> str | None:
    """The publisher that a line gives as its source (来源：, 稿源：, Source:), as printed; else None.

    >>> source_line("2019年02月15日 10:30   来源：中国政府网 字号：大 中 小")
    '中国政府网'
    """
    values = (_SOURCE_END.split(value.strip(), maxsplit=1)[0] for kind, value in _labelled(line) if kind == "source")
    return next((name for value in values if (name := value.strip(_WRAP))), None)


def _labelled(line: str) -> list[tuple[str, str]]:
    """(kind of label, text up to the next label or date) for each label of the line."""
    head = line[:_LONGEST_LINE]
    found = list(_LABEL.finditer(head))
    ends = [label.start() for label in found[1:]] + [len(head)]
    return [
        (label.lastgroup or "", _DATE.split(head[label.end() : end], maxsplit=1)[0])
        for label, end in zip(found, ends, strict=False)  # no label: one end too many
    ]


def _names(value: str) -> list[str]:
    """The names of a labelled value: what is labelled is believed, also an office or a pen name."""
    text = _AFTER_NAMES.sub("", _HAN_PAIR.sub(r"\1\2", " ".join(value.split()).strip(_WRAP)))
    breaks = _NAME_BREAK if _HAN.search(text) else _LATIN_NAMES
    return [name for part in breaks.split(text) if _could_be_a_name(name := part.strip(_WRAP))]


def _reporters(value: str) -> list[str]:
    """The names behind a bare 记者: only what is a person's name, up to the first word that is none."""
    names: list[str] = []
    for part in _names(value):
        name = chinese_person(part, strict=False)
        if name is None:
            break
        names.append(name)
    return names


def _could_be_a_name(text: str) -> bool:
    return 1 < len(text) <= 40 and any(character.isalpha() for character in text) and text.lower() not in ("by", "and")


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
