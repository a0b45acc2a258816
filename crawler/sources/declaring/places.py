"""The addresses of a source from the roots of its sites: patterns for its scope, and its hosts."""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from parsers.urls import urlkey


def below(*roots: str) -> str:
    """A pattern for the beginning of all addresses on these sites, by http or https, with or without www.

    >>> below("https://www.news.example", "http://old.news.example/cn")
    'https?://(?:(?:www\\\\.)?news\\\\.example|old\\\\.news\\\\.example/cn)'
    """
    return f"https?://(?:{'|'.join(map(_place, roots))})"


def hosts(*roots: str) -> tuple[str, ...]:
    """The hosts of these sites as written, each once: hosts("https://www.a.example/cn") -> ("www.a.example",)."""
    return tuple(dict.fromkeys(urlsplit(root).netloc for root in roots))


def sites(homepage: str, *roots: str) -> tuple[str, ...]:
    """The homepage, then those of `roots` that are other sites; a homepage that is not one of `roots` stands alone.

    roots: the publisher's real sites, its home among them; a homepage elsewhere is a copy of them.

    >>> sites("https://a.example", "https://a.example", "https://b.example"), sites("http://127.0.0.1:1", "https://a.example")
    (('https://a.example', 'https://b.example'), ('http://127.0.0.1:1',))
    """
    others = [root for root in roots if not is_one(root, homepage)]
    return (homepage, *others) if len(others) < len(roots) else (homepage,)


def moved(url: str, home: str, homepage: str) -> str:
    """The address of a seed, without its query, when all of the publisher's sites are served below `homepage`.

    Copies are served like this. If `homepage` is `home` itself, only addresses below it change: they begin as the
    homepage does, and keep their query.

    >>> moved("http://econ.cssn.cn/jjx/", "http://www.cssn.cn", "http://127.0.0.1:8765/cssn")
    'http://127.0.0.1:8765/cssn/jjx/'
    """
    if is_one(home, homepage):  # its own lists by the scheme of `homepage`
        return homepage + url.removeprefix(home) if url.startswith(home) else url
    parts = urlsplit(url)
    return homepage + parts.path + (f"#{parts.fragment}" if parts.fragment else "")


@lru_cache(maxsize=1_000)  # a source asks it of each of its lists, and every command of all sources
def is_one(home: str, homepage: str) -> bool:
    """True if two addresses are one home, by http or https, with or without www.

    >>> is_one("https://www.a.example", "http://a.example"), is_one("https://a.example", "https://m.a.example")
    (True, False)
    """
    return urlkey(home) == urlkey(homepage)


def _place(root: str) -> str:
    parts = urlsplit(root)
    host = parts.netloc.removeprefix("www.")
    www = r"(?:www\.)?" if host != parts.netloc else ""
    return www + re.escape(host + parts.path)
