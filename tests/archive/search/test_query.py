"""The grammar of a query: as a table, and hundreds of random queries against a scan of the texts."""

import random
import re
import sys
from collections.abc import Iterator
from contextlib import closing

import pytest
from support.empty_database import open_database
from support.journeys import SOAK
from support.tables import every_row

from archive.history.states import MadeState, insert_state, store_text
from archive.rows.articles import article_row, insert_parts
from archive.rows.connection import Connection, inserted
from archive.rules.identity import content_digest, index_of, state_of
from archive.search import HAN_SCRIPT, highlight, marks, match_query, scan, search, search_id, total
from archive.search.counting import counter, phrases_of, places
from archive.search.facets import found
from archive.search.fields import ASKED_FOR
from archive.search.grammar.query import Every, parse, written
from archive.search.reach import finds
from parsers import Article

SEEN = "2026-11-25T12:00:00Z"


def add(conn: Connection, key: str, now: Article, *before: Article) -> None:
    """Store an article with its superseded texts, as the archive does."""
    row = article_row(now) | {
        "key": key, "source": "example", "url": "https://example.org/", "first_seen_at": SEEN, "last_seen_at": SEEN,
        "shown_at": SEEN, "revisions": 1, "content_digest": content_digest(now), "search_id": search_id(conn, None),
    }  # fmt: skip
    article_id = inserted(conn, "articles", row)
    insert_parts(conn, article_id, now, SEEN)
    conn.index_later("article_words", row["search_id"], index_of(now))
    for number, said in enumerate(before):
        made = MadeState(state_of(said, "1"), SEEN, "1", f"urn:uuid:{number}", "sha256:0")
        store_text(conn, article_id, insert_state(conn, article_id, made, article_id), said)
    conn.write_index()


def article(headline: str, body: str = "", **said: str | tuple[str, ...]) -> Article:
    return Article(headline, paragraphs=(body,) if body else (), **said)  # type: ignore[arg-type]


ARTICLES = {
    "care": article("社区养老", "金融支持养老", speaker="阮青", authors=("程一帆", "林晚"), source_line="江海日报"),
    "finance": article("金融改革", "旧城改造与养老", keywords=("经济", "社区"), article_section="思想者"),
    "old": article("後来的發展", "城市，裏外", alternative_headline="社区的事", authors=("阮青",)),
    "word": article("ＧＤＰ and law", "or title:law 人", source_line="晚报"),
}


@pytest.fixture(scope="module")
def conn() -> Iterator[Connection]:
    with closing(open_database()) as connection:
        connection.execute("insert into sources (name) values ('example')")
        for key, said in ARTICLES.items():
            add(connection, key, said)
        yield connection


def fields_of(said: Article) -> dict[str, list[str]]:
    values = {name: getattr(said, name) or () for name in ASKED_FOR}
    return {name: [value] if isinstance(value, str) else list(value) for name, value in values.items()}


ALL = set(ARTICLES)


