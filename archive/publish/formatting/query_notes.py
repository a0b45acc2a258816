"""The notes of a page and of a feed on how a query was read."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from archive.files import OtherVersion
from archive.publish.formatting.beginnings import brief
from archive.publish.messages.language import Words
from archive.rules import outdated
from archive.search import parse

MAX_NOTES_SHOWN, MAX_NOTE_CHARACTERS = 10, 600  # of a page or a feed; the data has all of them

Note = dict[str, str]


def notes_on(queries: Iterable[str], exact: bool = False, is_outdated: bool = False) -> list[Note]:
    """The notes on queries as dicts of `kind` and `text`, each once; is_outdated: with the note on the index."""
    notes = dict.fromkeys(chain.from_iterable(parse(q, exact).notes for q in queries))
    return [*(note._asdict() for note in notes), *([{"kind": "outdated", "text": "thinker migrate"}] * is_outdated)]


def index_is_outdated(conn: sqlite3.Connection) -> bool:
    """True if the search index was made by another version's rule, so that a query may find too little in it."""
    try:
        return "words" in outdated(conn)
    except OtherVersion:
        return True


def sentences(notes: Sequence[Mapping[str, str]], w: Words) -> list[str]:
    """The first MAX_NOTES_SHOWN notes as sentences in the language of the page; long words are cut."""
    return [
        w(f"note_{note['kind']}", text=brief(note["text"], MAX_NOTE_CHARACTERS)) for note in notes[:MAX_NOTES_SHOWN]
    ]
