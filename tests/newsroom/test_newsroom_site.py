"""The ordinary site: what stands on it, how a crawler finds all of it, and that it is the same every time."""

import re
import subprocess
import sys
import time
import urllib.error
from itertools import pairwise
from pathlib import Path

import pytest
from support.newsroom_client import ask, content_paragraphs, get, json_ld, raw, texts
from support.tables import every_row

from newsroom.process import running

PATHS = [
    "/", "/article/1.html", "/article/3.html", "/article/5.html", "/article/200.html", "/list/1", "/list/4",
    "/feed.xml", "/sitemap.xml", "/sitemap-1.xml", "/news-sitemap.xml", "/robots.txt", "/-/events", "/-/truth",
    "/staticsg/data/web/home/topnewslist.json", "/staticsg/data/web/home/morenewslist.json",
    "/staticsg/data/web/home/recommandnewslist.json", "/staticsg/data/web/home/quicknewslist.json",
    "/staticsg/data/web/home/bannernewslist.json", "/staticsg/data/web/common/newsrank.json",
    "/staticsg/res/html/web/newsDetail.html?id=700001", "/news/getNewsDetail?id=700003",
    "/news/list?section=1&page=1", "/news/sublist?section=9011&page=2", "/news/detail?id=700003",
    "/journal/list.do", "/journal/2026-11-23/getJournalPage.do?page=10&code=jfrb",
    "/journal/getJournalPageArticle.do?id=500199", "/viewpoint/page_1.html",
]  # fmt: skip


def test_the_same_arguments_give_the_same_bytes(quiet_site):
    with running() as other:
        for path in PATHS:
            first, second = get(quiet_site, path), get(other, path)
            assert first.status == second.status == 200, path
            address = quiet_site.address.encode()
            assert first.body.replace(address, b"") == second.body.replace(other.address.encode(), b""), path
            same = ["Date", "ETag", "Last-Modified", "Content-Type"]
            assert [first.headers[name] for name in same] == [second.headers[name] for name in same], path


@pytest.mark.slow
def test_the_same_events_give_the_same_bytes():
    """Covers every fault with a whole answer, and every page in an article's place."""
    events = [
        {"do": "encoding", "path": "/list/1", "how": "br"},
        {"do": "encoding", "path": "/news/list"},
        {"do": "encoding", "path": "/", "how": "zstd"},
        {"do": "block_page", "path": "/robots.txt"},
        {"do": "header_flood", "path": "/login", "bytes": 5000, "lines": 4},
        {"do": "close", "article": 3},
        {"do": "raw_status", "path": "/list/2", "line": "HTTP/1.1 299 Odd"},
        {"do": "remove", "article": 4, "how": "shell", "validators": True},
        {"do": "lists", "dated": False},
    ]
    with running(articles=60) as one, running(articles=60) as other:
        for site in (one, other):
            for event in events:
                site.event(**event)
        for path in (
            "/list/1",
            "/",
            "/news/list",
            "/login",
            "/robots.txt",
            "/article/3.html",
            "/list/2",
            "/article/4.html",
        ):
            first, second = raw(one, path, 0.5)[0], raw(other, path, 0.5)[0]
            assert first.replace(one.address.encode(), b"") == second.replace(other.address.encode(), b""), path


@pytest.mark.parametrize("changed", [{"seed": 2}, {"clock": "2025-01-01T00:00:00+08:00"}])
def test_another_seed_or_clock_is_another_site(quiet_site, changed):
    with running(**changed) as other:
        first, second = get(quiet_site, "/article/1.html"), get(other, "/article/1.html")
        assert first.headers["ETag"] != second.headers["ETag"]
        assert first.body.replace(quiet_site.address.encode(), b"") != second.body.replace(other.address.encode(), b"")


def test_every_article_page_agrees_with_the_truth(quiet_site):
    for truth in quiet_site.truths():
        page = get(quiet_site, f"/article/{truth['id']}.html").text
        found = json_ld(page)
        assert content_paragraphs(page) == truth["paragraphs"]
        assert texts(page, r"<h2>(.*?)</h2>") == truth["headings"]
        assert texts(page, r'<a class="tag"[^>]*>(.*?)</a>') == truth["keywords"] == found["keywords"]
        assert found["headline"] == truth["headline"]
        assert found.get("alternativeHeadline") == truth["alternative_headline"]
        assert found["articleSection"] == truth["article_section"]
        assert found["datePublished"] == truth["date_published"]
        assert found["mainEntityOfPage"] == truth["url"] == re.search(r'rel="canonical" href="(.*?)"', page)[1]
        assert found["author"]["name"] == (truth["speaker"] or truth["authors"][0])
        assert (truth["state"], truth["versions"]) == ("live", [])


