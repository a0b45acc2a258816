"""Pages that are made to break a parser, in a whole crawl: each is recorded with its reason, and the crawl goes on."""

from pathlib import Path

import pytest
from support.crawls import crawl, figures, rows
from support.raw_site import article, raw_site, reply

pytestmark = [pytest.mark.slow, pytest.mark.soak]

ORDINARY = 6
HEAVY = {  # by its address: the page, and the verdict on it
    "endless": (b"<p " + b" ".join(b"a%d='>'" % number for number in range(400_000)) + b">", "crashed"),
    "nested": (b"<html><body>" + b"<div>" * 200_000 + b"x", "not_article"),
    "large": (article(1).replace(b"</article>", b"<p>x</p>" * 2_000_000 + b"</article>"), "not_article"),
    "dates": (b"<html><body>" + "2024年4月13日 昨天 3天前 ".encode() * 200_000, "not_article"),
}


def test_heavy_pages_cost_themselves_only(tmp_path: Path) -> None:
    """One that takes more than 5 s of processor time, deep nesting, a long page, prose of dates, and one of 30 MB."""
    answers = {f"/article/{name}.html": reply(page) for name, (page, _) in HEAVY.items()}
    answers |= {f"/article/{number}.html": reply(article(number)) for number in range(ORDINARY)}
    answers["/article/too-large.html"] = reply(b" " * 30_000_000)
    with raw_site(answers) as site:
        site.declared(tmp_path)
        told = crawl(site, tmp_path, source="raw")  # type: ignore[arg-type]
    verdicts = dict(rows(tmp_path, "select url, verdict from captures where url like '%/article/%'"))
    found = {url.rpartition("/")[2].removesuffix(".html"): verdict for url, verdict in verdicts.items()}
    expected = {name: verdict for name, (_, verdict) in HEAVY.items()}
    assert found == {**expected, **{str(number): "article" for number in range(ORDINARY)}}
    assert figures(told, "finish_reason", "new_articles", "errors") == ["finished", ORDINARY, len(HEAVY) + 1]
