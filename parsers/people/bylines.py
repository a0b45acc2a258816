"""People of a byline: speakers, authors and editors, and the publisher that it names."""

import itertools
import re
from collections.abc import Iterable

from parsers.people.credits import labelled, opens_with_label
from parsers.people.names import DOUBLE_SURNAMES, NOT_NAMES, chinese_person, ends_as_institution
from parsers.people.spoken import is_said
from parsers.text import COUNTED, HAN, IN_NO_NAME, alternatives, holds_han, is_part_of_counter

_ASKS = re.compile(
    rf"(?:(?P<always>问|答|提问|回答|Q|A)|{alternatives('host', 'guest')}"
    rf"|[{HAN}·《》]{{1,12}}(?:{alternatives('reporter')}))\s*[:：](?=.)"
)
_PAIRS = {"）": "（", ")": "(", "】": "【", "]": "["}
_BRACKETED = re.compile(r"[（(\[【〔［][^（(\[【〔［）)\]】〕］]*(?:[）)\]】〕］]|$)")
_BRACKET = re.compile(r"[（(\[【〔［）)\]】〕］]")
_COLON = re.compile("[:：]")
_CODE = re.compile(r"[\s_]*(?<![A-Za-z0-9])[A-Z]{1,5}\d{2,}(?![A-Za-z0-9])")
_NAME_BREAK = re.compile(r"[\s、,，;；/／&|｜丨+]+|\band\b")
_LATIN_NAMES = re.compile(r"\s*(?:[,，;；、/&|]|\band\b)\s*")
_HAN_PAIR = re.compile(rf"(?<![{HAN}])([{HAN}]|{'|'.join(DOUBLE_SURNAMES)}) ([{HAN}])(?![{HAN}])")
_SOURCE_END = re.compile(rf"\s{{2,}}|\s+(?=[（(【\[]?(?:字[号体]|责编|关注|纠错|我要|(?:友善)?(?:{COUNTED})))|[|｜]")
_WRITERS = ("author", "correspondent", "reporter", "glued", "both", "bare")
_TOLD = ("author", "correspondent", "reporter", "editor", "speaker")  # their own words may follow the label
_MAX_SIGNATURE_CHARACTERS = 60
_BLANKS = "".join(mark for mark in map(chr, range(0x3001)) if mark.isspace())
_WRAP = _BLANKS + "()（）[]【】〔〕［］:：,，、;；。|｜/-–—"

# Words behind names for the work they did. A single 文 or 图 without a blank is part of the name: 张立文.
_WROTE_WORDS = """
    文 撰文 文字 采写 採寫 整理 整合 编译 編譯 译 譯 报道 報導 報道 综合 綜合 综合整理 綜合整理
    文图 文圖 图文 圖文 讯 訊 电 電
"""
_WROTE = frozenset(_WROTE_WORDS.split())
_SHOT_WORDS = "摄 攝 摄影 攝影 图 圖 图片 圖片 拍摄 拍攝 翻摄 翻攝 供图 制图 视频"
_SHOT = frozenset(_SHOT_WORDS.split())
_REPORTED = re.compile(r"(?:(?:(?:综合|綜合|摄影|攝影|专题|專題|联合|聯合)?(?:报道|報道|報導))+|[发發]自.*)$")
_PLACE_BEHIND = re.compile(
    rf"(?<=[{HAN}]{{2}})\s*[/／]\s*[{HAN}]{{0,6}}(?:报道|報道|報導|[电電]|[专專][访訪]|外[电電])$"
)
_NEWSPAPER = re.compile(rf"[{HAN}·]{{2,12}}(?:[报報网網社刊]|新[闻聞]|[电電][视視]台|[杂雜][志誌]|客[户戶]端)")
_OF_NEWSPAPER = re.compile(rf"(?P<name>[{HAN}]{{2,4}})\s?[/／]\s?(?P<paper>{_NEWSPAPER.pattern})")
_NOBODIES = """
    佚名 匿名 未知 不详 网络 网络整理 管理员 小编 本站 编辑 记者 作者 责编 admin administrator by and
"""
_NOBODY = frozenset(_NOBODIES.split())
_NO_SOURCES = frozenset(("网络", "網絡", "網路", "互联网", "互聯網", "网络整理", "网络综合"))
_OFFICE = re.compile(
    r"^(?:系|现任|现为|曾任|原任|著名)|.(?:教授|研究员|院士|学者|专家|主任|院长|所长|会长|秘书长|书记|作家|博士)$"
)
_HOUSE_END = re.compile(r"(?:大学|学院|研究院|研究所|党校|日报|晚报|网|通讯社|电视台|杂志社|出版社)$")
# 记者于近日, 记者向有关部门: verbs and prepositions that are surnames too.
_NO_REPORTER = re.compile(r"[于向来和曾时就从][近今昨日月本当此该其他她们经多到在有表是各现有相]")
_SIGNED = re.compile(
    rf"(?:^|[\s（(])(?P<names>[{HAN}]{{2,4}}(?:[、 ][{HAN}]{{2,4}})*?)\s*[/／|｜丨 ]\s*撰?文"
    r"(?:\s*[/／、]\s*图)?(?=$|[\s，,）)])"
)


