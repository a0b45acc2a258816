"""Spoken words behind a label (记者：您怎么看？), distinguished from names behind it (记者：王小青、李一)."""

import re

from parsers.people.names import DOUBLE_SURNAMES, chinese_person, ends_as_institution
from parsers.text import ELLIPSIS, HAN, STOPS, holds_han

_SENTENCE_MARKS = re.compile(
    rf"(?!。)[{STOPS}{ELLIPSIS}]|——|\.{{3}}"
)  # marks that no line of names has; a full stop may end one
_STOP = re.compile(r"。|\.(?=\s|$)")
# Words of talk, which stand in no name of a person or a publisher.
_TALK = re.compile(
    r"[您你咱吗呢嘛]|[吧啊呀哦](?:[，,。]|$)|(?<![自忘])我(?![国省市县区校院报社刊网们])|我们(?!的)|[他她它]们?[的说是在有]"
    r"|怎[么样]|什么|为何|如何|何谓|何以|从何|何来|是否|是不是|有没有|能不能|可不可以|哪[些里个一种]|多少|几个|请[问谈说讲介]|谢谢|感谢|欢迎|再见"
    r"|大家|各位|^可以|好[的吧啊]|[是对]的(?:$|[，,。])|没[有错]|当然|其实|不过|但是|因为|所以|如果|虽然|首先|其次|最后|另外|那么"
    r"|这[个些样种是里次就也又一]|那[个些样种是里就也一]|觉得|认为|知道|听说|据我|比如|例如|可以说|就是说|换句话说|应该|应当|必须"
    r"|需要|可能|已经|正在|曾经|一直|非常|十分|特别是|刚才|刚刚|现在|目前|当时|那时|后来|今后|接下来|下一步"
)
# 要算长远账: a verb of duty or judgement, in a word too long for a name.
_OBLIGATION = re.compile(
    rf"[要会能可应该须得让把被]|[不没]|[了着过](?:$|[{HAN}])|[的是在从对向为将就也都还最很]|指出|强调|召开|提出"
)
_DENIED = re.compile("[不没]")
_MAX_NAME_HAN = 6  # Han characters of a name that is not a publisher's; 八指头陀, 学而时习
_BRACKETED = re.compile(r"[（(【\[〔［][^（(【\[〔［）)】\]〕］]*(?:[）)】\]〕］]|$)")
_BEFORE_BRACKET = re.compile(r"[）)】\]〕］]")
_PARTS = re.compile(r"[\s、，,;；/／&|｜丨+]+")
_COMMA = re.compile("[，,]")
_WORD = re.compile(r"[A-Za-zÀ-ɏ][\w'’-]*")
_PARTICLE_WORDS = "and of the at for in de da di del della van von der den la le el bin al y e et und zu"
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_MAX_CHARACTERS = 500  # of a value that are looked at


def is_said(value: str) -> bool:
    """True if the text after a label is spoken words, which name nobody; False for "".

    >>> is_said("您怎么看？"), is_said("好的。"), is_said("王小青、李一"), is_said("江海大学课题组")
    (True, True, False, False)
    """
    text = _without_remarks(value[:_MAX_CHARACTERS])
    if not text:
        return False
    if not holds_han(text):
        return _is_western_talk(text)
    if _SENTENCE_MARKS.search(text) is not None:
        return True
    first, *others = [part.rstrip("。.") for part in _PARTS.split(text) if part]
    named = chinese_person(first) is not None
    if named and not text[len(first) :].startswith(("，", ",", "。")):
        return False  # 责任编辑：王小青 我要纠错
    if _TALK.search(text) is not None:
        return True
    if _STOP.search(text) is None:
        return _is_clause(first)
    if _COMMA.search(text) is not None:  # 王小青，江海大学教授。
        return not (named and any(map(ends_as_institution, others)))
    if not others and _named_alone(first) is None:
        return True  # 明白。高兴。
    return not all(map(_may_be_named, (first, *others)))


def _without_remarks(value: str) -> str:
    """A value without remarks in brackets, and only up to a bracket without its pair: 王强 for 王强）江水涨了。

    Such a bracket closes one that was opened before the value.
    """
    return _BEFORE_BRACKET.split(_BRACKETED.sub(" ", value), maxsplit=1)[0].strip()


def _named_alone(word: str) -> str | None:
    """The word if it can be a name although a full stop follows, else None.

    A Chinese person's name can be one only with three characters, a double surname or a dot, as two may be an answer:
    明白。 A publisher's name or a word without Han characters is one too.
    """
    name = chinese_person(word)
    full = name is not None and (len(name) == 3 or name.startswith(DOUBLE_SURNAMES) or "·" in name)
    if not full and not ends_as_institution(word) and holds_han(word):
        return None
    return None if _OBLIGATION.search(word) is not None and not ends_as_institution(word) else word


def _may_be_named(part: str) -> bool:
    """True for a person, a publisher, a word without Han characters, or a single character."""
    person = chinese_person(part)
    return person is not None or not holds_han(part) or ends_as_institution(part) or len(part) <= 1


def _is_clause(part: str) -> bool:
    """True if a word is too long for a name, ends like no publisher, and holds a verb or a negation."""
    if len(part) <= 4 or ends_as_institution(part):
        return False
    return (_OBLIGATION if len(part) > _MAX_NAME_HAN else _DENIED).search(part) is not None


def _is_western_talk(text: str) -> bool:
    """True if Latin words are a sentence: they hold more small words than names do, or a mark that no name has."""
    if _SENTENCE_MARKS.search(text):
        return True
    words = _WORD.findall(text)
    small = [word for word in words if word[0].islower() and word not in _PARTICLES]
    return bool(small) and (text.endswith(".") or len(words) > 3) and 3 * len(small) >= len(words)
