"""The key of a url, and urls that are safe to follow and to print."""

import re
from functools import lru_cache
from urllib.parse import urljoin

from parsers.urls.hosts import normal_host

_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*):(?P<slashes>/*)(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
_AUTHORITY = re.compile(r"(?P<authority>[^/?#]*)(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?", re.DOTALL)
_PORT = re.compile(r"(?P<host>\[[^\]]*\]|[^:\[\]]*)(?::(?P<port>[0-9]*))?")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_MAX_URL_CHARACTERS = 8192  # RFC 9110 §4.1 asks for support of at least 8,000
_MAX_PLAIN_CHARACTERS = 2048

# Addresses that are safe unchanged, like nearly all links: no port, no dot segment, nothing to escape.
_PLAIN = re.compile(
    r"(https?://(?:[a-z0-9-]++\.)+[a-z][a-z0-9-]*+)?(?:/(?![./])[\w%:@&=+$,!~*'().-]*+)*+(?:\?[\w%:@&=+$,!~*'()./-]++)?",
    re.ASCII,
)

# Parameters that give the reader's origin and do not change the page.
_TRACKER_NAMES = """
    spm scm from from_source fromsource from_id isappinstalled share_token share_source share_medium
    share_from sharefrom shareuid share_id wxfid wx_id weixin gclid gclsrc dclid fbclid msclkid yclid
    igshid twclid mc_cid mc_eid _ga _gl _hsenc _hsmi hmsr hmpl hmcu hmkw hmci bd_vid vd_source xtor
    ref_src ref_url ncid cmpid
"""
_TRACKERS = frozenset(_TRACKER_NAMES.split())
_TRACKER_PREFIXES = ("utm_", "spm_", "share_", "pk_", "mtm_", "hss_")

# The parameters that identify an article of a WeChat account; its links carry many others.
_WEIXIN, _OF_WEIXIN = "mp.weixin.qq.com", frozenset(("__biz", "mid", "idx", "sn"))

_ESCAPE = re.compile(rb"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PATH_BYTES = _UNRESERVED | frozenset(b"!$&'()*+,;=:@/%[]|")
_QUERY_BYTES = _UNRESERVED | frozenset(b"!$'()*+,;:@/?%[]|={}^`\\")
_ESCAPED_DOT = re.compile(r"%2e", re.IGNORECASE)


def urlkey(url: str) -> str:
    """The identity of ``url`` in SURT form: ``cn,example)/path?b=1&c=2``.

    Scheme, ``www.``, default port, fragment, trackers and a trailing slash do not count; the host is ASCII
    (IDNA, IPv4 and IPv6 normalised as browsers do), the query sorted, escapes spelt one way (RFC 3986 §6.2).
    Raises ValueError with one line for anything but a plain http(s) url: other schemes, control characters,
    user names, backslashes, broken hosts and ports, more than 8,192 characters.

    >>> urlkey("HTTPS://www.Example.cn:443/a/./b/?c=2&utm_source=x&b=1#top")
    'cn,example)/a/b?b=1&c=2'
    """
    scheme, host, port, path, query = _parts(url)
    if port in ("", str(_DEFAULT_PORTS[scheme])):
        port = ""
    return f"{_surt(host)}{':' + port if port else ''}){_path_key(path)}{_query_key(_own_query(host, path, query))}"


def safe_url(url: str, base: str | None = None) -> str | None:
    """``url`` joined to ``base``, if that is an absolute http(s) address that is safe to follow and print, else None.

    Blanks at both ends and tabs and line breaks inside (pages wrap long attributes) are removed as browsers do; blanks,
    double quotation marks and angle brackets inside are escaped. None for an address with a user name, a backslash,
    another control character, or a host that browsers refuse.

    >>> safe_url(" /a b\\n?c ", "https://www.example.cn/x"), safe_url("https://user@www.example.cn/")
    ('https://www.example.cn/a%20b?c', None)
    """
    if plain := _plain(url, base):
        return plain
    stripped = re.sub(r"[\t\n\r]", "", url.strip("\x00 \t\n\r\f\v\u3000\xa0"))
    stripped = re.sub(r"^/{3,}", "//", stripped)
    if not stripped and not base:
        return None
    try:
        joined = urljoin(base, stripped) if base else stripped
        _parts(joined)
    except ValueError:
        return None
    return re.sub(r"[ \"<>]", lambda found: f"%{ord(found[0]):02X}", joined)


def _plain(url: str, base: str | None) -> str | None:
    """The url if it is absolute and matches _PLAIN, or the origin of the base and the url if it is such a path (/a/b).

    None for any other url, which may be safe too.
    """
    found = _PLAIN.fullmatch(url) if len(url) <= _MAX_PLAIN_CHARACTERS else None
    if found is None or found[1]:
        return url if found else None
    origin = _origin(base) if base and url[:1] == "/" else None
    return f"{origin}{url}" if origin else None


@lru_cache(maxsize=64)
def _origin(url: str) -> str | None:
    """Scheme and host of a plain url, such as https://www.example.cn; None for any other url."""
    found = _PLAIN.fullmatch(url)
    return found[1] if found else None


def _parts(url: str) -> tuple[str, str, str, str, str | None]:
    """Scheme, normal host, port, path and query of a plain http(s) url. Raises ValueError for any other.

    The port is "" if none is given, and has no leading zeros; without a "?" there is no query (None).
    """
    shown = repr(url[:100])
    if len(url) > _MAX_URL_CHARACTERS:
        raise ValueError(f"The url {shown} is longer than {_MAX_URL_CHARACTERS} characters.")
    if _CONTROL.search(url) or "\\" in url:
        raise ValueError(f"The url {shown} holds a control character or a backslash.")
    found = _URL.fullmatch(url.strip())
    if found is None or found["scheme"].lower() not in _DEFAULT_PORTS or len(found["slashes"]) < 2:
        raise ValueError(f"The url {shown} is not an absolute http or https url.")
    split = _AUTHORITY.match(found["rest"])
    if split is None or "@" in split["authority"]:
        raise ValueError(f"The url {shown} holds a user name, which we never follow.")
    host, port = _host_and_port(split["authority"], shown)
    return found["scheme"].lower(), host, port, split["path"], split["query"]


def _host_and_port(authority: str, shown: str) -> tuple[str, str]:
    found = _PORT.fullmatch(authority)
    if found is None or not found["host"]:
        raise ValueError(f"The url {shown} has no host.")
    port = (found["port"] or "").lstrip("0") or ("0" if found["port"] else "")
    if len(port) > 5 or int(port or 0) > 65535:  # int() refuses more than 4,300 digits
        raise ValueError(f"The url {shown} has a port above 65535.")
    return normal_host(found["host"]), port


def _surt(host: str) -> str:
    host = host.removesuffix(".").removeprefix("www.") or host
    if host.startswith("[") or host.replace(".", "").isdigit():
        return host
    return ",".join(reversed(host.split(".")))


def _path_key(path: str) -> str:
    escaped = _escaped(_ESCAPED_DOT.sub(".", path), _PATH_BYTES)
    return "/" + "/".join(_without_dots(escaped.split("/")[1:])).rstrip("/")


def _without_dots(segments: list[str]) -> list[str]:
    """The segments of a path without "." and "..", as RFC 3986 §5.2.4 removes them.

    A ".." also takes away the segment before it; a dot segment at the end leaves no empty one: ["a", "b", "..", "c",
    "."] gives ["a", "c"].
    """
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return kept


def _own_query(host: str, path: str, query: str | None) -> str | None:
    """The part of a query that identifies the page: all of it, except for articles on mp.weixin.qq.com.

    Of a WeChat article's long address it has the four parameters in _OF_WEIXIN; a short address, /s/…, gives None.
    """
    if host != _WEIXIN or not query:
        return query
    if path.startswith("/s/") and len(path) > len("/s/"):
        return None
    told = path.rstrip("/") == "/s" and "__biz=" in query
    return "&".join(pair for pair in query.split("&") if pair.partition("=")[0] in _OF_WEIXIN) if told else query


def _query_key(query: str | None) -> str:
    pairs = [_escaped(pair, _QUERY_BYTES).partition("=") for pair in (query or "").split("&") if pair]
    # "?c" and "?c=" ask the same.
    kept = sorted(f"{name}={value}" if value else name for name, _, value in pairs if not _is_tracker(name.lower()))
    return "?" + "&".join(kept) if kept else ""


def _is_tracker(name: str) -> bool:
    return name in _TRACKERS or name.startswith(_TRACKER_PREFIXES)


def _escaped(text: str, allowed: frozenset[int]) -> str:
    """The text with escapes in one spelling (RFC 3986 §6.2.2): unreserved characters decoded, others in upper case.

    After that, bytes that are not in ``allowed`` are escaped.
    """
    bare = _ESCAPE.sub(_one_escape, text.encode("utf-8"))
    return "".join(chr(byte) if byte in allowed else f"%{byte:02X}" for byte in bare)


def _one_escape(found: re.Match[bytes]) -> bytes:
    byte = int(found[1], 16)
    return bytes([byte]) if byte in _UNRESERVED else found[0].upper()
