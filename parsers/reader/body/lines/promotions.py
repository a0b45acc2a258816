"""Lines above the first dateline of a text that ask for votes, or to download the newspaper's program."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.reader.body.lines.notes import is_machinery
from parsers.reader.body.thresholds import MAX_LABEL_CHARACTERS
from parsers.text import HAN, alternatives

PROMOTION = re.compile(
    r"投[个個]?票|下[载載]|[扫掃][码碼描]|[扫掃]一[扫掃]|二[维維][码碼]|客[户戶]端|APP|公[众眾][号號]|[点點][击擊]|[关關]注|[订訂][阅閱]|[报報]名"
    r"|[点點][赞讚]|[识識][别別]|[这這][里裡裏]",
    re.IGNORECASE,
)
_REPORTER = alternatives("reporter")
DATELINE = re.compile(
    rf"本[报報台网網]\S{{0,6}}[讯訊]|[{HAN}]{{1,10}}[报報网網社台](?:[讯訊]|消息)\s?[（(【〔：:]"
    rf"|[（(〔【]?[{HAN}\d／/ ]{{2,24}}日[电電讯訊]"
    rf"|(?:[【\[][{HAN}·]{{2,12}}[】\]]\s?)?"
    rf"[（(〔【\[][{HAN}／/、 ]{{0,12}}(?:{_REPORTER})[{HAN}／/、 ]{{2,24}}[）)〕】\]]"
    rf"|[□■◎●]?\s?[{HAN}]{{0,10}}(?:{_REPORTER})[{HAN}、 ]{{2,16}}[报報][道導]"
)


def promotions(lines: Sequence[str]) -> tuple[str, ...]:
    """The short lines before a first dateline that advertise something; () without a dateline after them.

    Lines of the page's machinery may stand between them; () if any other line stands before the dateline.

    >>> promotions(["下载江海客户端", "本报讯（记者张立文）江水涨了。"]), promotions(["下载江海客户端", "江水涨了。"])
    (('下载江海客户端',), ())
    """
    found: list[str] = []
    for line in lines:
        if DATELINE.match(line) is not None:
            return tuple(found)
        if len(line) <= MAX_LABEL_CHARACTERS and PROMOTION.search(line) is not None:
            found.append(line)
        elif len(line) > MAX_LABEL_CHARACTERS or not is_machinery(line):
            break
    return ()
