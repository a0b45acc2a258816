"""A title line split into column, speaker, headline, second clause and tag line."""

import re
import unicodedata
from dataclasses import dataclass, replace

from parsers.people import chinese_person, english_person, person
from parsers.text import CASELESS_HAN, EAST_ASIAN, PAUSES, STOPS, in_language
from parsers.titles.columns import COLUMNS, is_column, is_site
from parsers.titles.suffixes import without_suffix

# Typographic bars that sites use alike; 丨 (U+4E28) is a letter to most libraries.
BARS = "|｜丨│┃︱∣ǀ￨❘❙"
DOTS = "·・•‧・∙"
_BAR = re.compile(rf"\s*[{re.escape(BARS)}]+\s*")
_BRACKET = re.compile(r"^(?:【([^【】]{1,20})】|［([^［］]{1,20})］|\[([^\[\]]+)\])\s*(?=\S)")
# A column in ASCII brackets is Chinese, or a few capitalised words; [1] and [Updated] are not columns.
_COLUMN_NAME = re.compile(
    rf".*{CASELESS_HAN}|(?!(?:updated?|sic|pdf|ad|corrected|correction|new)$)"
    r"[A-Z][A-Za-z'’&-]*(?: (?:[A-Z][A-Za-z'’&-]*|of|the|and|for|in)){0,3}$",
    re.DOTALL | re.IGNORECASE,
)
_SEAM = re.compile(r"\?\s?,\s")
_BARE_SEAM = re.compile(r"\?\s+(?=[\"“‘']?[A-Z])")
_COLON = re.compile(r"[:：]\s*")
_SENTENCE_MARK = re.compile(rf"[{STOPS}{PAUSES}]|\.\s")
_DASH = re.compile(rf"\s*(?:[—―─]{{2,}}|(?<=\s)[—–](?=\s)|(?<=[{EAST_ASIAN}”])[—―](?=[“{EAST_ASIAN}]))\s*")
_ENGLISH_DASH = re.compile(r"\s(?:-{1,2}|–|—)\s(?=[a-z])")
_GLUED = re.compile(r"(.*\S) ([A-Z][\w'’&-]*)", re.DOTALL)
_WORD = re.compile(r"[A-Za-z][\w'’-]*")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\xad\x00-\x08\x0e-\x1f\x7f]")

_THINKER = re.compile(r"[A-Z][\w.'’-]*(?: (?:[A-Z][\w.'’-]*|de|van|von|and)){0,4}")  # Academician Wu Zhiqiang

# After one of these a capitalised word belongs to the phrase: "a better future for Shanghai".
_LEADING_WORDS = """
    a about across after against all along among an and around as at before behind beyond but by can
    every for from her his in inside into its like more most my near new no nor not of off on onto or
    our out over per since than that the their these this those through to toward towards under until
    via visit when where which who whose why with within without your
"""
_LEADING = frozenset(_LEADING_WORDS.split())
_MAX_SPEAKERS_CHARACTERS = 30  # three names and the marks between them
_THINGS = tuple("企业价贷险股债券税费率货款战赛车校宝商品楼市网")  # 金价, 高校, 支付宝; rare in given names
_MAX_TITLE_CHARACTERS = 1000  # a longer text is not a title line
_MAX_TAG_COLUMNS = 40  # columns: a longer part behind the only bar is a second clause

_ONE_QUOTE = dict.fromkeys(map(ord, "“”„‟‘’‚‛「」『』﹁﹂﹃﹄〝〞〟«»‹›'`´＂＇"), '"')
_ONE_BAR = dict.fromkeys(map(ord, BARS), "|")
_ONE_MARK = {
    ord("。"): ".",
    ord("、"): ",",
    ord("—"): "-",
    ord("–"): "-",
    ord("―"): "-",
    ord("─"): "-",
    ord("…"): "...",
}
_LOOSE = re.compile(rf"\s+(?=[^\w\s])|(?<=[^\w\s])\s+|(?<=[{EAST_ASIAN}])\s+|\s+(?=[{EAST_ASIAN}])")


@dataclass(frozen=True, slots=True)
class TitleParts:
    """The parts of a title line; None (or an empty tuple) for parts that it lacks."""

    headline: str  # "" only for a blank line
    alternative_headline: str | None  # the second clause, or the 副题 after ——
    kicker: str | None  # 引题, a line printed above the headline: always None, because no title line holds it
    article_section: str | None  # the running column as printed: Thinker, 思想者
    speaker: str | None  # the person whose talk or essay it is
    keywords: tuple[str, ...]  # the tag line, in order, each once; a glued tag comes first
    glued_keyword: str | None  # a first tag that had lost its separator and stuck to the headline
    in_language: str | None  # en, zh-Hans, zh-Hant, …


