"""The site says everything in both languages, each with its own punctuation, and nothing that is not true."""

import os
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest
from datasette.app import Datasette
from support.checkout import ROOT
from support.eventful import BACK, EDITED, FORMED, GONE, MISSED, eventful, started
from support.small_archive import EDITED as SECOND
from support.small_archive import LATEST, TALK, digest_of
from support.small_site import get, served, small_site, text
from support.tables import every_row

from archive.decisions import EVENT_KINDS, Origin
from archive.diffing.significance import Significance
from archive.publish.messages.catalog import ALL, MODULES
from archive.publish.search import search_request
from archive.rows.crawls import Outcome
from archive.rules.standing import JUDGED, PresenceState

OURS = {"html", "dl", "h2", "summary", "figure"}  # what we say inside a text of another language
SILENT = {"code", "title", "script"}  # a script holds data
VOID = {"meta", "link", "input", "br", "img", "hr"}
FULL_WIDTH = re.compile("[\u3001-\u3003\u3008-\u3011\uff01-\uff5e]")
CODE = re.compile(r"[a-z]+\([^()]*\)")  # the name of a function, as `terms()`, is of no language
HALF_WIDTH = re.compile(r"[,;!?()](?!\d)|:(?![\d/])")  # a time, an address and 1,234 keep theirs
PAGES = ["/", "/search", "/search?q=一体化", "/search?q=城市火箭", "/search?q=一体化&year=2024&ever=1", "/phrase",
         "/phrase?q=一体化&q=获得感&sort=right", "/changes?all=1", "/removed", "/status", "/nowhere",
         "/a/nothing", f"/a/newsroom-{EDITED}", f"/a/newsroom-{GONE}", f"/a/newsroom-{BACK}",
         f"/a/newsroom-{EDITED}/captures", f"/a/newsroom-{EDITED}/v/1", f"/a/newsroom-{EDITED}/diff/1..2"]  # fmt: skip
OTHERS = ["/", "/browse", "/browse/people", "/browse/tags", "/about", "/help", "/api", "/data", "/person/林知远",
          "/person/林知", "/column/思想者", "/source/newsroom", "/day/2024-04-14", "/month/2024-04", "/year/2024",
          "/a/newsroom-1", "/a/newsroom-2", "/a/newsroom-5", "/changes", "/removed",
          f"/a/newsroom-1/v/{digest_of(LATEST)[7:19]}"]  # fmt: skip
TIMES = {"zh": "时间均为北京时间（UTC+8）。", "en": "All times are Beijing time (UTC+8)."}


@pytest.fixture(scope="module")
def eventful_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with served(eventful(tmp_path_factory.mktemp("eventful") / "home", started())) as there:
        yield there


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with small_site(tmp_path_factory.mktemp("home")) as there:
        yield there


class Spoken(HTMLParser):
    """The words of a page that are the site's own, each text with its language.

    Publishers' texts stand in elements that name their language; code, and titles, which hold a headline, are left out.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self._open: list[tuple[str, str]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        lang = self._open[-1][1] if self._open else ""
        if "lang" in said or tag in SILENT:
            lang = said.get("lang") or "" if tag in OURS else ""
        self.texts += [(lang, said[name] or "") for name in ("placeholder", "aria-label") if name in said]
        if tag not in VOID:
            self._open.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if data.strip() and self._open:
            self.texts.append((self._open[-1][1], data))


def misplaced(page: str) -> list[tuple[str, str]]:
    """Texts with the other language's marks."""
    marks = {"zh-Hans": HALF_WIDTH, "en": FULL_WIDTH}
    texts = [(lang, CODE.sub("", said)) for lang, said in Spoken(page).texts if lang in marks]
    return [(lang, said) for lang, said in texts if marks[lang].search(said)]


def test_every_message_is_there_in_both_languages_under_one_name() -> None:
    assert [name for name, pair in ALL.items() if len(pair) != 2 or not any(pair)] == []
    assert sum(map(len, MODULES)) == len(ALL)


def test_every_message_has_the_marks_of_its_language() -> None:
    marks = {name: pair for name, pair in ALL.items() if name not in ("colon", "comma", "listed", "then")}
    assert [name for name, (zh, _) in marks.items() if HALF_WIDTH.search(CODE.sub("", zh))] == []
    assert [name for name, (_, en) in marks.items() if FULL_WIDTH.search(en)] == []
    assert [name for name, (zh, en) in marks.items() if zh.endswith("。") != en.endswith(".")] == []


@every_row("ui", ["zh", "en"])
@every_row("path", PAGES)
def test_every_page_has_the_marks_of_its_language(eventful_site: Datasette, path: str, ui: str) -> None:
    page = get(eventful_site, path, follow_redirects=True, headers={"accept-language": ui})
    assert [lang for lang, _ in Spoken(page.text).texts if lang == {"zh": "zh-Hans", "en": "en"}[ui]]
    assert misplaced(page.text) == []


