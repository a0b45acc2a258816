"""Sentences about a query that was read otherwise than it may be meant, in English; `text` is that part of it."""

from archive.search.grammar.query import NoteKind

NOTES: dict[NoteKind, str] = {
    "field": "“{text}” is no field: its word was searched as a word.",
    "value": "No word follows “{text}” directly: it was searched as a word.",
    "sign": "The sign “{text}” only separates words, as a blank does.",
    "word": "“{text}” was searched as a word. A blank means AND, and a minus before a word excludes it.",
    "or": "“{text}” has no word on one side and was ignored.",
    "minus": "No word follows “{text}” directly: it only separates words.",
    "open": "“{text}” has no counterpart: its group ends with the query.",
    "close": "“{text}” has no counterpart and was ignored.",
    "deep": "Groups are nested too deeply: the innermost “{text}” was ignored.",
    "negative": "These are all articles but the excluded ones: {text}",
    "reading": "A blank binds more closely than OR. Searched as: {text}",
}