@every_row(
    ("q", "keys"),
    [
        ("养老 -金融", {"finance"} - {"finance"}),
        ("养老 -社区", set()),
        ("养老 -支持", {"finance"}),
        ('养老 -"金融支持养老"', {"finance"}),
        ("养老 －支持", {"finance"}),
        ("养老，-支持", {"care"}),  # not after a blank
        ("GDP-law", {"word"}),
        ("-养老", {"old", "word"}),
        ("-养老 -人", {"old"}),
        ("-人民", ALL),
        ("发展 OR 经济", {"old", "finance"}),
        ("发展 OR 经济 OR law", {"old", "finance", "word"}),
        ("养老 支持 OR 发展", {"care", "old"}),  # a blank binds more closely
        ("养老 (支持 OR 改革)", {"care", "finance"}),
        ("（支持 OR 改革）", {"care", "finance"}),
        ("社区 -(支持 OR 改革)", {"old"}),
        ("社区 -(支持 改造)", {"care", "finance", "old"}),
        ("发展 OR -养老", {"old", "word"}),
        ("-(-养老)", {"care", "finance"}),
        ("or", {"word"}),
        ("title:养老", {"care"}),
        ("title:社区", {"care", "old"}),  # the second line of a headline too
        ("标题：社区", {"care", "old"}),
        ("標題：社區", {"care", "old"}),
        ("TITLE:law", {"word"}),
        ("body:养老", {"care", "finance"}),
        ("正文:社区", set()),
        ("body:改", {"finance"}),  # one character that ends no run
        ("title:改", {"finance"}),
        ("title:造", set()),
        ("speaker:青", {"care"}),
        ("author:阮", {"care", "old"}),  # a speaker wrote the talk
        ("作者:程一帆", {"care"}),
        ("author:一", {"care"}),
        ("author:帆", {"care"}),
        ('author:"程一帆 林晚"', set()),  # no phrase reaches from one name to the next
        ("程一帆", set()),  # only a field asks for authors
        ("source:江海", {"care"}),
        ("来源:报", {"care", "word"}),
        ("source:(江海 OR 晚)", {"care", "word"}),
        ("江海日报", set()),
        ("column:思想者", {"finance"}),
        ("栏目:思想", {"finance"}),
        ("tag:社区", {"finance"}),
        ("标签:济", {"finance"}),
        ("社区 -tag:社区", {"care", "old"}),
        ('title:"GDP and"', {"word"}),
        ("title:la*", {"word"}),
        ("titel:law", set()),  # two words
        ("12:30", set()),
        ('"title:law"', {"word"}),
        ("金融|养老", {"care", "finance"}),
        ("發展", {"old"}),
        ("后来", {"old"}),
        ("后来的发展", {"old"}),
        ("里", {"old"}),
        ("裡", {"old"}),
        ("金融 (", {"care", "finance"}),
        (")金融(", {"care", "finance"}),
        ("金融 -", {"care", "finance"}),
        ("OR 金融 OR OR", {"care", "finance"}),
        ("OR", set()),
        ("( ) - OR", set()),
        ("(" * 40 + "金融" + ")" * 40 + " 支持", {"care"}),
        ("-" * 40, set()),
        ("\ufeff-养老", {"old", "word"}),  # a sign without width is a blank
        ("养老\u3000-支持", {"finance"}),
        ("养老\u200f -支持", {"finance"}),
        ("养\u202e老", {"care", "finance"}),
        ("养老\x00支持", {"care"}),
        ("“社区 养老”", {"care", "finance"}),  # only straight quotes make a phrase
        ("＂社区 养老＂", set()),
        ("養老 ＯＲ ｌａｗ", {"care", "finance", "word"}),
        ("养老，OR，改革", set()),
        ("NOT 养老", set()),
        ('-title:"社区" -law', {"finance"}),
        ('title:""', {"word"}),
        ('养老 -""', {"care", "finance"}),
        ("title:body:law", set()),
        ("gdp😀law", {"word"}),
        ("𠮷 OR 养\ufe00老", {"care", "finance"}),  # a variation selector separates, in texts too
        ("l\u0301aw", set()),
    ],
)
def test_a_query_finds_these_articles_by_the_index_and_by_a_scan(conn: Connection, q: str, keys: set[str]) -> None:
    assert {hit.key for hit in search(conn, q)} == keys
    assert {key for key, said in ARTICLES.items() if scan(q, fields_of(said))} == keys


@every_row(
    ("q", "keys"),
    [
        ("發展", {"old"}),
        ("发展", set()),
        ("后来", set()),
        ("後", {"old"}),
        ("GDP", set()),
        ("ＧＤＰ", {"word"}),
        ("ｇｄｐ", {"word"}),  # of upper or lower case
        ("LAW", {"word"}),
        ("law -GDP", {"word"}),
        ("-裡", ALL),
        ("标题：後", {"old"}),
        ("社區 OR 养老", {"care", "finance"}),
    ],
)
def test_an_exact_search_finds_what_is_written_so(conn: Connection, q: str, keys: set[str]) -> None:
    assert {hit.key for hit in search(conn, q, exact=True)} == keys
    assert total(conn, q, exact=True) == len(found(conn, q, exact=True)) == len(keys)
    assert {key for key, said in ARTICLES.items() if scan(q, fields_of(said), exact=True)} == keys


