"""The meaning of a date by the words beside it: day of publication, of an update, of writing, or of something else.

A label binds the date on its own line, or under a line that ends in a colon or is nothing but a label; never from
across a headline: 大规模设备更新 over a date says nothing of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.reader.published.thresholds import MAX_BEHIND_CHARACTERS, MAX_LABEL_CHARACTERS
from parsers.reader.view.datelines import Meaning
from parsers.text import TODAY

COLONS = (":", "：")
_DAY = r"(?:日期|时间|時間|日|时|期)"
# A Chinese label ends right before the date, and begins with its line or after a mark.
_BEGINS = r"(?:^|\W)"
_STOPS = r"(?=$|(?![^\S\n]*[:：\d《〈“‘「『\"])\W)"  # 更新： is the label of the next date, 修改《…》 opens a headline
_ENDS = r"\s*[】\]）)]?\s*[:：]?\s*自?[(（\[【]?\s*$"
# Searched in lines in lower case, as are all below.
_UPDATED = (
    r"update|modified|last\s+edit|aktualisiert|geändert|änderung|stand\b|mis à jour|modifié"
    r"|actualizado|aggiornato|atualizado|bijgewerkt|oppdatert|opdateret|uppdaterad|zaktualizowano|обновлен|güncelle"
)
UPDATE = re.compile(rf"更新|修改|{_UPDATED}")  # the label of an element that holds only its date
UPDATED = re.compile(
    rf"{_UPDATED}|{_BEGINS}(?:最[后後近新]|上次|本文|本页|文章|稿件|信息|页面|网页|内容|资料|数据)*"
    rf"(?:(?:更新|修改|修订|修訂|更正|修正)(?:{_DAY}|[于於在为])?|(?:编辑|編輯)(?:{_DAY}|[于於在])){_ENDS}"
    rf"|(?:更新|修改|修订|修訂|更正|修正|编辑|編輯){_DAY}\s*[:：]\s*$"
)
# 12時00分更新 alone is how papers in Japanese print the moment of publication.
UPDATED_BEHIND = re.compile(rf"\s*(?:最[后後近])?(?:(?:修改|修订|修訂|编辑|編輯|更正|修正)过?{_STOPS}|更新\s*[)）])")
PUBLISHED = re.compile(
    r"发布|發布|發佈|时间|時間|日期|刊发|发表|publish|posted|release|date|time|veröffentlicht|erstellt|vom\s*$|publié"
    r"|publicado|pubblicato|geplaatst|publisert|publicerad|opublikowano|опубликован"
)
# A document's signature: it appears some days later.
WRITTEN = re.compile(rf"(?:成文|生成|制发|签发|印发|签署|落款|撰写|完稿)(?:{_DAY}|[于於])?{_ENDS}|发文日期{_ENDS}")
_EFFECT = "(?:施行|实施|實施|实行|實行|生效|失效|废止|廢止|执行|试行)"
_EVENTS = (
    "活动|会议|会期|举办|举行|召开|开放|展出|展览|演出|比赛|讲座|报名|考试|面试|受理|征集|公示|起止|开标|开庭|开课"
)
# Days of something else: of effect, of a term, of an event, since when somebody writes here, of birth, when a source
# was looked up.
OTHER = re.compile(
    rf"{TODAY}$|{_EFFECT}(?:{_DAY}|[于於自]){_ENDS}|{_BEGINS}{_EFFECT}{_ENDS}"
    rf"|(?:截至|截止|到期|届满)(?:{_DAY}|[于於])?(?:为止|目前|[到至])?{_ENDS}|有效期限?(?:截止)?{_DAY}?[到至自]?{_ENDS}"
    rf"|(?:{_EVENTS}){_DAY}(?:[为是])?{_ENDS}"
    r"|(?:in(?: )?to effect|effective|expires?|valid until|deadline:|gültig|in kraft|gilt ab)[^\d.]{0,12}$"
    r"|registriert|joined|(?:member|mitglied|dabei)\s+(?:since|seit)|beigetreten|注册时间|加入时间"
    r"|出生日期|出生时间|date of birth|引用日期|引用时间|检索日期|访问日期|retrieved|accessed|abgerufen|consulté le"
)
OTHER_BEHIND = re.compile(
    rf"\s*[)）]?\s*起(?:正式|开始)?{_EFFECT}"  # also in a line that an inline element breaks
    rf"|[^\S\n]*(?:[零0]时)?(?:(?:正式|开始)?{_EFFECT}|截止|到期|为止|起){_STOPS}"
)
# A line that is only a label and has no colon; 更新 and "Updates" alone may be a part of a headline.
ALONE = re.compile(
    rf"[\u2e80-\uffff\s]{{0,12}}(?:{_DAY}|[于於在])|(?!.*\bupdates?\b)[^\d\u2e80-\uffff]{{3,16}}", re.IGNORECASE
)
OPEN_ENDED = re.compile(r"(?<!\d[日号])(?:截至到?|截止到?|有效期至|自)$")  # words that need the day of the next line
WORD = re.compile(r"\w")


def label_before(text: str, titles: Sequence[int], start: int, place: int) -> str:
    """The label of a date, in lower case: the text before it on its line if that has a word.

    If it has none: that text even so, perhaps "", if a headline ends on the line right above; else the end of the line
    above if that may be a label; else "". `start` is the offset of the line, `place` that of the date; `titles` are the
    offsets where headlines end.
    """
    own = text[start:place]
    if WORD.search(own) or start - 1 in titles:
        return own.lower()
    begin = _line_above(text, start)
    above = text[begin : max(0, start - 1)]
    if above.strip() in COLONS:  # in an element of its own, under its label
        above = text[_line_above(text, begin) : start - 1] if begin else ""
    binds = above.endswith(COLONS) or OPEN_ENDED.search(above) is not None
    alone = len(above) <= MAX_LABEL_CHARACTERS and ALONE.fullmatch(above) is not None
    return above[-MAX_LABEL_CHARACTERS:].lower() if binds or alone else ""


def _line_above(text: str, start: int) -> int:
    """The offset of the line above the one that begins at `start`, even an empty one; 0 for the first line."""
    return text.rfind("\n", 0, max(0, start - 1)) + 1


def meaning(label: str, behind: str) -> Meaning:
    """The meaning of a date by its label and by the text after it; "published" unless they say otherwise."""
    behind = behind[:MAX_BEHIND_CHARACTERS]
    if OTHER.search(label) or OTHER_BEHIND.match(behind):
        return "other"
    if WRITTEN.search(label):
        return "written"
    return "updated" if UPDATED.search(label) or UPDATED_BEHIND.match(behind.partition("\n")[0]) else "published"
