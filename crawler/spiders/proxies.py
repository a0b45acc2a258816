"""A proxy is not used, and that is said: it would look names up where the address guard cannot see."""

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass


def unused_proxy(homepage: str) -> str | None:
    """What to say where the environment names a proxy for a source (http_proxy, https_proxy, all_proxy); else None."""
    parts = urlsplit(homepage)
    host, known = parts.hostname or "", getproxies()
    named = next((kind for kind in (parts.scheme, "all") if known.get(kind)), None)
    if named is None or proxy_bypass(host):
        return None
    return (
        f"{named}_proxy is set and not used: a proxy looks up names where the address guard cannot see what they lead "
        f"to, so {host} is asked directly; unset it, or name {host} in no_proxy"
    )
