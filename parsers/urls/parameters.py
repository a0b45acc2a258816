"""Parameters of addresses that name a visit and not a page, such as session ids: dropped, or found by comparing."""

from collections.abc import Collection, Iterator
from urllib.parse import unquote, urlsplit


def without_parameters(url: str, names: Collection[str]) -> str:
    """The address without these parameters, in its query and behind `;` in its path; else it stays as written.

    The case of a name does not count.

    >>> without_parameters("https://a.example/1.html;JSESSIONID=9F?sid=7&page=2#top", ["jsessionid", "sid"])
    'https://a.example/1.html?page=2#top'
    """
    dropped = {name.lower() for name in names}
    if not dropped or not (";" in url or "?" in url):
        return url
    rest, hash_sign, fragment = url.partition("#")
    place, question, query = rest.partition("?")
    segments = (segment.split(";") for segment in place.split("/"))
    kept = [
        ";".join([first, *(each for each in further if _name(each) not in dropped)]) for first, *further in segments
    ]
    pairs = [pair for pair in query.split("&") if pair and _name(pair) not in dropped]
    if len(pairs) < len([pair for pair in query.split("&") if pair]):
        query = "&".join(pairs)
        question = question if query else ""
    return "/".join(kept) + question + query + hash_sign + fragment


def differing_parameters(url: str, other: str) -> frozenset[str]:
    """The parameters whose values differ between two addresses, in lower case.

    A segment of the path that differs is given as `/` and its number, from 1 on: `/2`.
    """
    one, two = (dict(_values(each)) for each in (url, other))
    return frozenset(name for name in one.keys() | two.keys() if one.get(name) != two.get(name))


def _values(url: str) -> Iterator[tuple[str, str]]:
    parts = urlsplit(url)
    for number, segment in enumerate(parts.path.split("/")):
        first, *further = segment.split(";")
        yield f"/{number}", first
        yield from ((_name(each), each.partition("=")[2]) for each in further)
    yield from ((_name(each), each.partition("=")[2]) for each in parts.query.split("&") if each)


def _name(pair: str) -> str:
    return unquote(pair.partition("=")[0]).lower()