@every_row("ui", ["zh", "en"])
@every_row("path", OTHERS)
def test_each_part_of_a_page_in_two_languages_has_the_marks_of_its_language(
    small: Datasette, path: str, ui: str
) -> None:
    assert misplaced(get(small, path, follow_redirects=True, headers={"accept-language": ui}).text) == []


def test_marks_in_the_wrong_place_are_noticed() -> None:
    page = '<html lang="zh-Hans"><p>最近: 三篇<i lang="zh-Hans">原文,如此</i><code>a: b</code></p>'
    assert misplaced(f'{page}<dl lang="en"><dt>Last： 3 (three)</dt></dl></html>') == [
        ("zh-Hans", "最近: 三篇"), ("en", "Last： 3 (three)"),
    ]  # fmt: skip


@every_row("ui", ["zh", "en"])
@every_row("path", ["/", "/changes", "/removed", "/status", f"/a/newsroom-{BACK}",
                                  f"/a/newsroom-{EDITED}/captures",
                                  f"/a/newsroom-{EDITED}/v/1", f"/a/newsroom-{EDITED}/diff/1..2"])  # fmt: skip
def test_each_page_names_the_time_zone_once(eventful_site: Datasette, path: str, ui: str) -> None:
    said = text(get(eventful_site, path, follow_redirects=True, headers={"accept-language": ui}))
    assert said.count(TIMES[ui]) == 1
    assert said.count("北京时间" if ui == "zh" else "Beijing") == 1


def test_an_article_says_whether_its_page_named_the_zone(eventful_site: Datasette, small: Datasette) -> None:
    given, unknown = text(get(eventful_site, "/a/newsroom-1")), text(get(small, "/a/newsroom-1"))
    assert f"{TIMES['zh']}发布时间的时区由网页注明。" in given
    assert "时区" not in unknown


KINDS = {"zh": ("文字有改动", "仅标点或格式"), "en": ("text changed", "punctuation or form only")}


@pytest.mark.parametrize("ui", ["zh", "en"])
def test_each_edit_is_labelled_as_a_text_change_or_as_form_only(eventful_site: Datasette, ui: str) -> None:
    def said(path: str) -> tuple[int, int]:
        found = text(get(eventful_site, path, follow_redirects=True, headers={"accept-language": ui}))
        substantive, cosmetic = KINDS[ui]
        return found.count(substantive), found.count(cosmetic)

    digests = {
        number: [v["content_digest"][7:19] for v in get(eventful_site, f"/a/newsroom-{number}.json").json()["versions"]]
        for number in (EDITED, FORMED)
    }
    assert said("/") == said("/changes") == (1, 0)  # what differs in form is no event
    assert said(f"/a/newsroom-{EDITED}") == (1, 0)
    assert said(f"/a/newsroom-{EDITED}/v/{digests[EDITED][0]}") == (2, 0)
    assert said(f"/a/newsroom-{EDITED}/diff/1..2") == (1, 0)  # as a whole, for only the headline differs
    assert said(f"/a/newsroom-{FORMED}")[0] == 0
    assert said(f"/a/newsroom-{FORMED}")[1] >= 1
    assert said(f"/a/newsroom-{FORMED}/diff/{digests[FORMED][1]}..{digests[FORMED][0]}")[0] == 0
    assert said(f"/a/newsroom-{FORMED}/diff/{digests[FORMED][1]}..{digests[FORMED][0]}")[1] >= 1


def test_a_comparison_that_holds_both_kinds_is_one_of_the_text(small: Datasette) -> None:
    first, last = "1", digest_of(LATEST)[7:19]
    diff = get(small, f"/a/newsroom-1/diff/{first}..{last}.json").json()
    assert (diff["significance"], [p["significance"] for p in diff["properties"]]) == (
        "substantive", ["substantive", "substantive", "cosmetic"],
    )  # fmt: skip
    same = get(small, f"/a/newsroom-1/diff/{digest_of(SECOND)[7:19]}..2.json").json()
    assert (same["significance"], same["properties"]) == (None, [])


def test_bytes_missing_from_a_file_are_reported_in_both_languages(tmp_path: Path) -> None:
    home = eventful(tmp_path / "home", started())
    file = next(home.captures.glob("newsroom-2*.warc.gz"))
    size = file.stat().st_size - 10
    os.truncate(file, size)
    with served(home) as there:
        zh, en = (get(there, "/status", headers={"accept-language": ui}) for ui in ("zh", "en"))
    assert f"有问题 存档文件 {file.name} 第 {size} 字节起缺少已入档的 10 字节" in text(zh)
    assert f"Needs attention Archive files {file.name} at {size}: 10 bytes are gone that the archive has" in text(en)
    assert misplaced(zh.text) == misplaced(en.text) == []


