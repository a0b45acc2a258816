"""The shapes of the policy sites: lists to every article, addresses of both generations, and what goes."""

import json
import re
from urllib.parse import urljoin, urlsplit

import pytest
from support.newsroom_client import ask, get
from support.tables import every_row

from newsroom.process import running
from newsroom.shapes import NEIGHBOURS
from newsroom.site.room import DEFAULT_CLOCK, Newsroom
from newsroom.stories.dates import parse_clock

SITES = {site.prefix[1:]: site for site in NEIGHBOURS}
BEFORE, NOW = "2019-06-01T12:00+08:00", "2026-11-25T09:00+08:00"
ADDRESSES = {
    ("cssn", NOW): r"/cssn/(mkszy/yc|skgz/bwyc|ztzl/jzz/rwln/wh/lnfw1|skgz)/2026\d\d/t2026\d{4}_\d{8}\.shtml",
    ("gmw", NOW): r"/gmw/2026-\d\d/\d\d/content_\d{8}\.htm",
    ("aisixiang", NOW): r"/aisixiang/data/\d{8}\.html",
    (
        "govcn",
        NOW,
    ): r"/govcn/((zhengce(/content)?|yaowen/liebiao|lianbo/bumen)/2026\d\d|gongbao/2026/issue_2026\d\d/2026\d\d)"
    r"/content_\d{8}\.html?",
    (
        "govcn",
        BEFORE,
    ): r"/govcn/((zhengce(/content)?|yaowen/liebiao|lianbo/bumen)/2019-\d\d/\d\d|gongbao/2019/issue_2019\d\d/2019\d\d)"
    r"/content_\d{8}\.html?",
    ("ndrc", NOW): r"/ndrc/(xxgk/zcfb|xwdt)/[a-z]+/2026\d\d/t2026\d{4}_\d{8}\.html",
    ("opinion", NOW): r"/opinion/n1/2026/\d{4}/c461529-\d{8}\.html",
    ("pbc", NOW): r"/pbc/goutongjiaoliu/113456/113469/2026\d{4}000\d{8}/index\.html",
    ("people", NOW): r"/people/n1/2026/\d{4}/c40531-\d{8}\.html",
    ("qstheory", NOW): r"/qstheory/2026\d{4}/[0-9a-f]{32}/c\.html",
    ("qstheory", BEFORE): r"/qstheory/llwx/2019-\d\d/\d\d/c_\d{8}\.htm",
    ("rmlt", NOW): r"/rmlt/2026/\d{4}/\d{8}\.shtml",
    ("thepaper", NOW): r"/thepaper/newsDetail_forward_\d{8}",
}
PRINTED = {("qstheory", "思想者")}  # which the magazine has, and no list


ROW = re.compile(
    r'<a href="([^"]+)"(?: title="[^"]+"(?: istitle="true")?)?>([^<]+)</a>(?:</font>|</span>)?'
    r'<(?:span|i)(?: class="[\w-]+")?>'
    r"(\d{4}[-/]\d\d[-/]\d\d)</"
)
RANKED = re.compile(
    r'<div class="tips"><a href="([^"]+)">([^<]+)</a></div>.*<div class="times">(\d{4}-\d\d-\d\d)</div>'
)


def rows_of(page: str) -> list[tuple[str, str, str]]:
    """Link, title and day of each row of a list, in HTML or JSON; those that lead elsewhere left out."""
    if page.startswith("["):
        rows = [(row["URL"], row["TITLE"], row["DOCRELPUBTIME"]) for row in json.loads(page)]
        return [(urlsplit(url).path, title, day) for url, title, day in rows if "tv.cctv.com" not in url]
    found = RANKED.findall(page) or ROW.findall(page)
    return [(link, title, day.replace("/", "-")) for link, title, day in found]


