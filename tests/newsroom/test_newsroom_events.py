"""Every kind of event: its effect on pages, lists and the truth; and refused events."""

import json
import re
import unicodedata

import pytest
from support.newsroom_client import ask, content_paragraphs, get, json_ld, texts

from newsroom.process import running


def listed(site, number):
    """True if list, feed and sitemap name an article; all of them do or none does."""
    name = f"/article/{number}.html"
    found = {name in get(site, path).text for path in ("/list/1", "/feed.xml", "/sitemap-1.xml")}
    assert len(found) == 1
    return found.pop()


@pytest.mark.parametrize("number", [12, 15])
def test_a_bare_edit_changes_a_few_characters_of_one_paragraph(site, number):
    before = site.truth(number)
    site.event(do="edit", article=number)
    after = site.truth(number)
    changed = [(a, b) for a, b in zip(before["paragraphs"], after["paragraphs"], strict=True) if a != b]
    [(old, new)] = changed
    if number == 12:
        pairs = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
        assert 1 <= len(pairs) <= 3
        assert all(unicodedata.category(a) == unicodedata.category(b) == "Lo" for a, b in pairs)
    else:
        assert [a.isalpha() for a in old.split()] == [a.isalpha() for a in new.split()]
        assert sum(a != b for a, b in zip(old.split(), new.split(), strict=True)) == 1
    assert content_paragraphs(get(site, f"/article/{number}.html").text) == after["paragraphs"]
    same = ["headline", "speaker", "keywords", "date_published", "state"]
    assert [before[name] for name in same] == [after[name] for name in same]
    [version] = after["versions"]
    assert version["paragraphs"] == before["paragraphs"]
    assert (version["from"], version["until"]) == (before["date_published"], "2026-11-25T09:01:00+08:00")
    assert after["from"] == version["until"]


def test_edits_are_repeatable_and_differ_from_each_other():
    states = []
    for _ in range(2):
        with running(articles=20) as site:
            for _ in range(3):
                site.event(do="edit", article=12)
            states.append(site.truth(12) | {"url": None})
    assert states[0] == states[1]
    texts_then = {json.dumps(version["paragraphs"]) for version in (*states[0]["versions"], states[0])}
    assert len(texts_then) == 4


@pytest.mark.parametrize(
    ("given", "name", "expected"),
    [
        ({"property": "headline", "text": "新的标题 <b>&"}, "headline", "新的标题 <b>&"),
        ({"property": "title", "text": " 两个  空格 "}, "headline", "两个 空格"),
        ({"property": "alternative_headline", "text": "为什么？"}, "alternative_headline", "为什么？"),
        ({"property": "speaker", "text": "许知远山"}, "speaker", "许知远山"),
        ({"property": "article_section", "text": "理论"}, "article_section", "理论"),
        ({"property": "keywords", "text": "甲 | 乙"}, "keywords", ["甲", "乙"]),
        ({"property": "date", "text": "2026-10-01T08:00"}, "date_published", "2026-10-01T08:00:00+08:00"),
        ({"property": "biography", "text": "一位学者。"}, "biography", "一位学者。"),
        ({"property": "body_text", "text": "一段。\n\n两段😀。"}, "paragraphs", ["一段。", "两段😀。"]),
    ],
)
def test_an_edit_of_a_property_changes_the_page_and_the_truth(site, given, name, expected):
    number = 17  # a GBK page, by the way
    before = site.truth(number)
    site.event(do="edit", article=number, **given)
    after = site.truth(number)
    assert after[name] == expected != before[name]
    assert after["versions"][0][name] == before[name]
    page = get(site, f"/article/{number}.html").text
    found = json_ld(page)
    assert content_paragraphs(page) == after["paragraphs"]
    shown = [found["headline"], found["articleSection"], found["keywords"], found["datePublished"]]
    assert shown == [after[key] for key in ("headline", "article_section", "keywords", "date_published")]
    assert found["dateModified"] == "2026-11-25T09:01:00+08:00"


@pytest.mark.parametrize(
    "name",
    ["headline", "speaker", "article_section", "keywords", "date_published", "body_text", "paragraph", "biography"],
)
def test_an_edit_of_a_property_without_text_changes_it(site, name):
    before = site.truth(4)
    site.event(do="edit", article=4, property=name)
    key = {"body_text": "paragraphs", "paragraph": "paragraphs"}.get(name, name)
    assert site.truth(4)[key] != before[key]