@every_row(
    ("q", "reasons"),
    [
        ("治理", []),  # the snippet shows it
        ("小事办实", []),  # the headline does
        ("第12段", []),  # it stands in the body
        ("基层减负", ["仅见于关键词：<mark>基层减负</mark>"]),
        ("城市治理 基层减负", ["仅见于关键词：<mark>基层减负</mark>"]),
        ("governance", []),
        ("便民清单", []),  # with nothing in the body, the snippet is of the second clause
        ("林知远 数据", ["仅见于主讲：<mark>林知远</mark>"]),
        ("林知远 便民清单 数据", ["仅见于主讲：<mark>林知远</mark>", "仅见于副题：从一张<mark>便民清单</mark>说起"]),
    ],
)
def test_a_hit_says_where_the_words_stand_that_it_does_not_show(small: Datasette, q: str, reasons: list[str]) -> None:
    page = get(small, "/search", params={"q": q}).text
    hits = [hit for hit in page.split("<li>") if re.search(r'href="/a/newsroom-1["#]', hit)]
    found = [
        re.sub(r"</?span[^>]*>", "", reason) for reason in re.findall(r'<p class="facts why">(.*?)</p>', "".join(hits))
    ]
    assert found == reasons


def test_a_related_article_leads_to_our_copy_where_there_is_one_to_read(small: Datasette) -> None:
    page = get(small, "/a/newsroom-1").text
    listed = page.partition("原网页所列相关文章</h2>")[2].partition("</ul>")[0]
    assert re.findall(r'href="([^"]*)"', listed) == [
        "https://news.example/2", "/a/newsroom-2", "http://127.0.0.1:8765/articles/5",
    ]  # fmt: skip
    related = get(small, "/a/newsroom-1.json").json()["related"]
    assert [(link["headline"], link["key"]) for link in related] == [
        ("清单之外", None), ("无链接的相关文章", None), ("Small things", "newsroom-2"), ("按要求撤下的文章", None),
    ]  # fmt: skip


def test_a_search_that_shows_the_most_hits_says_that_there_are_more(
    small: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_request, "MAX_HITS_PER_PAGE", 1)
    monkeypatch.setattr(search_request, "MAX_HITS_OFFERED", 1)
    page = get(small, "/search?q=治理&ever=1&limit=1000")
    data = get(small, "/search.json?q=治理&ever=1&limit=1000").json()
    assert "显示前 1 篇" in text(page)
    assert (len(data["hits"]), data["more"], "显示更多" in page.text) == (1, True, False)


def test_the_query_for_removed_articles_leaves_out_unconfirmed_ones(eventful_site: Datasette) -> None:
    rows = get(eventful_site, "/archive/removed.json?_shape=array").json()
    gone = get(eventful_site, "/removed.json").json()
    assert {row["key"] for row in rows} == {row["key"] for row in gone["articles"]}
    assert [row["key"] for row in gone["unconfirmed"]] == [f"newsroom-{MISSED}"]


def test_english_names_of_kinds_and_states_begin_with_a_capital() -> None:
    states = {*get_args(PresenceState)} - {"live"}  # of which nothing is said
    names = {name: ALL[name][1] for name in (*EVENT_KINDS, *states)}
    assert {name: shown for name, shown in names.items() if not shown[:1].isupper()} == {}


def test_every_word_that_is_shown_has_its_message() -> None:
    evidence = {f"probe_{outcome}" for outcome in (*JUDGED, "found", "listed")}
    slots = {f"slot_{outcome}" for outcome in get_args(Outcome)}
    origins = {f"by_{origin}" for origin in get_args(Origin) if origin != "site"}
    assert {*evidence, *slots, *origins, *get_args(Significance)} - {*ALL} == set()


def test_an_old_version_links_to_its_comparison_with_the_current_one(small: Datasette) -> None:
    since = re.compile(r'href="/a/newsroom-1/diff/(\w{12})\.\.(\w{12})">与当前版本对比</a>')
    (pair,) = since.findall(get(small, f"/a/newsroom-1/v/{digest_of(TALK)[7:19]}").text)
    assert pair == (digest_of(TALK)[7:19], digest_of(LATEST)[7:19])
    assert not since.search(get(small, f"/a/newsroom-1/v/{digest_of(LATEST)[7:19]}").text)
    assert not since.search(get(small, "/a/newsroom-1").text)


MESSAGE = re.compile(r"""(?<![\w.])w(?:\.(\w+)|[(\[]"(\w+)"[,)\]])""")


def test_every_message_that_a_template_names_is_there() -> None:
    """For a name without a message the page shows the name itself, in English."""
    templates = [path for path in (ROOT / "archive/publish/templates").rglob("*") if path.is_file()]
    named = {"".join(found) for path in templates for found in MESSAGE.findall(path.read_text("utf-8"))}
    assert len(named) > 100
    assert named - ALL.keys() == {"ui", "lang"}  # attributes of the words themselves
