"""The other shapes: 上观 today and before, the printed 解放日报, the mirror."""

import json
import re
from urllib.parse import urlencode

import pytest
from support.newsroom_client import ask, get, texts
from support.tables import every_row

from newsroom.process import running

ROW = {"id", "title", "summary", "sectionname", "subsectionname", "subsectionid", "publishtime", "picurl", "newstype"}
DETAIL = {"id", "title", "summary", "detail", "publishtime", "addtime", "edittime", "newstype", "ismember", "originurl"}
HOME = "/staticsg/data/web/home"


def chinese(site, number):
    assert number % 5, "English on the ordinary site, so its truth is not what a Chinese shape says"
    return site.truth(number)


@every_row("name", ["topnewslist", "morenewslist", "recommandnewslist", "quicknewslist", "bannernewslist"])
def test_rows_of_the_static_lists_match_the_truth(quiet_site, name):
    data = get(quiet_site, f"{HOME}/{name}.json").json["data"]
    lists = list(data.values()) if isinstance(data, dict) else [data]
    rows = [row for rows in lists for row in rows]
    assert rows
    for row in rows:
        truth = quiet_site.truth(row["id"] - 700_000)
        assert set(row) >= ROW
        assert row["newstype"] == "0"
        if truth["in_language"] != "en":
            assert truth["headline"] in row["title"]
            if row["subsectionname"] == "思想者":
                assert re.match(rf"思想者( \| |｜|丨){truth['speaker']}：", row["title"])


def test_top_list_and_rank_are_objects_of_lists(quiet_site):
    assert list(get(quiet_site, f"{HOME}/topnewslist.json").json["data"]) == ["top1", "top2", "list"]
    ranks = get(quiet_site, "/staticsg/data/web/common/newsrank.json").json["data"]
    assert list(ranks) == ["24", "48"]
    assert len(ranks["48"]) >= len(ranks["24"]) >= 1


def test_more_news_repeats_recommended_rows(quiet_site):
    more, recommended = (
        {row["id"] for row in get(quiet_site, f"{HOME}/{name}.json").json["data"]}
        for name in ("morenewslist", "recommandnewslist")
    )
    assert more & recommended
    assert more - recommended


def test_home_more_news_pages_by_time_to_the_end(site):
    for number in (50, 45):
        site.event(do="publish", article=number)
    site.event(do="delist", article=9)
    found, last = [], ""
    while True:
        form = urlencode({"page": 1, "lastpublishtime": last})
        rows = ask(site, "/news/homeMoreNews", "POST", form).json["object"]
        if not rows:
            break
        assert set(rows[0]) == {"id", "sectionid", "title", "publishtime"}
        found += [row["id"] - 700_000 for row in rows]
        last = rows[-1]["publishtime"]
    assert found == [45, 50, *(number for number in range(40, 0, -1) if number != 9)]
    assert get(site, "/news/homeMoreNews").status == 405


