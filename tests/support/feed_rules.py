"""Rules of a valid feed: those of RFC 4287 that this site could break, and JSON Feed 1.1 as a schema."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from selectolax.lexbor import LexborHTMLParser

ATOM = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# §3.3: RFC 3339 with an upper-case T and Z
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+")
TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
ONCE = {"feed": ("id", "title", "updated"), "entry": ("id", "title", "updated")}  # §4.1.1 and §4.1.2
AT_MOST_ONCE = {
    "feed": ("generator", "icon", "logo", "rights", "subtitle"),
    "entry": ("content", "published", "rights", "source", "summary"),
}
KNOWN = {
    "feed": {*ONCE["feed"], *AT_MOST_ONCE["feed"], "author", "category", "contributor", "link", "entry"},
    "entry": {*ONCE["entry"], *AT_MOST_ONCE["entry"], "author", "category", "contributor", "link"},
}
# What a reader of feeds shows of an entry's HTML; anything else came with somebody's text.
MARKS = {"-undef", "html", "head", "body", "p", "span", "strong", "ins", "del", "ul", "li", "br", "a", "-text"}


def broken(document: bytes) -> list[str]:
    """The rules of RFC 4287 that an Atom document breaks. Raises XMLSyntaxError if it is not well-formed."""
    feed = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True))
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    names = [entry.findtext(f"{ATOM}id") for entry in entries]
    wrong = [*_container(feed, "feed"), *(each for entry in entries for each in _container(entry, "entry"))]
    wrong += [f"id {name} twice" for name in set(names) if names.count(name) > 1]
    wrong += [] if len(_links(feed, "self")) == 1 else ["not one rel=self"]
    wrong += [] if feed.find(f"{ATOM}author") is not None else ["no author"]  # entries may have none of their own
    newest = max((entry.findtext(f"{ATOM}updated") for entry in entries), default=None)
    return wrong + ([] if newest in (None, feed.findtext(f"{ATOM}updated")) else ["updated is not the newest entry's"])


def _container(element: Any, kind: str) -> Iterator[str]:
    count = {name: len(element.findall(ATOM + name)) for name in KNOWN[kind]}
    yield from (f"{kind}: {count[name]} {name}" for name in ONCE[kind] if count[name] != 1)
    yield from (f"{kind}: {count[name]} {name}" for name in AT_MOST_ONCE[kind] if count[name] > 1)
    yield from (f"{kind}: <{child.tag}>" for child in element if child.tag.removeprefix(ATOM) not in KNOWN[kind])
    for child in element:
        yield from (f"{kind}: {fault}" for fault in _child(child, child.tag.removeprefix(ATOM)))
    alternates = [(link.get("type"), link.get("hreflang")) for link in _links(element, "alternate")]
    yield from [f"{kind}: two alternates alike"] if len(set(alternates)) < len(alternates) else []  # §4.1.1, §4.1.2
    yield from [f"{kind}: no alternate"] if not alternates else []


def _links(element: Any, rel: str) -> list[Any]:
    return [link for link in element.findall(f"{ATOM}link") if link.get("rel", "alternate") == rel]


def _child(child: Any, name: str) -> Iterator[str]:
    said = child.text or ""
    match name:
        case "updated" | "published":
            yield from [f"{name} {said}"] if not MOMENT.fullmatch(said) else []
        case "id":
            yield from [f"{name} {said}"] if not URI.fullmatch(said) else []
        case "link":
            yield from [f"href {child.get('href')}"] if not followed(child.get("href") or "") else []
        case "title" | "subtitle" | "summary":  # §3.1: text unless said otherwise, and then without elements
            yield from [f"{name} {child.get('type')}"] if child.get("type", "text") != "text" or len(child) else []
            yield from ["an empty title"] if name == "title" and not said.strip() else []
        case "content":
            yield from [f"content {child.get('type')}"] if child.get("type") != "html" or len(child) else []
            yield from alive(said)
        case "author":
            yield from ["a nameless author"] if not (child.findtext(f"{ATOM}name") or "").strip() else []
        case "category":
            yield from ["a category without a term"] if not child.get("term") else []
    if child.get(LANG) is not None and not TAG.fullmatch(child.get(LANG)):
        yield f"xml:lang {child.get(LANG)}"


def followed(address: str) -> bool:
    """True if it is the whole address of a web page (RFC 3986)."""
    return bool(URI.fullmatch(address)) and urlsplit(address).scheme in ("http", "https")


def alive(html: str) -> list[str]:
    """Markup in an entry's HTML that we never write: other elements, and attributes other than `lang`."""
    tree = LexborHTMLParser(f"<body>{html}")
    assert tree.root is not None
    return [
        f"<{node.tag} {dict(node.attributes)}>"
        for node in tree.root.traverse()
        if node.tag not in MARKS or set(node.attributes) - {"lang"}
    ]


_TEXT = {"type": "string", "minLength": 1}
_ADDRESS = {"type": "string", "format": "uri", "pattern": "^https?://"}
_AT = {"type": "string", "pattern": f"^{MOMENT.pattern}$"}
_LANGUAGE = {"type": "string", "pattern": f"^{TAG.pattern}$"}
_AUTHORS = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {"name": _TEXT, "url": _ADDRESS, "avatar": _ADDRESS},
        "additionalProperties": False,
        "minProperties": 1,
    },
}
# https://www.jsonfeed.org/version/1.1/ : required fields, the type of each; extensions begin with "_".
JSON_FEED = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": _TEXT,
        "home_page_url": _ADDRESS,
        "feed_url": _ADDRESS,
        "description": _TEXT,
        "user_comment": _TEXT,
        "next_url": _ADDRESS,
        "icon": _ADDRESS,
        "favicon": _ADDRESS,
        "authors": _AUTHORS,
        "language": _LANGUAGE,
        "expired": {"type": "boolean"},
        "hubs": {"type": "array"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id"],
                "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
                "properties": {
                    "id": _TEXT,
                    "url": _ADDRESS,
                    "external_url": _ADDRESS,
                    "title": _TEXT,
                    "content_html": {"type": "string"},
                    "content_text": {"type": "string"},
                    "summary": _TEXT,
                    "image": _ADDRESS,
                    "banner_image": _ADDRESS,
                    "date_published": _AT,
                    "date_modified": _AT,
                    "authors": _AUTHORS,
                    "tags": {"type": "array", "items": _TEXT},
                    "language": _LANGUAGE,
                    "attachments": {"type": "array"},
                },
                "patternProperties": {"^_": {}},
                "additionalProperties": False,
            },
        },
    },
    "patternProperties": {"^_": {}},
    "additionalProperties": False,
}
