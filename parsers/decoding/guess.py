"""A guess at the multi-byte encoding of undeclared bytes, by the characters of each reading."""

import re

from charset_normalizer import from_bytes

from parsers.decoding.encodings import encoding_for
from parsers.decoding.multi_byte import decode_multi_byte

_SAMPLE = 16384  # bytes
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
_FOREIGN_RUN = re.compile(r"[^\x00-\x7f]+")
_KANA = "".join(map(chr, (*range(0x3041, 0x3094), *range(0x30A1, 0x30FD))))

# The commonest characters of each reading: about half of any real text, and far less of a wrong reading.
_COMMON = {
    "gb18030": frozenset(
        "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多"
        "定行学法所民得经十三之进着等部度家电力里如水化高自二理起小现实加量都两体制机当使点从业本去把性好应开它合还因由"
        "其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问"
        "意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图"
        "山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海"
        "口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至"
        "达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低"
        "，。、：；！？“”‘’（）《》—…【】·"
    ),
    "Big5": frozenset(
        "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產種面而方後多"
        "定行學法所民得經十三之進著等部度家電力裡如水化高自二理起小現實加量都兩體制機當使點從業本去把性好應開它合還因由"
        "其些然前外天政四日那社義事平形相全表間樣與關各重新線內數正心反你明看原又麼利比或但質氣第向道命此變條只沒結解問"
        "意建月公無系軍很情者最立代想已通並提直題黨程展五果料象員革位入常文總次品式活設及管特件長求老頭基資邊流路級少圖"
        "山統接知較將組見計別她手角期根論運農指幾九區強放決西被幹做必戰先回則任取據處隊南給色光門即保治北造百規熱領七海"
        "，。、：；！？「」『』（）《》—…【】．"
    ),
    "Shift_JIS": frozenset(_KANA + "、。「」ー・（）日本人大年月一中会社出者事的"),
    "EUC-JP": frozenset(_KANA + "、。「」ー・（）日本人大年月一中会社出者事的"),
    "EUC-KR": frozenset(
        "이다의는에을를가은로고하서지도기자사한리시인어대정해스아나일보수부라제전주구그상과으만장들있유원조비오성공신요"
        "마관무국소연동여선경치계발우행생용안세중방미식문회위화모개물양내실적간합저당분면통모두니것습러요네게데거세했"
    ),
}
_LENGTH_OF_RUN = 1.5  # characters, or bytes, of a multi-byte encoding that stand together, at least
_CLEARLY = 0.2  # a reading beats GB18030 only if its share of common characters is larger by this


def multi_byte_guess(payload: bytes) -> str | None:
    """The multi-byte encoding that reads the beginning of ``payload`` with the most common characters; None without.

    It is "gb18030", "Big5", "Shift_JIS", "EUC-JP" or "EUC-KR". A reading counts only if it has no errors and its
    characters outside ASCII stand together: as GB18030, Western letters with accents are single Han characters between
    ASCII letters. Plain ASCII gives "gb18030". Another encoding wins over it only by a clear margin.
    """
    sample = payload[:_SAMPLE]
    scores = {name: _likeness(sample, common, name) for name, common in _COMMON.items()}
    best = max(scores, key=lambda name: scores[name] + (_CLEARLY if name == "gb18030" else 0))
    return best if scores[best] >= 0 else None


def stands_in_words(payload: bytes) -> bool:
    """True if the bytes beyond ASCII stand together, as in encodings of two or more bytes a character.

    False for plain ASCII too.
    The umlauts of a Western page stand alone; each, with the letter after it, is a valid character of GB 18030.
    """
    runs = _HIGH_RUN.findall(payload)
    return sum(map(len, runs)) >= _LENGTH_OF_RUN * len(runs) > 0


def detected(payload: bytes) -> str | None:
    """The guess of charset-normalizer as the Encoding standard names it; None without a guess or a name."""
    best = from_bytes(payload[:_SAMPLE]).best()
    return encoding_for(best.encoding.replace("_", "-")) if best else None


def _likeness(sample: bytes, common: frozenset[str], encoding: str) -> float:
    """The share of ``common`` in the characters outside ASCII, 0 to 1, if the sample is read in ``encoding``.

    0 for plain ASCII. -1.0 for an impossible reading: one with invalid bytes, or with characters that stand too far
    apart.
    """
    text = decode_multi_byte(sample, encoding)
    broken = text.count(_REPLACEMENT, 0, max(0, len(text) - 2))  # the sample may cut a character at its end
    runs = _FOREIGN_RUN.findall(text)
    characters = sum(map(len, runs))
    if broken or characters < _LENGTH_OF_RUN * len(runs):
        return -1.0
    return sum(character in common for run in runs for character in run) / max(1, characters)
