"""Failures of lists and of articles have loggers of their own, as text and as JSON Lines."""

import json
from pathlib import Path

import pytest
from support.fixed_pages import Pages, serving, town

pytestmark = pytest.mark.slow

LISTS, ARTICLES = "crawler.spiders.seed_reader", "crawler.spiders.article_spider"
CLOSED = "127.0.0.1:9"  # discard: nobody listens there

# What failed, how its line goes on, and the logger that says it. {site} and {closed} are hosts of this machine.
FAILURES = [
    ("http://{site}/feed", "HTTP 404", LISTS),
    ("http://{closed}/list", "robots.txt could not be fetched: {closed} refuses the connection", LISTS),
    ("http://{site}/never/list", "refused: `never` in thinker.toml names http://{site}/never", LISTS),
    ("http://{closed}/article/1", "robots.txt could not be fetched: {closed} refuses the connection", ARTICLES),
    ("http://{site}/never/article/2", "refused: `never` in thinker.toml names http://{site}/never", ARTICLES),
    ("http://{site}/article/3", "the site has a fault: HTTP 500", ARTICLES),
    ("http://{site}/article/4", "it is not an article: no headline; 0 links", ARTICLES),
]


def failing(home: Path, pages: Pages) -> list[str]:
    """A crawl of lists and articles that fail in each of these ways; its stderr."""
    site = pages.address.removeprefix("http://")
    addresses = (f"http://{CLOSED}/article/1", "/never/article/2", "/article/3", "/article/4")
    pages.put("/list", "".join(f"<a href='{address}'>{address}的文章</a>" for address in addresses))
    pages.put("/article/3", "busy", status=500)
    pages.put("/article/4", "<p>。</p>")
    more = f'hosts = ["{site}", "{CLOSED}"]\nfeeds = ["{pages.address}/feed"]\n'
    thinker = town(home, pages, more=f'{more}[crawler]\nnever = ["{pages.address}/never"]\n', lists="/list")
    file = home / "thinker.toml"
    lists = "".join(f', "{address}"' for address in (f"http://{CLOSED}/list", f"{pages.address}/never/list"))
    text = file.read_text().replace('/list"]', f'/list"{lists}]').replace("allow = [", f'allow = ["{CLOSED}", ')
    file.write_text(text)
    process = thinker.start("crawl", "town", "--json", "--log-json")
    _, err = process.communicate(timeout=300)
    assert process.returncode == 3
    return [line for line in err.splitlines() if line]


def test_lists_and_articles_have_loggers_of_their_own(tmp_path: Path) -> None:
    with serving() as pages:
        lines = [json.loads(line) for line in failing(tmp_path / "home", pages)]
        site = pages.address.removeprefix("http://")
    told = {(line["logger"], line["message"]) for line in lines if line["level"] == "warning"}
    wanted = [[text.format(site=site, closed=CLOSED) for text in row] for row in FAILURES]
    assert told == {(logger, f"{url}: {cause}") for url, cause, logger in wanted}
