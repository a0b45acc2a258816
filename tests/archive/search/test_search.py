"""The search rule as a table, and the index against a scan of the texts."""

import html
import json
import unicodedata
from contextlib import closing, contextmanager
from datetime import datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from support.checkout import SHARED
from support.empty_database import open_database
from support.journeys import SOAK
from support.tables import every_row

from archive.history.states import MadeState, insert_state, store_text
from archive.rows.articles import article_row, insert_parts
from archive.rows.connection import inserted
from archive.rules.identity import content_digest, index_of, state_of
from archive.search import (
    Hit,
    fold,
    found,
    highlight,
    index_row,
    match_query,
    reach,
    register,
    reindex,
    scan,
    search,
    search_id,
    snippet,
    total,
)
from archive.search.grammar.simplified import simplified
from archive.search.index import first_slot, insert_into
from archive.search.text import NOTHING
from parsers import Article

CORPORA = SHARED / "data/corpora"

SEEN = "2026-11-25T12:00:00Z"


@contextmanager
def empty_archive():
    with closing(open_database()) as connection:
        connection.execute("insert into sources (name) values ('example')")
        yield connection


@pytest.fixture
def conn():
    with empty_archive() as connection:
        yield connection


def add(conn, headline="无题", body_text="", at="2024-04-13T15:01:00Z", key=None, **said):
    """Store an article as the archive does. Returns its key."""
    published = datetime.fromisoformat(at) if at else None
    article = Article(headline, paragraphs=(body_text,), date_published=published, **said)
    row = article_row(article)
    place = search_id(conn, row["date_published_utc"])
    row |= {
        "key": key or f"example-{place}",
        "source": "example",
        "url": "https://example.org/",
        "first_seen_at": SEEN,
        "last_seen_at": SEEN,
        "shown_at": SEEN,
        "revisions": 1,
        "content_digest": content_digest(article),
        "search_id": place,
    }
    insert_parts(conn, inserted(conn, "articles", row), article, SEEN)
    conn.index_later("article_words", place, index_of(article))
    conn.write_index()
    return row["key"]


def supersede(conn, key, headline, body_text, keywords=()):
    """Give the article an earlier text."""
    (article_id,) = conn.execute("select id from articles where key = ?", (key,)).fetchone()
    said = Article(headline, paragraphs=(body_text,), keywords=keywords)
    made = MadeState(state_of(said, "1"), SEEN, "1", "urn:uuid:0", "sha256:0")
    state_id = insert_state(conn, article_id, made, article_id)
    store_text(conn, article_id, state_id, said)
    revision = {
        "article_id": article_id, "position": state_id, "run": 0, "captured_at": SEEN, "recorded_at": SEEN,
        "capture_id": 0, "state_id": state_id, "origin": "site", "parser_version": "1", "significance": "substantive",
    }  # fmt: skip
    conn.execute("pragma foreign_keys = off")  # a revision without its capture
    inserted(conn, "revision_records", revision)
    conn.execute("pragma foreign_keys = on")
    conn.write_index()


def keys(hits):
    return [hit.key for hit in hits]


