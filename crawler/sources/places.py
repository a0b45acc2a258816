"""Where the addresses of a source lie: patterns for its scope, and its hosts, from the roots of its sites."""

import re
from urllib.parse import urlsplit


def below(*roots: str) -> str:
    """A pattern of what all addresses on these sites begin with, by http or https, with or without www.

    >>> below("https://www.news.example", "http://old.news.example/cn")
    'https?://(?:(?:www\\\\.)?news\\\\.example|old\\\\.news\\\\.example/cn)'
    """
    return f"https?://(?:{'|'.join(map(_place, roots))})"


def hosts(*roots: str) -> tuple[str, ...]:
    """The hosts of these sites, as host or host:port, each once."""
    return tuple(dict.fromkeys(urlsplit(root).netloc for root in roots))


def sites(homepage: str, *roots: str) -> tuple[str, ...]:
    """The homepage and its publisher's other sites; a homepage that is none of theirs is a copy, which has no others.

    >>> sites("https://a.example", "https://a.example", "https://b.example"), sites("http://127.0.0.1:1", "https://a.example")
    (('https://a.example', 'https://b.example'), ('http://127.0.0.1:1',))
    """
    return (homepage, *(root for root in roots if root != homepage)) if homepage in roots else (homepage,)


def moved(url: str, home: str, homepage: str) -> str:
    """A seed of the publisher's sites, each of which stands below `homepage` where that is not its own home.

    >>> moved("http://econ.cssn.cn/jjx/", "http://www.cssn.cn", "http://127.0.0.1:8765/cssn")
    'http://127.0.0.1:8765/cssn/jjx/'
    """
    parts = urlsplit(url)
    return url if homepage == home else homepage + parts.path + (f"#{parts.fragment}" if parts.fragment else "")


def _place(root: str) -> str:
    parts = urlsplit(root)
    host = parts.netloc.removeprefix("www.")
    www = r"(?:www\.)?" if host != parts.netloc else ""
    return www + re.escape(host + parts.path)