def test_titles_carry_column_speaker_and_tags(quiet_site):
    titles = {}
    for number in (1, 2, 5, 6, 25):
        titles[number] = texts(get(quiet_site, f"/article/{number}.html").text, r"<h1>(.*?)</h1>")[0]
        truth = quiet_site.truth(number)
        assert truth["headline"] in titles[number]
        assert truth["speaker"] is None or truth["speaker"] in titles[number]
    assert titles[1].startswith("思想者")
    assert re.match(r".*Thinker \| [A-Z]\w+ [A-Z]\w+: .* \| .* \| ", titles[5])
    assert titles[6].startswith("观点")


@pytest.mark.parametrize("seed", [1, 7])
def test_articles_have_the_promised_length(seed):
    with running(articles=300, seed=seed) as site:
        for truth in site.truths():
            characters, paragraphs = sum(map(len, truth["paragraphs"])), len(truth["paragraphs"])
            assert 2_000 <= characters <= 8_000, (truth["id"], characters)
            assert 8 <= paragraphs <= 25
            assert len(set(truth["paragraphs"])) == paragraphs
            assert 2 <= len(truth["headings"]) <= 4
            assert (truth["speaker"] is None) == (truth["biography"] is None)


def test_publication_times_rise_with_the_number(quiet_site):
    dates = [truth["date_published"] for truth in quiet_site.truths()]
    assert all(before < after for before, after in pairwise(dates))
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", date) for date in dates)
    assert dates[-1] < "2026-11-25T09:00:00+08:00"


def test_columns_languages_and_encodings_are_mixed(quiet_site):
    truths = quiet_site.truths()
    assert sum(truth["in_language"] == "en" for truth in truths) == 40
    assert {"思想者", "Thinker", "政策解读", "深度", "观点", "财经", "文化"} <= {t["article_section"] for t in truths}
    assert sum(truth["article_section"] in ("思想者", "Thinker") for truth in truths) == 70
    page = get(quiet_site, "/article/3.html")
    assert page.headers["Content-Type"] == "text/html"
    assert '<meta charset="gbk">' in page.body.decode("gbk")


@every_row("path", PATHS[:11])
def test_validators_give_304(quiet_site, path):
    first = get(quiet_site, path)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    assert None not in (etag, modified)
    for headers in ({"If_None_Match": etag}, {"If_None_Match": f'"x", W/{etag}'}, {"If_Modified_Since": modified}):
        again = get(quiet_site, path, **headers)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", etag)
    for headers in (
        {"If_None_Match": '"x"'},
        {"If_None_Match": '"x"', "If_Modified_Since": modified},
        {"If_Modified_Since": "Mon, 01 Jan 1990 00:00:00 GMT"},
        {"If_Modified_Since": "yesterday"},
    ):
        assert get(quiet_site, path, **headers).status == 200


def test_an_edit_ends_the_validity_of_page_and_lists(site):
    paths = ["/article/12.html", "/", "/list/1", "/feed.xml", "/sitemap.xml", "/sitemap-1.xml", "/article/11.html"]
    before = {path: get(site, path).headers for path in paths}
    site.event(do="edit", article=12, property="headline", text="换了标题")
    for path in paths:
        for name, header in (("ETag", "If_None_Match"), ("Last-Modified", "If_Modified_Since")):
            assert get(site, path, **{header: before[path][name]}).status == (304 if "11" in path else 200)


def test_head_has_the_headers_of_get(quiet_site):
    head, whole = ask(quiet_site, "/article/9.html", "HEAD"), get(quiet_site, "/article/9.html")
    assert (head.status, head.body, list(head.headers.items())) == (200, b"", list(whole.headers.items()))


@every_row(
    "path", ["/article/0.html", "/article/201.html", "/article/01.html", "/article/x.html", "/article/1", "/list/5",
             "/list/0", "/sitemap-2.xml", "/nothing", "/calendar/2026/11.html", "/viewpoint/x_1.html"]
)  # fmt: skip
def test_unknown_paths_get_404(quiet_site, path):
    assert get(quiet_site, path).status == 404


def test_a_query_makes_no_other_page(quiet_site):
    assert get(quiet_site, "/article/9.html?utm_source=x").body == get(quiet_site, "/article/9.html").body


def test_lists_lead_to_every_article(quiet_site):
    found, path = [], "/list/1"
    while path:
        page = get(quiet_site, path).text
        found += re.findall(r'href="/article/(\d+)\.html"', page)
        following = re.search(r'<a rel="next" href="(.*?)"', page)
        path = following and following[1]
    assert found == [str(number) for number in range(200, 0, -1)]


