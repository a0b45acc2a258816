"""Speakers, authors and editors are read from a page, and the keywords that it prints. Pages are our own."""

import pytest
from support.handmade import HEAD, PROSE, paragraphs, read
from support.tables import every_row

from parsers.reader.view.normalisers import keywords

BODY = f"<div class=text>{paragraphs(PROSE)}</div>"


def titled(headline: str, *, head: str = "", said: str = "", tail: str = ""):
    text = f"<div class=text>{paragraphs([*PROSE, said] if said else PROSE)}</div>"
    return read(f"<title>{headline}_江海网</title><h1>{headline}</h1>{head}{text}{tail}")


# 163, 观察者网, 澎湃 and 中央社 print who speaks before the headline, which a general page keeps whole.
@every_row(
    ("name", "head", "said", "tail"),
    [
        ("王文", "<p>2024-04-13 09:05 作者：王文</p>", "", ""),
        ("王文", "<p>主讲人 王文　整理 李一</p>", "", ""),
        ("易宪容", "", "江海大学教授易宪容认为，江与海是一座城市的两只手。", ""),
        ("易宪容", "", "易宪容教授认为，江与海是一座城市的两只手。", ""),
        ("鄭文燦", "", "江海市議會副會長鄭文燦今天表示，江與海是一座城市的兩隻手。", ""),
        ("易宪容", "", "", "<p>作者简介：易宪容，江海大学经济学院研究员。</p>"),
        ("王文、李一", "<p>2024-04-13 09:05 作者：王文</p>", "李一教授认为，江与海是一座城市的两只手。", ""),
        ("阮青", "", "阮青：我住在江边。</p><p>江海网：那么海呢？</p><p>阮青：海也不远。", ""),
    ],
)
def test_a_person_whom_the_page_names_again_is_the_speaker_before_the_colon(name, head, said, tail):
    article = titled(f"{name}：城市怎样留住年轻人", head=head, said=said, tail=tail)
    assert (article.headline, article.speaker) == (f"{name}：城市怎样留住年轻人", name)


# Words that open as names do; the text names them too, but no person of that name.
@every_row(
    "word", ["白宫", "高盛", "彭博", "毕马威", "国足", "于都", "车评", "祝贺", "柳叶刀", "麦肯锡", "黄石", "王文"]
)
def test_a_word_before_the_colon_that_the_page_calls_no_person_is_no_speaker(word):
    said = f"{word}表示，江与海是一座城市的两只手。{word}总裁和{word}的经济学家同意，{word}：这是好事。"
    article = titled(f"{word}：城市怎样留住年轻人", head=f"<p>2024-04-13 来源：{word}</p>", said=said)
    assert (article.headline, article.speaker) == (f"{word}：城市怎样留住年轻人", None)


@every_row(
    ("headline", "head", "speaker", "authors"),
    [
        ("王文：城市怎样留住年轻人", "<p>2024-04-13 09:05 作者：李一</p>", None, ("李一",)),
        ("王文：城市怎样留住年轻人", "<p>主讲人：阮青 整理：李一</p>", "阮青", ("李一",)),
        ("王文、李一：城市怎样留住年轻人", "<p>2024-04-13 09:05 作者：王文</p>", None, ("王文",)),
        ("市教育局：课后服务不停", "", None, ()),
    ],
)
def test_a_labelled_speaker_comes_first_and_an_unnamed_one_does_not_count(headline, head, speaker, authors):
    article = titled(headline, head=head)
    assert (article.headline, article.speaker, article.authors) == (headline, speaker, authors)


def test_the_editor_is_no_author_if_another_person_signs():
    """中新网 prints its editor as 作者, too, and the author in brackets under the text."""
    article = titled(
        "江与海的连接",
        head="<p>来源：求是网 作者：陈海 责任编辑：陈海</p>",
        tail="<p>(作者：方敏江海大学经济学院教授)</p><p>【编辑:陈海】</p>",
    )
    assert (article.authors, article.editors) == (("方敏",), ("陈海",))


def test_a_person_who_alone_writes_and_edits_is_author_and_editor():
    article = titled("江与海的连接", head="<p>来源：江海网 作者：陈海 责任编辑：陈海</p>")
    assert (article.authors, article.editors) == (("陈海",), ("陈海",))