@pytest.fixture(scope="module")
def eras():
    """The same newsroom in two years; each name of a site is a prefix of both."""
    with running(articles=24, clock=BEFORE) as before, running(articles=24, clock=NOW) as now:
        yield {BEFORE: before, NOW: now}


@every_row(("name", "clock"), ADDRESSES)
def test_the_lists_of_a_site_lead_to_every_article(eras, name, clock):
    site, found = eras[clock], set()
    for first in SITES[name].lists:
        path, turned = SITES[name].prefix + first, 0
        while path:
            page = get(site, path).text
            rows = rows_of(page)
            assert 1 <= len(rows) <= 24
            found |= {(urljoin(path, link), title, day) for link, title, day in rows}
            following = re.search(r'<a href="([^"]+)">下一页</a>', page)
            path, turned = following and following[1], turned + 1
        assert (turned > 1) == (SITES[name].list_page is not None)
    assert {(title, day) for _, title, day in found} == {
        (truth["headline"], truth["date_published"][:10])
        for truth in (site.truth(number, "zh") for number in range(1, 25))
        if (name, truth["article_section"]) not in PRINTED
    }
    assert all(re.fullmatch(ADDRESSES[name, clock], link) for link, _, _ in found)
    assert {get(site, link).status for link, _, _ in found} == {200}


def links_of(site, path: str) -> list[tuple[str, str]]:
    """The target and the text of each link in a page's contents."""
    page = get(site, path)
    rows = re.findall(r'<a href="([^"]+)"><strong>([^<]+)</strong></a>', page.text)
    return [(urljoin(path, link), text) for link, text in rows]


def test_the_printed_qiushi_leads_by_years_and_issues_to_its_articles(eras):
    """The address of a year or an issue has the form of an article's."""
    site = eras[BEFORE]
    form = re.compile(r"/qstheory/\d{8}/[0-9a-f]{32}/c\.html")
    years = links_of(site, "/qstheory/qs/mulu.htm")
    issues = [issue for year, _ in years for issue in links_of(site, year)]
    assert [text for _, text in years] == ["2019年"]
    assert [text for _, text in issues] == ["《求是》2019年第10期", "《求是》2019年第11期"]
    assert all(form.fullmatch(link) for link, _ in (*years, *issues))
    told = [site.truth(number, "zh") for number in range(24, 0, -1)]
    assert [text for issue, _ in reversed(issues) for _, text in links_of(site, issue)] == [
        truth["headline"] for truth in told if truth["article_section"] == "思想者"
    ]
    assert get(site, "/qstheory/20190101/" + "0" * 32 + "/c.html").status == 404


def test_the_sitemap_of_people_names_its_articles_and_those_of_other_channels(eras):
    """As it was seen: another spelling of the root, and a child that is named twice."""
    site = eras[NOW]
    index = get(site, "/people/sitemap_index.xml").text
    children = re.findall(r"<sitemap><loc>([^<]+)</loc></sitemap>", index)
    assert "<sitemapIndex" in index
    assert (len(children), len(set(children))) == (3, 2)
    rows = {child: re.findall(r"<loc>([^<]+)</loc>", get(site, urlsplit(child).path).text) for child in children}
    here = [row for child in rows for row in rows[child] if row.startswith(site.address)]
    assert len(here) == 24
    assert all(rows[child][0].startswith("http://politics.people.com.cn/") for child in rows)
    assert get(site, "/people/sitemap/cn/sports/news_sitemap.xml").status == 404


@every_row("name", SITES)
def test_a_page_and_a_list_are_asked_for_again_with_their_validators(eras, name):
    path, listed = _path(name, 4, NOW), SITES[name].prefix + next(iter(SITES[name].lists))
    for page in (get(eras[NOW], path), get(eras[NOW], listed)):
        assert bool(page.headers.get("ETag")) == bool(page.headers.get("Last-Modified")) == SITES[name].validators


