"""Short lines that say where a text or its pictures come from: 本文来自某某APP, 信息来源于网络, 题图来自视觉中国."""

from __future__ import annotations

import re

_NET = "(?:互[联聯][网網]|[网網][络絡路])"
_LIBRARIES = rf"(?:{_NET}|[视視][觉覺]中[国國]|[东東]方IC|IC\s?photo|Unsplash|Pexels|Pixabay|Getty\w{{0,8}})"
_FROM = "(?:[来來](?:源[于於自]?|自[于於]?)|源自|[取摘选選]自|[转轉]自|[综綜]合自)"
_THINGS = "(?:信息|[资資]料|[资資][讯訊]|素材|[内內]容|文章|文字|[图圖]文|文[图圖]|[图圖]片|照片|[视視][频頻])"
_PICTURES = "(?:[题題头頭首][图圖]|封面[图圖]片?|配[图圖]|文中[图圖]片)"
_CLAIM = "(?:如?若?有?侵|如有|若有|版[权權]|著作|[仅僅]供|不代表|[请請]|[联聯][系繫絡络])"
_WORK = (
    "(?:作者|[题題頭头首][图圖]|原?[标標][题題]|ID|[转轉][载載]|[经經]|授[权權]|撰文|[编編]|[记記]者|[略有]+[删刪改])"
)
ORIGIN = re.compile(
    rf"""[\s（(\[【]*(?:
        (?:本文|[内內]容|文章)(?:[转轉原][载載][自于於]|首[发發][于於]|{_FROM})
        (?![^。，]{{0,20}}一[家个個位])[^。，]{{1,24}}(?:APP|客[户戶]端|公[众眾][号號])[^。，,；;]{{0,20}}(?:[，,；;]\s?{_WORK}[^。]{{0,24}})?
      | (?:本文|文[中内內]|以上|部分|所有|相[关關]){{0,2}}{_THINGS}{{0,2}}[均皆]?(?:{_FROM}|[图圖]源)\s?[:：]?\s?{_NET}
        (?:整理)?(?:[，,；;]\s?{_CLAIM}[^。]{{0,20}})?
      | [图圖]片{_FROM}\s?{_LIBRARIES}
      | {_PICTURES}[均皆]?(?:{_FROM}|[图圖]?源)[:：]?\s?(?![^。，]{{0,20}}一[位幅张張名件份])[^。，]{{1,24}}
        (?:[，,]\s?基[于於][^。]{{1,14}})?
    )。?[）)\]】]?$""",
    re.IGNORECASE | re.VERBOSE,
)


def tells_origin(text: str) -> bool:
    """True if a line says no more than where the text, what it tells or its pictures come from.

    >>> tells_origin("資料來源於網路，侵刪"), tells_origin("他的信息来自网络。")
    (True, False)
    """
    return ORIGIN.match(text) is not None
