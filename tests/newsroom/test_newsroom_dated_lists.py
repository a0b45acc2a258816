"""Lists with and without the date of each entry, as the event `lists` sets it."""

import re
from urllib.parse import urlencode

import pytest
from support.newsroom_client import ask, get

# A list of each shape, what marks an entry, what marks its date, and whether it is dated at first.
LISTS = [
    ("ordinary", "/", r"<li[ >]", r"</a> <time datetime=", True),
    ("ordinary", "/list/1", r"<li[ >]", r"</a> <time datetime=", True),
    ("feeds", "/feed.xml", "<item>", "<pubDate>", True),
    ("feeds", "/sitemap.xml", "<sitemap>", "<lastmod>", True),
    ("feeds", "/sitemap-1.xml", "<url>", "<lastmod>", True),
    ("shangguan", "/staticsg/data/web/home/topnewslist.json", '"title"', '"publishtime"', True),
    ("shangguan", "/staticsg/data/web/common/newsrank.json", '"title"', '"publishtime"', True),
    ("shangguan_old", "/news/list", "chengshi_wz_f", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d</div>", True),
    ("shangguan_old", "/news/sublist?section=9011", "chengshi_wz_f", r"\d\d:\d\d:\d\d</div>", True),
    ("mirror", "/viewpoint/page_1.html", 'class="item"', r'class="date">[A-Z][a-z]{2} \d+, \d{4} ', False),
]


def shares(site, path, entry, date):
    """True if every entry of a list is dated, False if no entry is."""
    text = get(site, path).text
    entries, dates = len(re.findall(entry, text)), len(re.findall(date, text))
    assert entries > 0
    assert dates in (0, entries)
    return dates == entries


@pytest.mark.parametrize("dated", [True, False])
def test_the_lists_event_adds_or_drops_the_dates_of_every_list(site, dated):
    assert [shares(site, *marks) for _, *marks, _ in LISTS] == [first for *_, first in LISTS]
    site.event(do="lists", dated=dated)
    assert [shares(site, *marks) for _, *marks, _ in LISTS] == [dated] * len(LISTS)


@pytest.mark.parametrize("shape", sorted({shape for shape, *_ in LISTS}))
def test_one_shape_changes_alone_and_back(site, shape):
    before = {path: get(site, path).body for _, path, *_ in LISTS}
    first = next(first for name, *_, first in LISTS if name == shape)
    site.event(do="lists", shape=shape, dated=not first)
    assert [shares(site, *marks) for _, *marks, _ in LISTS] == [first != (name == shape) for name, *_, first in LISTS]
    site.event(do="lists", shape=shape, dated=first)
    assert {path: get(site, path).body for path in before} == before


def test_a_list_that_loses_its_dates_is_another_version(site):
    paths = ["/", "/list/1", "/feed.xml", "/sitemap-1.xml", "/staticsg/data/web/home/topnewslist.json"]
    before = {path: get(site, path).headers for path in paths}
    site.event(do="lists", dated=False)
    for path in paths:
        for name, header in (("ETag", "If_None_Match"), ("Last-Modified", "If_Modified_Since")):
            assert get(site, path, **{header: before[path][name]}).status == 200


def test_undated_lists_leave_dates_in_news_sitemap_more_news_and_articles(site):
    site.event(do="lists", dated=False)
    assert "<news:publication_date>" in get(site, "/news-sitemap.xml").text
    assert ask(site, "/news/homeMoreNews", "POST", urlencode({"page": 1})).json["object"][0]["publishtime"]
    assert "datetime=" in get(site, "/article/12.html").text
