"""The shapes of publishing systems: their answers for lists, behind the last page, and for a missing page."""

import gzip
import json
import re
from typing import Any

from support.newsroom_client import get
from support.tables import every_row

from newsroom.process import Site
from newsroom.shapes import SYSTEMS
from newsroom.site.room import Newsroom

SITES = {system.PREFIX[1:]: system.SITE for system in SYSTEMS}
POSTS, NODES = "/wordpress/wp-json/wp/v2/posts", "/drupal/jsonapi/node/article"


def path_of(name: str, number: int, articles: int = 200) -> str:
    """The path of an article, by the newsroom's own arithmetic."""
    return SITES[name].prefix + SITES[name].address(Newsroom(articles), number)


def asked(site: Site, path: str) -> Any:
    return json.loads(get(site, path).body)


def test_wordpress_has_its_posts_in_pages_with_their_number(quiet_site: Site) -> None:
    answer = get(quiet_site, f"{POSTS}?per_page=40&page=5&_fields=link,title,date,date_gmt")
    assert (answer.headers["X-WP-Total"], answer.headers["X-WP-TotalPages"], answer.headers["ETag"]) == (
        "200",
        "5",
        None,
    )
    *_, oldest = json.loads(answer.body)
    truth = quiet_site.truth(1, "en")
    assert oldest == {
        "date": str(truth["date_published"])[:19],
        "date_gmt": "2026-09-06T08:04:35",
        "link": quiet_site.address + path_of("wordpress", 1),
        "title": {"rendered": truth["headline"]},
    }
    assert len(asked(quiet_site, POSTS)) == 10
    assert {"content", "excerpt", "modified_gmt", "categories"} < set(asked(quiet_site, POSTS)[0])


@every_row(
    ("query", "code"),
    [
        ("?per_page=40&page=6", "rest_post_invalid_page_number"),
        ("?page=21", "rest_post_invalid_page_number"),
        ("?per_page=101", "rest_invalid_param"),
        ("?page=0", "rest_invalid_param"),
    ],
)
def test_wordpress_has_an_error_of_its_own_behind_the_last_page(quiet_site: Site, query: str, code: str) -> None:
    answer = get(quiet_site, POSTS + query)
    assert (answer.status, json.loads(answer.body)["code"]) == (400, code)


def test_drupal_counts_from_0_and_repeats_the_last_page(quiet_site: Site) -> None:
    first, last, behind = (get(quiet_site, f"/drupal/news{query}").body for query in ("", "?page=19", "?page=99"))
    assert first == get(quiet_site, "/drupal/news?page=0").body
    assert path_of("drupal", 1).encode() in last == behind
    assert (b'rel="next"' in first, b'rel="next"' in last) == (True, False)


def test_drupal_says_in_json_where_the_next_rows_are(quiet_site: Site) -> None:
    following, seen = f"{NODES}?page[limit]=90&fields[node--article]=title,path", []
    while following:
        answer = get(quiet_site, following.removeprefix(quiet_site.address))
        assert answer.headers["Content-Type"] == "application/vnd.api+json"
        rows = json.loads(answer.body)["data"]
        assert [set(row["attributes"]) for row in rows] == [{"title", "path"}] * 50
        seen += [row["attributes"]["path"]["alias"] for row in rows]
        following = json.loads(answer.body)["links"].get("next", {}).get("href")
    assert seen == [path_of("drupal", number) for number in range(200, 0, -1)]


def test_trs_turns_one_list_by_a_script_and_one_by_links(quiet_site: Site) -> None:
    scripted, linked = get(quiet_site, "/trs/xwdt/").text, get(quiet_site, "/trs/llgz/index_1.html").text
    assert re.findall(r"createPageHTML\(.*?\);", scripted) == ['createPageHTML(12, 0, "index", "html");']
    assert ("下一页" in scripted, '<a href="index_2.html">下一页</a>' in linked) == (False, True)
    assert re.findall(r'<a href="(\./\d{6}/t\d{8}_\d{8}\.html)"', scripted)[0] == f".{path_of('trs', 199)[9:]}"
    assert get(quiet_site, "/trs/xwdt/index_12.html").status == get(quiet_site, "/trs/xwdt/index_0.html").status == 404


def test_the_sitemaps_of_past_months_are_packed(quiet_site: Site) -> None:
    index = get(quiet_site, "/bymonth/sitemap.xml").text
    names = re.findall(r"<loc>[^<]*/bymonth/([^<]+)</loc>", index)
    assert names == ["sitemap-2026-11.xml", "sitemap-2026-10.xml.gz", "sitemap-2026-09.xml.gz"]
    found = [get(quiet_site, f"/bymonth/{name}").body for name in names]
    texts = [found[0], *map(gzip.decompress, found[1:])]
    assert [text.count(b"<url>") for text in texts] == [61, 78, 61]
    assert get(quiet_site, "/bymonth/sitemap-2026-10.xml").status == 404


def test_hugo_names_all_in_its_feed_and_page_1_is_an_alias(quiet_site: Site) -> None:
    assert get(quiet_site, "/hugo/index.xml").text.count("<item>") == 200
    assert f'url={quiet_site.address}/hugo/posts/"' in get(quiet_site, "/hugo/posts/page/1/").text
    assert path_of("hugo", 1) in get(quiet_site, "/hugo/posts/page/20/").text
    assert get(quiet_site, "/hugo/posts/page/21/").status == 404


def test_an_article_goes_from_every_system_and_from_its_lists(site: Site) -> None:
    paths = {name: path_of(name, 40, 40) for name in SITES}
    lists = ["/bymonth/sitemap-2026-11.xml", "/drupal/news", NODES, POSTS, "/hugo/sitemap.xml", "/trs/llgz/"]
    assert {get(site, path).status for path in paths.values()} == {200}
    assert {get(site, path[:-1] + "x").status for path in paths.values()} == {404}
    assert ["41000040" in get(site, path).text for path in lists] == [True] * len(lists)
    site.event(do="remove", article=40, how="410")
    assert {get(site, path).status for path in paths.values()} == {410}
    assert ["41000040" in get(site, path).text for path in lists] == [False] * len(lists)
