"""Whether a change means anything: width, blanks, the shape of a mark, counters and the editor line do not."""

import re
import unicodedata
from typing import Literal

Significance = Literal["substantive", "cosmetic"]


def _widths() -> dict[int, str]:
    """Full and half forms of one character. NFKC would fold `10²` to `102` and `①` to `1` too."""
    found: dict[int, str] = {}
    for code in (0x3000, *range(0xFF01, 0xFFEF)):
        kind, _, other = unicodedata.decomposition(chr(code)).partition(" ")
        if kind in ("<wide>", "<narrow>"):
            found[code] = chr(int(other, 16))
    return found


# One mark in another shape. A mark more or less is another text: quotation marks and 书名号 say what is quoted.
_MARKS = str.maketrans(
    {
        **dict.fromkeys("“”„‟「」『』〝〞", '"'),
        **dict.fromkeys("‘’‚‛`´", "'"),
        **dict.fromkeys("‐‑‒–—―−─", "-"),
        **dict.fromkeys("•・‧∙･", "·"),
        "〜": "~",
        "⋯": "…",
        "。": ".",
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff"),
    }
)
_FORMS = {**_widths(), **_MARKS}
_DASH = re.compile("-{2,}")
_ELLIPSIS = re.compile(r"(?:…|\.{3})+")
_LATIN = "0-9A-Za-z\u00c0-\u024f"
_IDLE_SPACE = re.compile(rf"(?<![{_LATIN}]) | (?![{_LATIN}])")

_COUNTED = "阅读|浏览|点击|访问|评论|点赞|转发|分享|收藏|跟[帖贴]|回复|播放|喜欢|人气|热度"
_COUNTER = re.compile(
    rf"(?:总|累计)?(?:{_COUNTED})(?:量|数|次数|人数|数量|总数)?: *[0-9][0-9,.]*[万亿]?[+次人条]?"
    r"|(?:page |total )?(?:views?|reads?|clicks?|hits|comments?|likes?|shares?)(?: count)?: *[0-9][0-9,.]*[kKmM]?",
    re.IGNORECASE,
)


def significance(name: str, before: str | None, after: str | None) -> Significance:
    """Cosmetic when a property says the same in both texts, but for width, blanks, shapes of marks and counters."""
    return "cosmetic" if name == "editors" or _said(name, before) == _said(name, after) else "substantive"


def _said(name: str, text: str | None) -> str:
    if name == "metadata":
        text = "\n".join(line for line in (text or "").split("\n") if not _COUNTER.fullmatch(_folded(line)))
    return _folded(text or "")


def _folded(text: str) -> str:
    marks = unicodedata.normalize("NFC", text.translate(_FORMS)).translate(_MARKS)
    marks = _ELLIPSIS.sub("…", _DASH.sub("-", marks))
    return _IDLE_SPACE.sub("", " ".join(marks.split()))
