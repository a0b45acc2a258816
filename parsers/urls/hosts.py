"""Host names as the URL standard reads them (url.spec.whatwg.org, §3.5 *host parsing*)."""

import ipaddress
import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

import idna

# URL standard, "forbidden domain code point".
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\"#%/:<>?@\[\\\]^`{|}]")
_NUMBER = re.compile(r"0x[0-9a-f]*|[0-9]+", re.IGNORECASE)


@lru_cache(2048)  # the links of a page lead to few hosts
def normal_host(host: str) -> str:
    """The normal form of ``host``: lower-case ASCII (IDNA, UTS 46), dotted IPv4, IPv6 in brackets.

    Raises ValueError with one line for a host that browsers refuse.
    """
    if host.startswith("["):
        return _ipv6(host)
    ascii_host = _domain(unquote_to_bytes(host).decode("utf-8", "replace"))
    return _ipv4(ascii_host) if _ends_in_number(ascii_host) else ascii_host


def _domain(host: str) -> str:
    # Browsers take an ASCII host as it stands, also where its "xn--" part is not valid Punycode.
    ascii_host = host.lower() if host.isascii() else _to_ascii(host)
    if not ascii_host or _FORBIDDEN.search(ascii_host):
        raise ValueError(f"The host {host[:100]!r} holds a character that no host name may have.")
    return ascii_host


def _to_ascii(host: str) -> str:
    try:
        mapped = idna.uts46_remap(host, std3_rules=False, transitional=False)
        return ".".join(_label_to_ascii(label) for label in mapped.split("."))
    except (idna.IDNAError, UnicodeError) as reason:
        raise ValueError(f"The host {host[:100]!r} is not a domain name: {reason}.") from None


def _label_to_ascii(label: str) -> str:
    if label.isascii() and not label.startswith("xn--"):
        return label
    decoded = _from_punycode(label) if label.startswith("xn--") else label
    _check(decoded)
    return "xn--" + decoded.encode("punycode").decode("ascii")


def _from_punycode(label: str) -> str:
    decoded = label[4:].encode("ascii").decode("punycode")
    if decoded.isascii() or idna.uts46_remap(decoded, std3_rules=False) != decoded:
        raise UnicodeError(f"{label[:60]!r} is not valid Punycode")
    return decoded


def _check(label: str) -> None:
    """Raise UnicodeError by UTS 46 §4.1: for a leading combining mark, a joiner out of context, or the bidi rule."""
    idna.check_initial_combiner(label)
    for place, character in enumerate(label):
        if character in "\u200c\u200d" and not idna.valid_contextj(label, place):
            raise UnicodeError(f"a joiner stands alone in {label[:60]!r}")
    if any("\u0590" <= character <= "\u08ff" for character in label):
        idna.check_bidi(label)


def _ends_in_number(host: str) -> bool:
    labels = host.removesuffix(".").split(".")
    return labels[-1].isdigit() or bool(re.fullmatch(r"0x[0-9a-f]*", labels[-1]))


def _ipv4(host: str) -> str:
    parts = host.removesuffix(".").split(".")
    if len(parts) > 4:
        raise ValueError(f"The host {host[:100]!r} is not an IPv4 address: more than four numbers.")
    numbers = [_ipv4_number(part, host) for part in parts]
    # The last number fills the bytes that are left (URL standard, IPv4 parser): 127.1 is 127.0.0.1.
    if any(number > 255 for number in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
        raise ValueError(f"The host {host[:100]!r} is not an IPv4 address: a number is too large.")
    address = numbers[-1] + sum(number << 8 * (3 - place) for place, number in enumerate(numbers[:-1]))
    return str(ipaddress.IPv4Address(address))


def _ipv4_number(part: str, host: str) -> int:
    if not _NUMBER.fullmatch(part) or len(part) > 100:  # int() refuses more than 4,300 digits
        raise ValueError(f"The host {host[:100]!r} ends in a number and is not an IPv4 address.")
    if part[:2].lower() == "0x":
        return int(part[2:] or "0", 16)
    if part.startswith("0") and part != "0":
        if not re.fullmatch(r"[0-7]+", part):
            raise ValueError(f"The host {host[:100]!r} holds a broken octal number.")
        return int(part, 8)
    return int(part)


def _ipv6(host: str) -> str:
    if not host.endswith("]") or "%" in host:
        raise ValueError(f"The host {host[:100]!r} is not an IPv6 address.")
    try:
        address = ipaddress.IPv6Address(host[1:-1])
    except ValueError:
        raise ValueError(f"The host {host[:100]!r} is not an IPv6 address.") from None
    return f"[{_compressed(address)}]"


def _compressed(address: ipaddress.IPv6Address) -> str:
    """An address by RFC 5952 as browsers print it, without brackets: 2001:db8::1.

    The dotted tail that Python keeps for ::ffff:0:0/96 is hexadecimal: ::ffff:102:304.
    """
    pieces = [f"{int.from_bytes(address.packed[place : place + 2]):x}" for place in range(0, 16, 2)]
    runs = re.finditer(r"(?<![0-9a-f])0(?::0)+(?![0-9a-f])", ":".join(pieces))
    longest = max(runs, key=lambda run: (len(run[0]), -run.start()), default=None)
    text = ":".join(pieces)
    if longest is None:
        return text
    return f"{text[: longest.start()].removesuffix(':')}::{text[longest.end() :].removeprefix(':')}"
