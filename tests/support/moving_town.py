"""A source whose site a test changes: the addresses that its list names, redirects, pages that are gone."""

import json
from pathlib import Path
from typing import Any

from support.journeys import Thinker
from support.towns import rows
from support.two_schemes import Doors
from support.written_site import Answer, article

XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


class Town:
    """A source whose list names the addresses that a test sets; its other answers are the articles themselves."""

    def __init__(self, folder: Path) -> None:
        self.home, self.folder = Thinker(folder / "home"), folder
        self.named: list[str] = []
        self.leads: dict[str, tuple[int, str]] = {}  # addresses that redirect: status and where to
        self.pages: dict[str, str] = {}  # addresses of other pages than their articles
        self.gone: set[str] = set()
        self.under: tuple[str, ...] = ()  # the program that crawls run under

    def answer(self, url: str) -> Answer | None:
        path = "/" + url.split("/", 3)[3]
        if path == "/sitemap.xml":
            urls = "".join(f"<url><loc>{each}</loc></url>" for each in self.named)
            return Answer(f"<urlset {XMLNS}>{urls}</urlset>".encode())
        if url in self.leads:
            status, to = self.leads[url]
            return Answer(status=status, headers=(("Location", to),))
        if url in self.pages:
            return Answer(self.pages[url].encode(), headers=(("Content-Type", "text/html; charset=utf-8"),))
        if url in self.gone or not path.startswith("/article/"):
            return None
        return Answer(article(int(path.split("/")[2].partition(".html")[0])))

    def declare(self, site: Doors, scheme: str, **more: object) -> None:
        """A source of this site, its list by one scheme."""
        place = site.at(scheme)
        said = {
            "homepage": place, "sitemaps": [f"{place}/sitemap.xml"], "allow": [f"127.0.0.1:{site.port}"], "delay": 0,
            "recheck": 0, "scope": f"{place}/article/.*", "removal_probes": 2, "removal_spacing": 0, **more,
        }  # fmt: skip
        self.home.home.mkdir(exist_ok=True)
        lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in said.items())
        (self.home.home / "thinker.toml").write_text(f'contact = "you@example.org"\n[sources.town]\n{lines}')

    def crawl(self, code: int = 0, *options: str) -> dict[str, Any]:
        child = self.home.start("crawl", "town", *options, "--json", under=self.under)
        out, err = child.communicate(timeout=300)
        assert child.returncode == code, f"exit code {child.returncode}: {out[-2000:]} {err[-2000:]}"
        told: dict[str, Any] = json.loads(out)
        return told

    def name(self, *names: str, away: str = "") -> None:
        """Make crawls find these names on this machine, and one at a public address. Needs root."""
        hosts = self.folder / "hosts"
        hosts.write_text(f"127.0.0.1 localhost {' '.join(names)}\n" + (f"93.184.216.34 {away}\n" if away else ""))
        self.under = ("unshare", "--mount", "sh", "-c", 'mount --bind "$0" /etc/hosts && exec "$@"', str(hosts))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return rows(self.home.home, query)

    def standing(self) -> list[tuple[Any, ...]]:
        """The key, the number of revisions and the state of each article."""
        return self.rows("select key, revisions, state from articles order by key")
