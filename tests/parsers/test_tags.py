"""The tags of an article are read from pages of any site. Pages and words are our own."""

import json
from datetime import UTC, datetime

from support.tables import every_row

from parsers import Document
from parsers.reader.default import DefaultPage

TEXT = "The ferries of the delta run more often in summer; the islands are glad, and so is the harbour of Eastport."


def tags(head: str = "", below: str = "", linked: object = None, around: str = "{}") -> tuple[str, ...]:
    article = {"@type": "NewsArticle", "headline": "The ferries run more often", "keywords": linked}
    script = f'<script type="application/ld+json">{json.dumps(article)}</script>' if linked else ""
    body = around.format(f"<h1>The ferries run more often</h1><div>{f'<p>{TEXT}</p>' * 4}</div>{below}")
    page = f"<title>The ferries run more often</title>{head}{script}<body>{body}"
    document = Document(page.encode(), "text/html", "https://herald.example/a", datetime(2026, 1, 2, tzinfo=UTC))
    return DefaultPage(document).article().keywords


def meta(**content: str) -> str:
    return "".join(f'<meta name="{name}" content="{text}">' for name, text in content.items())


def article_tags(*names: str) -> str:
    return "".join(f'<meta property="article:tag" content="{name}">' for name in names)


MACHINES = ["nlp category: travel", "8f507083-bac4-423a-9015-2eb31e1bce50", "100312362", "herald.example", "_commerce"]


@every_row(
    ("head", "linked", "found"),
    [
        (
            article_tags("Ferries", "Islands", "Harbour", "Summer"),
            ["Boats"],
            ("Ferries", "Islands", "Harbour", "Summer"),
        ),
        (article_tags("Ferries"), ["Boats", "Islands"], ("Boats", "Islands")),
        (meta(news_keywords="ferries, islands"), ["ferries", "news", "page"], ("ferries", "islands")),
        (meta(keywords="news, sports, weather"), ["ferries"], ("ferries",)),
        (meta(keywords="ferries, islands, Eastport"), None, ("ferries", "islands", "Eastport")),
        (meta(keywords="news, sports, weather, politics, economy"), None, ()),
        (meta(keywords="The ferries run more often"), None, ()),
        (article_tags("ferries-run-often"), None, ()),
        (article_tags("Europe", "World news"), None, ("Europe", "World news")),
        (
            meta(sailthru_tags="x") + '<meta name="parsely-tags" content="ferries,islands">',
            None,
            ("ferries", "islands"),
        ),
        ("", [*MACHINES, "Category: Travel", "Ferries"], ("Travel", "Ferries")),
        ("", ["Booking.com", "Ferries"], ("Booking.com", "Ferries")),
        ("", ["topic/ferries", "place/islands"], ("ferries", "islands")),
        ("", "Ferries &amp; Islands, Summer", ("Ferries & Islands", "Summer")),
        ("", [{"name": "Ferries"}, {"name": "Islands"}], ("Ferries", "Islands")),
    ],
)
def test_tags_are_read_from_the_head_and_linked_data_without_words_of_the_site(head, linked, found):
    assert tags(head, linked=linked) == found


LINKS = "<a {0}>Ferries</a> <a {0}>Islands (12)</a>"


@every_row(
    ("below", "around", "found"),
    [
        (f"<p>{LINKS.format('rel=tag')}</p>", "{}", ("Ferries", "Islands")),
        (f"<div class='article-tags'><a>Topics:</a> {LINKS.format('')}</div>", "{}", ("Ferries", "Islands")),
        (f"<footer>{LINKS.format('rel=tag')}</footer>", "<article>{}</article>", ("Ferries", "Islands")),
        (f"<footer>{LINKS.format('rel=tag')}</footer>", "{}", ()),
        (f"<nav class='tags'>{LINKS.format('')}</nav>", "{}", ()),
        ('<p><a rel="category tag">Travel</a></p><p><a rel="tag">Ferries</a></p>', "{}", ("Ferries",)),
    ],
)
def test_tags_are_read_from_tag_links_and_not_from_menus(below, around, found):
    assert tags(below=below, around=around) == found


TOPICS = '<a href="/topics/ferries">Ferries</a> <a href="/topics/islands">Islands</a>'


@every_row(
    ("below", "around", "found"),
    [
        (f"<div>{TOPICS}</div>", "{}", ("Ferries", "Islands")),
        (f"<p>Topics: {TOPICS.replace('topics', 'thema')}</p>", "<article>{}</article>", ("Ferries", "Islands")),
        ('<ul><li><a href="https://herald.example/hub/ferries">Ferries</a></ul>', "{}", ("Ferries",)),
        ('<div><a href="/category/islands">Islands</a></div>', "{}", ("Islands",)),
        (f"<p>{TEXT} Read more about {TOPICS}.</p>", "{}", ()),
        (f"<div>{TOPICS}<a href='/a/2'>The harbour is full</a></div>", "{}", ()),
        (f"<div>{TOPICS.replace('Ferries', 'Tennis').replace('Islands', 'Football')}</div>", "{}", ()),
        (f"<div class='related'>{TOPICS}</div>", "{}", ()),
        (f"<footer>{TOPICS}</footer>", "{}", ()),
        (
            f"<div>{TOPICS}</div>",
            "<div>{}</div>" + f"<p>{TEXT * 9}</p>" + "<p>Contact</p>" * 99,
            ("Ferries", "Islands"),
        ),
        (f"{'<p>Contact</p>' * 99}<div>{TOPICS}</div>", "{}", ()),
    ],
)
def test_links_to_topics_beside_the_text_are_tags(below, around, found):
    assert tags(below=below, around=around) == found


@every_row(
    "tag",
    [
        "category-name-123", "post_tag", "channel_other", "uncategorized", "Uncategorised", "未分类", "cat12", "tag-45",
        "id:8831", "node-81", "a1b2c3d4e5f60718", "8f507083bac4423a90152eb31e1bce50", "://about:blank",
    ],
)  # fmt: skip
def test_a_label_made_by_a_program_is_no_tag(tag):
    assert tags(article_tags("Ferries", "Islands", tag)) == ("Ferries", "Islands")


@every_row(
    "tag", ["covid-19", "Nord-Stream-2", "G20", "5G", "euro-cup-2024", "post-2015", "state-of-the-art", "十四五"]
)
def test_a_word_with_hyphens_or_a_number_is_a_tag(tag):
    assert tags(article_tags("Ferries", "Islands", tag)) == ("Ferries", "Islands", tag)
