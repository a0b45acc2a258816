"""Our own news site on loopback, which the demo, the tests and the benchmarks crawl."""

import re
from urllib.parse import urlsplit

from crawler.sources.declaring.declaration import Source
from crawler.sources.declaring.seed_kinds import Feed, Sitemap

DEFAULT = "http://127.0.0.1:8765"


def newsroom(homepage: str = DEFAULT) -> Source:
    """The source newsroom at `homepage`, an address without a trailing slash; its sitemap names every article."""
    return Source(
        name="newsroom",
        publisher="Jianghai Observer 江海观察",
        homepage=homepage,
        timezone="Asia/Shanghai",
        in_language="zh-Hans",
        seeds=(Feed(f"{homepage}/feed.xml"), Sitemap(f"{homepage}/sitemap.xml")),
        scope=rf"{re.escape(homepage)}/article/\d+\.html",
        delay=0,
        recheck=0,
        removal_probes=2,
        removal_spacing=0,
        allow=(_host_and_port(homepage),),
    )


def _host_and_port(homepage: str) -> str:
    parts = urlsplit(homepage)
    return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