def test_news_detail_has_the_fields_and_paragraphs_of_the_article(quiet_site):
    truth = chinese(quiet_site, 4)
    answer = get(quiet_site, "/news/getNewsDetail?id=700004").json
    assert answer["success"] is True
    found = answer["object"]
    assert set(found) == DETAIL | {"status"}
    assert (found["id"], found["newstype"], found["ismember"]) == (700_004, 0, 0)
    paragraphs = [text for text in texts(found["detail"], r"<p[^>]*>(.*?)</p>") if text]
    assert paragraphs == [*_with_headings(quiet_site, 4), "思想者小传", truth["biography"]]
    assert found["publishtime"] % 1000 == 0
    assert (
        len({found["publishtime"] // 86_400_000, found["addtime"] // 86_400_000, found["edittime"] // 86_400_000}) == 3
    )


def _with_headings(site, number):
    page = get(site, f"/article/{number}.html").text
    content = re.search(r'<div class="content">(.*?)</div>', page, re.DOTALL)[1]
    return texts(content, r"<(?:p|h2)>(.*?)</(?:p|h2)>")


@every_row("asked", ["id=1", "id=700000", "id=700201", "id=x", ""])
def test_news_detail_of_nothing_is_200_and_no_success(quiet_site, asked):
    answer = get(quiet_site, f"/news/getNewsDetail?{asked}")
    assert (answer.status, answer.json["success"], answer.json["object"]) == (200, False, None)


@pytest.mark.parametrize("how", ["404", "410", "shell", "front"])
def test_news_detail_of_a_removed_article_is_no_success_and_its_row_is_gone(site, how):
    site.event(do="remove", article=12, how=how)
    assert get(site, "/news/getNewsDetail?id=700012").json["success"] is False
    assert 700_012 not in [row["id"] for row in get(site, f"{HOME}/morenewslist.json").json["data"]]


def test_news_detail_of_a_restricted_article_is_empty_and_for_members(site):
    site.event(do="restrict", article=12)
    found = get(site, "/news/getNewsDetail?id=700012").json["object"]
    assert (found["ismember"], found["detail"]) == (1, "")


def test_the_shell_is_the_same_for_every_id(site):
    site.event(do="remove", article=12)
    pages = {get(site, f"/staticsg/res/html/web/newsDetail.html?id={n}&sid=11").body for n in (700_001, 700_012, 5)}
    assert len(pages) == 1
    assert "此文章不存在或已下线" in pages.pop().decode()


def test_old_section_lists_lead_to_every_article(quiet_site):
    found, path = [], "/news/list?section=&page=1"
    while path:
        page = get(quiet_site, path).text
        found += re.findall(r'<div class="chengshi_wz_h"><a href="/news/detail\?id=(\d+)">', page)
        assert all(
            re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$", line) for line in texts(page, r'chengshi_wz_f">(.*?)</div>')
        )
        following = re.search(r'<div class="fenye1outer"><a href="(.*?)">下一页', page)
        path = following and following[1].replace("&amp;", "&")
    assert found == [str(700_000 + number) for number in range(200, 0, -1)]


@pytest.mark.parametrize(
    ("path", "columns"),
    [
        ("/news/sublist?section=9011&page=1", {"思想者", "Thinker"}),
        ("/news/list?section=1&page=1", {"政策解读", "Policy"}),
        ("/news/list?section=9001&page=2", {"思想者", "Thinker", "观点", "Opinion"}),
        ("/news/list?section=77&page=1", set()),
    ],
)
def test_old_lists_filter_by_section(quiet_site, path, columns):
    numbers = [
        int(id_) - 700_000 for id_ in re.findall(r'wz_h"><a href="/news/detail\?id=(\d+)', get(quiet_site, path).text)
    ]
    assert {quiet_site.truth(number)["article_section"] for number in numbers} == columns


def test_the_old_detail_page_has_the_title_byline_and_text_of_the_article(quiet_site):
    truth = chinese(quiet_site, 4)
    page = get(quiet_site, "/news/detail?id=700004").text
    [title] = texts(page, r'<div class="left"><div class="wz_contents">(.*?)</div>')
    assert title.endswith(f"{truth['speaker']}：{truth['headline']}")
    assert texts(page, r"<title>(.*?)</title>") == [f"{title}--上观新闻"]
    line = re.search(r'<div class="fenxiang_zz"><span>来源：(.*?)</span><span>作者：(.*?)</span>(.*?)</div>', page)
    assert line.groups() == ("上观新闻", truth["speaker"], truth["date_published"][:16].replace("T", " "))
    body = re.search(r'<div id="newscontents" class="newscontents">(.*?)</div>', page, re.DOTALL)[1]
    assert texts(body, r"<p>(.*?)</p>") == [*_with_headings(quiet_site, 4), "思想者小传", truth["biography"]]


@pytest.mark.parametrize(("how", "status"), [("404", 404), ("410", 410), ("shell", 200), ("front", 302)])
def test_old_detail_and_mirror_go_as_the_ordinary_page_does(site, how, status):
    path = re.search(r'href="(/viewpoint/\w+_39\.html)"', get(site, "/viewpoint/page_1.html").text)
    site.event(do="remove", article=12, how=how)
    assert get(site, "/news/detail?id=700012").status == status
    assert path is None or get(site, path[1]).status == 200


@pytest.mark.parametrize(("day", "old"), [("2024-12-15", True), ("2024-12-14", True), ("2024-12-16", False)])
def test_the_printed_edition_changes_its_addresses(day, old):
    with running(clock="2024-12-20T09:00+08:00") as site:
        assert get(site, f"/staticsg/data/journal/{day}/navi.json").status == (200 if old else 404)
        assert get(site, f"/journal/{day}/getJournalPage.do?page=01&code=jfrb").status == (404 if old else 200)


def test_the_old_printed_edition_prints_every_article_of_its_days():
    with running(clock="2024-12-10T09:00+08:00") as site:
        printed = {}
        for day in range(1, 10):
            date = f"2024-12-{day:02}"
            for page in get(site, f"/staticsg/data/journal/{date}/navi.json").json["pages"]:
                assert {"pnumber", "pname", "jdate", "imgurl", "articleList"} <= set(page)
                for row in page["articleList"]:
                    path = f"/staticsg/data/journal/{date}/{page['pnumber']}/article/{row['id']}.json"
                    article = get(site, path).json["article"]
                    if article["title"] != "广告":
                        printed[row["id"] - 500_000] = article | {"pname": page["pname"]}
        expected = [t["id"] for t in site.truths() if "2024-12-01" <= t["date_published"][:10] <= "2024-12-09"]
        assert sorted(printed) == expected
        for number, article in printed.items():
            _check_printed(site, number, article)


def _check_printed(site, number, article):
    truth = site.truth(number)
    assert json.loads(article["pincurls"])[0].keys() == {"url", "name", "author", "ttile"}
    assert article["jdate"] == truth["date_published"][:10]
    assert (article["pname"] == "思想者") == (truth["article_section"] in ("思想者", "Thinker"))
    if truth["in_language"] == "en":
        return
    lines = article["content"].split("<br/>")
    assert (article["title"], article["subtitle"]) == (truth["headline"], truth["alternative_headline"] or "")
    assert article["author"] == (truth["speaker"] or truth["authors"][0])
    assert [line for line in lines if not line.startswith("（作者为")] == _with_headings(site, number)
    assert lines[-1].startswith("（作者为") == bool(truth["speaker"])


def test_the_new_printed_edition_prints_every_article_of_a_day(quiet_site):
    [depart] = get(quiet_site, "/journal/list.do").json["object"]["departList"]
    assert depart == {"code": "jfrb", "jdate": "2026-11-25", "pnumber": "01"}
    date = "2026-11-23"
    first = get(quiet_site, f"/journal/{date}/getJournalPage.do?page=01&code=jfrb").json["object"]
    assert set(first) == {"page", "pagelist", "articlelist"}
    numbers = []
    for page in first["pagelist"]:
        answer = get(quiet_site, f"/journal/{date}/getJournalPage.do?page={page['pnumber']}&code=jfrb").json["object"]
        assert answer["page"] == page
        for row in answer["articlelist"]:
            if row["title"] != "广告":
                numbers.append(row["id"] - 500_000)
                found = get(quiet_site, f"/journal/getJournalPageArticle.do?id={row['id']}").json["object"]["article"]
                _check_printed(quiet_site, numbers[-1], found | {"pname": page["pname"]})
    assert sorted(numbers) == [t["id"] for t in quiet_site.truths() if t["date_published"].startswith(date)]
    assert get(quiet_site, "/journal/getJournalPageArticle.do?id=1").json["success"] is False
    assert get(quiet_site, "/journal/2026-11-26/getJournalPage.do?page=01&code=jfrb").status == 404


def _mirror_paths(site, section):
    found, path = [], f"/{section}/page_1.html"
    while path:
        page = get(site, path).text
        found += re.findall(rf'<a class="tit" href="(/{section}/\w+_\d+\.html)">', page)
        following = re.search(r'<a class="next" href="(.*?)"', page)
        path = following and following[1]
    return found


def test_mirror_sections_hold_every_article(quiet_site):
    sections = ["viewpoint", "important_news", "the_yangtze_river_delta", "the_world", "depth"]
    numbers = [int(path[:-5].rsplit("_", 1)[1]) for name in sections for path in _mirror_paths(quiet_site, name)]
    assert sorted(numbers) == list(range(1, 201))


def test_a_mirror_article_has_its_title_date_text_and_related_items(quiet_site):
    path = next(path for path in _mirror_paths(quiet_site, "viewpoint") if path.endswith("_25.html"))
    truth = quiet_site.truth(25)
    page = get(quiet_site, path).text
    [title] = texts(page, r"<h1>(.*?)</h1>")
    assert re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_") + "_25.html" == path.rsplit("/", 1)[1]
    assert title.count(" | ") == 2 + (truth["speaker"] is not None)
    assert f"Thinker | {truth['speaker']}: {truth['headline']}" in title
    assert title.startswith(f"{truth['alternative_headline']}, Thinker") == (truth["alternative_headline"] is not None)
    assert re.search(r">Release time:[A-Z][a-z]{2} \d{1,2}, \d{4} \d\d:\d\d [AP]M<", page)
    content = re.search(r'<div class="content">(.*?)</div>', page, re.DOTALL)[1]
    lines = [text for text in texts(content, r"<p>(.*?)</p>") if text]
    assert lines.count(title) == 1
    expected = [*_with_headings(quiet_site, 25), "Biography of Thinkers", truth["biography"], truth["reprint_notice"]]
    assert [line for line in lines if line != title] == expected
    items = re.findall(
        r'<div class="item"><a class="pic"[^>]*><img[^>]* alt="(.*?)"></a>\s*<a class="tit"[^>]*>(.*?)</a>', page
    )
    assert len(items) == 5
    assert all(alt == text for alt, text in items)


def test_mirror_addresses_outlive_an_edit(site):
    path = _mirror_paths(site, "viewpoint")[0]
    number = int(path[:-5].rsplit("_", 1)[1])
    site.event(do="edit", article=number, property="headline", text="Something else")
    assert _mirror_paths(site, "viewpoint")[0] == path
    assert "Something else" in get(site, path).text
    assert get(site, path.replace("viewpoint", "depth")).status == 404
