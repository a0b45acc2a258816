"""Corrects SQL written by hand: Chinese search words need `terms(…)`, and the search indexes were renamed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from archive.schema import INDEXES
from archive.search import HAN_RUN, HAN_SCRIPT

_PAIR = re.compile(f"[{HAN_SCRIPT}]{{2}}")  # the index holds pairs of characters, so a pair is found without terms()
_STRING = r"""'(?:[^']|'')*'|"(?:[^"]|"")*\""""
_FORMER = "|".join(INDEXES)
_NAME = f"{_FORMER}|{'|'.join(INDEXES.values())}"
# The search words for an index: a string or a parameter after `match` or `INDEX =`, or in `INDEX(…)`. Then other uses
# of `match` and of an index's former name. The pattern skips other strings and comments.
_ASKED = re.compile(
    rf"(?P<before>\bmatch\b(?:\s*+\()?\s*+|\b(?:{_NAME})\s*[=(]\s*+)(?P<asked>{_STRING}|[:@$]\w+)"
    rf"|\b(?P<match>match)\b|\b(?P<former>{_FORMER})\b"
    rf"|{_STRING}|--[^\n]*|/\*.*?(?:\*/|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_REFUSED = re.compile(rf"(?:vtable constructor failed: |access to )(?:{'|'.join(INDEXES.values())}).*")
NOT_OPEN = "SQL cannot ask the search index here, because not all texts are published whole: use /search"
_NO_INDEX = re.compile(rf"no such column: (?:\w+\.)?({_FORMER})\Z|'({_FORMER})' is not a function\Z", re.IGNORECASE)


def with_terms(sql: str, params: Mapping[str, object]) -> str | None:
    """The corrected SQL; None if it needs no correction.

    `terms(…)` is put around each string or parameter that an index is searched for, unless each word with Chinese in it
    consists of just two characters, which are found without `terms`. If `asks_former`, former names of indexes are
    replaced by the current ones. `params` are the values of the named parameters.
    """
    renames = asks_former(sql)
    better = _ASKED.sub(lambda found: _better(found, params, renames), sql)
    return better if better != sql else None


def asks_former(sql: str) -> bool:
    """True if the SQL searches any index and also contains the former name of an index, which is now that of a view."""
    found = list(_ASKED.finditer(sql))
    asks = any(each["asked"] or each["match"] for each in found)
    return asks and any(each["former"] or _named(each["before"] or "") != (each["before"] or "") for each in found)


def with_remedy(said: str, is_open: bool = True) -> str:
    """SQLite's error message; with a remedy added if it complains about the former name of an index.

    The remedy names the current index and shows a search of it with `match`. is_open: SQL may ask the indexes; if not,
    the message for one that asks says so.
    """
    if not is_open and _REFUSED.fullmatch(said):
        return NOT_OPEN
    found = _NO_INDEX.search(said)
    if not found:
        return said
    index = INDEXES[(found[1] or found[2]).lower()]
    return f"{said}: the index is {index}; write {index} match terms('…')"


def _named(sql: str) -> str:
    return re.sub(rf"\b({_FORMER})\b", lambda found: INDEXES[found[0].lower()], sql, flags=re.IGNORECASE)


def _better(found: re.Match[str], params: Mapping[str, object], renames: bool) -> str:
    before, asked = found["before"], found["asked"]
    if asked is None:
        return _named(found[0]) if renames and found["former"] else found[0]
    text = str(params.get(asked[1:], "")) if asked[0] in ":@$" else asked
    return f"{_named(before) if renames else before}{f'terms({asked})' if _not_found(text) else asked}"


def _not_found(text: str) -> bool:
    return any(HAN_RUN.search(word) and not _PAIR.fullmatch(word) for word in re.findall(r"\w+", text))