def authors(line: str) -> tuple[str, ...]:
    """The authors that a byline names (作者：, 记者, 文/, By), in order, each once; () without any.

    Speakers, photographers, editors and sources in the same line are left out.

    >>> authors("来源：上观新闻 作者：夏斌 2023-06-27 06:31")
    ('夏斌',)
    """
    if is_talk(line):
        return ()
    writers = [(kind, value) for kind, value in labelled(line) if kind in _WRITERS]
    if not writers:
        return _signed(line)
    return _once([name for kind, value in writers for name in _written(kind, value, alone=len(writers) == 1)])


def is_credit(line: str) -> bool:
    """True if a line has a label of bylines (作者：, 来源：, 摄影：, 时间：), or a signature (张三 文, 张三/江海日报).

    Not for the label alone if it is spoken words, by `is_talk`.
    """
    signed = _SIGNED.search(line[:_MAX_SIGNATURE_CHARACTERS]) is not None or _named_with_paper(line) is not None
    return signed or (bool(labelled(line)) and not is_talk(line))


def is_line_of_names(line: str) -> bool:
    """True if a line is nothing but labels without a colon, each with persons' names: 编辑 王小青 校对 李一.

    >>> is_line_of_names("（编辑 王小青 校对 李一）"), is_line_of_names("编辑 部的同事都来了")
    (True, False)
    """
    labels = labelled(line)
    bare = all(kind == "other" or kind.startswith("bare") for kind, _ in labels)
    if not labels or not bare or not opens_with_label(line):
        return False
    values = [value.strip(_WRAP).split() for _, value in labels]
    return all(names and all(chinese_person(name) for name in names) for names in values)


def is_talk(line: str) -> bool:
    """True if a line is a label with spoken words, as in an interview: it names nobody.

    >>> is_talk("记者：您怎么看？"), is_talk("编辑：好的。"), is_talk("（编辑：王小青）")
    (True, True, False)
    """
    if (asked := _ASKS.match(line)) is not None and (asked["always"] or is_said(line[asked.end() :])):
        return True
    labels = labelled(line)
    if not labels or labels[0][0] not in _TOLD or not opens_with_label(line):
        return False
    kind, value = labels[0]
    told = value if value.strip(_WRAP) else line.partition("：")[2] or line.partition(":")[2]
    return is_said(told) or (kind == "correspondent" and not _is_named(told))


def _is_named(value: str) -> bool:
    """True if the text after 记者： opens with a person, a publisher or a Latin word, or is empty."""
    first = next(iter(_tokens(value)), "")
    return not first or not holds_han(first) or _reporter(first) is not None or ends_as_institution(first)


