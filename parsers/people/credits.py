"""The labels of a byline (作者：, 责任编辑：, 来源：, 记者, By) and the text behind each of them."""

import re
from functools import lru_cache

from parsers.people.names import chinese_person
from parsers.text import CASELESS_HAN, LABEL, before_counter

_MAX_LINE_CHARACTERS = 500  # a byline is shorter, and _LABEL tries each place of the text

_AUTHOR_LABELS = (
    r"(?:本文|本期|原|特约|专栏)?作\s*者|撰\s*文|撰稿人?|执笔|整理|采写|采访|口述|[编翻]?译者?|文字?"
    r"|(?:本报|本网|本刊|特约|见习|实习|首席|高级)*(?:记者|评论员|通讯员|实习生)"
    r"|by|written by|authors?|reporters?|story by"
)
_SPEAKER_LABELS = r"主讲(?:人|嘉宾|专家)?|演讲[人者]|主讲者|讲述人|speakers?"
_EDITOR_LABELS = (
    r"(?:责任|栏目|文字|图片|网络|网站|值班|本期|本文|本版|视频|新媒体|执行|实习|见习|视觉|美术|微信)?编\s*辑|责\s*编|网编|(?:責任)?編\s*輯|責\s*編"
    r"|(?:栏目|执行|副)?(?:主编|总编辑?)|(?:责任)?校对|[初复终一二三]?审核?|编审|监制|edited by|editors?"
)
_SOURCE_LABELS = r"(?:文章|信息|新闻|稿件|内容|本文)?来\s*源|来自|稿源|转自|摘自|出处|原载|sources?|from"
_OTHER_LABELS = (
    r"(?:图片|数据|资料|题图|照片|视频)来源|图源|摄影?|图片?|制图|题图|配图|供图|供稿|摄像|剪辑|设计|策划|统筹|制作|翻拍|发布时间"
    r"|发表时间|发布日期|更新时间|时间|日期|字[号体]|关键词|标签|栏目"
    rf"|{LABEL}"
    r"|release time|published|updated|date"
)
_SEPARATOR = r"[:：/／|｜丨︱]"
_RANKS = r"(?:本报|本网|本刊|本台|特约|专栏|见习|实习|首席|高级|资深|全媒体|融媒体?|摄影|图片|文字|视频|新闻)*"
_REPORTER = rf"{_RANKS}(?:记者|通讯员|实习生|评论员|专栏作[者家])|(?<![工创合])作者(?=\s)"
_BOTH = r"文\s*[/／、&+]\s*图|图\s*[/／、&+]\s*文|图文|文图"
_LABEL = re.compile(
    rf"(?P<both>(?<!\w)(?:{_BOTH})(?:\s*{_SEPARATOR}|\s))"
    rf"|(?P<other>(?<!{CASELESS_HAN})(?:{_OTHER_LABELS})\s*{_SEPARATOR}|photos? by\s"
    rf"|(?<!{CASELESS_HAN})摄影\s(?={CASELESS_HAN}{{2,4}}(?:\s|$)))"
    rf"|(?<!{CASELESS_HAN})(?P<editor>{_EDITOR_LABELS})\s*(?:{_SEPARATOR}|(?<=by)\s)"
    rf"|(?P<source>{_SOURCE_LABELS})\s*[:：]|^(?P<source_bar>来源)\s*[|｜丨︱]"
    rf"|(?<!\w)(?P<speaker>{_SPEAKER_LABELS})\s*{_SEPARATOR}"
    rf"|(?<!\w)(?P<author>{_AUTHOR_LABELS})\s*(?:{_SEPARATOR}|(?<=by)\s)"
    rf"|(?P<reporter>{_REPORTER})\s*{_SEPARATOR}?\s*(?={CASELESS_HAN}(?:{CASELESS_HAN}|[ ·]))"
    rf"|(?<!{CASELESS_HAN})(?P<bare_editor>责任编辑|编辑|责编)\s+(?={CASELESS_HAN})"
    rf"|(?<!{CASELESS_HAN})(?P<bare>撰文|文字|采写|执笔|整理)\s+(?={CASELESS_HAN})",
    re.IGNORECASE,
)
_KINDS = {"source_bar": "source"}
_CLOSED = re.compile(rf"{_SEPARATOR}\s*$")
_PHOTOGRAPHER = re.compile(r"(?:摄影|图片|视频)记者")
_HOUSE = re.compile(r"[\w·《》-]+$")  # glued to the front of 记者
_DATE = re.compile(
    r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}|\d{1,2}:\d{2}|\d{1,2}月\d{1,2}日"
    r"|\b[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}"
)
_NEXT_LABEL = re.compile(r"\s[^\s:：]{1,8}\s?[:：]")


@lru_cache(maxsize=128)  # each line is asked for authors, editors and source
def labelled(line: str) -> list[tuple[str, str]]:
    """Pairs of the kind of a label and the text after it, up to the next label, date or counter; [] without a label.

    Only labels in the first 500 characters. Kinds: author, speaker, editor, source, other; correspondent (记者：);
    reporter (记者), glued (记者李明: the name right after it), both (文/图), bare and bare_editor (a label without a
    colon); after these last five only persons' names count.
    """
    head = line[:_MAX_LINE_CHARACTERS]
    found, labels = None, list(_LABEL.finditer(head))
    starts: list[int] = []
    for label in labels:
        starts.append(_start(head, found, label))
        found = label
    return [
        (_kind(label), _own(head[label.end() : end]))
        for label, end in zip(labels, [*starts[1:], len(head)], strict=False)  # no label: one end too many
    ]


def _own(value: str) -> str:
    """The text after a label, cut before a date, an unknown label or a counter."""
    return before_counter(_NEXT_LABEL.split(_DATE.split(value, maxsplit=1)[0], maxsplit=1)[0])


def opens_with_label(line: str) -> bool:
    """True if a line begins with a label; brackets and a publisher's name may stand before it."""
    found = next(_LABEL.finditer(line[:_MAX_LINE_CHARACTERS]), None)
    return found is not None and not line[: _start(line, None, found)].strip(' \u3000（(【[“"■●▲◆')


def _start(head: str, before: re.Match[str] | None, label: re.Match[str]) -> int:
    """The index at which a label begins: 南都 in 采写：南都见习记者 belongs to it, 王强 in 记者王强通讯员李明 not.

    head: the beginning of the line. before: the label before this one, if any.
    """
    if label.lastgroup != "reporter":
        return label.start()
    house = _HOUSE.search(head, before.end() if before else 0, label.start())
    if house is None or (before and before.lastgroup == "reporter" and chinese_person(house[0])):
        return label.start()
    return house.start()


def _kind(label: re.Match[str]) -> str:
    kind, printed = label.lastgroup or "", label[0]
    if kind != "reporter":
        return _KINDS.get(kind, kind)
    if _PHOTOGRAPHER.search(printed):
        return "other"
    if _CLOSED.search(printed):
        return "correspondent"
    return "reporter" if printed[-1].isspace() else "glued"
