"""Teasers, hover cards and named asides in the box of a text are left out; lists like them stay. Pages are our own."""

from support.handmade import PROSE, paragraphs, read
from support.tables import every_row

TITLE = "<title>江与海的连接</title><h1>江与海的连接</h1>"
SAID = "那里的江与海也连成一片，居民都说好，欢迎大家前去看看。"
LINES = [*PROSE, *(line.replace("长三角", "江海市") for line in PROSE)]


def shown(inside: str, url: str = "https://news.example.cn/a/1.html") -> list[str]:
    """The lines that an article has besides its prose, with something in the middle of its box."""
    html = f"{TITLE}<div class=text>{paragraphs(LINES[:4])}{inside}{paragraphs(LINES[4:])}</div>"
    article = read(html, url)
    assert [line for line in article.paragraphs if line in LINES] == LINES
    return [line for line in article.paragraphs if line not in LINES]


@every_row(
    "teaser",
    [
        "<div class=item><a href=/{n}><img src=/{n}.jpg></a><h4><a href=/{n}>第{n}座城市</a></h4>"
        f"<p>{SAID}</p></div>",
        f"<div><div><a href=/{{n}}>第{{n}}座城市</a></div><p>{SAID}</p></div>",
        f"<p><a href=/{{n}}>第{{n}}座城市</a><br>{SAID}</p>",
        f"<section><!-- {{n}} --><h3><a href=https://www.example.cn/{{n}}>第{{n}}座城市</a></h3>{SAID}</section>",
        "<div class=item><a href=/{n}>第{n}座城市</a><p>2024-04-13</p></div>",
    ],
)
@every_row("around", ["{}", "<div class=x>{}</div>", "<div class=x><h3>更多城市</h3>{}</div>"])
def test_three_alike_elements_that_open_with_a_link_are_teasers(teaser, around):
    assert shown(around.format("".join(teaser.format(n=n) for n in range(3)))) == []


LAWS = [f"《江海条例》第{n}条规定，江与海由几座城市共同治理，任何单位不得改道。" for n in range(3)]


# Each looks like a row of teasers and is text.
@every_row(
    ("inside", "lines"),
    [
        (
            "".join(f"<p><a href=/{n}>《江海条例》</a>{law[6:]}</p>" for n, law in enumerate(LAWS)),
            LAWS,
        ),
        (
            "<ul>"
            + "".join(f"<li><a href=/{n}>陈海：江与海</a>，江海日报，2024年，第{n}页。</li>" for n in range(3))
            + "</ul>",
            [f"陈海：江与海，江海日报，2024年，第{n}页。" for n in range(3)],
        ),
        (
            "".join(f"<p><a href=https://ref.example.org/{n}>江与海</a><br>江海日报，第{n}版。</p>" for n in range(3)),
            [f"江海日报，第{n}版。" for n in range(3)],
        ),
        (
            "<ol>" + "".join(f"<li><a href=/{n}>申请表</a><p>第{n}张，写明住址。</p></li>" for n in range(3)) + "</ol>",
            [f"第{n}张，写明住址。" for n in range(3)],
        ),
        (
            "".join(
                f"<div><h4><a href=#{n}>谁可以申请？</a></h4><p>住满{n}年的居民都可以申请。</p></div>" for n in range(3)
            ),
            [line for n in range(3) for line in ("谁可以申请？", f"住满{n}年的居民都可以申请。")],
        ),
        (
            "".join(f"<div><h4><a href=/{n}>第{n}座城市</a></h4><p>{SAID}</p></div>" for n in range(2)),
            [SAID] * 2,
        ),
        (
            "".join(
                f"<div><a href=/{n}><img src=/{n}.jpg>江船</a><p>船名{n}号。</p></div><p>{SAID}</p>" for n in range(3)
            ),
            [line for n in range(3) for line in (f"船名{n}号。", SAID)],
        ),
    ],
)
def test_a_list_that_is_text_is_kept(inside, lines):
    assert [line for line in shown(inside) if line not in ("江与海", "第0座城市", "第1座城市")] == lines


def test_an_index_of_documents_that_is_the_article_is_kept():
    said = [f"第{n}号文件讲江与海的治理，分几章，写明各座城市的责任和期限。" for n in range(8)]
    listed = "".join(
        f"<div><h4><a href=/{n}>江海〔2024〕{n}号</a></h4><p>{line}</p></div>" for n, line in enumerate(said)
    )
    article = read(f"{TITLE}<div class=text><p>{PROSE[0]}</p>{listed}</div>")
    assert [line for line in article.paragraphs if line in said] == said


