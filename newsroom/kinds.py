"""The kinds of events and faults with their arguments: what checks them and what GET /-/events prints."""

from dataclasses import dataclass
from typing import cast

Value = str | int | float | bool | list[str]
Arguments = dict[str, Value]

PROPERTIES = (
    "headline", "alternative_headline", "article_section", "speaker", "keywords", "date_published",
    "paragraph", "body_text", "biography",
)  # fmt: skip
# Other words people use for the same properties.
SYNONYMS = {
    "title": "headline", "date": "date_published", "tags": "keywords", "column": "article_section",
    "section": "article_section", "subtitle": "alternative_headline", "body": "body_text",
    "paragraphs": "body_text",
}  # fmt: skip


class EventError(ValueError):
    """An event that cannot be applied; the message names what is allowed."""


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a kind: what it means, what it may be, whether it must be there."""

    says: str
    type: type
    required: bool = False
    choices: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of event or fault."""

    says: str
    arguments: dict[str, Argument]
    fault: bool = False


_ARTICLE = Argument("number of the article", int, required=True)
_VALIDATORS = Argument(
    "true: an answer 200 in its place has ETag and Last-Modified, so that a second visit gets 304; default false", bool
)
_TEXTS = {
    "headline": Argument("its headline", str),
    "alternative_headline": Argument("its second clause", str),
    "article_section": Argument("its column", str),
    "speaker": Argument("its speaker", str),
    "keywords": Argument("its tags, a list or a text with | between them", list),
    "date_published": Argument("ISO 8601", str),
    "body_text": Argument("its paragraphs, one a line", str),
}

_EVENTS = {
    "publish": Kind(
        "a new article, N+1 unless a number is given; what is not given is invented",
        {"article": Argument("a number that is not published yet", int), **_TEXTS},
    ),
    "edit": Kind(
        "another text for one property; without more arguments a few characters of one body paragraph change",
        {
            "article": _ARTICLE,
            "property": Argument("default paragraph", str, choices=(*PROPERTIES, *SYNONYMS)),
            "text": Argument("the new value; without it a small, repeatable change (keywords: | between them)", str),
            "paragraph": Argument("which body paragraph, from 1", int),
        },
    ),
    "cosmetic": Kind(
        "only the width of punctuation or white space changes",
        {
            "article": _ARTICLE,
            "how": Argument(
                "width (default), or space: only the markup's white space", str, choices=("width", "space")
            ),
        },
    ),
    "delist": Kind("gone from lists, feeds and sitemaps; the page stays", {"article": _ARTICLE}),
    "remove": Kind(
        "the page goes, and with it its place in the lists",
        {
            "article": _ARTICLE,
            "how": Argument(
                "404 (default), 410, shell: 200 without the article, front: 302 to /",
                str,
                choices=("404", "410", "shell", "front"),
            ),
            "validators": _VALIDATORS,
        },
    ),
    "restrict": Kind("a login page stands in its place", {"article": _ARTICLE, "validators": _VALIDATORS}),
    "restore": Kind("the article stands again where it stood", {"article": _ARTICLE}),
    "paginate": Kind(
        "the ordinary site shows the article in so many pages, /article/N_2.html and on, with links to turn them",
        {"article": _ARTICLE, "pages": Argument("1 (as at first) to 30", int, required=True, choices=(*range(1, 31),))},
    ),
    "outage": Kind("503 everywhere", {"on": Argument("true (default) or false", bool)}),
    "redesign": Kind(
        "another template for the ordinary site, same texts",
        {"design": Argument("0 or 1; without it the other one", int, choices=(0, 1))},
    ),
    "robots": Kind("another robots.txt", {"text": Argument("the whole file", str, required=True)}),
    "clear": Kind("takes faults away", {"article": Argument("only this article's; without it all faults", int)}),
}

