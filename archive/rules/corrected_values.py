"""The values that an operator may give for a property, cleaned and read as the parser does."""

import difflib
import re
from collections.abc import Sequence

from archive.files import MAX_NOTE_CHARACTERS
from archive.properties import BY_NAME, CORRECTABLE
from parsers.dates import ParsedDate, find_dates, iso_moment, parse_date
from parsers.text import clean_text

DATES = "2024-04-13, 2024-04-13 23:01 or 2024-04-13T23:01:00+08:00"
_BETWEEN_ITEMS = re.compile(r"[;；、\n]")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_SURROGATE = re.compile("[\ud800-\udfff]")


def corrected_value(name: str, said: Sequence[str], timezone: str = "Asia/Shanghai") -> str | None:
    """The text of the values given for the property `name`: a list has one item a line; None if there is nothing.

    An item of a list may be a value of its own, or stand between ; or 、 in one with others. A date is in `timezone` if
    it names no zone; without a time it stays a day. Raises ValueError, with a text for people, for a property that
    cannot be corrected and for a value that it cannot have.
    """
    if name not in CORRECTABLE:
        near = difflib.get_close_matches(name, CORRECTABLE, n=3, cutoff=0.5)
        listed = f"did you mean {' or '.join(near)}?" if near else f"choose one of {', '.join(CORRECTABLE)}"
        raise ValueError(f"no property {name[:100]!r} can be corrected: {listed}")
    if any(map(_SURROGATE.search, said)):
        raise ValueError(f"{name}: the value is not text in UTF-8")
    text = _cleaned(name, said)
    if len(text) > MAX_NOTE_CHARACTERS:
        raise ValueError(f"{name}: the value has {len(text):,} characters, more than {MAX_NOTE_CHARACTERS:,}")
    if text:
        return _read(name, text, timezone)
    if name == "headline":
        raise ValueError("headline: an article is not without a headline")
    if any(said):
        raise ValueError(f'{name}: the value shows nothing: to say that there is none, write ""')
    return None


def _cleaned(name: str, said: Sequence[str]) -> str:
    if BY_NAME[name].is_list:
        items = (clean_text(item) for each in said for item in _BETWEEN_ITEMS.split(each))
        return "\n".join(dict.fromkeys(filter(None, items)))
    if len(said) > 1:
        raise ValueError(f"{name} has one value, not {len(said)}: put it between quotes")
    return clean_text("".join(said))


def _read(name: str, text: str, timezone: str) -> str:
    if BY_NAME[name].kind == "time":
        date = _date(text, timezone)
        if date is None:
            raise ValueError(f"{name}: {text[:100]!r} is not a date such as {DATES}")
        return date.value.date().isoformat() if date.precision == "day" else date.value.isoformat()
    if name == "in_language" and not _LANGUAGE.fullmatch(text):
        raise ValueError(f"{name}: {text[:100]!r} is not a language such as zh-Hans or en")
    return text


def _date(text: str, timezone: str) -> ParsedDate | None:
    """The date that the whole text is; None if it is another text, even one with a date in it."""
    date = parse_date(text, timezone=timezone)
    alone = text.isdecimal() or iso_moment(text) or any(each.raw == text for each in find_dates(text, None, timezone))
    return date if alone else None
