"""The ordinary site shows a long article in pages: the same text, links to turn them, and nothing else changes."""

import re

import pytest
from support.newsroom_client import ask, content_paragraphs, get

from newsroom.process import running


def pages(site, number):
    """The article's pages as a reader turns them."""
    path, seen = f"/article/{number}.html", []
    while path:
        seen.append(get(site, path).text)
        found = re.search(r'<a rel="next" href="([^"]+)">', seen[-1])
        path = found and found[1]
    return seen


@pytest.mark.parametrize(("number", "count"), [(12, 3), (15, 2), (17, 5)])
def test_the_pages_are_the_whole_text(number, count):
    with running(articles=20) as site:
        before = get(site, f"/article/{number}.html").text
        truth = site.truth(number)
        site.event(do="paginate", article=number, pages=count)
        turned = pages(site, number)
        assert len(turned) == count
        assert [line for page in turned for line in content_paragraphs(page)] == truth["paragraphs"]
        assert [("编辑：" in page or "Editor: " in page) for page in turned] == [False] * (count - 1) + [True]
        assert site.truth(number) == truth
        site.event(do="paginate", article=number, pages=1)
        assert get(site, f"/article/{number}.html").text == before
        assert ask(site, f"/article/{number}_2.html").status == 404


def test_no_page_is_without_a_paragraph():
    with running(articles=20) as site:
        site.event(do="paginate", article=12, pages=30)
        assert [len(content_paragraphs(page)) for page in pages(site, 12)] == [1] * len(site.truth(12)["paragraphs"])


def test_an_edit_and_a_redesign_keep_the_pages():
    with running(articles=20) as site:
        site.event(do="paginate", article=12, pages=3)
        site.event(do="edit", article=12, paragraph=len(site.truth(12)["paragraphs"]))
        site.event(do="redesign")
        assert [line for page in pages(site, 12) for line in content_paragraphs(page)] == site.truth(12)["paragraphs"]


def test_a_fault_may_strike_one_page():
    with running(articles=20) as site:
        site.event(do="paginate", article=12, pages=3)
        site.event(do="status", article=12, page=2, code=500)
        paths = [f"/article/{name}.html" for name in ("12", "12_2", "12_3", "12_4", "12_1", "12_02", "11_2")]
        assert [ask(site, path).status for path in paths] == [200, 500, 200, 404, 404, 404, 404]
        site.event(do="clear", article=12)
        assert ask(site, "/article/12_2.html").status == 200


def test_every_page_has_its_own_validators():
    with running(articles=20) as site:
        site.event(do="paginate", article=12, pages=2)
        tags = {get(site, f"/article/{name}.html").headers["etag"] for name in ("12", "12_2", "11")}
        assert len(tags) == 3
