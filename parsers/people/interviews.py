"""Lines of an interview that look like credits: 来源： with spoken words between two lines of speech."""

import re

from parsers.people.bylines import is_talk
from parsers.people.spoken import is_said
from parsers.text import HAN, alternatives

_SPEAKS = re.compile(rf"[{HAN}·]{{1,12}}\s*[:：](?=.)")
_SOURCE = re.compile(rf"(?:{alternatives('source')})\s*[:：]")


def is_said_between(before: str, line: str, after: str) -> bool:
    """True if a line opens with 来源： and is spoken words, as the lines before and after it are.

    >>> is_said_between("记者：您怎么看？", "来源：根子在协议。", "记者：谈得成吗？")
    True
    >>> is_said_between("江水涨了。", "来源：江海日报", "责任编辑：王小青")
    False
    """
    found = _SOURCE.match(line)
    return found is not None and is_said(line[found.end() :]) and _is_speech(before) and _is_speech(after)


def _is_speech(line: str) -> bool:
    """True for `is_talk`, and for a name of any kind with a colon and spoken words behind it."""
    found = _SPEAKS.match(line)
    return is_talk(line) or (found is not None and is_said(line[found.end() :]))