def parse_title(raw: str, source: str | None = None) -> TitleParts:
    """Split one title line of any site into its parts; the headline is then without column and speaker. Never raises.

    A blank line gives headline "", and one of more than 1,000 characters is a headline as a whole. ``source`` is the
    name of the source. Two habits belong to the mirror a5qu: clauses swapped at a bare "? ", put right there and in any
    line with two tags or more, and a first tag stuck to the headline, split off there or for an unknown source. Site
    names before and after the headline (_新浪新闻, --上观) are cut off, and a channel before the last name; no other
    word is dropped.

    >>> parse_title("思想者 | 阮青：推进中国式现代化").speaker
    '阮青'
    """
    line = " ".join(_INVISIBLE.sub("", raw).split())
    if len(line) > _MAX_TITLE_CHARACTERS or not line:
        return TitleParts(line, None, None, None, None, (), None, in_language(line))
    bare, section, tail = without_suffix(line)
    parts = [part for part in _BAR.split(bare) if part] or [bare]
    while len(parts) > 1 and is_site(parts[0]):
        del parts[0]
    title = _assemble(parts, tail, source)
    return replace(title, article_section=title.article_section or section, in_language=in_language(line))


def title_key(raw: str) -> str:
    """A key that is equal for titles that differ only in quotes, separators, width, case or blanks.

    >>> title_key("思想者｜阮青: “推进”") == title_key('思想者 | 阮青："推进"')
    True
    """
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", raw).translate(_ONE_BAR).translate(_ONE_QUOTE))
    folded = unicodedata.normalize("NFKC", folded.casefold()).translate(_ONE_QUOTE).translate(_ONE_MARK)
    return unicodedata.normalize("NFKC", _LOOSE.sub("", " ".join(folded.split())))


def _assemble(parts: list[str], tail: list[str], source: str | None) -> TitleParts:
    alternative, first = _seam(parts[0], swapped=False)
    column, rest = _column([first, *parts[1:]])
    headline, tags = rest[0], rest[1:] + tail
    headline, glued = _glued(headline, tags) if source in (None, "a5qu") else (headline, None)
    if alternative is None:
        alternative, headline = _seam(headline, swapped=source == "a5qu" or len(tags) > 1)
    speaker, headline = _speaker(headline, column)
    if alternative is None and len(tags) == 1 and _width(tags[0]) > _MAX_TAG_COLUMNS:
        alternative = tags.pop()
    if alternative is None:
        headline, alternative = _second_clause(headline)
    keywords = tuple(dict.fromkeys([glued, *tags] if glued else tags))
    return TitleParts(headline, alternative, None, column, speaker, keywords, glued, None)


def _seam(text: str, *, swapped: bool) -> tuple[str | None, str]:
    """The second clause and the first of English clauses that a translator swapped: the second stands before "?, ".

    (None, text) for any other text. swapped: a bare "? " between the clauses is enough.

    >>> _seam("How to connect?, River and sea", swapped=False)
    ('How to connect?', 'River and sea')
    """
    found = _SEAM.search(text) or (_BARE_SEAM.search(text) if swapped else None)
    if found is None or not text[found.end() :].strip():
        return None, text
    return text[: found.start() + 1], text[found.end() :]


def _column(parts: list[str]) -> tuple[str | None, list[str]]:
    """The running column in front, or None, and the other parts: the headline, then the tags.

    A site's name in brackets before the headline is cut off and is no column.
    """
    bracketed = _BRACKET.match(parts[0])
    if bracketed and (bracketed[3] is None or _names_column(bracketed[3])):
        name = next(group for group in bracketed.groups() if group).strip()
        rest = [parts[0][bracketed.end() :], *parts[1:]]
        return (None if is_site(name) and not is_column(name) else name), rest
    if len(parts) > 1 and _opens_with_column(parts):
        return _without_site(parts[0]), parts[1:]
    name, first = _dotted_column(parts[0])
    return name, [first, *parts[1:]]


def _names_column(text: str) -> bool:
    return is_column(text) or ((text[:1].isupper() or not text.isascii()) and _COLUMN_NAME.match(text) is not None)


def _opens_with_column(parts: list[str]) -> bool:
    first, second = parts[0], parts[1]
    if is_column(_without_site(first)):
        return True
    if _SENTENCE_MARK.search(first) or _width(first) > 32 or _width(second) < 16:
        return False
    shortness = 1.5 if len(parts) == 2 else 2.5
    return _width(first) * shortness <= _width(second)


def _without_site(name: str) -> str:
    """思想者 for 上观·思想者, if both the site and the column are known; any other name unchanged."""
    site, _, column = name.partition("·")
    return column.strip() if column and is_site(site) and is_column(column) else name


