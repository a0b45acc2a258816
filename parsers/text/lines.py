"""Lines of text: cleaned without loss of content, and recognised as headings by their shape."""

import re
import unicodedata

from parsers.text.han import EAST_ASIAN, FULL_WIDTH, HAN, holds_han
from parsers.text.sentences import CLOSING, ELLIPSIS, PAUSES, STOPS

# Invisible characters that carry no content: controls, zero-width blanks, soft hyphens, text direction.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# Joiners shape Persian, Indic and emoji; beside Latin and Han they have no effect.
_LATIN_OR_EASTERN = f"\\s\x21-\u024f{EAST_ASIAN}{FULL_WIDTH}"
_LITTER_JOINER = re.compile(
    f"(?:^|(?<=[{_LATIN_OR_EASTERN}]))[\u200c\u200d]+|[\u200c\u200d]+(?=$|[{_LATIN_OR_EASTERN}])"
)
# Those of all these that isprintable() accepts.
_BLANK_LETTER = re.compile("[\u115f\u1160\u17b4\u17b5\u3164\uffa0]")
_SURROGATE = re.compile("[\ud800-\udfff]")

_GLUED_SENTENCE = re.compile(r"(?<![\w@/.:\\#-])([A-Za-z][\w'’-]*[a-z]{2}[\"”’)]?)\.([A-Z][a-z]*)(?=[\s,;:]|$)")
_DOUBLE_STOP = re.compile(r"\.([\"”])\.(?!\.)")
_DOMAIN_ENDS = frozenset(
    ("Com", "Net", "Org", "Cn", "Io", "Gov", "Edu", "Js", "Py", "Pdf", "Html", "Md", "Txt", "Ai", "Co", "Uk")
)
_OPENERS_TEXT = """
    A After All Although An And Another As At Based Because Before But By Currently Despite Due During Each Even Every
    First For From Furthermore Hence Here How However I If In Indeed Instead It Its Last Later Let Many Meanwhile More
    Moreover Most Next No Not Now Of On Once One Only Our Over People Recently Second Since So Some Such That The Their
    Then There Therefore These They Third This Those Through Thus To Today Tomorrow Under Until Up We What When Where
    Whether Which While Who Why With Without Yes Yesterday Yet You
"""
_OPENERS = frozenset(_OPENERS_TEXT.split())

_ENDS_A_SENTENCE = re.compile(rf"(?![?？])[.{STOPS}{ELLIPSIS}{PAUSES}、~～][{CLOSING}]*$|[”\"」』]$")
_HEADING_START = re.compile(rf"[A-Z0-9{HAN}\"“‘「『《（(【#§■●◆▲]")
_NUMBERED = re.compile(
    r"(?:第?[一二三四五六七八九十百]+[、章节讲部]|[（(][一二三四五六七八九十\d]+[)）]|\d{1,2}[、.．]\s?)"
)
_MAX_HAN_HEADING_CHARACTERS = 30  # characters; a numbered one may be half as long again
_MAX_LATIN_HEADING_CHARACTERS = 100
_MAX_HEADING_WORDS = 16


def clean_text(text: str) -> str:
    """``text`` on one line in NFC, stripped: blanks of every kind become one space, invisible characters are removed.

    Nothing visible is lost or changed; a lone surrogate (which UTF-8 cannot hold) becomes U+FFFD. Idempotent.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    if text.isprintable() and not _BLANK_LETTER.search(text):
        return unicodedata.normalize("NFC", " ".join(text.split()))
    shown = _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", _INVISIBLE.sub("", text))
    return unicodedata.normalize("NFC", " ".join(_LITTER_JOINER.sub("", " ".join(shown.split())).split()))


def repair_spacing(text: str) -> str:
    """The text with a blank after a full stop that lost it (requirements.Today), and with `."` in place of `.".`.

    Conservative: PM2.5, e.g., U.S.A., file names, addresses and Node.js stay. Only for display and search; the archive
    keeps the printed text.
    """
    return _DOUBLE_STOP.sub(r".\1", _GLUED_SENTENCE.sub(_opened, text))


def is_section_heading(line: str) -> bool:
    """True if a line of its own has the shape of a heading: short and without the end of a sentence.

    No heading begins with a small letter. A question mark may end a heading; any other mark of a sentence or a
    pause, and a closing quotation mark, makes a paragraph.
    """
    text = line.strip()
    if not text or len(text) > _MAX_LATIN_HEADING_CHARACTERS or not _HEADING_START.match(text):
        return False
    if _ENDS_A_SENTENCE.search(text):
        return False
    if holds_han(text):
        longest = _MAX_HAN_HEADING_CHARACTERS * (1.5 if _NUMBERED.match(text) else 1)
        return len(text) <= longest and "。" not in text
    return len(text.split()) <= _MAX_HEADING_WORDS and not re.search(r"[.!] [A-Z]", text)


def _opened(found: re.Match[str]) -> str:
    before, after = found[1], found[2]
    in_a_sentence = found.string.count(" ", max(0, found.start() - 80), found.start()) >= 4
    if after in _DOMAIN_ENDS or not (after in _OPENERS or in_a_sentence):
        return found[0]
    return f"{before}. {after}"
