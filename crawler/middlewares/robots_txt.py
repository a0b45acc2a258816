"""The rules of a robots.txt for one crawler (RFC 9309), from its bytes or its text; pure."""

from __future__ import annotations

import codecs
import re

from protego import Protego

MAX_ROBOTS_BYTES = 500 * 1024  # RFC 9309 §2.5: crawlers read at least so much, and may ignore the rest
FIELD = re.compile(r"^\s*([A-Za-z_-]+)\s*:")
AGENT = re.compile(r"^\s*user[- ]?agent(?:\s*:\s*(\*|[\w-]*)|\s+([^#]+))", re.IGNORECASE)
COMPATIBLE = re.compile(r"Mozilla/\S+ \(compatible; ([^/;)]+)")
KNOWN = {"user-agent", "useragent", "disallow", "allow", "sitemap", "sitemaps", "site-map"} | {
    "crawl-delay", "request-rate", "visit-time", "host", "dissallow", "dissalow", "disalow", "diasllow", "disallaw",
}  # fmt: skip
OURS, OTHERS = "ours", "theirs"  # neither name is a part of the other, which is how protego compares
FORBIDDEN = "User-agent: *\nDisallow: /"
BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


class Rules:
    """The rules of a robots.txt for one product token."""

    def __init__(self, robots_txt: str, token: str) -> None:
        lines = robots_txt.removeprefix("\ufeff").splitlines()
        # An unknown line between two user-agent lines must not split their group (§2.2.4), as protego would.
        self._rules = Protego.parse("\n".join(_renamed(line, token) for line in lines if not _unknown(line)))

    def allow(self, url: str) -> bool:
        """True if the url may be fetched.

        A url that is not ASCII is no URI: it is allowed if it is allowed both percent-encoded (§2.2.2) and as it is.
        """
        readings = {url, url.encode("ascii", "backslashreplace").decode()}
        return all(self._rules.can_fetch(each, OURS) for each in readings)

    @property
    def crawl_delay(self) -> float | None:
        """The seconds between two requests that the file asks for (no standard, but common); None if it does not."""
        delay: float | None = self._rules.crawl_delay(OURS)
        return delay


def allowed(robots_txt: str, user_agent: str, url: str) -> bool:
    """True if a robots.txt lets a user agent fetch a url (RFC 9309)."""
    return Rules(robots_txt, product_token(user_agent)).allow(url)


def product_token(user_agent: str) -> str:
    """The name of a User-Agent for robots.txt (§2.2.1), in lower case.

    It ends at the first slash; without a slash it is the whole User-Agent. A crawler that calls itself a compatible
    Mozilla has the name after `compatible;`.
    """
    compatible = COMPATIBLE.match(user_agent)
    return (compatible[1] if compatible else user_agent.partition("/")[0]).strip().lower()


def text_of(payload: bytes) -> str:
    """The text of the first 500 KiB of a robots.txt: UTF-8, or UTF-16 by its byte order mark.

    A line that is cut there is dropped: `Disallow: /private` might end as `Disallow: /`.
    """
    mark, encoding = next((each for each in BOMS if payload.startswith(each[0])), (b"", "utf-8"))
    text = payload[len(mark) : MAX_ROBOTS_BYTES].decode(encoding, "replace")
    return text if len(payload) < MAX_ROBOTS_BYTES else text[: max(text.rfind("\n"), text.rfind("\r")) + 1]


def _renamed(line: str, token: str) -> str:
    """A user-agent line as `User-agent: NAME`, NAME being OURS (a constant) for the token, OTHERS for every other name.

    `*` stays `*`, and a line of another kind is unchanged. Thus names match only as wholes (§2.2.1).
    """
    agent = AGENT.match(line)
    if agent is None:
        return line
    name = (agent[1] or agent[2] or "").strip().lower()  # agent[2]: a line without a colon, which the RFC does not know
    return f"User-agent: {'*' if name == '*' else OURS if name and name == token else OTHERS}"


def _unknown(line: str) -> bool:
    field = FIELD.match(line)
    return field is not None and field[1].lower() not in KNOWN