@every_row("name", SITES)
def test_addresses_of_nothing_are_missing(eras, name):
    path, other = _path(name, 4, NOW), _path(name, 5, NOW)
    wrong = [path + "x", path.replace("41000004", "41000999"), path.replace("41000004", "41000005"), f"/{name}/x/"]
    assert {get(eras[NOW], each).status for each in wrong if each != other} == {404}


@pytest.mark.parametrize(("how", "status"), [("404", 404), ("410", 410), ("shell", 200), ("front", 302)])
def test_an_article_goes_from_every_site_and_from_its_lists(site, how, status):
    site.event(do="remove", article=12, how=how)
    for name in SITES:
        path = _path(name, 12, None, articles=40)
        assert get(site, path).status == status
        assert path not in "".join(get(site, SITES[name].prefix + first).text for first in SITES[name].lists)
    site.event(do="restrict", article=12)
    assert all("请登录" in get(site, _path(name, 12, None, articles=40)).text for name in SITES)
    site.event(do="restore", article=12)
    assert {get(site, _path(name, 12, None, articles=40)).status for name in SITES} == {200}


def test_an_article_in_pages_is_counted_by_a_script_and_no_link_leads_on(site):
    site.event(do="paginate", article=12, pages=3)
    first = _path("cssn", 12, None, articles=40)
    pages = [
        get(site, path) for path in (first, first.replace(".shtml", "_1.shtml"), first.replace(".shtml", "_2.shtml"))
    ]
    assert [re.findall(r"currentPage = (\d);.*\nvar countPage = (\d)", page.text) for page in pages] == [
        [(str(number), "3")] for number in range(3)
    ]
    assert not any("下一页" in page.text for page in pages)
    assert get(site, first.replace(".shtml", "_3.shtml")).status == 404
    texts = [re.findall(r"<p>(?!<strong>)(.*?)</p>", page.text) for page in pages]
    assert [text for part in texts for text in part] == site.truth(12, "zh")["paragraphs"]


def _path(name: str, number: int, clock: str | None, articles: int = 24) -> str:
    """The path of an article, by the newsroom's own arithmetic."""
    room = Newsroom(articles, clock=parse_clock(clock) if clock else DEFAULT_CLOCK)
    return SITES[name].prefix + SITES[name].address(room, number)


def test_the_truth_can_be_asked_in_the_language_of_a_shape(quiet_site):
    """Article 5 is English on the ordinary site; the policy sites have it in Chinese, the mirror has 4 in English."""
    told = [quiet_site.truth(number, language)["in_language"] for number in (4, 5) for language in (None, "zh", "en")]
    assert told == ["zh-Hans", "zh-Hans", "en", "en", "zh-Hans", "en"]
    assert quiet_site.truth(5, "en") == quiet_site.truth(5)
    assert get(quiet_site, "/-/truth?article=5&language=fr").status == 404


def test_the_api_of_thepaper_goes_on_by_time_and_not_by_number(quiet_site):
    """It refuses a request without the page it comes from (Referer), and one that posts something else than JSON."""
    path, node = "/thepaper/contentapi/nodeCont/getByNodeIdPortal", {"nodeId": 25483, "pageNum": 1}

    def told(body, kind="application/json;charset=UTF-8", **headers):
        return ask(quiet_site, path, method="POST", body=json.dumps(body), Content_Type=kind, **headers)

    assert told(node).status == 403
    assert told(node, kind="text/plain", Referer="x").json["code"] == 99998
    assert told([], Referer="x").json["code"] == 99998
    pages, answer = [], {"hasNext": True}
    while answer["hasNext"]:
        start = {"startTime": answer["startTime"]} if pages else {}
        answer = told(node | start, Referer="x").json["data"]
        pages.append([row["contId"] for row in answer["list"]])
    every = [each for page in pages for each in page]
    assert (len(pages) > 2, len(set(every))) == (True, len(every))
    assert [row["contId"] for row in told(node | {"pageNum": 7}, Referer="x").json["data"]["list"]] == pages[0]
