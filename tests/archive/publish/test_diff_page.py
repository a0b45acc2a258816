"""The page that compares two versions: its line, its marks, what it folds, hides and leaves out, its patch and data."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from datasette.app import Datasette
from support.small_archive import ENGLISH, HOSTILE, TALK, add_versions, build
from support.small_site import get, served
from support.tables import every_row

from archive.diffing.comparing import Segment, segments
from archive.files.home import Home
from archive.publish.article.diff_blocks import DiffBudget, blocks, without_form
from parsers.article import Article, Media

SENTENCE = "第{n}段讲城市治理如何落到第{n}条街道，也讲数字怎样帮助基层减轻负担。"
LONG = replace(TALK, identity="", paragraphs=tuple(SENTENCE.format(n=n) * 3 for n in range(1, 60)))
PROSE = tuple(f"Paragraph {n} tells how a city is governed, street by street." for n in range(1, 8))
TURNED = "改\u202e革\u200b开放<script>alert(1)</script>\u2066深\u2069化"


def body(article: Article, before: str, after: str) -> Article:
    return replace(article, paragraphs=tuple("\n".join(article.paragraphs).replace(before, after, 1).split("\n")))


def order(article: Article, start: int, to: int) -> Article:
    rest = list(article.paragraphs)
    rest.insert(to, rest.pop(start))
    return replace(article, paragraphs=tuple(rest))


MANY = replace(LONG, paragraphs=tuple(SENTENCE.format(n=n) * 4 for n in range(300)))
EDITED_ALL_OVER = tuple(paragraph.replace("数字", "数据", 1) for paragraph in MANY.paragraphs)
UNPUNCTUATED = "".join(f"{chr(0x4E00 + n)}街道治理" for n in range(2_000))
CASES = {
    "one": (LONG, body(LONG, "第30条街", "第30条路")),
    "moved": (LONG, order(LONG, 40, 10)),
    "rewritten": (LONG, replace(LONG, paragraphs=tuple("会议指出，要扎实推进共同富裕。" * 5 for _ in range(20)))),
    "lists": (
        replace(LONG, media=(Media("https://news.example/a.pdf", "attachment", "附件一"),)),
        replace(LONG, keywords=("基层减负", "城市治理", "数字政府"), authors=("林知远", "周一帆"), speaker="周一帆"),
    ),
    "dated": (LONG, replace(LONG, date_published=datetime.fromisoformat("2024-04-15T09:30:00+08:00"))),
    "marks": (LONG, body(body(LONG, "第5条街道，也讲", "第5条街道也讲"), "第9条街道，也", "第9条街道,也")),
    "english": (
        replace(ENGLISH, paragraphs=PROSE),
        replace(ENGLISH, paragraphs=(*PROSE[:3], PROSE[3].replace("governed, street", "run, lane"), *PROSE[4:])),
    ),
    "hostile": (
        replace(LONG, headline=HOSTILE, paragraphs=(TURNED, HOSTILE), keywords=(TURNED, HOSTILE)),
        replace(LONG, headline=f"{HOSTILE}\u202e", paragraphs=(TURNED.replace("\u200b", ""), HOSTILE[1:]), keywords=()),
    ),
    "many": (MANY, replace(MANY, paragraphs=EDITED_ALL_OVER)),
    "joined": (LONG, body(body(LONG, "负担。\n第7段", "负担。第7段"), "第30条街", "第30条路")),
    "swapped": (LONG, order(LONG, 58, 57)),
    "to-the-end": (LONG, order(LONG, 0, 58)),
    "moved-far": (MANY, replace(MANY, paragraphs=(*EDITED_ALL_OVER[1:], MANY.paragraphs[0]))),
    "moved-twice": (
        replace(LONG, biography="\n".join(LONG.paragraphs[:3])),
        order(replace(LONG, biography="\n".join((*LONG.paragraphs[1:3], LONG.paragraphs[0]))), 40, 10),
    ),
    "unpunctuated": tuple(replace(LONG, paragraphs=(text,)) for text in (UNPUNCTUATED, f"甲{UNPUNCTUATED[1:-1]}乙")),
    "huge": tuple(replace(LONG, paragraphs=(first, *MANY.paragraphs * 2)) for first in ("改革。", "开放。")),
    "alternating": tuple(
        replace(LONG, paragraphs=tuple(f"{name}{n}" if n % 2 else "同" for n in range(4_000))) for name in "甲乙"
    ),
    "elsewhere": tuple(
        replace(LONG, date_published=datetime.fromisoformat(f"2024-04-14T{hour}:00:00-05:00")) for hour in (20, 21)
    ),
    "seconds": tuple(
        replace(LONG, date_published=datetime.fromisoformat(f"2024-04-14T05:01:{second}+08:00")) for second in (10, 40)
    ),
}  # fmt: skip
PATHS = {name: f"/a/newsroom-d{name}/diff/1..2" for name in CASES}
SUMMED = {
    "one": ("正文改动 1 处：删 1 字，增 1 字", "Body, 1 place: 1 character replaced by 1 character"),
    "moved": ("正文改动 1 处：移动 105 字", "Body, 1 place: 105 characters moved"),
    "rewritten": (
        "正文改动 20 处：删 6,121 字，增 1,480 字",
        "Body, 20 places: 6,121 characters replaced by 1,480 characters",
    ),
    "lists": (
        "主讲：林知远 → 周一帆；作者：增 1 项；关键词：增 1 项；附件：减 1 项",
        "Speaker: 林知远 → 周一帆; Authors: 1 added; Keywords: 1 added; Attachments: 1 removed",
    ),
    "dated": ("发布时间：2024-04-14 05:01 → 2024-04-15 09:30", "Published: 2024-04-14 05:01 → 2024-04-15 09:30"),
    "marks": ("正文改动 2 处：标点，仅格式", "Body, 2 places: punctuation, form only"),
    "english": ("正文改动 1 处：删 2 词，增 2 词", "Body, 1 place: 2 words replaced by 2 words"),
    "many": ("正文改动 300 处：删 300 字，增 300 字", "Body, 300 places: 300 characters replaced by 300 characters"),
    "joined": (
        "正文改动 2 处：两段合为一段，删 1 字，增 1 字",
        "Body, 2 places: two paragraphs joined, 1 character replaced by 1 character",
    ),
}


def build_cases(folder: Path) -> Home:
    home = build(folder)
    for name, (old, new) in CASES.items():
        add_versions(home, replace(old, identity=f"d{name}"), replace(new, identity=f"d{name}"))
    return home


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with served(build_cases(tmp_path_factory.mktemp("compared"))) as there:
        yield there


@pytest.mark.parametrize("name", SUMMED)
def test_the_page_sums_up_a_comparison_in_one_line_in_both_languages(site: Datasette, name: str) -> None:
    told = [
        re.findall(r'<p class="summing">(.*?)</p>', get(site, f"{PATHS[name]}?ui={ui}").text) for ui in ("zh", "en")
    ]
    assert [re.sub("<[^>]+>", "", line) for (line,) in told] == list(SUMMED[name])


@every_row("name", CASES)
def test_no_page_is_larger_than_100_kb_and_every_anchor_is_there(site: Datasette, name: str) -> None:
    page = get(site, f"{PATHS[name]}?form=1").text
    assert len(page.encode()) <= 100_000
    anchors = re.findall(r' id="(c\d+)"', page)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#(c\d+)"', page)) <= set(anchors)
    assert anchors == [f"c{n}" for n in range(1, len(anchors) + 1)]


def test_a_change_stands_between_twenty_characters_and_the_rest_is_folded(site: Datasette) -> None:
    page = get(site, PATHS["one"]).text
    (place,) = re.findall(r'<div class="change">.*?</div>', page, re.DOTALL)
    assert text_of(place) == "1轻负担。第30段讲城市治理如何落到第30条街路道，也讲数字怎样帮助基层减轻负担。第30段"
    assert page.count("<details>") == 2


def text_of(html: str) -> str:
    return re.sub(r"\s+|<[^>]+>", "", html)


def test_a_moved_paragraph_is_one_move_with_links_both_ways(site: Datasette) -> None:
    page = get(site, PATHS["moved"]).text
    assert (page.count('class="moved"'), page.count('href="#m1a"'), page.count('href="#m1b"')) == (2, 1, 1)
    moved = [s for s in get(site, f"{PATHS['moved']}.json").json()["properties"][0]["segments"] if "move" in s]
    assert [(s["op"], s["move"]) for s in moved] == [("insert", 1), ("delete", 1)]
    assert moved[0]["text"] == moved[1]["text"] == f"{LONG.paragraphs[40]}\n"


@every_row("name", CASES)
def test_no_link_within_the_page_is_dead_and_no_name_stands_twice(site: Datasette, name: str) -> None:
    page = get(site, f"{PATHS[name]}?form=1").text
    names = re.findall(r' id="([^"]+)"', page)
    assert len(names) == len(set(names))
    assert set(re.findall(r' href="#([^"]+)"', page)) <= set(names)


def test_a_move_without_its_other_end_on_the_page_is_marked_without_a_link(site: Datasette) -> None:
    page = get(site, PATHS["moved-far"]).text
    assert '<span class="move" lang="zh-Hans">移到别处</span>' in page
    assert "从别处移来" not in page


@pytest.mark.parametrize("name", ["swapped", "to-the-end"])
def test_a_paragraph_that_moved_past_the_last_one_is_shown_as_one_move(site: Datasette, name: str) -> None:
    page = get(site, PATHS[name]).text
    assert (page.count('href="#m1a"'), page.count('href="#m1b"'), page.count("¶")) == (1, 1, 0)
    assert re.findall(r' id="(c\d+)"', page) == ["c1"]


def test_moves_of_two_properties_have_distinct_ids(site: Datasette) -> None:
    page = get(site, PATHS["moved-twice"]).text
    assert sorted(re.findall(r'class="move" id="(\w+)"', page)) == ["m1a", "m1b", "m2a", "m2b"]


def test_ten_thousand_characters_that_stayed_can_be_unfolded(site: Datasette) -> None:
    page = get(site, PATHS["unpunctuated"]).text
    assert "9,958 字未变</summary>" in page
    assert text_of(page).count("街道治理") > 1_990


def test_a_fold_too_long_to_open_links_to_the_version(site: Datasette) -> None:
    found = get(site, f"{PATHS['huge']}.json").json()
    digest = found["versions"][1]["content_digest"].removeprefix("sha256:")[:12]
    assert f'<p class="folded" lang="zh-Hans"><a href="/a/newsroom-dhuge/v/{digest}">' in get(site, PATHS["huge"]).text


def test_a_date_stands_in_beijing_time_in_the_line_and_below_it(site: Datasette) -> None:
    page = get(site, PATHS["elsewhere"]).text
    assert "发布时间：2024-04-15 09:00 → 2024-04-15 10:00" in page
    assert "<del>2024-04-15 09:00</del>" in page


def test_a_date_that_changed_within_a_minute_stands_as_it_was_written(site: Datasette) -> None:
    page = get(site, PATHS["seconds"]).text
    assert "发布时间：2024-04-14T05:01:10+08:00 → 2024-04-14T05:01:40+08:00" in page
    assert "<del>2024-04-14T05:01:10+08:00</del>" in page


def test_lists_are_chips_and_values_stand_whole(site: Datasette) -> None:
    page = get(site, PATHS["lists"]).text
    assert re.findall(r'<li class="(\w+)" lang="zh-Hans">(?:<\w+>)?([^<h]+)', page) == [
        ("equal", "林知远"), ("insert", "周一帆"),
        ("moved", "基层减负 "), ("equal", "城市治理"), ("insert", "数字政府"),
    ]  # fmt: skip
    assert "<del>2024-04-14 05:01</del>" in get(site, PATHS["dated"]).text
    assert "<ins>2024-04-15 09:30</ins>" in get(site, PATHS["dated"]).text


def test_punctuation_is_marked_as_words_are_and_form_is_hidden_until_asked_for(site: Datasette) -> None:
    plain, form = (get(site, PATHS["marks"] + query).text for query in ("", "?form=1"))
    assert "<del>，</del>" in plain
    assert "<ins>,</ins>" not in plain
    assert "另有 1 处仅格式不同" in plain
    assert "<del>，</del><ins>,</ins>" in form


def test_close_changes_can_be_stepped_through(site: Datasette) -> None:
    page = get(site, PATHS["alternating"]).text
    heads = re.findall(r'<p class="steps"[^>]*><span>(\d+)(?:–(\d+))?</span>', page)
    assert len(heads) > 10
    assert all(int(last or first) - int(first) < 8 for first, last in heads)
    assert [int(first) for first, _ in heads[1:]] == [int(last or first) + 1 for first, last in heads[:-1]]


def test_a_long_comparison_states_the_number_of_changes_shown_and_omitted(site: Datasette) -> None:
    page = get(site, PATHS["many"]).text
    assert re.search(r"只显示前 (\d+) 处，另有 (\d+) 处未显示", page)
    shown, more = map(int, re.findall(r"只显示前 (\d+) 处，另有 (\d+) 处未显示", page)[0])
    assert (shown + more, page.count('class="mark"')) == (300, shown)
    assert shown >= 50


def test_hostile_text_is_shown_by_name(site: Datasette) -> None:
    page = get(site, f"{PATHS['hostile']}?form=1").text
    assert "[U+200B]" in page
    assert not re.search("[\u200b\u202a-\u202e\u2066-\u2069]|<script|<img", page)
    article = get(site, PATHS["hostile"].partition("/diff/")[0]).text
    reference = re.search('<p class="reference".*?</p>', article)
    assert reference
    assert ("[U+202E]" in reference[0], "\u202e" in reference[0]) == (True, False)


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_git_applies_the_patch_to_the_old_text_and_gets_the_new_one(site: Datasette, name: str, tmp_path: Path) -> None:
    told = get(site, f"{PATHS[name]}.json").json()["properties"]
    patch = get(site, f"{PATHS[name]}.patch")
    assert patch.headers["content-type"] == "text/plain; charset=utf-8"
    assert patch.headers["x-content-type-options"] == "nosniff"
    for each in told:
        (tmp_path / each["property"]).write_bytes(joined(each["segments"], "insert"))
    subprocess.run(["git", "apply", "-"], input=patch.content, cwd=tmp_path, check=True, env={"PATH": "/usr/bin:/bin"})
    for each in told:
        path = tmp_path / each["property"]
        assert (path.read_bytes() if path.exists() else b"") == joined(each["segments"], "delete")


def joined(told: list[dict[str, str]], other: str) -> bytes:
    return "".join(each["text"] for each in told if each["op"] != other).encode()


@every_row(
    ("before", "after", "expected"),
    [
        ("一\n二\n三", "一\n三", ["一", "-二", "三"]),
        ("一二", "一\n二", ["一+¶", "二"]),
        ("一\n二", "一二", ["一-¶", "二"]),
        ("", "新", ["+新"]),
        ("改革，开放", "改革,开放", ["改革-，+,开放"]),
    ],
)
def test_a_comparison_is_split_into_lines_with_marked_breaks(before: str, after: str, expected: list[str]) -> None:
    sign = {"equal": "", "insert": "+", "delete": "-"}
    (block,) = blocks(segments(before, after), DiffBudget("zh-Hans"))
    shown = [
        "".join(sign[mark.op] + mark.text for mark in line.marks) + (f"{sign[line.break_op]}¶" if line.broken else "")
        for line in block.lines
    ]
    assert shown == expected


def test_changes_of_form_alone_can_be_left_out() -> None:
    assert without_form(segments("改革，开放好", "改革,开放坏")) == [
        Segment("equal", "改革,开放"), Segment("delete", "好"), Segment("insert", "坏"),
    ]  # fmt: skip