@every_row(
    ("opened", "said"),
    [
        ("<h3><a href=/{n}>第{n}座城市</a></h3>", f"{SAID}船也多了。"),
        ("<p><a href=/{n}>王小青</a></p>", SAID),
        ("<p><a href=/{n}>Anna Meier</a></p>", SAID),
        ("<p><a href=/{n}>09:1{n}</a></p>", SAID),
        ("<h4><a href=/{n}>第{n}条　适用范围</a></h4>", SAID),
        ("<p><a href=/{n}.pdf>第{n}座城市的港口表</a></p>", SAID),
    ],
)
def test_sections_persons_times_articles_and_files_are_no_teasers(opened, said):
    sections = "".join(f"<div>{opened.format(n=n)}<p>{said}</p></div>" for n in range(1, 4))
    assert [line for line in shown(sections) if line == said] == [said] * 3


def test_teasers_with_several_sentences_at_the_end_are_no_text():
    teasers = "".join(f"<div><a href=/{n}>第{n}座城市</a><p>{SAID}船也多了。</p></div>" for n in range(3))
    article = read(f"{TITLE}<div class=text>{paragraphs(LINES)}{teasers}</div>", "https://news.example.cn/a/1.html")
    assert article.paragraphs == tuple(LINES)


CARD = (
    "<span class=card><a href=/u/1><img src=/u/1.jpg></a><a href=/u/1>陈海</a><span>江海大学教授</span>"
    "<a href=/f>关注</a></span>"
)


@every_row(
    "card",
    [
        CARD,
        f"<span>{CARD}</span>",
        "<x-card><img src=/u/1.jpg><a href=/u/1>陈海</a><a href=/f>关注</a></x-card>",
        "<span><span><a href=/u/1><img src=/u/1.jpg></a></span><a href=/u/1>陈海</a>江海大学教授，研究江与海。</span>",
    ],
)
def test_a_hover_card_in_a_sentence_is_no_text(card):
    line = "江海大学的陈海说，江与海是一座城市的两只手，一只也不能少，这是大家都知道的。"
    assert shown(f"<p>{line[:7]}{card}{line[7:]}</p>") == [line]


@every_row(
    "inside",
    [
        "江海大学的<span><a href=/u/1>陈海</a>和他的朋友<img src=/smile.gif>还有"
        "<a href=/u/2>王文</a>都</span>说，江与海好。",
        "江海大学的陈海和<span><img src=/i.png><a href=/1>他的</a>朋友<a href=/2>还有</a></span>王文都说，江与海好。",
        "江海大学的陈海和<b><a href=/1><img src=/i.png></a><a href=/1>他的</a>朋友<a href=/2>还</a></b>"
        "有王文都说，江与海好。",
        "<span><a href=/u/1><img src=/1.jpg></a><a href=/u/1>江海大学的陈海</a>和他的朋友还有"
        "<a href=/u/2>王文</a>都</span>说，江与海好。",
    ],
)
def test_a_sentence_with_links_and_a_picture_is_text(inside):
    assert shown(f"<p>{inside}</p>") == ["江海大学的陈海和他的朋友还有王文都说，江与海好。"]


NOTE = "欢迎大家到江与海去看看，那里有船有桥，也有人家。"


@every_row(
    "name", ["relatedNews", "RelatedNews", "articleShare", "navBar", "x pageNav", "newsRecommend", "articleTags"]
)
def test_a_name_in_camel_case_counts_as_its_words(name):
    assert shown(f"<div class='{name}'><p>{NOTE}</p></div>") == []


@every_row(
    "name", ["n1AuAdJl", "mbArticleSharePic", "BaseWrap-hAdGx", "lastAdvance", "ForumComment", "postText", "textBody"]
)
def test_a_name_without_a_word_for_an_aside_at_its_ends_is_text(name):
    assert shown(f"<div class='{name}'><p>{NOTE}</p></div>") == [NOTE]


@every_row("name", ["newsShare", "textRelated", "adContent", "navContent", "bannerText", "newsTags"])
def test_paragraphs_in_a_box_with_a_name_in_camel_case_are_text(name):
    assert shown(f"<div class={name}><p>{NOTE}</p><p>{SAID}</p></div>") == [NOTE, SAID]


def test_a_caption_is_known_by_its_name_in_camel_case():
    picture = "<div><img src=/1.jpg><div class=newsCaption>江上的船，远处是海</div></div>"
    article = read(f"{TITLE}<div class=text>{paragraphs(LINES[:4])}{picture}{paragraphs(LINES[4:])}</div>")
    assert (article.paragraphs, [each.caption for each in article.media]) == (tuple(LINES), ["江上的船，远处是海"])