@every_row(
    ("q", "notes"),
    [
        ("金融 -养老 OR (改革 title:发展)", [("reading", "(金融 -养老) OR (改革 title:发展)")]),
        ("speeker:毛映", [("field", "speeker:")]),
        ("title: 毛映", [("value", "title:")]),
        ("https://example.org 12:30", []),
        ("金融|养老 + a", [("sign", "|"), ("sign", "+")]),
        ("a AND b NOT c", [("word", "AND"), ("word", "NOT")]),
        ("a OR", [("or", "OR")]),
        ("a - b", [("minus", "-")]),
        ("(a", [("open", "(")]),
        ("a)", [("close", ")")]),
        ("(" * 17 + "a" + ")" * 17, [("deep", "(")]),
        ("养老 —金融", [("sign", "—")]),
        ("养老——金融 A — B", []),
        ("*养老", [("sign", "*")]),
        ("“社区 养老” 「金融」", [("quotes", "“社区 养老”")]),
        ('"“社区 养老”"', []),
        ("养老OR金融 ORACLE", [("joined", "养老OR金融")]),
        ("养老，OR，金融", [("joined", "OR")]),
        ("title:body:养老 title:12:30", [("field", "body:")]),
        ('title:"" -()', [("value", "title:"), ("minus", "-")]),
        ("-a -b", [("negative", "-a -b")]),
        ('《养老》：“金融”，(a b) a-b "c" d*', []),
    ],
)
def test_a_query_that_may_be_meant_otherwise_has_a_note(q: str, notes: list[tuple[str, str]]) -> None:
    assert [tuple(note) for note in parse(q).notes] == notes


@every_row(
    ("text", "q", "exact", "marked"),
    [
        ("养老与金融", "养老 -金融", False, "<mark>养老</mark>与金融"),
        ("养老与金融", "-(-养老 金融)", False, "<mark>养老</mark>与金融"),
        ("後来，后来", "后", False, "<mark>後</mark>来，<mark>后</mark>来"),
        ("後来，后来", "后", True, "後来，<mark>后</mark>来"),
        ("ＡＢ ab", "ab", True, "ＡＢ <mark>ab</mark>"),
        ("養老服務", "title:养老 OR 服务", False, "<mark>養老服務</mark>"),
    ],
)
def test_terms_are_marked_in_their_own_writing_unless_a_minus_excludes_them(
    text: str, q: str, exact: bool, marked: str
) -> None:
    assert highlight(text, q, exact) == marked


def test_the_phrases_of_a_query_are_its_words_without_names_and_minus() -> None:
    assert phrases_of('养老 -金融 title:"社区 服务" author:阮青 OR 改革') == ["养老", "社区 服务", "改革"]


@every_row(
    ("phrase", "text", "at"), [("后来", "後来，后来", [0, 3]), ("發", "发発發", [0, 2]), ("ab後", "AB后 ab後", [0, 4])]
)
def test_a_phrase_is_counted_in_both_ways_of_writing(phrase: str, text: str, at: list[int]) -> None:
    assert [start for start, _ in places(phrase, text)] == at
    assert counter(phrase)([text]) == len(at)


def test_a_hit_by_a_field_says_where_the_word_stands(conn: Connection) -> None:
    (hit,) = search(conn, "author:程 养老")
    assert [(place.property, place.text) for place in hit.matched] == [("authors", "程一帆")]


STRAY = ("(", ")", " -", " OR ", '"', "*", ":", "\x00", "“", "—", "\u200b-", "\ufe00", "𠮷", "😀")
WRITING = ("𠮷", "人", "民", "人民", "後", "后", "裏", "里", "ab", "ＡＢ", "a", "12", "１２", "，", " ", "\n", "、")
WORDS = ("人", "民", "后", "後", "里", "人民", "民人", "后里", "裏後", "ab", "a", "a*", "ＡＢ", "12", "人a", "a后")
NAMES = ("title", "标题", "speaker", "author", "作者", "source", "column", "栏目", "tag", "标签", "body", "titel", "ab")


