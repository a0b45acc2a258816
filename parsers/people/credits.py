"""The labels of a byline (作者：, 责任编辑：, 来源：, 记者, By) and the text behind each of them."""

import re
from functools import lru_cache

from parsers.people.names import chinese_person
from parsers.text import CASELESS_HAN, LABEL, alternatives, before_counter

_MAX_LINE_CHARACTERS = 500  # a byline is shorter, and _LABEL tries each place of the text

_OTHER_LABELS = (
    r"发布时间|发表时间|发布日期|更新时间|时间|日期|字[号体]|关键词|标签|栏目"
    rf"|(?={CASELESS_HAN}){LABEL}"  # at letters of other scripts the counters are not compared
    r"|release time|published|updated|date"
)
_SEPARATOR = r"[:：/／|｜丨︱]"
_BOTH = r"文\s*[/／、&+]\s*[图圖]|[图圖]\s*[/／、&+]\s*文|[图圖]文|文[图圖]"
_NO_HAN = f"(?<!{CASELESS_HAN})"
_NAMED = rf"\s+(?={CASELESS_HAN})"  # a label without a colon
_CLOSED_LABEL = rf"\s*(?:{_SEPARATOR}|(?<=by)\s)"
_LABEL = re.compile(
    rf"(?P<both>(?<!\w)(?:{_BOTH})(?:\s*{_SEPARATOR}|\s))"
    rf"|(?P<other>{_NO_HAN}(?:{alternatives('picture', 'data', 'made')}|{_OTHER_LABELS})\s*{_SEPARATOR}|photos? by\s"
    rf"|{_NO_HAN}(?:{alternatives('picture', bare=True)})\s(?={CASELESS_HAN}{{2,4}}(?:\s|$)))"
    rf"|{_NO_HAN}(?P<editor>{alternatives('editor')}){_CLOSED_LABEL}"
    rf"|(?P<source>{alternatives('source')})\s*[:：]|(?:^|(?<=\s))(?P<source_bar>来源|來源)\s*[|｜丨︱/／]"
    rf"|(?<!\w)(?P<speaker>{alternatives('speaker')})\s*{_SEPARATOR}"
    rf"|(?<!\w)(?P<author>{alternatives('author', 'reporter')}){_CLOSED_LABEL}"
    rf"|(?P<reporter>{alternatives('reporter')}|(?<![工创合])作者(?=\s))"
    rf"\s*{_SEPARATOR}?\s*(?={CASELESS_HAN}(?:{CASELESS_HAN}|[ ·]))"
    rf"|{_NO_HAN}(?P<bare_editor>{alternatives('editor', bare=True)}){_NAMED}"
    rf"|{_NO_HAN}(?P<bare_speaker>{alternatives('speaker', bare=True)}){_NAMED}"
    rf"|{_NO_HAN}(?P<bare>{alternatives('author', bare=True)}){_NAMED}",
    re.IGNORECASE,
)
_KINDS = {"source_bar": "source"}
_CLOSED = re.compile(rf"{_SEPARATOR}\s*$")
_PHOTOGRAPHER = re.compile(r"(?:摄影|攝影|图片|圖片|视频|影音)[记記]者")
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
    reporter (记者), glued (记者李明: the name right after it), both (文/图), bare, bare_editor and bare_speaker (a
    label without a colon); after these last six only persons' names count.
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
    if kind in ("author", "reporter") and _PHOTOGRAPHER.search(printed):
        return "other"
    if kind != "reporter":
        return _KINDS.get(kind, kind)
    if _CLOSED.search(printed):
        return "correspondent"
    return "reporter" if printed[-1].isspace() else "glued"