def _reporter(name: str) -> str | None:
    return chinese_person(_without_place(_without_office(name)), strict=False)


def speakers(line: str) -> tuple[str, ...]:
    """The speakers that a line names (主讲人：, 演讲者：, Speaker:), in order, each once.

    >>> speakers("主讲人：阮青 整理：夏斌")
    ('阮青',)
    """
    if is_talk(line):
        return ()
    return _labelled_names(line, "speaker", "bare_speaker")


def editors(line: str) -> tuple[str, ...]:
    """The editors that a line names (责任编辑：, 栏目主编：, 校对：, Edited by), in order, each once.

    >>> editors("（责编：曹昆、夏晓伦）")
    ('曹昆', '夏晓伦')
    """
    if is_talk(line):
        return ()
    return _labelled_names(line, "editor", "bare_editor")


def _labelled_names(line: str, closed: str, bare: str) -> tuple[str, ...]:
    """The names after labels of the kind `closed`, and the persons after those of the kind `bare`, each once."""
    return _once(
        [
            name
            for kind, value in labelled(line)
            if kind in (closed, bare) and not is_said(value)
            for name in (_names(value) if kind == closed else _persons(_names(value)))
        ]
    )


def source_line(line: str) -> str | None:
    """The publisher that a line gives as its source (来源：, 稿源：, Source:, 张三/江海日报), as printed; else None.

    来源：网络 names none, nor does a button: 来源：列印.

    >>> source_line("2019年02月15日 10:30   来源：中国政府网 字号：大 中 小")
    '中国政府网'
    """
    values = (_SOURCE_END.split(value.strip(), maxsplit=1)[0] for kind, value in labelled(line) if kind == "source")
    named = next((name for value in values if (name := _unwrapped(value)) and _may_publish(name)), None)
    return named or (of_paper[1] if (of_paper := _named_with_paper(line)) is not None else None)


def _may_publish(name: str) -> bool:
    return name not in _NO_SOURCES and not is_part_of_counter(name)


def _unwrapped(value: str) -> str:
    """``value`` without the punctuation around it; the brackets of 某某网（北京） belong to it."""
    name = value.strip(_WRAP)
    behind = value[value.find(name) + len(name) :].lstrip(_BLANKS)[:1] if name else ""
    opening = _PAIRS.get(behind)
    return name + behind if opening and name.count(opening) > name.count(behind) else name


def _written(kind: str, value: str, *, alone: bool) -> list[str]:
    if kind in ("author", "correspondent"):
        return [] if is_said(value) else _names(value)
    tokens = [part for token in _tokens(value) for part in _shot_by(token)]
    names = _by_role(tokens, photographer=alone and kind in ("reporter", "glued"))
    return _persons(names, strict=kind != "reporter")


def _names(value: str) -> list[str]:
    """The names of a labelled value, up to an office or a newspaper that follows a name, or to spoken words.

    Because of the label the first word counts even if it is an office, and so does a pen name.
    """
    names: list[str] = []
    for token in _by_role(_tokens(value), photographer=False):
        if names and _OFFICE.search(token) and chinese_person(token) is None:
            break
        if names and _NEWSPAPER.fullmatch(token) and chinese_person(names[0]) and chinese_person(token) is None:
            break
        if is_said(token):
            break
        names.append(_without_office(token))
    return names


def _persons(names: list[str], *, strict: bool = True) -> list[str]:
    """The names up to the first that is not a person's; with ``strict`` the first one must have a known surname."""
    found: list[str] = []
    for name in names:
        person = None if _NO_REPORTER.match(name) else chinese_person(_without_place(name), strict=strict and not found)
        if person is None:
            break
        found.append(person)
    return found