def test_an_edit_replaces_one_paragraph_and_refuses_a_number_out_of_range(site):
    site.event(do="edit", article=12, property="paragraph", paragraph=2, text="第二段换了。")
    assert site.truth(12)["paragraphs"][1] == "第二段换了。"
    with pytest.raises(ValueError, match="article 12 has paragraphs 1 to"):
        site.event(do="edit", article=12, paragraph=99)


@pytest.mark.parametrize("number", [12, 15])
def test_a_cosmetic_edit_changes_only_the_width_of_punctuation(site, number):
    before = site.truth(number)
    for _ in range(2):
        site.event(do="cosmetic", article=number)
    after = site.truth(number)
    assert after["paragraphs"] != before["paragraphs"]
    assert len(after["versions"]) == 2
    folded = [unicodedata.normalize("NFKC", "".join(t["paragraphs"])) for t in (before, after)]
    assert folded[0] == folded[1]
    assert content_paragraphs(get(site, f"/article/{number}.html").text) == after["paragraphs"]


def test_a_cosmetic_edit_of_white_space_changes_bytes_and_no_text(site):
    before, page = site.truth(12), get(site, "/article/12.html")
    site.event(do="cosmetic", article=12, how="space")
    after, again = site.truth(12), get(site, "/article/12.html")
    assert after == before
    assert again.body != page.body
    assert again.headers["ETag"] != page.headers["ETag"]
    assert [text.strip() for text in content_paragraphs(again.text)] == after["paragraphs"]


def test_publish_adds_the_next_article_on_top(site):
    site.event(do="publish")
    site.event(do="publish", article=500, headline="五百", keywords=["甲", "乙"], speaker="某人")
    site.event(do="publish", body_text="只有一段。")
    assert texts(get(site, "/list/1").text, r'href="/article/(\d+)\.html"')[:4] == ["501", "500", "41", "40"]
    assert site.truth(500)["headline"] == "五百"
    assert (site.truth(500)["keywords"], site.truth(500)["versions"]) == (["甲", "乙"], [])
    assert site.truth(501)["paragraphs"] == ["只有一段。"]
    assert site.truth(41)["date_published"] == site.truth(41)["from"] == "2026-11-25T09:01:00+08:00"
    assert [truth["id"] for truth in site.truths()][-4:] == [40, 41, 500, 501]
    assert "/article/41.html" in get(site, "/sitemap-1.xml").text
    assert get(site, "/article/501.html").status == 200
    site.event(do="edit", article=500, property="headline", text="五百零一")
    assert [version["headline"] for version in site.truth(500)["versions"]] == ["五百"]


def test_publish_beyond_the_last_sitemap_opens_another(site):
    site.event(do="publish", article=12_345)
    assert texts(get(site, "/sitemap.xml").text, r"sitemap-(\d+)\.xml") == ["1", "13"]
    assert texts(get(site, "/sitemap-13.xml").text, r"/article/(\d+)") == ["12345"]


def test_delist_takes_it_from_every_list_and_leaves_the_page(site):
    assert listed(site, 12)
    site.event(do="delist", article=12)
    assert not listed(site, 12)
    assert get(site, "/article/12.html").status == 200
    assert site.truth(12)["state"] == "delisted"
    site.event(do="restore", article=12)
    assert listed(site, 12)
    assert [version["state"] for version in site.truth(12)["versions"]] == ["live", "delisted"]


@pytest.mark.parametrize(
    ("how", "status", "state"),
    [
        (None, 404, "removed"),
        ("404", 404, "removed"),
        (410, 410, "removed"),
        ("shell", 200, "soft_gone"),
        ("front", 302, "redirected"),
    ],
)
def test_remove_takes_an_article_away_and_restore_brings_it_back(site, how, status, state):
    paragraph = site.truth(12)["paragraphs"][3]
    site.event(do="remove", article=12, **({"how": how} if how else {}))
    gone = get(site, "/article/12.html")
    assert gone.status == status
    assert gone.headers["Location"] == ("/" if how == "front" else None)
    assert paragraph not in gone.text
    assert not listed(site, 12)
    assert site.truth(12)["state"] == state
    site.event(do="restore", article=12)
    assert paragraph in get(site, "/article/12.html").text
    assert site.truth(12)["state"] == "live"


def test_restrict_shows_a_login_page(site):
    paragraph = site.truth(12)["paragraphs"][3]
    site.event(do="restrict", article=12)
    page = get(site, "/article/12.html")
    assert (page.status, paragraph in page.text, 'type="password"' in page.text) == (200, False, True)
    assert listed(site, 12)
    assert site.truth(12)["state"] == "restricted"