RULE = [
    # Han characters match wherever they stand next to each other, any number of them
    ("中国式现代化", "论中国式现代化的道路", True),
    ("现代", "论中国式现代化的道路", True),
    ("国式现", "论中国式现代化的道路", True),
    ("路", "论中国式现代化的道路", True),
    ("论", "论中国式现代化的道路", True),
    ("式", "论中国式现代化的道路", True),
    ("人民民", "人民，民主", False),
    ("人民民", "人民\n民主", False),
    ("人人", "人人，人", True),
    ("人人人", "人人，人", False),
    ("代中", "现代化中国", False),
    # a Latin word or a number matches as a whole word
    ("GDP", "今年GDP增长", True),
    ("GD", "今年GDP增长", False),
    ("2024", "在2024年底", True),
    ("202", "在2024年底", False),
    ("24", "在2024年底", False),
    ("COVID", "covid-19", True),
    ("covid19", "covid-19", False),
    ("covid-19", "covid-19", True),
    ("covid-19", "19 kinds of covid", True),
    # word* is its beginning
    ("202*", "在2024年底", True),
    ("24*", "在2024年底", False),
    ("econ*", "The Economy", True),
    ("econ*", "an economist", True),
    ("*omy", "The Economy", False),
    ("人民*", "人民", True),  # Han characters need no star
    ("con*omy", "con artist", False),  # a star ends a term
    ("con*omy", "contra omy", True),
    # blanks and punctuation separate terms that must all occur
    ("改革 开放", "开放与改革", True),
    ("改革，开放", "开放与改革", True),
    ("改革　开放", "改革", False),
    ("改革_开放", "开放与改革", True),
    ("《改革》", "改革", True),
    # units of one term stand directly next to each other
    ("5G网络", "建设5G网络", True),
    ("5G网络", "建设5G，网络", False),
    ("5G网络", "建设5G 网络", False),
    ("5G网络", "网络5G", False),
    ("5G网", "建设5G网络", True),
    ("5G网", "建设5G 网络", False),
    ("G网络", "建设5G网络", False),
    ("年底A", "2024年底A股", True),
    ("年底A", "2024年底，A股", False),
    ("底A股", "2024年底A股", True),
    ("在2024年底", "他在2024年底到", True),
    ("在2024年底", "他在 2024年底到", False),
    ("在2024年底", "他在2024 年底到", False),
    ("年A", "2024年A股", True),
    ("年A", "2024年底A股", False),
    # quotes keep a phrase together: where it has separators the text has some, and the order holds
    ('"改革 开放"', "改革，开放", True),
    ('"改革 开放"', "改革开放", False),
    ('"改革 开放"', "开放，改革", False),
    ('"改革开放"', "改革开放", True),
    ('"改革 开"', "改革，开放", True),
    ('"革 开"', "改革……开放", True),
    ('"改 开"', "改革，开放", False),
    ('"人 民"', "人，民", True),
    ('"人 民"', "人也，民也", False),
    ('"人 人"', "人，民", False),
    ('"the rule of law"', "The  Rule, of law.", True),
    ('"the rule of law"', "rule of the law", False),
    ('"the rule of la*"', "the rule of law", True),
    ('"the rul* of law"', "the rule of law", False),
    ('"5G 网络"', "5G，网络", True),
    ('"5G 网络"', "5G网络", False),
    ('"网络 5G"', "网络 5G", True),
    ('"网络 5G"', "网络5G", False),
    ('"网 5G"', "网络 5G", False),
    ('"改革 开放', "改革，开放", True),  # an unclosed quote ends with the query
    ('改革"开放"', "开放，改革", True),
    ('"改革""开放"', "开放，改革", True),
    # after NFKC and case folding
    ("ＧＤＰ", "gdp", True),
    ("gdp", "ＧＤＰ", True),
    ("５Ｇ网络", "5G网络", True),
    ("STRASSE", "Straße", True),
    ("ﬁle", "FILE", True),
    ("cafe\u0301", "café", True),
    ("＂改革　开放＂", "开放，改革", False),
    ("econ＊", "economy", True),
    ("金", "\uf90a", True),  # a compatibility ideograph
    ("平成", "㍻元年", True),
    ("二〇二四", "二〇二四年", True),
    ("人々", "人々", True),
    ("〇", "二〇二四年", True),
    ("\U00020000", "甲\U00020000乙", True),
    ("甲\U00020000", "甲\U00020000乙", True),
    ("\U0003134a\U00020000", "\U0003134a\U00020000乙", True),
    # other scripts are words
    ("ひらがな", "ひらがな", True),
    ("ひら", "ひらがな", False),
    ("ひら*", "ひらがな", True),
    ("한국", "한국 경제", True),
    ("한국", "한국어", False),
    # nothing to look for
    ("", "改革", False),
    ("   ", "改革", False),
    ("，。！", "改革，。！", False),
    ('"', "改革", False),
    ('""', "改革", False),
    ('" "', "改革", False),
    ("*", "改革", False),
    ("\x00", "改革\x00", False),
    ("\ud800", "改革", False),
    # no operator of FTS5 means anything but OR, which is ours
    ("改革 OR 开放", "改革", True),
    ("改革 or 开放", "改革", False),
    ("a AND b", "a b", False),
    ("NOT", "not", True),
    ("NEAR(a b)", "near a b", True),
    ("headline:改革", "改革", False),
    ("-改革", "改革", False),
    ("(改革", "改革", True),
    ("a + b", "b a", True),
    ("^改革", "论改革", True),
    # characters that we use in the index mean nothing in a text
    ("改革开放", "改革\ue000开放", False),
    ("网络5G", "网络\ue0005G", False),
    ("5G网络", "5G\ue001网络", False),
    ("\ue003改", "改革", True),
    ("改革", "改\x00革", False),
]


