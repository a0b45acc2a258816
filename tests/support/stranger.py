"""A stranger: sends the site any bytes, as a server passes them on, and reads the reply as a browser does."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from datasette.app import Datasette
from selectolax.lexbor import LexborHTMLParser

# What our pages are made of, Datasette's icons too; whatever else stands in one came with somebody's text.
TAGS = {
    "a", "article", "blockquote", "body", "br", "button", "caption", "cite", "code", "dd", "del", "details", "div",
    "dl", "dt", "em", "fieldset", "footer", "form", "h1", "h2", "h3", "h4", "head", "header", "hr", "html", "input",
    "ins", "label", "legend", "li", "link", "main", "mark", "meta", "nav", "ol", "optgroup", "option", "p", "path",
    "pre", "s", "search", "section", "select", "small", "span", "strong", "sub", "summary", "sup", "svg", "table",
    "tbody", "td", "textarea", "th", "thead", "time", "title", "tr", "ul",
    "aside", "circle", "figcaption", "figure", "defs", "line", "pattern", "rect", "text", "tspan",
}  # fmt: skip
DATA = ("script", {"type": "application/ld+json"})  # a data block, which is never run
ADDRESSES = {"href", "src", "action", "formaction", "poster", "background", "data", "xlink:href", "srcset", "ping"}
FORBIDDEN = {"style", "http-equiv", "srcdoc", "autofocus"}
HEADERS = {
    "allow", "cache-control", "content-disposition", "content-length", "content-security-policy", "content-type",
    "cross-origin-opener-policy", "cross-origin-resource-policy", "etag", "last-modified", "link", "location",
    "permissions-policy", "referrer-policy", "set-cookie", "vary", "x-content-type-options", "x-frame-options",
    "memento-datetime", "repr-digest", "x-archive-orig-content-encoding", "x-archive-orig-content-type",
}  # fmt: skip
TYPES = {"text/html", "text/plain", "text/css", "application/json", "text/csv", "application/atom+xml",
         "application/feed+json", "application/link-format", "application/xml", "image/png", "image/svg+xml", "",
         "application/octet-stream", "application/x-bibtex", "application/x-research-info-systems",
         "application/vnd.citationstyles.csl+json", "application/openmetrics-text"}  # fmt: skip

LATE = (503,)  # docs/operating.md
AGAIN = 4  # times that a page is asked for; one that always takes too long is reported by its last answer


@dataclass(frozen=True, slots=True)
class Heard:
    """A reply: its status, its headers with names in lower case, and its body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for other, value in self.headers if other == name), "")

    @property
    def type(self) -> str:
        return self.header("content-type").partition(";")[0]


async def ask(application: Any, target: str, headers: Iterable[tuple[str, str]] = (), method: str = "GET") -> Heard:
    """The site's answer to this request line, whose path is decoded as uvicorn decodes it."""
    path, _, query = target.partition("?")
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b'{"key": "newsroom-1"}', "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "method": method,
        "path": unquote(path), "raw_path": path.encode("latin-1"), "query_string": query.encode("latin-1"),
        "headers": [(b"host", b"127.0.0.1"), *((k.encode(), v.encode("latin-1", "replace")) for k, v in headers)],
        "server": ("127.0.0.1", 8001), "client": ("127.0.0.1", 1),
    }  # fmt: skip
    await application(scope, receive, send)
    assert sent[0]["type"] == "http.response.start"
    assert not sent[-1].get("more_body")
    named = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in sent[0]["headers"]]
    return Heard(sent[0]["status"], named, b"".join(message.get("body", b"") for message in sent[1:]))


async def answered(
    application: Any, target: str, headers: Iterable[tuple[str, str]] = (), late: Container[int] = LATE
) -> Heard:
    """As `ask`; asked again where the site ran out of time, which on a loaded machine any page may.

    `late`: the statuses that say so.
    """
    for _ in range(AGAIN):
        heard = await ask(application, target, headers)
        if heard.status not in late:
            break
    return heard


def quoted(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


def spelled(text: str) -> list[str]:
    """The text in a request line: percent-encoded, and also unencoded if servers let that through."""
    plain = text.isascii() and text.isprintable() and " " not in text and "#" not in text
    return [quoted(text), text] if plain and text else [quoted(text)]


def wrong_with(heard: Heard) -> list[str]:
    """The faults of a reply: status 500 or above, foreign headers, a redirect elsewhere, live content, a file.

    Also a call in a template that was not awaited.
    """
    wrong = [str(heard.status)] if heard.status >= 500 else []
    wrong += [f"header {name}" for name, value in heard.headers if name not in HEADERS or set(value) & {"\r", "\n"}]
    location = heard.header("location")
    leads = bool(location) or heard.status in (301, 302, 303, 307, 308)
    wrong += [f"to {location}"] if leads and not _within(location) else []
    wrong += [f"type {heard.type}"] if heard.type not in TYPES else []
    wrong += live(heard.body) if heard.type == "text/html" else []
    wrong += ["a call that was not awaited"] if b"&lt;coroutine object" in heard.body else []
    return wrong + (["a file"] if b"root:x:0:0" in heard.body or b"[boot loader]" in heard.body else [])


def _within(location: str) -> bool:
    return location.startswith("/") and not location.startswith(("//", "/\\"))


def live(page: bytes | str) -> list[str]:
    """Content of a page that is not ours: elements, handlers, styles, addresses that are no web addresses."""
    tree = LexborHTMLParser(page)
    assert tree.root is not None
    return [fault for node in tree.root.traverse() for fault in _faults(node.tag or "", node.attributes)]


def _faults(tag: str, attributes: dict[str, str | None]) -> Iterator[str]:
    if (tag not in TAGS and (tag, attributes) != DATA) and not tag.startswith(("-", "!", "#")):
        yield f"<{tag}>"
    for name, value in attributes.items():
        if name.startswith("on") or name in FORBIDDEN:
            yield f"{tag} {name}"
        elif name in ADDRESSES and not followable(value or ""):
            yield f"{tag} {name}={value}"


def followable(address: str) -> bool:
    """True if a browser asks a web server for it."""
    text = address.strip("".join(map(chr, range(33)))).replace("\t", "").replace("\n", "").replace("\r", "")
    try:
        return urlsplit(text).scheme.lower() in ("", "http", "https")
    except ValueError:
        return text.lower().startswith(("http:", "https:"))


def close(site: Datasette) -> None:
    for database in site.databases.values():
        database.close()
