"""The speaker before the colon of a headline, if the page names that person once more."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers import people
from parsers.reader.byline.authors import AUTHORS
from parsers.reader.view.candidates import PageView
from parsers.text import HAN, alternatives
from parsers.titles import speaker_in

# Titles of persons. Offices count only before a name, since 高盛总裁 is the president of a bank.
HONORIFIC = "教授|院士|研究[员員]|博士|先生|女士|老[师師]|同志"
SCHOLAR = rf"{HONORIFIC}|[学學]者|主任|[院所会會校部]长|[院所会會校部]長|秘[书書][长長]|作家|[学學]家"
OFFICE = (
    rf"{SCHOLAR}|[总總]理|[省市县縣区區镇鎮乡鄉厅廳局司署处處行台臺社店队隊团團][长長]|理事[长長]|代表|大使|[经經]理|[导導]演"
    r"|教[练練]|[创創][办辦始]人|工程[师師]|立委|[议議][员員]|法官"
    rf"|专家|專家|主席|书记|書記|总裁|總裁|董事[长長]|委[员員]|分析[师師]|律[师師]|[医醫][师生師]"
    rf"|{alternatives('speaker', 'person', presents=True)}|{alternatives('guest', 'host')}"
)
# Behind an office of someone else no name stands: 国足现任主教练邵佳一.
OF_ANOTHER = rf"[{HAN}]{{0,24}}(?:{SCHOLAR}|[员員]|人|官|教[练練]|[总總][裁经經]理?)[{HAN}]"
LIFE = "[现現]任|[现現][为為]|曾任|生[于於]|[毕畢][业業][于於]|[，,][男女](?=[，,])"
MIN_SPOKEN_LINES = 2  # that open with the name and a colon, as the answers of an interview do


def witnessed_speaker(page: PageView) -> tuple[str, ...]:
    """The Chinese name before the headline's colon, several joined by 、; () unless the page names each of them again.

    The byline may do that, or the text or a biography with a title (王小青教授), or answers that open with the name. A
    mention without a title does not count: texts name the banks and places (高盛：, 于都：) of their headlines too.
    """
    speaker = speaker_in(page.headline_text or "")
    names = speaker.split("、") if speaker else []
    if not names:
        return ()
    signed = _signed(page)
    lines = [*page.lines.paragraphs, *page.lines.headings, *filter(None, [page.lines.biography]), *page.tail]
    named = all(name in signed or _is_person_in(lines, name) for name in names)
    return (speaker,) if speaker and named else ()


def _signed(page: PageView) -> set[str]:
    """The authors and speakers that the page names, without those that are its source too."""
    labelled = [name for line in page.credits for name in (*people.authors(line), *people.speakers(line))]
    return {*labelled, *AUTHORS.of(page)} - set(page.source_line.of(page))


def _is_person_in(lines: Sequence[str], name: str) -> bool:
    """True if one of these lines names a person by this name: with a title, or as the one who answers."""
    own = re.escape(name)
    titled = re.compile(
        rf"(?:{OFFICE})[、 ]?{own}|{own}(?:{HONORIFIC}|(?:{LIFE})(?!{OF_ANOTHER}))"
        rf"|{own}[，,：:（(]\s?[{HAN}]{{2,24}}(?:{SCHOLAR})(?![{HAN}])"
    )
    named = [line for line in lines if name in line]
    answers = sum([line.startswith((f"{name}：", f"{name}:")) for line in named])
    return answers >= MIN_SPOKEN_LINES or any(titled.search(line) for line in named)