@every_row(("query", "text", "found"), RULE)
def test_the_index_and_a_scan_follow_the_search_rule(query, text, found):
    with empty_archive() as conn:
        add(conn, body_text=text.replace("\ud800", ""))
        assert scan(query, [text]) is found
        assert bool(search(conn, query)) is found


def test_every_field_is_searched_and_terms_may_be_in_different_ones(conn):
    key = add(conn, "头条", "正文", alternative_headline="副题", speaker="阮青", keywords=["经济", "政策"])
    for query in ("头条", "正文", "副题", "阮青", "经济", "政策", "头 副 文", "阮青 政策 正文"):
        assert keys(search(conn, query)) == [key], query


def test_no_phrase_reaches_from_one_field_or_keyword_into_the_next(conn):
    add(conn, "改革", "开放", keywords=["经济", "政策", "5G"])
    for query in ("改革开放", '"改革 开放"', "经济政策", '"经济 政策"', '"政策 5G"', "政策5G"):
        assert search(conn, query) == []


def test_a_hit_has_its_key_headline_address_date_and_snippet(conn):
    add(conn, "论改革", "我们要把改革进行到底。", at="2024-04-13T23:01:00+08:00", key="example-7")
    assert search(conn, "进行到底") == [
        Hit("example-7", "论改革", "https://example.org/", "2024-04-13T23:01:00+08:00", "我们要把改革进行到底。")
    ]


def test_the_newest_come_first_and_those_without_a_date_last(conn):
    for at in ("2024-04-13T15:01:00Z", None, "2025-01-01T00:00:00Z", "1949-10-01T07:00:00Z"):
        add(conn, "改革", at=at, key=str(at))
    newest_first = ["2025-01-01T00:00:00Z", "2024-04-13T15:01:00Z", "1949-10-01T07:00:00Z", "None"]
    assert keys(search(conn, "改革")) == newest_first
    assert keys(search(conn, "改革", limit=2)) == newest_first[:2]
    assert keys(search(conn, "改革", limit=0)) == newest_first


def test_a_crowded_day_does_not_hide_newer_articles(conn):
    for _ in range(300):
        add(conn, "改革", at="2024-04-12T16:00:00Z")
    for minute in range(30):
        add(conn, "改革", at=f"2024-04-12T16:{minute:02}:30Z", key=f"minute-{minute}")
    found = keys(search(conn, "改革", limit=30))
    assert found == [f"minute-{minute}" for minute in reversed(range(30))]


def test_superseded_states_are_found_by_ever_and_gone(conn):
    edited = add(conn, "论改革", "现在这样说", at="2024-01-02T00:00:00Z")
    supersede(conn, edited, "论改革", "过去提出新质生产力")
    supersede(conn, edited, "论改革", "新质生产力要因地制宜")
    kept = add(conn, "论发展", "新质生产力", at="2024-01-01T00:00:00Z")
    supersede(conn, kept, "论发展", "旧的新质生产力")
    assert keys(search(conn, "新质生产力")) == [kept]
    assert keys(search(conn, "新质生产力", ever=True)) == [edited, kept]
    assert keys(search(conn, "新质生产力", ever=True, limit=1)) == [edited]
    assert keys(search(conn, "新质生产力", gone=True)) == [edited]
    assert search(conn, "新质生产力", gone=True)[0].snippet == "新质生产力要因地制宜"
    assert search(conn, "新质生产力", ever=True)[1].snippet == "新质生产力"
    for query in ("新质生产力", "旧", "论改革", "没有", "!"):
        for ever, gone in ((False, False), (True, False), (False, True), (True, True)):
            assert total(conn, query, ever, gone) == len(search(conn, query, 0, ever, gone)), (query, ever, gone)


def test_text_that_still_stands_is_not_gone_where_only_the_newest_texts_are_looked_at(conn, monkeypatch):
    monkeypatch.setattr(reach, "MAX_TEXTS_LOOKED_AT", 1)
    for year in (2023, 2024):
        key = add(conn, "论发展", "新质生产力", at=f"{year}-01-01T00:00:00Z")
        if year == 2023:
            supersede(conn, key, "论发展", "旧的新质生产力")
    assert len(found(conn, "新质生产力", gone=True)) == 0
    assert found(conn, "新质生产力", ever=True).of("state_id") == [None]


