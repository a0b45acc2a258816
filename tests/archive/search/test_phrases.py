"""A phrase's counts are those of a scan, month by month, over all that was ever seen; and what its page says of it."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette
from hypothesis import given, settings
from hypothesis import strategies as st
from support.journeys import asked
from support.small_archive import EDITED, ENGLISH, TALK, add_versions, build, digest_of
from support.small_site import get, served, text
from support.tables import every_row
from support.written_archive import PHRASES, Written, fields_of, phrases_to_ask, plain, url

from archive import read_archive
from archive.files.home import Home
from archive.publish.database import reading
from archive.publish.search import phrase_page
from archive.search import facets, fold, phrases, scan
from archive.search.counting import counter, phrase_of, places
from archive.search.lines import phrase_lines
from archive.search.phrases import covered_months, history_of, months_of, told
from archive.search.uses import uses_of
from parsers import Article

EDITS = "2026-11"  # the month of every capture of the written archive


def scanned(versions: dict[int, list[Article]], phrase: str) -> dict[str | None, tuple[int, int, int]]:
    """Articles, those that got it by an edit, and occurrences by month: of the last version that has the phrase."""
    found: defaultdict[str | None, list[tuple[bool, int]]] = defaultdict(list)
    for said in versions.values():
        counts = [sum(plain(field).count(plain(phrase)) for field in fields_of(each)) for each in said]
        if any(counts):
            published = said[0].date_published
            month = EDITS if not counts[0] else f"{published:%Y-%m}" if published else None
            found[month].append((not counts[0], [count for count in counts if count][-1]))
    return {
        month: (len(counts), sum(edited for edited, _ in counts), sum(count for _, count in counts))
        for month, counts in found.items()
    }


@pytest.mark.slow
def test_the_counts_of_300_phrases_are_those_of_a_scan_by_month(written: Written) -> None:
    with closing(read_archive(written.home)) as archive:
        covered = covered_months(archive.conn)
        months = Counter(
            said[0].date_published and f"{said[0].date_published:%Y-%m}" for said in written.versions.values()
        )
        assert covered == months
        lengths, found, edited = Counter[int](), 0, 0
        for phrase in phrases_to_ask(written.versions):
            told_of = months_of(history_of(archive.conn, phrase), covered)
            counted = {each.month: (each.articles, each.came_by_edit, each.occurrences) for each in told_of
                       if each.articles}  # fmt: skip
            assert counted == scanned(written.versions, phrase), phrase
            assert {each.month: each.covered for each in told_of if each.covered} == months
            edited += sum(each.came_by_edit for each in told_of)
            lengths[len(phrase)] += 1
            found += bool(counted)
    assert sum(lengths.values()) == PHRASES
    assert set(lengths) == set(range(1, 9))
    assert (found > PHRASES / 2, edited > PHRASES / 2) == (True, True)


def test_a_history_counts_superseded_and_removed_texts_but_no_withdrawn_ones(written: Written) -> None:
    kinds = Counter[str]()
    with closing(read_archive(written.home)) as archive:
        states = dict(archive.conn.execute("select url, state from articles"))
        assert states[url(3)] == states[url(4)] == "removed"
        for phrase in phrases_to_ask(written.versions):
            for use in history_of(archive.conn, phrase).uses:
                kinds["superseded" if use.state_id else "current"] += 1
                (state,) = archive.conn.execute("select state from articles where id = ?", (use.article_id,)).fetchone()
                kinds[state] += 1
    assert kinds.pop("withdrawn", 0) == 0
    assert min(kinds[name] for name in ("superseded", "current", "removed")) > 5


def test_a_phrase_first_appears_in_the_oldest_article_or_in_an_edit_that_brings_it(tmp_path: Path) -> None:
    build(tmp_path)
    with closing(read_archive(tmp_path)) as archive:
        told_of = {
            name: told(history_of(archive.conn, name), covered_months(archive.conn))
            for name in ("小事办好", "小事办实", "治理", "数据", "火箭")
        }
    first, second = digest_of(TALK), digest_of(EDITED)
    published = "2024-04-13T21:01:00Z"
    ends = {
        name: [(each["key"], each["at"], each["captured_at"], each["digest"]) for each in (of["first"], of["last"])]
        for name, of in told_of.items()
        if of["first"]
    }
    assert ends["小事办好"] == [("newsroom-1", published, "2024-04-16T01:00:00Z", first)] * 2
    brought = ("newsroom-1", "2024-04-17T01:00:00Z", "2024-04-17T01:00:00Z", second)
    assert ends["小事办实"] == ends["数据"] == [brought] * 2
    assert ends["治理"][0] == ("newsroom-1", published, "2024-04-16T01:00:00Z", first)
    assert ends["治理"][1][0] == "newsroom-4"
    assert (told_of["火箭"]["first"], told_of["火箭"]["articles"]) == (None, 0)
    assert told_of["小事办好"]["months"] == [
        {"month": "2024-04", "articles": 1, "came_by_edit": 0, "occurrences": 1, "covered": 3}
    ]
    assert told_of["治理"]["speakers"] == [{"name": "林知远", "articles": 2}]


def test_speakers_and_columns_are_counted_even_if_not_all_are_named(
    site: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phrases, "MAX_USERS_NAMED", 1)
    monkeypatch.setattr(phrase_page, "MAX_USERS", 1)
    (told_of,) = get(site, "/phrase.json?q=改").json()["phrases"]
    assert (len(told_of["speakers"]), told_of["speakers_counted"], told_of["columns_counted"]) == (1, 2, 1)
    assert text(get(site, "/phrase?q=改")).count("另有 1 项") == 1


def test_the_page_counts_unlisted_speakers_and_says_that_they_have_no_more_articles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phrases, "MAX_USERS_NAMED", 2)
    monkeypatch.setattr(phrase_page, "MAX_USERS", 1)
    home = build(tmp_path)
    for number in (6, 7):
        add_versions(home, replace(ENGLISH, identity=str(number), speaker=f"Speaker {number}"))
    with served(home) as there:
        page = text(get(there, "/phrase?q=governance&ui=en"))
    assert re.findall(r"Lin Zhiyuan 1 (.*?) Speaker 6 1 (.*?) Columns", page) == [
        ("1 more", "1 more not listed, none with more articles than these")
    ]


def test_a_history_names_only_the_most_frequent_speakers_and_counts_all(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phrases, "MAX_USERS_NAMED", 3)
    with closing(read_archive(written.home)) as archive:
        history = history_of(archive.conn, "人")
    every = Counter(use.speaker for use in history.uses if use.speaker)
    most = sorted(every.items(), key=lambda each: (-each[1], each[0]))
    assert (list(history.speakers.named), history.speakers.counted) == (most[:3], len(most))
    assert len(most) > 3


LINES = "人民⼈㍻ABａ 2½，。é\u0301ß\n"


@settings(deadline=None)
@given(st.text(st.sampled_from(LINES), max_size=30), st.text(st.sampled_from("人民平成ab2 ＂"), min_size=1, max_size=4))
def test_the_places_of_a_phrase_agree_with_its_count_and_each_matches_it(field: str, asked: str) -> None:
    phrase = phrase_of(asked)
    found = list(places(phrase, field))
    assert len(found) == counter(phrase)([field])
    assert bool(found) == (bool(phrase) and scan(f'"{phrase}"', [field]))
    for start, end in found:
        assert scan(f'"{phrase}"', [field[start:end]]) or fold(field[start:end]) != field[start:end]


@every_row(
    ("phrase", "fields", "count"),
    [
        ("人人", ["人人人人人"], 2),  # what overlaps counts once
        ("人", ["人民", "⼈", "a"], 2),
        ("平成", ["㍻元年，平成"], 2),
        ("gdp", ["GDP，GDPs ＧＤＰ gdp"], 3),
        ("5G 网络", ["5G网络 5g，网络"], 1),
        ("本文＂第二", ["本文，第二"], 1),  # a quote is a blank
        ("改革开放", ["改革", "开放"], 0),  # no phrase reaches from one keyword to the next
        ("，", ["，，"], 0),
        ("", ["人"], 0),
    ],
)
def test_the_counter_counts_occurrences_of_a_phrase_in_the_fields(phrase: str, fields: list[str], count: int) -> None:
    assert counter(phrase_of(phrase))(fields) == count


@every_row("marks", ["", "\u0301", "\u3099", "\u302a\u0345", "\u0f71\u0f72", "\u0301" * 40])
def test_the_marks_on_its_last_character_belong_to_a_phrase(marks: str) -> None:
    text = f"新人民{marks}主人民{marks}"
    end = 3 + len(marks)
    expected = [(1, end), (end + 1, len(text))]
    assert [list(places("人民", text + more)) for more in ("", "⼈")] == [expected] * 2  # a radical has it folded first


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Datasette]:
    with served(build(tmp_path_factory.mktemp("home"))) as there:
        yield there


def test_a_page_compares_up_to_five_phrases(site: Datasette) -> None:
    asked = "&".join(f"q={name}" for name in ("治理", "改革", "城市", "治理", "数字", "数据"))
    page, data = get(site, f"/phrase?{asked}"), get(site, f"/phrase.json?{asked}").json()
    assert [each["text"] for each in data["phrases"]] == data["q"] == ["治理", "改革", "城市", "数字", "数据"]
    assert page.text.count('<path class="line') == 5
    assert len(page.content) < 100_000


@pytest.mark.parametrize("sort", ["left", "right", "date"])
def test_lines_stand_in_the_order_that_is_asked_for_and_go_on(site: Datasette, sort: str) -> None:
    rows: list[dict[str, str]] = []
    following: int | None = 1
    while following:
        shown = get(site, f"/phrase.json?q=治理&sort={sort}&from={following}").json()["lines"]
        rows, following = rows + shown["lines"], shown["next"]
    keys = {
        "left": [row["left"][::-1] for row in rows],
        "right": [row["right"] for row in rows],
        "date": [row["moment"] for row in rows],
    }
    assert keys[sort] == sorted(keys[sort], reverse=sort == "date")
    assert (len(rows), {row["phrase"] for row in rows}) == (shown["total"], {"治理"})


def test_empty_and_hostile_phrases_get_a_page_or_an_http_400(site: Datasette) -> None:
    asked = {"": 200, '"': 400, "<script>": 200, "' or 1=1 --": 200, "人" * 500: 400, "\x00": 400, "%F0": 200}
    found = {q: get(site, "/phrase", params={"q": q}) for q in asked}
    assert {q: page.status_code for q, page in found.items()} == asked
    assert not any("<script>" in page.text for page in found.values())
    assert "档案库中没有这个提法" in text(get(site, "/phrase?q=火箭"))
    assert "不应再被看见的文字" not in get(site, "/phrase.json?q=不应再被看见").text.replace('不应再被看见"', "")


def test_facts_of_current_hits_come_from_a_covering_index(written: Written) -> None:
    with closing(read_archive(written.home)) as archive:
        asked: list[str] = []
        archive.conn.set_trace_callback(asked.append)  # with the values in their places
        facets.found(archive.conn, "治理", ever=True)
        uses_of(archive.conn, "治理")
        archive.conn.set_trace_callback(None)
        searches = [sql for sql in asked if "words match" in sql]
        plans = [[row[3] for row in archive.conn.execute(f"explain query plan {sql}")] for sql in searches]
    covered = "SEARCH a USING COVERING INDEX articles_found (search_id=?)"
    now_and_before = [True, False]  # the superseded ones: by their ids
    assert [any(step.startswith(covered) for step in plan) for plan in plans] == now_and_before * 2


def test_occurrences_are_counted_in_the_newest_articles_and_in_all_on_request(
    site: Datasette, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phrase_page, "MAX_TEXTS_READ", 1)
    some, every = (get(site, f"/phrase.json?q=治理{more}").json()["phrases"][0] for more in ("", "&all=1"))
    assert (some["articles"], some["at_least"]) == (every["articles"], every["at_least"]) == (2, False)
    assert (some["occurrences"], every["occurrences"]) == (49, 98)
    assert (some["occurrences_at_least"], every["occurrences_at_least"]) == (True, False)
    assert [[month["occurrences"] for month in each["months"]] for each in (some, every)] == [[None], [98]]
    page, whole = text(get(site, "/phrase?q=治理")), text(get(site, "/phrase?q=治理&all=1"))
    assert ("最新的 1 篇中 49 处" in page, "全部统计" in page) == (True, True)
    assert ("至少" in whole, "全部统计" in whole) == (False, False)


def test_phrases_with_different_counted_months_share_one_chart(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phrase_page, "MAX_TEXTS_FOUND", 5)
    with served(Home(written.home)) as there:
        data = get(there, "/phrase.json?q=人&q=人人人人").json()["phrases"]
        page = get(there, "/phrase?q=人&q=人人人人")
    months = [[month["month"] for month in each["months"]] for each in data]
    assert (months[0] != months[1], [each["at_least"] for each in data]) == (True, [True, False])
    assert (page.status_code, page.text.count('<path class="line')) == (200, 2)


def test_a_count_that_takes_too_long_says_so(site: Datasette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE_TIME_LIMIT_MS", 0)
    page = get(site, "/phrase?q=一段讲")
    assert (page.status_code, "搜索超时" in page.text, page.headers["cache-control"]) == (200, True, "no-store")
    for more, remedy in (("", "Try again in a moment"), ("&all=1", "all=1 takes longer than 3 s here; without it")):
        told = get(site, f"/phrase.json?q=一段讲{more}")
        assert (told.status_code, told.json()["ok"], remedy in told.json()["error"]) == (503, False, True)
    every = get(site, "/phrase?q=一段讲&all=1").text  # the phrase is as good as it was
    assert ("搜索超时" in every, "只统计最新的 2,000 篇" in every, 'href="?q=' in every) == (False, True, True)


def test_the_phrase_command_prints_the_same_counts_as_the_page(tmp_path: Path) -> None:
    build(tmp_path)
    code, out, _ = asked(tmp_path, "phrase", "治理", "火箭", "--json")
    page = get_phrases(tmp_path, "治理", "火箭")
    assert (code, json.loads(out)) == (0, page)
    code, out, _ = asked(tmp_path, "phrase", "小事办好")
    assert (code, out.splitlines()[0]) == (0, "小事办好  articles 1, occurrences 1")
    assert out.splitlines()[-1].split() == ["2024-04", "1", "0", "3", "1"]


def test_dates_follow_the_time_zone_and_the_precision_of_the_page(tmp_path: Path, site: Datasette) -> None:
    build(tmp_path)
    _, out, _ = asked(tmp_path, "phrase", "小事办好")  # published on the 14th at 05:01 in Shanghai, the 13th in UTC
    assert [line.split()[1] for line in out.splitlines() if line.startswith(("first", "last"))] == ["2024-04-14"] * 2
    assert re.findall("<small><time[^>]*>(.*?)</time>", get(site, "/phrase?q=小事办好").text)[-1] == "2024-04-14"
    of_a_day = get(site, "/phrase?q=governance").text  # the page names the day alone
    assert re.findall("<dd><time[^>]*>(.*?)</time>", of_a_day) == ["2024-04-15"] * 2
    by_edit = get(site, "/phrase?q=小事办实").text
    assert re.findall("<dd><time[^>]*>(.*?)</time>", by_edit) == ["2024-04-17 09:00"] * 2


def get_phrases(home: Path, *texts: str) -> Any:
    with served(Home(home)) as there:
        return get(there, "/phrase.json", params={"q": list(texts)}).json()["phrases"]


@pytest.mark.parametrize(("text", "said"), [("", "has no letter"), ("。", "has no letter"), ("改" * 101, "than 100")])
def test_the_phrase_command_refuses_a_phrase_without_letters_or_too_long(tmp_path: Path, text: str, said: str) -> None:
    build(tmp_path)
    code, out, err = asked(tmp_path, "phrase", "治理", text, "--json")
    assert (code, out, said in err, len(err.splitlines())) == (2, "", True, 1)


def test_lines_are_cut_in_the_writing_of_the_page(tmp_path: Path) -> None:
    build(tmp_path)
    with closing(read_archive(tmp_path)) as archive:
        history = history_of(archive.conn, "SMALL  things")
        (line,) = phrase_lines(archive.conn, history.text, history.uses)
    assert (line.left, line.phrase, line.right) == ("", "Small things", " make a city warm")


@every_row("query", ["q=a&q=b&q=c&q=d&q=e&q=f", "q=" + "改" * 101, "q=治理&of=x", "q=治理&from=x", "q=治理&sort=x"])
def test_invalid_phrase_queries_get_an_http_400(site: Datasette, query: str) -> None:
    assert get(site, f"/phrase.json?{query}").status_code == 400


def test_a_count_that_takes_too_long_gets_an_http_503(site: Datasette, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PAGE_TIME_LIMIT_MS", 0)
    assert get(site, "/phrase.json?q=二段讲").status_code == 503


def test_a_phrase_without_letters_has_no_counts_in_the_json(site: Datasette) -> None:
    assert (
        "phrases" not in get(site, "/phrase.json?q=。").json() or get(site, "/phrase.json?q=。").json()["phrases"] == []
    )


def test_a_line_leads_to_the_version_that_has_it(site: Datasette) -> None:
    lines_of = get(site, "/phrase?q=小事办好").text.partition('class="kwic"')[2]
    assert f"/a/newsroom-1/v/{digest_of(TALK)[7:19]}" in lines_of


def test_a_month_that_was_not_read_is_no_zero(written: Written) -> None:
    with closing(read_archive(written.home)) as archive:
        whole, cut = history_of(archive.conn, "人民"), history_of(archive.conn, "人民", 5)
        months = told(cut, covered_months(archive.conn))["months"]
    assert cut.at_least
    assert [each["month"] for each in months if not each["articles"] and whole.articles[each["month"]]] == []
