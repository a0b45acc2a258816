"""Faults by path: lists, robots.txt, sitemaps and feeds; and which of several faults strikes."""

import http.client

import pytest
from support.newsroom_client import get, raw

PATHS = [
    "/robots.txt", "/list/1", "/sitemap.xml", "/sitemap-1.xml", "/news-sitemap.xml", "/feed.xml", "/", "/nowhere",
    "/news/list?section=&page=2", "/viewpoint/page_1.html", "/staticsg/data/web/home/topnewslist.json",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("path", PATHS)
def test_a_fault_on_a_path_strikes_nothing_else(site, path):
    others = [other for other in (*PATHS, "/article/12.html") if other != path]
    before = [get(site, other).status for other in others]
    site.event(do="status", path=path, code=500)
    assert get(site, path).status == 500
    assert [get(site, other).status for other in others] == before
    site.event(do="clear", path=path)
    assert get(site, path).status != 500


def test_a_path_with_a_query_is_that_query_only(site):
    site.event(do="status", path="/news/list", code=500)
    site.event(do="status", path="/news/list?page=2", code=501)
    asked = ["/news/list", "/news/list?page=2", "/news/list?page=3", "/news/list?page=2&x=1", "/news/sublist"]
    assert [get(site, path).status for path in asked] == [500, 501, 500, 500, 200]
    site.event(do="clear", path="/news/list")
    assert [get(site, path).status for path in asked] == [200, 501, 200, 200, 200]


def test_an_articles_fault_goes_before_a_paths_and_that_before_the_sites(site):
    path = "/article/12.html"
    for place, code in (({}, 501), ({"path": path}, 502), ({"article": 12}, 503)):
        site.event(do="status", code=code, **place)
    seen = [get(site, path).status]
    for place in ({"article": 12}, {"path": path}, {}):
        site.event(do="clear", **place)
        seen.append(get(site, path).status)
    assert seen == [503, 502, 501, 200]


def test_a_paths_fault_goes_before_the_sites_on_lists_too(site):
    site.event(do="status", code=501)
    site.event(do="status", path="/list/1", code=502)
    assert [get(site, path).status for path in ("/list/1", "/robots.txt")] == [502, 501]


def test_clear_of_another_place_keeps_a_fault_and_clear_alone_ends_it(site):
    site.event(do="status", path="/list/1", code=500)
    site.event(do="clear", path="/robots.txt")
    site.event(do="clear", article=12)
    assert get(site, "/list/1").status == 500
    site.event(do="clear")
    assert get(site, "/list/1").status == 200


def test_a_path_fault_with_times_strikes_only_that_many_requests_of_the_path(site):
    site.event(do="status", path="/robots.txt", code=503, times=2)
    get(site, "/list/1")
    assert [get(site, "/robots.txt").status for _ in range(3)] == [503, 503, 200]


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/list/1", {}),
        ("/list/1", {"path": "/list/1"}),
        ("/news/list?page=2", {"path": "/news/list?page=2"}),
        ("/news/list?page=2", {"path": "/news/list"}),
        ("/article/12.html", {"article": 12}),
        ("/news/detail?id=700012", {"article": 12}),
    ],
)
def test_a_loop_keeps_the_query_and_never_ends(site, path, place):
    site.event(do="loop", **place)
    seen, asked = [], path
    for _ in range(5):
        answer = get(site, asked)
        assert answer.status == 302
        asked = answer.headers["Location"]
        seen.append(asked)
    mark = "&again=1" if "?" in path else "?again=1"
    assert seen == [path + mark, path, path + mark, path, path + mark]


def test_every_other_kind_strikes_a_path(site):
    path, whole = "/sitemap.xml", get(site, "/sitemap.xml").body
    site.event(do="hang", path=path)
    assert raw(site, path, 0.3) == (b"", "silent")
    site.event(do="drip", path=path, size=10, seconds=0.05)
    assert raw(site, path, 0.5)[1] == "silent" or get(site, path).body == whole
    site.event(do="truncate", path=path)
    with pytest.raises(http.client.IncompleteRead):
        get(site, path)
    site.event(do="reset", path=path)
    assert raw(site, path)[1] == "reset"
    site.event(do="wrong_length", path=path, by=-10)
    assert get(site, path).body == whole[:-10]
    site.event(do="lying_charset", path=path)
    assert get(site, path).headers["Content-Type"] == "application/xml; charset=gbk"
    site.event(do="redirect", path=path, to="/nowhere")
    assert get(site, path).headers["Location"] == "/nowhere"
    site.event(do="bomb", path=path, bytes=5000)
    assert get(site, path).headers["Content-Encoding"] == "gzip"
    site.event(do="trap", path="/list/1")
    assert "/calendar/2026/11.html" in get(site, "/list/1").text
    assert "/calendar/2026/11.html" not in get(site, "/article/12.html").text