def test_an_outage_answers_every_page_with_503_until_it_ends(site):
    site.event(do="outage", on=True)
    assert [get(site, path).status for path in ("/", "/article/1.html", "/robots.txt", "/nowhere")] == [503] * 4
    assert site.truth(1)["state"] == "live"
    site.event(do="outage", on=False)
    assert get(site, "/article/1.html").status == 200


def test_redesign_changes_the_template_and_no_text(site):
    before = get(site, "/article/4.html")
    site.event(do="redesign")
    after = get(site, "/article/4.html")
    assert "<article>" in before.text
    assert "<article>" not in after.text
    assert content_paragraphs(before.text) == content_paragraphs(after.text) == site.truth(4)["paragraphs"]
    assert json_ld(before.text) == json_ld(after.text)
    assert site.truth(4)["versions"] == []
    assert get(site, "/article/4.html", If_None_Match=before.headers["ETag"]).status == 200
    site.event(do="redesign")
    assert get(site, "/article/4.html").body == before.body


def test_the_robots_event_sets_the_text_of_robots_txt(site):
    site.event(do="robots", text="User-agent: *\nDisallow: /article/\n")
    assert get(site, "/robots.txt").body == b"User-agent: *\nDisallow: /article/\n"


def test_the_event_endpoint_refuses_bad_requests_and_lists_its_events(site):
    assert ask(site, "/-/event", "POST", "{").status == 400
    assert ask(site, "/-/event").status == 405
    ok = ask(site, "/-/event", "POST", '{"do": "redesign"}')
    assert (ok.status, ok.body) == (204, b"")
    kinds = get(site, "/-/events").json
    assert {"publish", "edit", "cosmetic", "delist", "remove", "restrict", "restore", "outage", "redesign", "robots",
            "hang", "drip", "truncate", "reset", "wrong_length", "lying_charset", "status", "redirect", "loop", "trap",
            "bomb", "clear", "paginate", "close", "raw_status", "header_flood", "encoding", "block_page",
            "lists", "hosts", "rename", "reprint", "move"
            } == set(kinds)  # fmt: skip
    faults = [kind["arguments"] for kind in kinds.values() if kind["fault"]]
    assert all({"article", "path", "page", "times"} <= set(arguments) for arguments in faults)
    assert kinds["close"]["arguments"]["share"]["most"] == 1
    assert set(kinds["remove"]["arguments"]) == {"article", "how", "validators"}
    assert site.log() == []


def test_a_script_applies_events_at_once_after_requests_and_after_a_time(tmp_path):
    script = tmp_path / "script.jsonl"
    lines = [
        {"do": "edit", "article": 3, "property": "headline", "text": "一开始"},
        {"do": "remove", "article": 4, "after": 2},
        {"do": "publish", "at": 0.2},
        {"do": "edit", "article": 31, "at": 0.3},
    ]
    script.write_text("\n".join(map(json.dumps, lines)) + "\n\n")
    with running(articles=30, script=script) as site:
        assert site.truth(3)["headline"] == "一开始"
        assert [get(site, "/article/4.html").status for _ in range(3)] == [200, 200, 404]
        for _ in range(200):
            if len(site.truths()) == 31 and site.truth(31)["versions"]:
                break
        assert site.truth(31)["versions"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [('{"do": "vanish"}', ":2: no kind"), ("{", ":2: "), ('{"do": "redesign", "at": -1}', ":2: at is seconds"),
     ('{"do": "edit", "article": 999}', "no article 999")],
)  # fmt: skip
def test_a_wrong_script_is_one_line_and_exit_2(tmp_path, line, reason, capfd):
    script = tmp_path / "script.jsonl"
    script.write_text(f'{{"do": "redesign"}}\n{line}\n')
    with pytest.raises(RuntimeError, match="exit 2"), running(script=script):
        pass
    errors = capfd.readouterr().err
    assert reason in errors
    assert errors.count("\n") == 1


def test_events_reach_every_shape(site):
    site.event(do="edit", article=12, property="headline", text="处处可见")
    pages = ["/article/12.html", "/news/getNewsDetail?id=700012", "/news/detail?id=700012"]
    pages.append("/journal/getJournalPageArticle.do?id=500012")
    assert all("处处可见" in get(site, path).text for path in pages)
    mirror = re.search(r'href="(/viewpoint/\w+_12\.html)"', get(site, "/viewpoint/page_1.html").text)
    assert "处处可见" in get(site, mirror[1]).text if mirror else True
