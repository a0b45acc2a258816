"""The section that a feed's entry says: the first of its categories that may be one, in each form that feeds have."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from support.tables import every_row

from archive.files.warc import RecordLocation, parse_record, record_bytes, section_field
from parsers import Document
from parsers.links import feed_links
from parsers.text.lines import clean_text
from parsers.titles import category_of

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def sections(text: str, content_type: str = "application/xml") -> list[str | None]:
    document = Document(text.encode("utf-8", "surrogatepass"), content_type, "https://www.example.cn/feed", NOW)
    return [link.section for link in feed_links(document)]


def rss(*categories: str, title: str = "江海市的意见") -> str:
    item = f"<item><title>{title}</title><link>/a/1</link>{''.join(categories)}</item>"
    return f'<rss version="2.0"><channel><title>江海网</title><link>/</link>{item}</channel></rss>'


@every_row(
    ("categories", "section"),
    [
        (["<category>政策文件</category>"], "政策文件"),
        (["<category><![CDATA[ Policy & Law ]]></category>", "<category>养老</category>"], "Policy & Law"),
        (['<category domain="https://www.example.cn/sections">时政新闻</category>'], "时政新闻"),
        (["<category>政府信息公开</category>"], "政府信息公开"),
        (["<category>A &amp;amp; B</category>"], "A & B"),
        (["<category>/政策/文件</category>"], "/政策/文件"),
        ([], None),
        (["<category/>", "<category> \n </category>", "<category>政策文件</category>"], "政策文件"),
        (["<category>https://www.example.cn/c/1</category>"], None),
        (["<category>江海网</category>", "<category>正文</category>", "<category>首页</category>"], None),
        (["<category>江海市的意见</category>"], None),  # the headline
        (["<category>2026年1月2日</category>", "<category>12345</category>"], None),
        ([f"<category>{'很' * 31}</category>"], None),
        # WordPress writes the tags behind the categories
        (["<category>Uncategorized</category>", "<category>养老</category>"], None),
        (["<category>未分类</category>", "<category>养老</category>"], None),
        (["<category>未分類</category>", "<category>养老</category>"], None),
        (
            [
                '<category domain="http://www.nytimes.com/namespaces/keywords/des">Pensions</category>',
                '<category domain="post_tag">养老</category>',
                "<category>World</category>",
            ],
            "World",
        ),
        (
            ['<m:category xmlns:m="http://search.yahoo.com/mrss/">music</m:category>', "<x:category>b</x:category>"],
            None,
        ),
    ],
)
def test_the_section_of_an_rss_entry_is_its_first_usable_category(categories: list[str], section: str | None) -> None:
    assert sections(rss(*categories)) == [section]


@every_row(
    ("category", "section"),
    [
        ('<category term="zcwj" label="政策文件"/>', "政策文件"),
        ('<category term="policy" scheme="https://www.example.cn/sections"/>', "policy"),
        (
            '<category scheme="http://schemas.google.com/g/2005#kind"'
            ' term="http://schemas.google.com/blogger/2008/kind#post"/><category term="观点"/>',
            "观点",
        ),
        ('<category term="养老" scheme="https://www.example.cn/tag"/>', None),
        ("<category/>", None),
    ],
)
def test_the_section_of_an_atom_entry_is_the_label_or_term_of_a_usable_category(
    category: str, section: str | None
) -> None:
    for name in (' xmlns="http://www.w3.org/2005/Atom"', ""):
        entry = f"<entry><title>江海市的意见</title><link href='/a/1'/>{category}</entry>"
        assert sections(f"<feed{name}><title>江海网</title>{entry}</feed>") == [section]


@every_row(
    ("tags", "section"),
    [
        (["政策文件", "养老"], "政策文件"),
        (["江海网", "观点"], "观点"),
        ([7, None, ["政策"], {"a": 1}, "观点"], "观点"),
        ("政策文件", None),
        ({"政策文件": 1}, None),
        ([], None),
        (["政\u202e策\u200b\r\nThinker-Kind list"], "政策 Thinker-Kind list"),
        (["政策\r\nThinker-Kind: list"], None),
        (["\ud800"], None),
    ],
)
def test_the_section_of_a_json_feed_item_is_its_first_usable_tag(tags: object, section: str | None) -> None:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "江海网"}
    item = {"id": "https://www.example.cn/a/1", "title": "江海市的意见", "tags": tags}
    assert sections(json.dumps(feed | {"items": [item]}), "application/feed+json") == [section]


def test_ten_thousand_categories_are_a_cloud_and_each_entry_has_its_own() -> None:
    cloud = "".join(f"<category>{number}</category>" for number in range(10_000))
    items = "".join(f"<item><link>/a/{n}</link><category>专栏{n % 7}号</category></item>" for n in range(10_000))
    found = sections(rss(cloud, "<category>政策文件</category>").replace("</channel>", f"{items}</channel>"))
    assert found[0] is None
    assert found[2:] == [f"专栏{n % 7}号" for n in range(2, 10_000)]


@given(st.lists(st.text(st.characters(exclude_categories=())), max_size=12), st.text())
def test_the_section_from_any_categories_is_one_clean_line_that_a_record_keeps(names: list[str], title: str) -> None:
    section = category_of(names, title)
    if section is None:
        return
    assert section == clean_text(section)
    assert 0 < len(section) <= 30
    fields = [
        ("WARC-Type", "revisit"), ("WARC-Record-ID", "<urn:uuid:00000000-0000-0000-0000-000000000000>"),
        section_field(section),
    ]  # fmt: skip
    raw = record_bytes([(name, value) for name, value in fields if value is not None], b"")
    assert parse_record(raw, RecordLocation("a.warc.gz", 0, 0, b"")).fields["thinker-section"] == section
