"""A site that a script renders: `crawl` says so once, `doctor`, `fetch` and `parse` of each page."""

from pathlib import Path

import pytest
from support.journeys import Thinker, asked
from support.towns import declare, rows, said
from support.written_site import Answer, article, listing, serving

SHELL = "<!doctype html><title>江海网</title><body><div id=app></div><script src=/app.js></script></body>"
WHY = "a script renders this page: no prose: 0 links, 0 characters of text"
REMEDY = "scripts are not run: see docs/adding-a-source.md"


def answer(address: str, path: str) -> Answer | None:
    """A sitemap of an article and three shells, and a list that is one too."""
    if path == "/sitemap.xml":
        return Answer(listing(4).replace(b"ADDRESS", address.encode()))
    if path == "/article/0.html":
        return Answer(article(0))
    return Answer(SHELL.encode()) if path.startswith("/article/") or path == "/news" else None


@pytest.mark.slow
def test_a_crawl_says_it_once_and_the_other_commands_of_each_page(tmp_path: Path) -> None:
    with serving(lambda path: answer(site.address, path)) as site:
        town = said(site.as_declared, lists=[f"{site.address}/news"])
        thinker = Thinker(declare(tmp_path, town=town))
        told = []
        for _ in range(2):
            _, err = thinker.start("crawl", "town", "--recheck", "all").communicate(timeout=300)
            told.append([line.partition("WARNING: ")[2] for line in err.splitlines() if "WARNING" in line])
        list_, pages = told[0]
        assert list_ == (
            f"{site.address}/news: a script renders this page: no article is linked in it (see docs/adding-a-source.md)"
        )
        count, _, rest = pages.partition(", such as ")
        example, _, remedy = rest.partition(": scripts")
        assert (count, example[:-6], remedy) == (
            "3 pages of town are rendered by a script",
            f"{site.address}/article/",
            " are not run, so there is no text; see docs/adding-a-source.md",
        )
        assert [line.partition(", such as")[0] for line in told[1]] == [list_, count]  # the same bytes say it again
        why = rows(tmp_path, "select distinct verdict, parse_error from captures where verdict = 'not_article'")
        assert why == [("not_article", WHY)]
        out, _ = thinker.start("doctor", "town").communicate(timeout=300)
        found = [line.replace(site.address, "") for line in out.splitlines() if line.startswith("✗")]
        assert found == [
            f"✗ /news: declared a list, found a page that a script renders → {REMEDY}",
            "✗ /article/0.html: declared page class DefaultPage, found no date → set selectors.date",
            f"✗ /article/1.html: declared page class DefaultPage, found a page that a script renders → {REMEDY}",
        ]
        url = f"{site.address}/article/1.html"
        said_by_fetch = thinker.run("fetch", url, code=3).splitlines()
        assert said_by_fetch[-1] == f"thinker: {url}: it is not an article: {WHY}"
        assert not any("rendered by a script" in line for line in said_by_fetch[:-1])  # it is said once
    (tmp_path / "page.html").write_text(SHELL, encoding="utf-8")
    code, _, err = asked(tmp_path, "parse", str(tmp_path / "page.html"))
    assert (code, WHY in err) == (1, True)
