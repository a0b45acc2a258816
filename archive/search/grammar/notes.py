"""Notes on a query that was read otherwise than it may be meant, and their sentences in English."""

import re
from typing import Literal, NamedTuple

from archive.search.grammar.folding import HAN_SCRIPT

NoteKind = Literal[
    "field", "value", "sign", "word", "joined", "quotes", "or", "minus", "open", "close", "deep", "negative", "reading",
]  # fmt: skip


class Note(NamedTuple):
    """Something in a query that was read otherwise than it may be meant, and its text."""

    kind: NoteKind
    text: str


NOTES: dict[NoteKind, str] = {
    "field": "“{text}” is no field: its word was searched as a word.",
    "value": "No word follows “{text}” directly: it was searched as a word.",
    "sign": "The sign “{text}” only separates words, as a blank does.",
    "word": "“{text}” was searched as a word. A blank means AND, and a minus before a word excludes it.",
    "joined": "OR needs a blank on both sides: “{text}” was searched as a word.",
    "quotes": 'Only straight quotes "…" keep words together: those of {text} were searched one by one.',
    "or": "“{text}” has no word on one side and was ignored.",
    "minus": "No word follows “{text}” directly: it only separates words.",
    "open": "“{text}” has no counterpart: its group ends with the query.",
    "close": "“{text}” has no counterpart and was ignored.",
    "deep": "Groups are nested too deeply: the innermost “{text}” was ignored.",
    "negative": "These are all articles but the excluded ones: {text}",
    "reading": "A blank binds more closely than OR. Searched as: {text}",
}

_SIGNS, _WORDS = frozenset("|&+~^*"), frozenset(("AND", "NOT"))
_QUOTED = re.compile("[“「『][^“”「」『』]*[”」』]")
_AS_MINUS = re.compile(r"(?<![^\s(])[‐‑‒–—―−](?=[^\s‐‑‒–—―−])")
_JOINED = re.compile(rf"(?<![^\W{HAN_SCRIPT}])OR(?![^\W{HAN_SCRIPT}])")
_WORD = re.compile(rf"(?:[^\W_]|[{HAN_SCRIPT}])+")


def meant_elsewhere(text: str, token: re.Match[str]) -> Note | None:
    """The note on a word or a sign of a query that means something in other searches; None for any other."""
    found = token[0]
    if found in _SIGNS or _AS_MINUS.match(text, token.start()):
        return Note("sign", found)
    if found in _WORDS:
        return Note("word", found)
    if _JOINED.search(found):
        return Note("joined", found)
    quoted = _QUOTED.match(text, token.start())
    return Note("quotes", quoted[0]) if quoted and len(_WORD.findall(quoted[0])) > 1 else None