def _dotted_column(text: str) -> tuple[str | None, str]:
    """The known column that opens a text, and the rest; (None, text) if none does.

    A dot separates them; for a column with a key also a colon or a blank, if a name and a colon follow. Dots also split
    foreign names.
    """
    found = re.match(rf"([^{DOTS}:：\s]{{2,12}}|[A-Za-z]+(?: [A-Za-z]+){{0,3}})(\s*[{DOTS}:：]\s*|\s)(?=\S)", text)
    if found is None or not is_column(found[1]):
        return None, text
    keyed = COLUMNS[found[1].casefold()] is not None
    if found[2].strip() in ("", ":", "：") and not (keyed and person_follows(text[found.end() :])):
        return None, text
    return found[1], text[found.end() :]


def person_follows(text: str) -> bool:
    """True if ``text`` opens with the name of one person and a colon."""
    before = _COLON.split(text[:60], maxsplit=1)
    return len(before) == 2 and person(before[0], strict=False) is not None


def _glued(headline: str, tags: list[str]) -> tuple[str, str | None]:
    """The headline and the tag that the mirror stuck to its end; (headline, None) for any other headline.

    Only the first of three tags can stick, so `tags` are the other two. It is split off only after the end of a
    sentence, or if the case of the words shows it.

    >>> _glued("The river is rising again City", ["Sea", "Land"])
    ('The river is rising again', 'City')
    """
    found = _GLUED.fullmatch(headline) if len(tags) == 2 else None
    if found is None:
        return headline, None
    before = found[1].rstrip("\"”’')")
    if before.endswith((".", "!", "?")):
        return found[1], found[2]
    words = _WORD.findall(before)
    previous = words[-1] if words and before.endswith(words[-1]) else ""
    if not previous[:1].islower() or previous in _LEADING or previous.endswith("ing"):
        return headline, None
    if not _is_sentence_case(words):
        return headline, None
    return found[1], found[2]


def _is_sentence_case(words: list[str]) -> bool:
    long_words = [word for word in words[1:] if len(word) > 3]
    return sum(word[0].islower() for word in long_words) * 2 > len(long_words)


def speaker_in(headline: str) -> str | None:
    """The speaker of a headline that stays whole: one or several Chinese names before the first colon; else None.

    Several are one text, joined by 、.

    >>> speaker_in("易宪容：拿什么来稳定信心"), speaker_in("商务部：促消费"), speaker_in("金价：又涨了")
    ('易宪容', None, None)
    """
    bare = _BRACKET.sub("", headline, count=1)
    found = _COLON.search(bare[:_MAX_SPEAKERS_CHARACTERS])
    if found is None or not bare[found.end() :].strip():
        return None
    before = bare[: found.start()].strip()
    return None if before.endswith(_THINGS) else _chinese_names(before, strict=True)


def _speaker(headline: str, column: str | None) -> tuple[str | None, str]:
    """The name before the first colon (several: joined by 、) and the text after it; (None, headline) without a name.

    In the Thinker column a longer English name counts too.
    """
    found = _COLON.search(headline[:120])
    if found is None or not headline[found.end() :].strip():
        return None, headline
    before = headline[: found.start()]
    name = _named(before.strip(), thinker=COLUMNS.get((column or "").casefold()) == "sixiangzhe")
    return (name, headline[found.end() :]) if name else (None, headline)


def _named(before: str, *, thinker: bool) -> str | None:
    if english_person(before) or (thinker and _THINKER.fullmatch(before)):
        return before
    return _chinese_names(before, strict=not thinker)


def _chinese_names(before: str, *, strict: bool) -> str | None:
    names = [chinese_person(part, strict=strict) for part in re.split(r"[、&]|(?<=[^\s]{2})\s", before)]
    return "、".join(name for name in names if name) if all(names) else None


def _second_clause(headline: str) -> tuple[str, str | None]:
    """The headline and the 副题 after —— (or an English dash before a small letter), without the dash.

    (headline, None) for any other headline. Before the dash there must be a width of 8 or more (see `_width`), and no
    open quotation mark or bracket.
    """
    for dash in (_DASH, _ENGLISH_DASH):
        found = dash.search(headline)
        if found and _stands_alone(headline[: found.start()]) and headline[found.end() :].strip():
            return headline[: found.start()].rstrip(), headline[found.end() :]
    return headline, None


def _stands_alone(before: str) -> bool:
    opened = sum(before.count(mark) for mark in "“「《（(")
    return _width(before) >= 8 and opened == sum(before.count(mark) for mark in "”」》）)")


def _width(text: str) -> int:
    """Width in typewriter columns: a Han character or a full-width mark takes two, any other character one."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