_COMMON = {
    "article": Argument("only this article's pages; without it the whole site", int),
    "page": Argument("only this page of an article in pages (paginate); the first is 1", int),
    "times": Argument("only the next so many requests", int),
}
_FAULTS = {
    "hang": Kind("no answer", {"seconds": Argument("answer after so long; without it never", float)}),
    "drip": Kind(
        "the body comes a little at a time",
        {
            "size": Argument("bytes a time, default 64", int),
            "seconds": Argument("between them, default 1", float),
        },
    ),
    "truncate": Kind("the connection closes in the middle of the body", {}),
    "reset": Kind("the connection is reset (RST) in the middle of the body", {}),
    "wrong_length": Kind(
        "Content-Length differs from the body; the connection closes after it",
        {"by": Argument("declared minus sent, default 64; negative declares too little", int)},
    ),
    "lying_charset": Kind(
        "Content-Type names another charset than the bytes have",
        {"charset": Argument("the label; default gbk over UTF-8 and utf-8 over GBK", str)},
    ),
    "status": Kind(
        "another status",
        {
            "code": Argument("default 503", int),
            "retry_after": Argument("seconds, an ISO 8601 time or any text", str),
            "form": Argument("how seconds are written in Retry-After", str, choices=("seconds", "date")),
        },
    ),
    "redirect": Kind(
        "to any address",
        {"to": Argument("Location as it is sent", str, required=True), "code": Argument("default 302", int)},
    ),
    "loop": Kind("redirects that lead back to where they began", {}),
    "trap": Kind("pages link a calendar without end", {}),
    "bomb": Kind(
        "a small gzip body that unpacks to a large one",
        {"bytes": Argument("unpacked, default 100000000", int)},
    ),
}
KINDS: dict[str, Kind] = _EVENTS | {
    name: Kind(kind.says, _COMMON | kind.arguments, fault=True) for name, kind in _FAULTS.items()
}
BOMB_LIMIT = 1 << 34


def checked(event: object) -> tuple[str, Arguments]:
    """The kind and arguments of an event as it was sent. Raises EventError."""
    if not isinstance(event, dict):
        raise EventError('an event is an object such as {"do": "edit", "article": 12}')
    name = event.get("do")
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise EventError(f"no kind {name!r}; kinds: {', '.join(KINDS)}")
    given = {key: value for key, value in event.items() if key not in ("do", "at", "after") and value is not None}
    for key in given:
        if key not in kind.arguments:
            raise EventError(f"{name} has no argument {key!r}; its arguments: {', '.join(kind.arguments) or 'none'}")
    for key, argument in kind.arguments.items():
        if argument.required and key not in given:
            raise EventError(f"{name} needs {key}: {argument.says}")
    return str(name), {key: _value(str(name), key, value, kind.arguments[key]) for key, value in given.items()}


def _value(kind: str, key: str, value: object, argument: Argument) -> Value:
    found = _CASTS[argument.type](value)
    if found is None or (argument.choices and found not in argument.choices):
        allowed = ", ".join(map(str, argument.choices)) or _TYPE_NAMES[argument.type]
        raise EventError(f"{kind}: {key} is {allowed}, not {value!r}")
    return found


def _integer(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.lstrip("-").isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0 else None


def _text(value: object) -> str | None:
    # A status such as 410 and a Retry-After of 30 may be written as numbers.
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else None


def _texts(value: object) -> list[str] | None:
    if isinstance(value, str):
        return [part.strip() for part in value.split("|") if part.strip()]
    return cast("list[str]", value) if isinstance(value, list) and all(isinstance(v, str) for v in value) else None


def _boolean(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


_CASTS = {int: _integer, float: _number, str: _text, list: _texts, bool: _boolean}
_TYPE_NAMES = {
    int: "a whole number",
    float: "a number",
    str: "a text",
    list: "a list of texts",
    bool: "true or false",
}


def described() -> dict[str, dict[str, object]]:
    """The kinds as GET /-/events prints them."""
    return {
        name: {
            "says": kind.says,
            "fault": kind.fault,
            "arguments": {key: _described(argument) for key, argument in kind.arguments.items()},
        }
        for name, kind in KINDS.items()
    }


def _described(argument: Argument) -> dict[str, object]:
    found: dict[str, object] = {
        "says": argument.says,
        "type": _TYPE_NAMES[argument.type],
        "required": argument.required,
    }
    return found | ({"choices": list(argument.choices)} if argument.choices else {})
