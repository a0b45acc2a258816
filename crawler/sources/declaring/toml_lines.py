"""Lines of thinker.toml that let one more host into a source, ready to copy."""

import json
import re
from dataclasses import replace
from urllib.parse import urlsplit

from archive.rules import host_in_words, host_of
from crawler.sources.declaring.declaration import Source, is_loopback

DEFAULT_PORTS = {"http": 80, "https": 443}
_FLAGS = re.compile(r"^(?:\(\?[aiLmsux]+\))*")  # allowed only at the beginning of an expression


def lines_declaring(source: Source, url: str) -> list[str]:
    """The lines of [sources.NAME] that let an address and its host into a source: `hosts = ["a.example", …]`.

    Then, only if they are needed, a line `scope = …` and, for an address on this machine, a line `allow = …`.
    """
    host, own = _place(url), list(source.hosts) or _own_places(source)
    wider = replace(source, hosts=(*own, host))
    lines = [f"hosts = {json.dumps(list(wider.hosts), ensure_ascii=False)}"]
    if not wider.in_scope(url):
        lines.append(f"scope = {json.dumps(_wider_scope(source, url), ensure_ascii=False)}")
    if is_loopback(url) and (pair := _with_port(url)) not in source.allow:
        lines.append(f"allow = {json.dumps([*source.allow, pair])}")
    return lines


def _own_places(source: Source) -> list[str]:
    """The hosts of a source that declares none, as `hosts` would name them."""
    return list(dict.fromkeys(map(_place, (source.homepage, *(seed.url for seed in source.seeds)))))


def _wider_scope(source: Source, url: str) -> str:
    """The source's scope, widened so that it lets `url` in.

    An own host in it then stands for the host of `url` too; if that does not let `url` in, all addresses of its host
    are added.
    """
    there = "|".join(map(re.escape, dict.fromkeys((_place(url), urlsplit(url).netloc))))  # a scope matches as written
    for own in (each.lower().removeprefix("www.") for each in source.hosts or _own_places(source)):
        for written in (re.escape(own), own):
            wider = source.scope.replace(written, f"(?:{written}|{there})")
            if wider != source.scope and replace(source, scope=wider).in_scope(url):
                return wider
    bare = _FLAGS.sub("", source.scope)
    flags = source.scope.removesuffix(bare)
    return f"{flags}(?:{bare})|https?://(?:{there})/.+"


def _place(url: str) -> str:
    """The host, with its port unless it is the default, without www., as in urlkeys."""
    return host_in_words(host_of(url))


def _with_port(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port or DEFAULT_PORTS[parts.scheme]}"
