"""Bylines in Latin letters: By Jane Doe and John Smith, Von Eva Muster; roles, dates and handles are cut off."""

import re

MAX_BYLINE_CHARACTERS = 200  # some elements that are marked as bylines hold the author's whole biography
MAX_NAMES = 20
_STEMS = r"post|writt|publish|report|edit|erstell"
_VERBS = r"story|words|text|veröffentlicht|geschrieben|verfasst|publié|escrito|scritto"
_VERB = rf"(?:(?:{_STEMS})\w+|{_VERBS})"
_BY = (
    r"by|von|vom|par|por|di|da|door|av|af|przez|autor|autorin|autore|auteur|author|yazan|oleh|penulis|text|texto|testo"
)
_OPENING = re.compile(rf"^[\W_]*(?:(?:{_VERB}\s+)?(?:{_BY})\b\s*[:：]?|(?:{_VERB}|{_BY})\s*[:：])\s*", re.IGNORECASE)
_ONLY_OPENING = re.compile(rf"^[\W_]*(?:{_VERB}\s+)?(?:{_BY})?\s*[:：]?$", re.IGNORECASE)
_ARCHIVE = re.compile(r"^.*\b(?:posts|articles|stories|beiträge|artikel|alles)\s+(?:by|of|von|from)\s+", re.IGNORECASE)
# The end of the names: a date, a handle, a place in brackets, the next item of the line.
_BEHIND = re.compile(
    r"\s*(?:[|·•@(\[<>›»…]|\s[-–—]\s|\d)|\s+(?:on|am|le|for|für|updated|published|posted|follow|last|stand)\b|:",
    re.IGNORECASE,
)
_CONNECTOR = r"and|und|et|og|och|with|mit"
_NARROW = r"e|y|i|en|ve|dan|con"  # these also stand inside names
_SEPARATOR = re.compile(
    rf"\s*(?:[;&/+|]|,(?!\s*(?:jr|sr|ph\.?\s?d|m\.?d|esq|ii+)\b))\s*(?:(?:{_CONNECTOR})\s+)?|\s+(?:{_CONNECTOR})\s+",
    re.IGNORECASE,
)
_NARROW_SEPARATOR = re.compile(rf"\s+(?:{_NARROW})\s+(?=\S+\s+\S)")
# Eva Muster (emu), and the office behind a Korean or Japanese name: nearly no name ends so.
_BEHIND_NAME = re.compile(r"\s+\([^\W\d_][^\W\d_. ]{0,5}\.?\)$|(?<=\S)\s*(?:기자|특파원|記者)$")
_ENDS_BEHIND = (")", "기자", "특파원", "記者")
_WORD = r"(?:[^\W\d_a-zß-ÿ]|Mc|Mac|[OD]['’]|[dl]['’]|al-|el-)[^\W\d_]*(?:[.'’-][^\W\d_]*)*\.?"
_PARTICLE = r"de|del|della|der|den|di|da|do|dos|du|la|le|van|von|vom|zu|zur|ten|ter|bin|ibn|al|el|af|av|y|e"
_NAME = re.compile(rf"{_WORD}(?:\s+(?:(?:{_PARTICLE})\s+)*{_WORD}){{1,4}}")
_NO_PERSON = re.compile(
    r"\b(?:the|this|that|photo|image|getty|newsletter|team|staff|editors?|reporter|correspondent|writer|news|redaktion"
    r"|redaktør|journalist|agency|agentur|press|media|online|magazine|zeitung|more|read|share|comments?|about|contact"
    r"|privacy|terms|copyright|cookies?|january|february|march|april|june|july|august|september|october|november|december"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b",
    re.IGNORECASE,
)
_FIRST_NAMES_TOO = frozenset({"april", "june", "august"})


def split_names(text: str) -> list[str]:
    """The parts of a list of names: at commas, semicolons, & and words for "and" in several languages; [] for "".

    >>> split_names("Anna Martel und Lea Wagner")
    ['Anna Martel', 'Lea Wagner']
    """
    parts = [part for piece in _SEPARATOR.split(text) if piece for part in _narrow_parts(piece)]
    return [name for part in parts if (name := _bare(part.strip()))]


def _bare(name: str) -> str:
    return _BEHIND_NAME.sub("", name) if name.endswith(_ENDS_BEHIND) else name


def opened_names(line: str) -> list[str]:
    """The persons of a line that opens as a byline does: By, Von, Par, Por; [] for any other line.

    >>> opened_names("By Jane Doe, Staff Writer | 2 May 2024")
    ['Jane Doe']
    """
    opening = _OPENING.match(line[:MAX_BYLINE_CHARACTERS])
    return persons(line[opening.end() :]) if opening else []


def marked_names(lines: list[str]) -> list[str]:
    """The persons of an element that is marked as a byline, given line by line: "By" and the names may stand apart.

    >>> marked_names(["By", "Jane Doe", "and", "John Smith", "Travel Reporter"])
    ['Jane Doe', 'John Smith']
    """
    names: list[str] = []
    expected = True
    for line in lines[:12]:
        if _ONLY_OPENING.match(line) or line in ("and", "und"):
            expected = True
            continue
        found = persons(unopened(line)) if expected else []
        if names and not found:
            break
        names += found
        expected = not names or line.endswith((",", " and", " und", "&"))
    return names


def unopened(line: str) -> str:
    """A marked byline, its first 200 characters, without the By or Von that opens it or a link's "all posts by"."""
    return _ARCHIVE.sub("", _OPENING.sub("", line[:MAX_BYLINE_CHARACTERS]))


def persons(text: str) -> list[str]:
    """The persons' names at the beginning of a text, up to a role, a date, a handle or a bracket."""
    line = text[:MAX_BYLINE_CHARACTERS].strip()
    cut = _BEHIND.search(line)
    return _until_another(split_names(line[: cut.start()] if cut else line)[:MAX_NAMES])


def is_person(text: str) -> bool:
    """True if a text looks like a person's whole name in Latin letters: two to five capitalised words.

    Particles (van, de) may stand between them. False if one is a word of no name, such as Team, Editor or Monday.
    """
    if len(text) > 60 or not _NAME.fullmatch(text):
        return False
    return _FIRST_NAMES_TOO.issuperset([word.casefold() for word in _NO_PERSON.findall(text)])


def _narrow_parts(text: str) -> list[str]:
    """The parts at "e" or "y" if each part is a whole name: José Ortega y Gasset stays one."""
    parts = _NARROW_SEPARATOR.split(text)
    return parts if len(parts) == 1 or all(" " in part.strip() for part in parts) else [text]


def _until_another(names: list[str]) -> list[str]:
    """The names up to the first part that is not a person's name, such as a role, a publisher or a place.

    A part in capitals ends them too, unless the first name is in capitals.
    """
    for place, name in enumerate(names):
        if not is_person(name) or (place and name.isupper() and not names[0].isupper()):
            return names[:place]
    return names
