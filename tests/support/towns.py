"""Sources of a newsroom that thinker.toml declares, and crawls of several of them at once."""

import json
import os
import sqlite3
from contextlib import ExitStack, closing
from itertools import pairwise
from pathlib import Path
from typing import Any

from support.checkout import ROOT, SUPPORT
from support.loaded import Loaded

from archive import open_archive
from newsroom.process import Site

CRAWLING = SUPPORT / "crawling.py"


def declare(home: Path, **sources: str) -> Path:
    """A home with these sources; each is a table of thinker.toml."""
    open_archive(home).close()
    tables = (f"[sources.{name}]\n{said}\n" for name, said in sources.items())
    text = "".join(('contact = "archive@example.org"\n', *tables))
    (home / "thinker.toml").write_text(text, encoding="utf-8")
    return home


def said(site: Site, path: str = "sitemap.xml", **more: object) -> str:
    """The lines of TOML of a source of the site, whose articles are those of its sitemap; more: further keys."""
    place = site.address.removeprefix("http://")
    values = {"homepage": site.address, "sitemaps": [f"{site.address}/{path}"], "allow": [place], "delay": 0, **more}
    values.setdefault("scope", f"{site.address}/article/.*")
    return "\n".join(f"{key} = {json.dumps(value)}" for key, value in values.items())


def crawl(home: Path, *names: str, **options: object) -> list[dict[str, Any]]:
    """Crawl these sources at once, each in a process of its own. Returns their summaries."""
    with ExitStack() as stack:
        children = [
            stack.enter_context(
                Loaded(
                    [str(CRAWLING), str(home), json.dumps({"source": name, **options})],
                    {**os.environ, "PYTHONPATH": str(ROOT)},
                )
            )
            for name in names
        ]
        ended = [(child, *child.communicate(timeout=300)) for child in children]
    assert [child.returncode for child, *_ in ended] == [0] * len(names), [err for *_, err in ended]
    return [json.loads(out) for _, out, _ in ended]


def gaps(*sites: Site) -> list[float]:
    """Seconds between successive requests, whichever host they name."""
    asked = sorted(float(line["at"]["monotonic"]) for site in sites for line in site.log())  # type: ignore[index]
    return [later - earlier for earlier, later in pairwise(asked)]


def figures(summary: dict[str, Any]) -> tuple[Any, ...]:
    """The four figures of a crawl's summary that tests compare: its end, new articles, articles waiting, errors."""
    return tuple(summary[name] for name in ("finish_reason", "new_articles", "waiting", "errors"))


def rows(home: Path, query: str) -> list[tuple[Any, ...]]:
    """The rows that a query of a home's archive.db gives."""
    with closing(sqlite3.connect(home / "archive.db")) as database:
        return database.execute(query).fetchall()