def _tokens(value: str) -> list[str]:
    """The words of a value up to the first with a colon; Latin names keep their blanks.

    Remarks in brackets and codes of editors are left out, 报道 at the end of a word: 王强 for 王强报道（北京）, and a
    place behind a bar: 王强 for 王强／台北報導.
    """
    text = " ".join(value.split())
    outside = _BRACKET.split(_BRACKETED.sub("、", text).strip(_WRAP), maxsplit=1)[0]
    plain = _CODE.sub("、", outside or _BRACKET.split(text.strip(_WRAP), maxsplit=1)[0]).strip(_WRAP)
    plain = _PLACE_BEHIND.sub("", plain)
    breaks = _NAME_BREAK if holds_han(plain) else _LATIN_NAMES
    words = breaks.split(_HAN_PAIR.sub(r"\1\2", " ".join(plain.split())))
    named = itertools.takewhile(lambda word: not _COLON.search(word), (word.strip(_WRAP) for word in words))
    return [_REPORTED.sub("", word) or "报道" for word in named if word]


def _by_role(tokens: list[str], *, photographer: bool) -> list[str]:
    """The tokens that are names of writers: in 王强 文 李明 摄 the first one.

    photographer: the line has no other label of writers, so 记者 王强 摄 is a caption and names no writer; if False,
    王强 counts.
    """
    kept: list[str] = []
    pending: list[str] = []
    wrote = False
    for token in tokens:
        if token in _SHOT and (wrote or photographer):
            pending = []
        elif token in _WROTE:
            kept, pending, wrote = [*kept, *pending], [], True
        elif token not in _SHOT:
            pending.append(token)
    return [name for name in (*kept, *pending) if _could_be_a_name(name)]


def _shot_by(token: str) -> list[str]:
    """A token such as 李妍摄 split into name and 摄, for names without a label before them; any other token alone."""
    return [token[:-1], token[-1]] if 3 <= len(token) <= 5 and token.endswith(("摄", "攝")) else [token]


def _without_place(name: str) -> str:
    """A name without the place after it: 王强 for 王强北京 (from 记者王强北京报道)."""
    return name[:-2] if len(name) > 3 and name[-2:] in NOT_NAMES and chinese_person(name[:-2]) else name


def _without_office(name: str) -> str:
    """A name without office or institution: 方敏 for 方敏北京大学教授 and 北京大学历史学院方敏.

    Those after a name are cut off only if they begin with a word in NOT_NAMES, such as the place 北京. Fewer than six
    characters stay unchanged.
    """
    if len(name) < 6:
        return name
    if _OFFICE.search(name):
        ends = (end for end in (3, 2) if name[end : end + 2] in NOT_NAMES and chinese_person(name[:end]))
        return next((name[:end] for end in ends), name)
    starts = (start for start in (-3, -2) if _HOUSE_END.search(name[:start]) and chinese_person(name[start:]))
    return next((name[start:] for start in starts), name)


def _signed(line: str) -> tuple[str, ...]:
    """The writers of a line without labels: 张三 文, 张三/文 李四/图, 张三/江海日报; () without any."""
    if (of_paper := _named_with_paper(line)) is not None:
        return of_paper[:1]
    found = _SIGNED.search(line[:_MAX_SIGNATURE_CHARACTERS])
    return _once(_persons(_tokens(found["names"]))) if found else ()


def _named_with_paper(line: str) -> tuple[str, str] | None:
    """Name and newspaper of a line that is nothing but these two, with a bar between: 张三/江海日报; else None."""
    found = _OF_NEWSPAPER.fullmatch(line.strip(_WRAP)) if len(line) <= _MAX_SIGNATURE_CHARACTERS else None
    name = chinese_person(found["name"]) if found is not None else None
    return (name, found["paper"]) if found is not None and name is not None else None


def _could_be_a_name(text: str) -> bool:
    if IN_NO_NAME.search(text) is not None or is_part_of_counter(text):
        return False
    return 1 < len(text) <= 40 and any(character.isalpha() for character in text) and text.lower() not in _NOBODY


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