def test_reindex_builds_the_same_index(conn):
    add(conn, "论改革", "5G网络，人民", speaker="阮青", keywords=["经济", "学"])
    key = add(conn, "论发展", "人")
    supersede(conn, key, "论发展", "从前，人民说", keywords=["旧", "词"])
    queries = ("改革", "人", "人民", "5G网络", "阮", "学", "旧", '"旧 词"')
    before = [search(conn, query, ever=True) for query in queries]
    conn.execute("insert into article_words (article_words) values ('delete-all')")
    conn.execute("insert into revision_words (revision_words) values ('delete-all')")
    seen = []
    assert reindex(conn, lambda done, total: seen.append((done, total))) == 3
    assert [search(conn, query, ever=True) for query in queries] == before
    assert seen == [(2, 3), (3, 3)]


def test_a_changed_article_leaves_the_index(conn):
    add(conn, "论改革", "人民")
    (place,) = conn.execute("select search_id from articles").fetchone()
    conn.execute("delete from article_words where rowid = ?", (place,))
    assert search(conn, "改革") == search(conn, "人") == []


def test_search_ids_follow_time_and_never_clash(conn):
    moments = [None, "1850-01-01T00:00:00Z", "1999-12-31T16:00:00Z", "2024-04-13T15:01:00Z"]
    places = [first_slot(moment) for moment in moments]
    assert places == sorted(places)
    assert len(set(places)) == 4
    for _ in range(500):
        add(conn, at="2024-04-12T16:00:00Z")
    taken = [place for (place,) in conn.execute("select search_id from articles")]
    assert len(set(taken)) == 500
    assert max(taken) - min(taken) < 2000


def test_a_match_with_escape_fts_finds_folded_terms_and_escapes_operators(conn):
    key = add(conn, "论改革", "建设5G网络")
    register(conn)
    sql = """
        select key from articles
         where search_id in (select rowid from article_words where article_words match escape_fts(:search))
    """
    assert conn.execute(sql, {"search": "５g网络 改"}).fetchall() == [(key,)]
    assert conn.execute(sql, {"search": 'AND "'}).fetchall() == []


def test_sql_functions_accept_null_and_numbers(conn):
    register(conn)
    row = conn.execute("select terms(null), terms(5), zh_highlight(null, 'a'), zh_scan('改革', '革')")
    assert row.fetchone() == (NOTHING, '"5"', "", 1)
    row = conn.execute("select zh_highlight('<b>5G</b>', '5g'), zh_snippet('论改革', '改革')")
    assert row.fetchone() == ("&lt;b&gt;<mark>5G</mark>&lt;/b&gt;", "论改革")


HIGHLIGHTS = [
    ("论改革与改革开放", "改革", "论<mark>改革</mark>与<mark>改革</mark>开放"),
    ("ＧＤＰ与<i>5G网络</i>", "gdp 5g网络", "<mark>ＧＤＰ</mark>与&lt;i&gt;<mark>5G网络</mark>&lt;/i&gt;"),
    ("人人人", "人人", "<mark>人人人</mark>"),
    ("改革开放", "改革 开放", "<mark>改革开放</mark>"),
    ("GDPs and GDP", "gdp", "GDPs and <mark>GDP</mark>"),
    ("GDPs and GDP", "gdp*", "<mark>GDP</mark>s and <mark>GDP</mark>"),
    ("un cafe\u0301 noir", "café", "un <mark>cafe\u0301</mark> noir"),
    ("㍻元年", "成", "<mark>㍻</mark>元年"),
    ("Straße 7", "strasse 7", "<mark>Straße</mark> <mark>7</mark>"),
    ("改革，开放", '"改革 开放"', "<mark>改革，开放</mark>"),
    ("a & b", "", "a &amp; b"),
]


@every_row(("text", "query", "marked"), HIGHLIGHTS)
def test_highlight_marks_the_original_text(text, query, marked):
    assert highlight(text, query) == marked


SNIPPETS = [
    ("短文", "文", 10, "短文"),
    ("一二三四五六七八九十" * 3, "无", 10, "一二三四五六七八九十…"),
    ("一二三四五六七八九十改革" + "甲乙丙丁戊己庚辛壬癸", "改革", 9, "…八九十改革甲乙丙丁…"),
    ("前面\n\n  ＧＤＰ", "gdp", 20, "前面 ＧＤＰ"),
    ("㈱" * 20 + "ＧＤＰ", "gdp", 6, "…㈱㈱㈱ＧＤＰ"),
]


@every_row(("text", "query", "width", "shown"), SNIPPETS)
def test_snippet_shows_the_first_hit(text, query, width, shown):
    assert snippet(text, query, width) == shown


