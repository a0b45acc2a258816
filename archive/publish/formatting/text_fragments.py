"""Text fragments of addresses, by which a browser opens a page at the words and marks them.

https://wicg.github.io/scroll-to-text-fragment/: `#:~:text=BEFORE-,WORDS,-AFTER`. The words are found only where they
and their context begin and end with a word. Browsers guess the words in a run of Han characters, so the context reaches
to the ends of the run. A browser that does not know fragments, or does not find the words, opens the page at its top.
"""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import quote

from archive.search import HAN_SCRIPT

_LATIN = rf"[^\W{HAN_SCRIPT}]+"
# One run of word characters: a blank within the context may be the end of a paragraph, which no context may span.
_BEFORE = re.compile(rf"(?<!\w)(?<!\w['’.-])(?:{_LATIN} |\w*)\Z")
_AFTER = re.compile(rf"(?: {_LATIN}|\w*)(?!\w|['’.-]\w)")
_MARKED = re.compile("(.*?)<mark>(.*?)</mark>(.*)", re.DOTALL)
_TAG = re.compile("<[^>]*>")
_CUT = "…"
MAX_CONTEXT_CHARACTERS = 20  # on each side, nine bytes for a Chinese character; longer context is left out


def fragment_of(marked: str) -> str:
    """The fragment that leads to the first `<mark>` in the HTML of a part of a page's text; "" without one.

    `…` at an end says that the text goes on there.
    """
    found = _MARKED.fullmatch(marked)
    return fragment(*(unescape(_TAG.sub("", part)) for part in found.groups())) if found else ""


def fragment(before: str, words: str, after: str) -> str:
    """The fragment that leads to these words, with what stands directly before and after them as context."""
    context = (_lead(before), words, _tail(after))
    lead, named, tail = (quote(text, safe="").replace("-", "%2D") for text in context)
    return f"#:~:text={lead and f'{lead}-,'}{named}{tail and f',-{tail}'}"


def _lead(before: str) -> str:
    found = _BEFORE.search(before)
    if not found:
        return ""
    whole = found.start() > 1 or not before.startswith(_CUT)
    return _short(found[0] if whole else found[0].partition(" ")[2])


def _tail(after: str) -> str:
    found = _AFTER.match(after)
    if not found:
        return ""
    whole = found.end() < len(after) - 1 or not after.endswith(_CUT)
    return _short(found[0] if whole else found[0].rpartition(" ")[0])


def _short(context: str) -> str:
    return context.strip() if len(context) <= MAX_CONTEXT_CHARACTERS else ""


FILTERS: dict[str, Callable[..., str]] = {"fragment": fragment, "fragment_of": fragment_of}
