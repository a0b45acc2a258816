"""Addresses of login pages, recognised by whole words of path, host or query."""

import re
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

# A segment of a path that is one of these words, also with a prefix or suffix: user-login, loginForm.
_LOGIN = r"(?:log[-_]?in|sign[-_]?in|log[-_]?on|sign[-_]?on|denglu|登[录陆錄入])"
_WHOSE = r"(?:(?:user|member|account|site|wp|client|customer|reader|oauth2?|sso|web|to|go|do|show|ajax|need)[-_]?)?"
_SEGMENT = re.compile(rf"{_WHOSE}{_LOGIN}(?:[-_]?(?:page|form|index|view|required))?", re.IGNORECASE)
_DOOR = re.compile(r"sso|cas|oauth2?|authorize|unauthori[sz]ed|need[-_]?auth", re.IGNORECASE)
_WEAK = re.compile(r"passport|auth", re.IGNORECASE)  # ordinary pages are about these as well
_HOST = re.compile(r"passport|sso|login|signin|cas|auth|oauth|accounts|idp|denglu", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:html?|shtml|php\d?|aspx?|jspx?|jhtml|do|action|cgi|py|pl|cfm)$", re.IGNORECASE)
_PLAIN_PAGE = re.compile(r"\.s?html?$", re.IGNORECASE)
_INDEX = frozenset(("", "index", "default", "home"))
# Behind these a word is the topic of a page: /blog/login, /tags/login, /2024/login.
_ABOUT = re.compile(
    r"blogs?|news|articles?|tags?|topics?|categor(?:y|ies)|wiki|posts?|stor(?:y|ies)|archives?|columns?|search|docs?"
    r"|help|faq|products?|reviews?|\d{4,}",
    re.IGNORECASE,
)
_BACK = re.compile(
    r"back(?:_?url|_?to)?|callback|continue|forward|goto|next|redir(?:ect)?(?:_?ur[il]|_?to)?|return(?:_?to|_?ur[il])?"
    r"|service|reurl|rurl|gourl|tourl|client_id|response_type",
    re.IGNORECASE,
)
_PAGE = re.compile(r"a|ac|act|action|app|c|do|m|mod|op|page|r|route|s|view", re.IGNORECASE)
_LOGGING = re.compile(rf"(?:logging|{_WHOSE}{_LOGIN})", re.IGNORECASE)  # Discuz! calls it logging
_SECOND_LEVEL = frozenset(("ac", "co", "com", "edu", "gov", "net", "org", "go", "or", "ne", "gob", "mil"))
_MAX_PARAMETERS = 100  # an address may have thousands, and each is matched with the patterns


def is_login(url: str, whence: str | None = None) -> bool:
    """True if an absolute address is that of a login page; a page about login pages is not one.

    whence: the address that leads there. On the same host as whence, the name of the host does not count.

    >>> is_login("https://news.example/user/login.do?returnUrl=%2Fa%2F1")
    True
    >>> is_login("https://news.example/blog/login-to-the-future.html")
    False
    """
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        own = (urlsplit(whence).hostname or "").rstrip(".") if whence else None
    except ValueError:
        return False
    query = parse_qsl(parts.query, keep_blank_values=True) if parts.query.count("&") < _MAX_PARAMETERS else []
    return (host != own and _is_login_host(host)) or _is_login_path(parts, query) or _asks_for_login(query)


def _is_login_host(host: str) -> bool:
    """True if the first label of a host is a word for logins in front of its registered name.

    login.example.com is one, passport.gov.in is not.
    """
    first, *rest = host.split(".")
    registered = 3 if len(rest) > 1 and len(rest[-1]) == 2 and rest[-2] in _SECOND_LEVEL else 2
    return len(rest) >= registered and _HOST.fullmatch(first) is not None


def _is_login_path(parts: SplitResult, query: list[tuple[str, str]]) -> bool:
    plain = _PLAIN_PAGE.search(parts.path) is not None
    segments = [_ENDING.sub("", unquote(segment).partition(";")[0]) for segment in parts.path.split("/")[1:]]
    while segments and segments[-1].lower() in _INDEX:
        segments.pop()
    if not segments or any(map(_ABOUT.fullmatch, segments[:-1])):
        return False
    first, last = segments[0], segments[-1]
    if _SEGMENT.fullmatch(last) or _SEGMENT.fullmatch(first):
        return True
    if any(_BACK.fullmatch(name) for name, _ in query):
        return any(_DOOR.fullmatch(segment) or _WEAK.fullmatch(segment) for segment in segments)
    return not plain and (
        _DOOR.fullmatch(last) is not None or (len(segments) == 1 and _WEAK.fullmatch(last) is not None)
    )


def _asks_for_login(query: list[tuple[str, str]]) -> bool:
    """True if the query names a login page of a program with one address for all: ?mod=logging&action=login."""
    return any(_PAGE.fullmatch(name) and _LOGGING.fullmatch(value.rpartition("/")[2]) for name, value in query)