ALPHABET = "人民主改革後后々〇\U00020000\u2e80ABａｂ12½ß가é\u0301ｶﾞ ，。、_\n*\"-()'\x00\ue000\ue001\ue002\ue003\u200b㍻"
WRITING = st.text(st.sampled_from(ALPHABET), max_size=30) | st.text(st.sampled_from("人民a1 ，"), max_size=20)
QUERY = (
    st.text(st.sampled_from("人民a1 ，"), min_size=1, max_size=5)
    | st.text(st.sampled_from('人民a1 ，"*'), min_size=1, max_size=8)
    | st.text(st.sampled_from(ALPHABET), max_size=8)
)


@pytest.mark.slow
@pytest.mark.soak
@settings(max_examples=500 if SOAK else 200, deadline=None)
@given(st.lists(st.lists(WRITING, min_size=4, max_size=6), min_size=1, max_size=4), st.lists(QUERY, max_size=30))
@example([["", "", "人，人", "", "人", "人"]], ['"人 人"'])
def test_the_index_finds_the_same_articles_as_a_scan(articles, queries):
    with closing(open_database()) as conn:
        for rowid, (headline, alternative, body, speaker, *keywords) in enumerate(articles):
            said = {"headline": headline, "alternative_headline": alternative, "body_text": body, "speaker": speaker}
            index = index_row({**said, "keywords": keywords})
            conn.execute(insert_into("article_words"), (rowid, *index))
        for query in queries + [part for fields in articles for field in fields for part in (field[:3], field[1:6])]:
            sql = "select rowid from article_words where article_words match ? order by rowid"
            found = [rowid for (rowid,) in conn.execute(sql, (match_query(query),))]
            assert found == [rowid for rowid, fields in enumerate(articles) if scan(query, fields)], query


@pytest.mark.slow
@pytest.mark.soak
@settings(max_examples=300 if SOAK else 120, deadline=None)
@given(
    st.lists(WRITING, min_size=3, max_size=3), st.lists(WRITING, min_size=1, max_size=4), st.lists(QUERY, max_size=30)
)
@example(["人", "民", "人"], ["民人", "人"], ["民人", "人民", "人人"])
def test_the_index_finds_the_words_of_corrections_as_a_scan_of_both_does(said, ours, queries):
    headline, body, keyword = said
    corrected = {"headline": ours[:1], "keywords": ours[1:]}
    index = index_row({"headline": headline, "body_text": body, "keywords": [keyword]}, corrected)
    with closing(open_database()) as conn:
        conn.execute(insert_into("article_words"), (1, *index))
        for query in queries + [part for text in (*said, *ours) for part in (text[:3], text[1:6])]:
            sql = "select count(*) from article_words where article_words match ?"
            assert conn.execute(sql, (match_query(query),)).fetchone() == (scan(query, [*said, *ours]),), query


@settings(max_examples=300)
@given(st.text() | st.text(st.sampled_from(ALPHABET)))
def test_fold_is_nfkc_then_casefold_then_simplified(text):
    assert fold(text) == simplified(unicodedata.normalize("NFKC", text).casefold())


@settings(max_examples=300)
@given(st.text() | WRITING, QUERY)
def test_highlight_keeps_the_text_and_marks_something_if_a_scan_matches(text, query):
    marked = highlight(text, query)
    assert html.unescape(marked.replace("<mark>", "").replace("</mark>", "")) == text
    if scan(query, [text]):
        assert "<mark>" in marked


@given(st.text(), st.text())
def test_any_query_is_answered(text, query):
    with closing(open_database()) as conn:
        assert search(conn, query) == []
    assert len(snippet(text, query, 20)) <= 22


def test_very_long_queries_are_answered(conn):
    key = add(conn, "改革", "人民 a b c")
    for query in ("人" * 5000, "人 " * 5000, " ".join(f"w{number}" for number in range(5000)), '"' * 5000):
        assert keys(search(conn, query)) == ([key] if query == "人 " * 5000 else [])


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.shared
@pytest.mark.parametrize("corpus", ["fts5-queries", "sql-injection"])
def test_hostile_queries_are_terms_like_any_other(conn, corpus):
    path = CORPORA / corpus / "cases.jsonl"
    queries = [json.loads(line)["input"] for line in path.read_text().splitlines()]
    add(conn, "改革", "人民")
    texts = [add(conn, "题", query) for query in queries]
    everything = [(key, query) for key, query in zip(texts, queries, strict=True)]
    for query in queries[:: 1 + len(queries) // (120 if SOAK else 40)]:
        found = set(keys(search(conn, query, limit=0)))
        assert found == {key for key, text in everything if scan(query, ["题", text])}, query
