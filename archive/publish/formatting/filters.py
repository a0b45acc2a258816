"""Template filters for single values: times in Beijing, languages, links that are safe to follow."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from archive.answers import in_words
from archive.files import STAMP
from archive.publish.formatting.beginnings import brief
from archive.search import HAN_RUN, highlight
from archive.settings import ANY_SITE

DIGEST_DIGITS = 12  # of a content digest in a permalink
BEIJING = ZoneInfo("Asia/Shanghai")
_TAG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_FORMS = {"day": "%Y-%m-%d", "exact": "%Y-%m-%d %H:%M:%S"}
_CODE = re.compile("`([^`]+)`")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


def beijing(moment: str | None, precision: str | None = None) -> str:
    """An ISO 8601 time as Beijing time, like `2024-04-13 23:01`; "" without one.

    Only the day if `precision` is `day`, also the seconds if it is `exact`; a date without a time is returned as it is.
    Raises ValueError for other text.
    """
    if not moment:
        return ""
    if len(moment) == 10:
        return moment
    at = datetime.fromisoformat(moment).astimezone(BEIJING)
    return f"{at:{_FORMS.get(precision or '', '%Y-%m-%d %H:%M')}}"


def evidence_precision(judgement: Mapping[str, Any]) -> str | None:
    """The precision that tells apart the moments of the visits, or readings of lists, on which a judgement rests."""
    return telling_apart(each["at"] for each in (*judgement["probes"], *judgement.get("lists", ())))


def telling_apart(moments: Iterable[str | None]) -> str | None:
    """The `precision` for `beijing` that tells these moments apart: `exact` if two are within one minute, else None."""
    minutes = [moment[:16] for moment in dict.fromkeys(moments) if moment]
    return "exact" if len(set(minutes)) < len(minutes) else None


def precisions(events: Iterable[Mapping[str, Any]]) -> dict[str | None, str | None]:
    """By key of an article, the `precision` for `beijing` that tells apart the moments of its events in a list.

    Rows without a `kind`, which are of articles, are left out. Events without an article count together, as key None.
    """
    moments: dict[str | None, list[str]] = {}
    for event in events:
        if "kind" in event:
            moments.setdefault(event["key"], []).append(event["at"])
    return {key: telling_apart(each) for key, each in moments.items()}


def tongue(text: str | None, declared: str | None = None) -> str:
    """The `lang` of a text (BCP 47): the declared one if valid, else zh-Hans if it has a Chinese character, else en."""
    if declared and _TAG.fullmatch(declared):
        return declared
    return "zh-Hans" if HAN_RUN.search(text or "") else "en"


def web_url(url: str | None) -> str:
    """The URL if it is safe to follow, else "".

    Safe is http(s) with a host, without a user name, blanks, control characters and backslashes.
    """
    if not url or _UNSAFE.search(url):
        return ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme.lower() in ("http", "https") and parts.hostname and not parts.username else ""


def host(url: str | None) -> str:
    """The host of a URL in ASCII (punycode), so that look-alike letters are noticed; "" if the URL is not safe.

    A host that has no such form comes back as Python's `ascii` writes it.
    """
    name = urlsplit(web_url(url)).hostname or ""
    try:
        return name.encode("idna").decode()
    except UnicodeError:
        return ascii(name)


def publisher_of(row: Mapping[str, Any]) -> str:
    """The name under which readers know where an article came from: the publisher of its source, else the source.

    For an article of a source whose pages may be of any site, such as `imported`, the host of its `url`.
    """
    found: str = (host(row.get("url")) if row["source"] in ANY_SITE else row.get("publisher")) or row["source"]
    return found


def source_name(name: str, publisher: str | None, w: Mapping[str, str]) -> str:
    """The name under which readers know a source: its publisher, else its name.

    For a source whose pages may be of any site, words for it in the language of `w`.
    """
    return w[f"source_{name}"] if name in ANY_SITE else publisher or name


def short_digest(digest: str) -> str:
    """The first 12 hex digits of a digest such as `sha256:0123…`, which name a version in its permalink."""
    return digest.rpartition(":")[2][:DIGEST_DIGITS]


def visible(text: str | None) -> str:
    """The text with each bidirectional control (UAX #9) shown by its code, like [U+202E]; "" for None."""
    return _TURNS.sub(lambda found: f"[U+{ord(found[0]):04X}]", text or "")


def mixed(text: str | None, lang: str) -> Markup:
    """Safe HTML of a text in `lang`, empty for None; if `lang` is not Chinese, Chinese words are marked.

    They get `<span lang="zh-Hans">`.
    """
    safe = escape(visible(text))
    if lang.startswith("zh"):
        return safe
    return Markup(HAN_RUN.sub(r'<span lang="zh-Hans">\g<0></span>', str(safe)))  # noqa: S704 - Han only, after escaping


def coded(text: str | None) -> Markup:
    """Safe HTML of a text; text between backticks becomes `<code>`.

    A valid UTC stamp anywhere in it becomes a `<time>` in Beijing. Empty for None.
    """
    shown = _CODE.sub(r'<code lang="en">\1</code>', str(escape(visible(text))))
    return Markup(STAMP.sub(_time, shown))  # noqa: S704 - after escaping


def _time(stamp: re.Match[str]) -> str:
    try:
        return f'<time datetime="{stamp[0]}">{beijing(stamp[0])}</time>'
    except ValueError:  # not a valid time
        return stamp[0]


def marked(text: str, q: str, exact: bool = False) -> Markup:
    """Safe HTML of the whole text with `<mark>` around the hits of the query `q`."""
    return Markup(highlight(text, q, exact))  # noqa: S704 - highlight escapes


def in_bytes(size: float) -> str:
    """A number of bytes as text like `12.3 MB` (10^6 bytes) or, below 1000, `5 bytes`, with a no-break space."""
    return in_words(size).replace(" ", "\N{NO-BREAK SPACE}")


FILTERS: dict[str, Callable[..., object]] = {
    "brief": brief,
    "mixed": mixed,
    "coded": coded,
    "marked": marked,
    "visible": visible,
    "beijing": beijing,
    "evidence_precision": evidence_precision,
    "telling_apart": telling_apart,
    "precisions": precisions,
    "tongue": tongue,
    "web_url": web_url,
    "host": host,
    "publisher_of": publisher_of,
    "source_name": source_name,
    "short_digest": short_digest,
    "in_bytes": in_bytes,
}
