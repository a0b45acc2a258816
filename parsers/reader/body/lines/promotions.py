"""Lines above the first dateline of a text that ask for votes, or to download the newspaper's program."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.reader.body.lines.notes import is_machinery
from parsers.reader.body.thresholds import MAX_LABEL_CHARACTERS
from parsers.text import HAN, alternatives

# A request asks for something by some way: one loose word (这里, 关注, 报名) opens articles too.
_ASK = (
    "下[载載]|[扫掃](?:一[扫掃]|[码碼描])|[长長]按|[点點][击擊]|[关關]注|[订訂][阅閱]"
    "|[识識][别別]|打[开開]|[进進]入|[参參][与與]|加入"
)
_AIM = (
    "客[户戶]端|APP|公[众眾][号號]|二[维維][码碼]|投票|[报報]名|[这這][里裡裏]|[链鏈][接结結]"
    "|小程序|[视視][频頻][号號]|[报報網网]$"
)
PROMOTION = re.compile(
    rf"(?:{_ASK}).{{0,14}}(?:{_AIM})|(?:{_AIM}).{{0,6}}(?:{_ASK})|^[\W_]*投票(?:$|[:：])|^[\W_]*(?:{_ASK})[\W_]*$",
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
        if len(line) <= MAX_LABEL_CHARACTERS and PROMOTION.search(line) is not None and not line.endswith("。"):
            found.append(line)
        elif len(line) > MAX_LABEL_CHARACTERS or not is_machinery(line):
            break
    return ()
