"""How the lines begin that are no prose: a look at the first letters spares nearly all others the long patterns."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["ending", "biography", "post", "machinery", "label", "pointer", "opening", "numbered"]

# By their first three letters in lower case, as far as these are ASCII; _ is a blank.
LATIN: dict[Kind, str] = {
    "label": """
        act adv agg akt all ann anz art bil bre cap cat clo com con cop cre del doo dru dur edi emb ers exc feh fil fir
        fon fot fue gal gep gra ikl ill ima imp key kom las les lin liv mai mer mis nac opp opu par pho pic pla por pos
        pri pub que rec red rek sav sch scr sen sha skr sli sou sta sto tag tei tex thi top upd ver vid von wer zur
        af_ af: av_ av: by_ by: di_ di:
    """,
    "pointer": """
        als app auc ayr bac czy das don exp fin for joi kee lea lee leg lei les lir lis meh mei mor not par pas per rea
        rec rel sai see sur vej ver vid wat wei wha you zob zum a_l a_v te_
    """,
    "opening": "con dam ema emp fol get got hav ich iku kee lik our per rea seg sie sig sta sui thi vol an_ du_",
    "ending": "com mor rec rel",
    "biography": "abo aut bio pro spe the thi",
    "machinery": "adv cop fol pho rea rel sha sig sub",
}
# By their first letter.
HAN: dict[Kind, str] = {
    "label": "広",
    "pointer": "関",
    "ending": "免全声延拓推更最热版特猜用留相精网评跟郑附",
    "biography": "专主人作发受嘉学思演讲",
    "post": "主作执本",
    "machinery": """
        上下主举作來信值关分刊原发图字打扫收文新日时時更本来标栏校欢正浏点版發稿編纠编网美视記记責责转返进通阅题
    """,
    "numbered": "一七三九二五八六十四第",
}
# With other letters than these among the first three.
ACCENTED: dict[Kind, str] = {"label": "cré", "pointer": "häu læs läs más", "opening": "føl"}
# By their first letter in lower case, in other alphabets.
ELSEWHERE: dict[Kind, str] = {"label": "광", "pointer": "àčпсчあおこ관"}
NOTHING: frozenset[Kind] = frozenset()
ANYTHING = frozenset(LATIN) | frozenset(HAN)
LABEL: frozenset[Kind] = frozenset(("label",))
TWINS = frozenset("ı\u017fİ\u212aᲃ")  # letters that a pattern takes for others: i, s, k and с
MARKS = " \"“„‘'«（([【#-–—*•>《"  # the commonest of those that may stand in front
COUNT = re.compile(r"[\W_]*\d+\s*[/dhmostvDHMOSTVſ]")  # how labels with a number go on: 2 of 9, 5 min read


def _by_start() -> dict[str, frozenset[Kind]]:
    starts: dict[str, frozenset[Kind]] = {}
    for table in (LATIN, ACCENTED):
        for kind, words in table.items():
            for word in words.split():
                start = word.replace("_", " ")
                starts[start] = starts.get(start, NOTHING) | {kind}
    for table in (HAN, ELSEWHERE):
        for kind, letters in table.items():
            for letter in "".join(letters.split()):
                starts[letter] = starts.get(letter, NOTHING) | {kind}
    return starts


STARTS = _by_start()


def may_be(text: str) -> frozenset[Kind]:
    """Which of the long patterns may match a line; a journalist's name may stand before the word that tells it."""
    start = text[:3]
    if start.isascii() and start[:1].isalpha():
        return STARTS.get(start.lower(), NOTHING)
    if "一" <= start[:1] <= "\u9fff":
        return STARTS.get(start[0], NOTHING)
    return _behind_marks(text.lstrip(MARKS)) if text else NOTHING


def _behind_marks(text: str) -> frozenset[Kind]:
    start, first = text[:3], text[:1]
    if not first.isalnum() or not TWINS.isdisjoint(start):
        return ANYTHING
    if first.isdecimal():
        return LABEL if COUNT.match(text) else NOTHING
    return STARTS.get(start.lower() if first.isascii() else first.lower(), NOTHING)
