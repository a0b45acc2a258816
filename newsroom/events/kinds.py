"""The kinds of events and faults with their arguments, the checks of events, and the text of GET /-/events."""

from newsroom.events.arguments import Argument, Arguments, EventError, Kind, Value
from newsroom.events.fault_kinds import FAULTS, PATH

PROPERTIES = (
    "headline", "alternative_headline", "article_section", "speaker", "keywords", "date_published",
    "paragraph", "body_text", "biography",
)  # fmt: skip
# Shapes that the event `lists` can name: ordinary (front page and /list), feeds (pubDate in /feed.xml, lastmod in
# sitemaps), shangguan (the static JSON lists), shangguan_old (/news/list, /news/sublist), mirror (its sections).
SHAPES_WITH_LISTS = ("ordinary", "feeds", "shangguan", "shangguan_old", "mirror")
# Other words people use for the same properties.
SYNONYMS = {
    "title": "headline", "date": "date_published", "tags": "keywords", "column": "article_section",
    "section": "article_section", "subtitle": "alternative_headline", "body": "body_text",
    "paragraphs": "body_text",
}  # fmt: skip


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
    "reprint": Kind(
        "the bureau below /bureau/ prints the article as it stands now, and keeps it so",
        {
            "article": _ARTICLE,
            "instead_of": Argument("a passage of the text that the bureau prints otherwise", str),
            "text": Argument("what it prints there; without it nothing", str),
            "scan": Argument("true: it shows a picture of the page and no text; default false", bool),
        },
    ),
    "move": Kind(
        "the bureau's reprint stands on the site's second host (--also localhost); the first one leads there by 301",
        {"article": _ARTICLE},
    ),
    "outage": Kind("503 everywhere", {"on": Argument("true (default) or false", bool)}),
    "redesign": Kind(
        "another template for the ordinary site, same texts",
        {"design": Argument("0 or 1; without it the other one", int, choices=(0, 1))},
    ),
    "lists": Kind(
        "whether lists name the date of each entry; at first all do but the mirror's. The news sitemap, homeMoreNews "
        "(turned by time) and print (all of one day) stay as they are",
        {
            "dated": Argument("true or false", bool, required=True),
            "shape": Argument("only of this one; without it of all five", str, choices=SHAPES_WITH_LISTS),
        },
    ),
    "hosts": Kind(
        "where links lead on a site of several hosts (python -m newsroom --also 127.0.0.2)",
        {
            "links": Argument(
                "asked (as at first): every link stays on the host that was asked; other: links, feeds and sitemaps "
                "name the next host",
                str,
                required=True,
                choices=("asked", "other"),
            )
        },
    ),
    "robots": Kind("another robots.txt", {"text": Argument("the whole file", str, required=True)}),
    "clear": Kind(
        "takes faults away",
        {"article": Argument("only this article's; without it and without path all faults", int), "path": PATH},
    ),
}

KINDS: dict[str, Kind] = _EVENTS | FAULTS
# Arguments that name two places, or two sizes, for one thing.
_ONE_OF = (("article", "path"), ("page", "path"), ("share", "bytes"))


def checked(event: object) -> tuple[str, Arguments]:
    """Check an event as it was sent, a JSON object; return its kind and its arguments, converted to their types.

    `do`, `at`, `after` and arguments that are null are not among them. Raises EventError.
    """
    if not isinstance(event, dict):
        raise EventError('an event is an object such as {"do": "edit", "article": 12}')
    name = event.get("do")
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise EventError(f"no kind {name!r}; kinds: {', '.join(KINDS)}")
    given = {key: value for key, value in event.items() if key not in ("do", "at", "after") and value is not None}
    _check_names(str(name), kind, given)
    return str(name), {key: _value(str(name), key, value, kind.arguments[key]) for key, value in given.items()}


def _check_names(name: str, kind: Kind, given: dict[str, object]) -> None:
    for key in given:
        if key not in kind.arguments:
            raise EventError(f"{name} has no argument {key!r}; its arguments: {', '.join(kind.arguments) or 'none'}")
    for key, argument in kind.arguments.items():
        if argument.required and key not in given:
            raise EventError(f"{name} needs {key}: {argument.says}")
    for one, other in _ONE_OF:
        if one in given and other in given:
            raise EventError(f"{name} takes {one} or {other}, not both")


def _value(kind: str, key: str, value: object, argument: Argument) -> Value:
    stored = argument.value(value)
    if stored is None:
        raise EventError(f"{kind}: {key} is {argument.allowed}, not {value!r}")
    return stored


def described() -> dict[str, dict[str, object]]:
    """The kinds as GET /-/events prints them."""
    return {name: kind.described() for name, kind in KINDS.items()}
