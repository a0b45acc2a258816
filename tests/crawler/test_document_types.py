"""Feeds with a document type, crawled: one that gives a name is read, one that declares entities never is."""

import json
from pathlib import Path

from support.journeys import Thinker
from support.towns import declare, said
from support.written_site import Answer, article, serving

ITEM = "<channel><item><link>/article/{}.html</link></item></channel>"
FEEDS = [
    '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "ADDRESS/rss.dtd"><rss>{}</rss>',
    '<?xml version="1.0"?><!DOCTYPE rss SYSTEM "ADDRESS/rss.dtd"><rss>{}</rss>',
    '<!DOCTYPE rss SYSTEM "ADDRESS/rss.dtd" [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><rss>&b;{}</rss>',
    '<!DOCTYPE rss [<!ENTITY % more SYSTEM "ADDRESS/rss.dtd"> %more;]><rss>{}</rss>',
    '<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss>{}</rss>',
]
DECLARES = "the XML declares a document type; feeds and sitemaps need none, so it is not read"


def test_a_plain_document_type_is_accepted_and_its_dtd_is_never_fetched(tmp_path: Path) -> None:
    def answer(path: str) -> Answer | None:
        number = "".join(filter(str.isdigit, path))
        if path.startswith("/feed"):
            feed = FEEDS[int(number)].replace("{}", ITEM.format(number)).replace("ADDRESS", site.address)
            return Answer(feed.encode(), headers=(("Content-Type", "application/rss+xml"),))
        return Answer(article(int(number))) if path.startswith("/article/") else None

    with serving(answer) as site:
        feeds = [f"{site.address}/feed{number}" for number in range(len(FEEDS))]
        home = declare(tmp_path, town=said(site.as_declared, sitemaps=[], feeds=feeds))
        out, err = Thinker(home).start("crawl", "town", "--json").communicate(timeout=300)
    told = [line.partition("WARNING: ")[2] for line in err.splitlines() if "WARNING" in line]
    assert sorted(told) == [f"{feed}: {DECLARES}" for feed in feeds[2:]]
    assert (json.loads(out)["new_articles"], json.loads(out)["errors"]) == (2, 3)
    asked = {path for path, _ in site.asked}
    assert asked == {"/robots.txt", *(f"/feed{number}" for number in range(5)), "/article/0.html", "/article/1.html"}
