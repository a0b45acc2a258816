"""A hint for hand-written SQL: FTS5 finds no Chinese by a bare string, and says nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from archive.search.text import HAN_RUN, HAN_SCRIPT

_PAIR = re.compile(f"[{HAN_SCRIPT}]{{2}}")  # as the index has it: found also when it is asked for as it is
_STRING = r"""'(?:[^']|'')*'|"(?:[^"]|"")*\""""
# What an index is asked for: a string or a parameter after `match` or `…_fts =`, or in `…_fts(…)`. Whatever other
# strings and comments say is passed over.
_ASKED = re.compile(
    rf"(?P<before>\bmatch\b(?:\s*+\()?\s*+|_fts\s*=\s*+|_fts\s*\(\s*+)(?P<asked>{_STRING}|[:@$]\w+)"
    rf"|{_STRING}|--[^\n]*|/\*.*?(?:\*/|\Z)",
    re.IGNORECASE | re.DOTALL,
)


def with_terms(sql: str, params: Mapping[str, object]) -> str | None:
    """The SQL with `terms(…)` around each bare string of Chinese that finds nothing; None when there is none.

    `params` are the values of the named parameters.
    """
    wrapped = _ASKED.sub(lambda found: _wrapped(found, params), sql)
    return wrapped if wrapped != sql else None


def _wrapped(found: re.Match[str], params: Mapping[str, object]) -> str:
    asked = found["asked"]
    if asked is None:
        return found[0]
    text = str(params.get(asked[1:], "")) if asked[0] in ":@$" else asked
    return f"{found['before']}terms({asked})" if _not_found(text) else found[0]


def _not_found(text: str) -> bool:
    return any(HAN_RUN.search(word) and not _PAIR.fullmatch(word) for word in re.findall(r"\w+", text))
