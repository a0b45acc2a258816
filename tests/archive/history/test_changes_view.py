"""`changes` in plain SQL says of every property what `identity.differences` says of the two texts."""

from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.empty_database import open_database

from archive.history.revisions import add_article, add_state
from archive.history.sighting_rows import ReadCapture, ReadingLine
from archive.history.states import MadeState, article_in
from archive.rows.captures import CaptureRow
from archive.rows.connection import Connection
from archive.rules.identity import content_digest, differences, state_of
from parsers.article import Article, Media, RelatedLink

pytestmark = pytest.mark.slow

WORDS = st.text(st.sampled_from("改革'\"\\:$.[0] a\x00🙂é"), min_size=1, max_size=8)
LISTS = st.lists(WORDS, max_size=3).map(tuple)
SAID = st.none() | WORDS
TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
ARTICLES = st.builds(
    Article, headline=WORDS, alternative_headline=SAID, kicker=SAID, article_section=SAID, speaker=SAID,
    standfirst=SAID, authors=LISTS, editors=LISTS, source_line=SAID, keywords=LISTS,
    date_published=st.none() | TIMES,
    in_language=st.none() | st.sampled_from(["zh-Hans", "en"]), identity=st.none() | st.just("7"),
    zone_assumed=st.none() | st.booleans(), paragraphs=LISTS, headings=LISTS, biography=SAID, reprint_notice=SAID,
    metadata=st.lists(st.tuples(WORDS, WORDS), max_size=3).map(tuple),
    related=st.lists(st.builds(RelatedLink, WORDS, SAID, SAID), max_size=2).map(tuple),
    media=st.lists(st.builds(Media, WORDS, st.sampled_from(["image", "attachment"]), SAID), max_size=3).map(tuple),
)  # fmt: skip


def put(conn: Connection, number: int, article: Article) -> None:
    """Add one more capture of one article, a day after the one before."""
    at = f"2026-01-{number:02}T00:00:00Z"
    conn.execute(
        """insert into captures (id, record_id, source, url, urlkey, captured_at, record_type, warc_file, warc_offset,
                                 warc_length) values (?, ?, 's', 'http://e.x/', 'x,e)/', ?, 'response', '', 0, 0)""",
        (number, f"urn:uuid:{number}", at),
    )
    seen, state = CaptureRow(number, "s", "http://e.x/", at), state_of(article, "1")
    made, told = (
        MadeState(state, at, "1", "urn:uuid:0", "sha256:00"),
        ReadingLine(at, f"sha256:{number:064}", None, "1"),
    )
    if number == 1:
        add_article(conn, "s-7", made, ReadCapture(seen, told))
    else:
        add_state(conn, 1, made, ReadCapture(seen, told, key_number=1))


@settings(deadline=None)
@given(st.lists(ARTICLES, min_size=2, max_size=4, unique_by=content_digest), st.booleans())
def test_the_changes_view_agrees_with_the_differences_of_the_texts(articles: list[Article], returns: bool) -> None:
    shown = [*articles, articles[0]] if returns else articles
    with closing(open_database()) as conn:
        conn.execute("insert into sources (name) values ('s')")
        conn.execute("begin immediate")
        for number, article in enumerate(shown, start=1):
            put(conn, number, article)
        conn.commit_group()
        expected = [
            (number, *change)
            for number, (before, after) in enumerate(pairwise(shown), start=1)
            for change in differences(before, after)
        ]
        found = conn.execute(
            """select r.position, c.property, c.before, c.after
                 from changes c join revisions r on r.id = c.revision_id order by c.id"""
        ).fetchall()
        assert found == expected
        states = conn.execute("select content_digest, id from states").fetchall()
        texts = {state_of(article_in(conn, state_id), "1").digest for _, state_id in states}
        assert texts == {digest for digest, _ in states}