def text(chance: random.Random) -> str:
    return "".join(chance.choices(WRITING, k=chance.randint(0, 7)))


def random_article(chance: random.Random) -> Article:
    return article(
        text(chance), text(chance), alternative_headline=text(chance), speaker=text(chance), source_line=text(chance),
        article_section=text(chance), authors=tuple(text(chance) for _ in range(chance.randint(0, 2))),
        keywords=tuple(text(chance) for _ in range(chance.randint(0, 2))),
    )  # fmt: skip


def random_query(chance: random.Random, depth: int = 0) -> str:
    """A query of the whole grammar, and in one of ten a sign too many."""

    def factor() -> str:
        kind = chance.random()
        if kind < 0.1 and depth < 4:
            said = f"({random_query(chance, depth + 1)})"
        elif kind < 0.2:
            said = f'"{chance.choice(WORDS)}{chance.choice(" ，")}{chance.choice(WORDS)}"'
        else:
            said = chance.choice(WORDS)
        if chance.random() < 0.3:
            said = f"{chance.choice(NAMES)}{chance.choice(':：')}{said}"
        return f"{chance.choice('-－')}{said}" if chance.random() < 0.25 else said

    parts = [factor()]
    for _ in range(chance.randint(0, 3)):
        parts += [chance.choice((" ", " ", " OR ", "，", "|", " OR (")), factor()]
    if chance.random() < 0.1:
        parts.insert(chance.randrange(len(parts)), chance.choice(STRAY))
    return "".join(parts)


MANY = pytest.param(2_000 if SOAK else 600, marks=[pytest.mark.slow, pytest.mark.soak])


@pytest.mark.parametrize("count", [40, MANY])
def test_random_queries_find_what_a_scan_finds_now_ever_and_gone(count: int) -> None:
    chance = random.Random(count)
    texts = {f"example-{n}": [random_article(chance) for _ in range(chance.randint(1, 3))] for n in range(12)}
    hits = 0
    with closing(open_database()) as conn:
        conn.execute("insert into sources (name) values ('example')")
        for key, of_one in texts.items():
            add(conn, key, *of_one)
        for _ in range(count):
            q, exact = random_query(chance), chance.random() < 0.2
            ever, gone = chance.random() < 0.5, chance.random() < 0.5
            now = {key for key, (current, *_) in texts.items() if scan(q, fields_of(current), exact)}
            before = {key for key, of_one in texts.items() if any(scan(q, fields_of(old), exact) for old in of_one[1:])}
            expected = before - now if gone else now | before if ever else now
            asked = (q, ever, gone, exact)
            assert {hit.key for hit in search(conn, q, 0, ever, gone, exact)} == expected, asked
            assert total(conn, q, ever, gone, exact) == len(expected), asked
            assert len(found(conn, q, ever, gone, exact=exact)) == len(expected), asked
            assert exact or finds(conn, q, ever, gone) == bool(expected), asked
            hits += len(expected)
            tree = parse(q).tree
            assert tree is None or parse(written(tree)).tree == tree, asked
    assert count < hits < count * 9


@every_row(
    "q", ["(" * 9_999, "-" * 9_999, "(a OR " * 999, "-(a " * 999, "a OR " * 999, '"' * 999, ":" * 999, "title:" * 999]
)
def test_a_hostile_query_is_answered(conn: Connection, q: str) -> None:
    search(conn, q)
    assert len(match_query(q)) < 100_000


def test_a_separator_is_every_character_that_is_neither_letter_nor_digit_nor_han() -> None:
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert re.findall(marks._SEPARATOR, every) == re.findall(rf"[^\w{HAN_SCRIPT}]|_", every)


def test_a_group_of_one_is_no_group() -> None:
    assert parse("((a)) a").tree == parse("a").tree
    assert isinstance(parse("(a b) c").tree, Every)