@every_row(("label", "authors"), [("", ()), ("<p>作者：江海网</p>", ("江海网",))])
def test_the_sites_name_is_no_author_without_a_label(label, authors):
    linked = '{"@type": "NewsArticle", "headline": "江与海的连接", "author": {"name": "江海网"}}'
    script = f'<script type="application/ld+json">{linked}</script>'
    assert titled("江与海的连接", head=f"{script}{label}").authors == authors


def test_the_system_of_gov_cn_names_its_editor_in_meta():
    metas = "<meta name=manuscriptId content=711039><meta name=author content=马娟>"
    article = read(f"<head>{metas}<title>关于江海的决议</title></head><h1>关于江海的决议</h1>{BODY}")
    assert (article.authors, article.editors) == ((), ("马娟",))


# 求是, 中国社会科学网 and the journals of academies print keywords above or under the text.
@every_row(
    ("line", "words"),
    [
        ("关键词：城市更新；人才；同城化", ("城市更新", "人才", "同城化")),
        ("关键词: 城市更新 人才 同城化", ("城市更新", "人才", "同城化")),
        ("关键词　城市更新；人才", ("城市更新", "人才")),
        ("关键词：城市更新；人才。", ("城市更新", "人才")),
        ("中文关键词：城市更新；人才", ("城市更新", "人才")),
        ("<b>关键词</b>：城市更新；人才", ("城市更新", "人才")),
        ("<b>关键词：</b><a href=/1>城市更新</a>；<a href=/2>人才</a>", ("城市更新", "人才")),
        ("<span>关键词：</span><a href=/1>城市更新</a> <a href=/2>人才</a>", ("城市更新", "人才")),
        ("【关键词】城市更新；人才", ("城市更新", "人才")),
        ("[关键词] 城市更新、人才", ("城市更新", "人才")),
        ("关 键 词：城市更新，人才", ("城市更新", "人才")),
        ("關鍵詞：城市更新；人才", ("城市更新", "人才")),
        ("Keywords: urban renewal; talent", ("urban renewal", "talent")),
    ],
)
@every_row("where", ["first", "last", "above", "under"])
def test_a_line_of_keywords_gives_the_keywords_and_is_no_paragraph(line, words, where):
    shown = {"first": [line, *PROSE], "last": [*PROSE, line]}.get(where, PROSE)
    above, under = (f"<p>{line}</p>" if where == place else "" for place in ("above", "under"))
    article = read(f"{HEAD}{above}<div class=text>{paragraphs(shown)}</div>{under}")
    assert (article.keywords, article.paragraphs) == (words, tuple(PROSE))


@pytest.mark.parametrize("line", ["关键词：为什么是江海？", "2024年的关键词：城市更新、人才和同城化，一个也不能少。"])
def test_a_sentence_with_the_word_in_it_is_text(line):
    article = read(f"{HEAD}<div class=text>{paragraphs([PROSE[0], line, *PROSE[1:]])}</div>")
    assert (article.keywords, article.paragraphs) == ((), (PROSE[0], line, *PROSE[1:]))


def test_keywords_are_parted_as_the_line_parts_them():
    assert keywords(("甲；乙",)) == ("甲", "乙")


# 朝日, 日経 and PRESIDENT print a blank between surname and name.
JAPANESE = [
    "川と海をむすぶ船は、この冬も休まずに走ると、港の役所が月曜日に発表した。",
    "これまでは十月で終わり、島の人たちは春まで外に出られなかった。",
    "費用の三分の一を町が出し、残りは切符と郵便でまかなう。",
]


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ("<meta name=author content='山田 太郎'>", ("山田 太郎",)),
        ("<meta name=author content='佐々木 花子、高橋 健'>", ("佐々木 花子", "高橋 健")),
        (
            '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "船は冬も走る", '
            '"author": {"@type": "Person", "name": "中村 一郎"}}</script>',
            ("中村 一郎",),
        ),
        ("<meta name=author content='林　真理子'>", ("林 真理子",)),
    ],
)
def test_a_japanese_name_is_not_split_at_its_blank(head, names):
    html = f"<html lang=ja><head><title>船は冬も走る</title>{head}</head><h1>船は冬も走る</h1>{paragraphs(JAPANESE)}"
    assert read(html, "https://news.example.jp/1").authors == names


def test_two_chinese_names_are_split_at_the_blank_between_them():
    html = f"<head><title>江与海的连接</title><meta name=author content='王文 李一'></head><h1>江与海的连接</h1>{BODY}"
    assert read(html).authors == ("王文", "李一")