def test_robots_txt_names_the_sitemap_and_sitemaps_and_feed_list_the_articles(quiet_site):
    address = quiet_site.address
    assert f"Sitemap: {address}/sitemap.xml" in get(quiet_site, "/robots.txt").text
    assert texts(get(quiet_site, "/sitemap.xml").text, r"<loc>(.*?)</loc>") == [f"{address}/sitemap-1.xml"]
    urls = texts(get(quiet_site, "/sitemap-1.xml").text, r"<loc>(.*?)</loc>")
    assert urls == [f"{address}/article/{number}.html" for number in range(1, 201)]
    feed = get(quiet_site, "/feed.xml").text
    assert texts(feed, r"<guid[^>]*>(.*?)</guid>") == [f"{address}/article/{n}.html" for n in range(200, 150, -1)]
    recent = texts(get(quiet_site, "/news-sitemap.xml").text, r"<loc>(.*?)</loc>")
    assert recent[0] == f"{address}/article/200.html"
    assert 2 <= len(recent) <= 10


def test_a_million_articles_cost_nothing():
    with running(articles=1_000_000) as site:
        assert get(site, "/article/999999.html").status == 200
        index = texts(get(site, "/sitemap.xml").text, r"<loc>(.*?)</loc>")
        assert len(index) == len(set(index)) == 1000
        counts = [get(site, f"/sitemap-{child}.xml").body.count(b"<loc>") for child in (1, 500, 1000)]
        assert counts == [1000, 1000, 1000]
        assert get(site, "/sitemap-1001.xml").status == 404
        assert f"{site.address}/article/1000000.html" in get(site, "/sitemap-1000.xml").text
        assert get(site, "/list/20000").text.count("<time ") == 50
        assert site.truth(1)["date_published"].startswith("2016-")
        status = Path(f"/proc/{site.pid}/status").read_text()
        assert int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) < 150_000  # written out they would be ten gigabytes


def test_the_truth_of_many_articles_streams():
    with running(articles=3000) as site:
        assert [truth["id"] for truth in site.truths()] == list(range(1, 3001))
        with pytest.raises(urllib.error.HTTPError, match="404"):
            site.truth(3001)


def test_the_log_records_every_request(site):
    get(site, "/article/1.html?x=1", User_Agent="teller", If_None_Match='"a"')
    ask(site, "/nowhere", "HEAD")
    first, second = site.log()
    assert first["method"] == "GET"
    assert first["host"] == site.address.removeprefix("http://")
    assert (first["path"], first["status"]) == ("/article/1.html?x=1", 200)
    assert (first["headers"]["user-agent"], first["headers"]["if-none-match"]) == ("teller", '"a"')
    assert first["bytes"] > 3_000
    assert first["at"]["monotonic"] <= second["at"]["monotonic"] <= time.monotonic()
    assert re.match(r"\d{4}-\d\d-\d\dT", first["at"]["wall"])
    assert (second["method"], second["status"]) == ("HEAD", 404)


@every_row(
    ("arguments", "reason"),
    [
        (["--articles", "x"], "a number of articles"),
        (["--port", "70000"], "a port"),
        (["--clock", "noon"], "ISO 8601"),
        (["--colour", "red"], "unrecognized"),
        (["--also", "example.org"], "not a host of this machine"),
        (["--also", "192.0.2.1"], "not a host of this machine"),
        (["--script", "/nowhere/script.jsonl"], "cannot read"),
    ],
)
def test_wrong_arguments_are_one_line_and_exit_2(arguments, reason):
    found = subprocess.run([sys.executable, "-m", "newsroom", *arguments], capture_output=True, text=True)
    assert (found.returncode, found.stdout) == (2, "")
    assert reason in found.stderr
    assert found.stderr.count("\n") == 1


def test_a_taken_port_is_one_line_and_exit_1(quiet_site):
    port = quiet_site.address.rsplit(":", 1)[1]
    found = subprocess.run([sys.executable, "-m", "newsroom", "--port", port], capture_output=True, text=True)
    assert (found.returncode, found.stdout, found.stderr.count("\n")) == (1, "", 1)
    assert "--port 0" in found.stderr


@pytest.mark.parametrize("name", ["terminate", "send_signal"])
def test_signals_end_the_newsroom_without_output(name):
    command = [sys.executable, "-m", "newsroom", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        address = process.stdout.readline()
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+\n", address)
        process.terminate() if name == "terminate" else process.send_signal(2)
        rest, errors = process.communicate(timeout=30)
    assert (process.returncode, rest, errors) == (0, "", "")
