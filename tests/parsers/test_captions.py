"""Captions belong to their own picture and to no paragraph; each picture is kept once, and ornaments are none.

Pages are our own, in the shapes of the sites that each of them names.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.handmade import ENGLISH, HEAD, PROSE, paragraphs, read
from support.tables import every_row

from parsers import Article, Media
from parsers.document import parse_markup
from parsers.reader.body.lines.captions import captioned
from parsers.reader.body.markup.pictures import distinct, same_picture
from parsers.reader.body.markup.rows import read_lines

SITE = "https://news.example.cn"
CENTRE = 'style="text-align: center;"'


def article(inside: str) -> Article:
    return read(f"<html><head>{HEAD}</head><body><div class=article-content>{between(inside)}</div></body></html>")


def between(inside: str) -> str:
    return f"{paragraphs(PROSE[:1])}{inside}{paragraphs(PROSE[1:])}"


def pictures(found: Article) -> list[tuple[str, str | None]]:
    return [(item.url.removeprefix(SITE), item.caption) for item in found.media]


def image(name: str, more: str = "") -> str:
    return f'<img src="/{name}.jpg" {more}>'


def figure(name: str, caption: str, *, above: bool = False) -> str:
    told = f"<figcaption>{caption}</figcaption>"
    return f"<figure>{told if above else ''}{image(name)}{'' if above else told}</figure>"


BRIDGE, QUAY = "大桥合龙的一刻", "码头上的早晨"
# Name: sites, markup, pictures with their captions.
CAPTIONS = {
    "figure": ("www.thepaper.cn, www.bbc.com, WordPress", figure("1", BRIDGE), [("/1.jpg", BRIDGE)]),
    "caption above its picture": (
        "www.faz.net, cn.nytimes.com",
        figure("1", BRIDGE, above=True) + figure("2", QUAY, above=True),
        [("/1.jpg", BRIDGE), ("/2.jpg", QUAY)],
    ),
    "a figure without a caption before one with it": (
        "www.zeit.de, www.guancha.cn",
        f"<figure>{image('1')}</figure>" + figure("2", QUAY, above=True),
        [("/1.jpg", None), ("/2.jpg", QUAY)],
    ),
    "class of a paragraph": (
        "www.chinadaily.com.cn, www.sixthtone.com, WordPress",
        f'{image("1")}<p class="wp-caption-text">{BRIDGE}</p><p class=image-caption>{QUAY}</p>{image("2")}',
        [("/1.jpg", f"{BRIDGE} {QUAY}"), ("/2.jpg", None)],
    ),
    "an element round each picture": (
        "www.scmp.com, www.caixin.com",
        f"<div class=media><p class=pic-caption>{BRIDGE}</p>{image('1')}</div><div class=media>"
        f"<p class=pic-caption>{QUAY}</p>{image('2')}</div>",
        [("/1.jpg", BRIDGE), ("/2.jpg", QUAY)],
    ),
    "caption and credit": (
        "www.theguardian.com, www.vox.com",
        f"<figure>{image('1')}<figcaption>{BRIDGE}</figcaption><div class=credit>王小青/视觉</div></figure>",
        [("/1.jpg", f"{BRIDGE} 王小青/视觉")],
    ),
    "图为": (
        "www.xinhuanet.com, www.chinanews.com.cn, www.youth.cn",
        f"<p {CENTRE}>{image('1')}</p><p>图为大桥合龙的一刻。新华社记者 王小青 摄</p>",
        [("/1.jpg", "图为大桥合龙的一刻。新华社记者 王小青 摄")],
    ),
    "arrow up": ("mp.weixin.qq.com, www.jfdaily.com", f"<p>{image('1')}</p><p>▲{BRIDGE}</p>", [("/1.jpg", BRIDGE)]),
    "arrow down": (
        "mp.weixin.qq.com, www.163.com",
        f"<p>▼{BRIDGE}</p><p>{image('1')}</p><p>▼{QUAY}</p><p>{image('2')}</p>",
        [("/1.jpg", BRIDGE), ("/2.jpg", QUAY)],
    ),
    "下图": (
        "www.news.cn, www.cctv.com",
        f"<p>下图为{BRIDGE}。</p><p>{image('1')}</p>",
        [("/1.jpg", f"下图为{BRIDGE}。")],
    ),
    "centred": (
        "www.people.com.cn, www.gmw.cn, TRS and 博达 editors",
        f'<p align="center">{image("1")}</p><p align="center">{BRIDGE}</p>',
        [("/1.jpg", BRIDGE)],
    ),
    "centred in the picture's own paragraph": (
        "news.sina.com.cn, www.ifeng.com",
        f"<p {CENTRE}>{image('1')}<br>{BRIDGE}</p>",
        [("/1.jpg", BRIDGE)],
    ),
    "<center>": (
        "cpc.people.com.cn before 2012",
        f"<center>{image('1')}</center><center>{BRIDGE}</center>",
        [("/1.jpg", BRIDGE)],
    ),
    "who took it": (
        "www.dpm.org.cn, news.ifeng.com",
        f"<p>{image('1')}</p><p>（故宫博物院供图）</p><p>{image('2')}</p><p>资料图</p>",
        [("/1.jpg", "（故宫博物院供图）"), ("/2.jpg", "资料图")],
    ),
    "an archive, an agency, a screen": (
        "www.thepaper.cn, www.ltn.com.tw",
        f"<p>{image('1')}</p><p>{BRIDGE}（资料照）</p><p>{image('2')}</p><p>视觉中国 资料</p><p>{image('3')}</p>"
        f"<p>图据江海日报</p><p>{image('4')}</p><p>江海电视台新闻报道截图</p>",
        [
            ("/1.jpg", f"{BRIDGE}（资料照）"),
            ("/2.jpg", "视觉中国 资料"),
            ("/3.jpg", "图据江海日报"),
            ("/4.jpg", "江海电视台新闻报道截图"),
        ],
    ),
    "the headline for who sees no picture": (
        "www.sohu.com, www.chinanews.com.cn",
        f"<p>{image('1', 'alt=江与海的连接')}</p><p>{image('2', 'alt=一座大桥')}</p>",
        [("/1.jpg", None), ("/2.jpg", "一座大桥")],
    ),
    "two pictures, one caption": (
        "www.xinhuanet.com, www.81.cn",
        f"<p>{image('1')}</p><p>{image('2')}</p><p {CENTRE}>{BRIDGE}</p>",
        [("/1.jpg", None), ("/2.jpg", BRIDGE)],
    ),
    "class with a word for it": (
        "www.qstheory.cn, www.ce.cn, www.stdaily.com",
        f"<div>{image('1')}<p class=pic_desc>{BRIDGE}</p></div><div>{image('2')}<div class=tuzhu>{QUAY}</div></div>",
        [("/1.jpg", BRIDGE), ("/2.jpg", QUAY)],
    ),
    "English": (
        "www.chinadaily.com.cn, english.news.cn",
        f"<p>{image('1')}</p><p>A train leaves the delta. [Photo/Xinhua]</p>",
        [("/1.jpg", "A train leaves the delta. [Photo/Xinhua]")],
    ),
    "a number in a circle": (
        "www.stdaily.com",
        f"<p>{image('1')}</p><p>图①：{BRIDGE}</p>",
        [("/1.jpg", f"图①：{BRIDGE}")],
    ),
    "words for who sees no picture": ("www.gov.cn", f"<p>{image('1', 'alt=一座大桥')}</p>", [("/1.jpg", "一座大桥")]),
    "a file's name for words": (
        "TRS: www.shanxi.gov.cn",
        f"<p>{image('1', 'alt=W020240413.jpg')}</p>",
        [("/1.jpg", None)],
    ),
}


@every_row(("sites", "inside", "expected"), CAPTIONS.values())
def test_a_caption_goes_to_its_own_picture(sites, inside, expected):
    found = article(inside)
    assert pictures(found) == expected
    assert found.paragraphs == tuple(PROSE)
    assert sites


SOURCES = """
    （资料照） （資料照） (资料照片) 资料照 資料圖 （本報資料照） （圖／資料照） 本报资料照片
    （資料照，記者王小青攝） 视觉中国 視覺中國 （视觉中国） 图/视觉中国 圖／江海日報 图|江海发布 图据江海发布
    圖據江海日報 图片来自网络 图源网络 圖源：網路 网页截图 網頁截圖 江海電視新聞截圖 监控截图 翻攝自江海臉書
    （翻攝自臉書） （圖／翻攝畫面） 取自江海臉書 新华社发 （路透） （美聯社） 路透社 东方IC （江海港务处提供）
    江海港務處提供 記者王小青／攝影 新華社記者王小青攝 （圖／記者王小青攝） （示意图） 示意圖 監控畫面
    圖為江海碼頭 下图为江海码头 图片由AI生成 攝：王小青
"""


@every_row("line", SOURCES.split())
def test_a_line_that_says_whose_picture_it_is_becomes_its_caption(line):
    found = article(
        f"<p>{line}</p><p>{image('1')}</p>" if line.startswith("下") else f"<p>{image('1')}</p><p>{line}</p>"
    )
    assert (pictures(found), found.paragraphs) == ([("/1.jpg", line)], tuple(PROSE))


@every_row("words", ["江与海的连接", "江与海的连接 ", "江与海的连接_江海网", "江与海的连接 - 江海日报"])
def test_the_headline_is_no_caption_and_cuts_no_text(words):
    shown = article(f"<p>{image('1', f'alt={chr(34)}{words}{chr(34)}')}</p>{figure('2', words)}")
    assert pictures(shown) == [("/1.jpg", None), ("/2.jpg", None)]
    assert shown.paragraphs == tuple(PROSE)


@every_row(
    "line",
    [
        "资料照片里的江水，比现在清。",
        "图据说是老人画的，画的是江。",
        "取自江水的盐，比海盐更淡。",
        "他截了一张网页的截图。",
        "圖書館收藏了江的資料。",
        "照片上的江水很清。",
        "疏浚的费用由两岸提供。",
        "他从小爱好摄影。",
        "图书馆的灯一直亮到深夜，读者还没有走。",
        f"<b {CENTRE}>一、江的一侧</b>",
        "记者在现场看到，第一列车准时开出，车厢里坐满了人，站台上也站满了人。",
        f"<span {CENTRE}>二、海的一侧</span>",
        "<center>表1　示范区的主要指标</center>",
    ],
)
def test_a_line_of_the_text_under_a_picture_stays(line):
    plain = " ".join((line.partition(">")[2].partition("<")[0] or line).split())
    found = article(f"<p>{image('1')}</p><p>{line}</p>")
    assert plain in (*found.paragraphs, *found.headings)
    assert pictures(found) == [("/1.jpg", None)]


def test_centred_lines_are_text_if_all_lines_are_centred():
    """Verses, and articles of mp.weixin.qq.com."""
    lines = "".join(f"<p {CENTRE}>{line}</p>" for line in [*PROSE, "江上的风", "海上的灯"])
    html = f"<html><head>{HEAD}</head><body><div class=article-content><p>{image('1')}</p>{lines}</div></body></html>"
    assert read(html).paragraphs == (*PROSE, "江上的风", "海上的灯")


# What is no picture of an article, and where it stands.
ORNAMENTS = {
    "icon of a file": ("博达: www.ecnu.edu.cn", '<img src="/system/resource/images/fileTypeImages/icon_pdf.gif">'),
    "code to scan": ("www.thepaper.cn, www.gov.cn", '<img src="/images/qrcode.png" alt="二维码">'),
    "code by its class": ("www.stdaily.com", '<img class="ewm" src="/u/20240413.png">'),
    "a logo by what holds it": ("www.jfdaily.com", '<div class="site-logo"><img src="/x/4.jpg"></div>'),
    "a face by what holds it": ("www.huxiu.com", '<a class=author-avatar><img src="/x/5.jpg"></a>'),
    "a logo by its words": ("www.xinhuanet.com", '<img src="/x/2.png" alt="网站logo">'),
    "an icon by its style": ("www.thepaper.cn", '<img src="/x/3.png" style="width:16px; height:16px">'),
    "an icon of a kind of file": ("www.gov.cn", '<img src="/images/docx.gif">'),
    "a counter": ("tongji.baidu.com on many sites", '<img src="https://hm.baidu.com/hm.gif?si=1">'),
    "logo": ("www.gmw.cn", '<img src="/img/logo.png">'),
    "icon by its size": ("www.cctv.com", '<img src="/a/2.png" width="16" height="16">'),
    "pixel that counts": (
        "www.xinhuanet.com, western press",
        '<img src="https://t.example.com/c?id=3" width=1 height=1>',
    ),
    "smiley": ("WordPress", '<img class="wp-smiley" src="/smilies/simple-smile.png">'),
    "emoji": ("mp.weixin.qq.com", '<img class="emoji" src="https://s.w.org/images/core/emoji/11/72x72/1f600.png">'),
    "portrait of an author": ("www.guancha.cn", '<img src="/avatar/77.jpg">'),
    "button": ("www.163.com", '<img src="/css/share-btn.png">'),
    "placeholder": ("www.sohu.com", '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'),
}


@every_row(("sites", "markup"), ORNAMENTS.values())
def test_an_ornament_is_no_picture(sites, markup):
    assert pictures(article(f"<p>{markup}</p>")) == []
    assert sites


def test_a_large_picture_of_a_logo_is_one():
    assert pictures(article(f"<p>{image('new-logo', 'width=640 height=400')}</p>")) == [("/new-logo.jpg", None)]


# Under which address a picture is kept.
ADDRESSES = {
    "data-src": ("mp.weixin.qq.com, www.jfdaily.com", '<img src="/blank.gif" data-src="/1.jpg">', "/1.jpg"),
    "data-original": ("www.sohu.com, www.36kr.com", '<img src="/loading.gif" data-original="/2.jpg">', "/2.jpg"),
    "the largest of a set": (
        "www.scmp.com, WordPress",
        '<img src="/s.jpg" srcset="/s.jpg 300w, /l.jpg 1024w, /m.jpg 768w">',
        "/l.jpg",
    ),
    "a set for dense screens": ("www.bbc.com", '<img src="/a.jpg" srcset="/a.jpg 1x, /a2.jpg 2x">', "/a2.jpg"),
    "a set that is loaded late": (
        "www.spiegel.de",
        '<img src="data:image/gif;base64,R0" data-srcset="/x.jpg 600w">',
        "/x.jpg",
    ),
    "sources of a <picture>": (
        "www.theguardian.com, www.caixinglobal.com",
        '<picture><source srcset="/w.webp 1200w" type=image/webp><img src="/w.jpg"></picture>',
        "/w.webp",
    ),
    "sources without widths": (
        "www.lemonde.fr",
        '<picture><source srcset="/n.webp" type=image/webp><img src="/n.jpg"></picture>',
        "/n.jpg",
    ),
    "commas in the address": (
        "static.politico.com",
        '<img srcset="/c,w_100/1.jpg 100w, /c,w_900/1.jpg 900w">',
        "/c,w_900/1.jpg",
    ),
    "a twin for who runs no script": (
        "www.nytimes.com, lazy loaders of WordPress",
        '<img class=lazy src="data:image/gif;base64,R0"><noscript><img src="/real.jpg"></noscript>',
        "/real.jpg",
    ),
    "lazy loaders of shops, with their placeholder": (
        "www.taobao.com's loader on local sites",
        '<img data-ks-lazyload="/k.jpg" src="/x/spaceball.gif">',
        "/k.jpg",
    ),
    "an address where a picture leads to": ("www.zhihu.com", '<img src="/blank.gif" data-url="/d.jpg">', "/d.jpg"),
    "only for who runs no script": ("www.reuters.com", "<noscript><img src=/only.jpg></noscript>", "/only.jpg"),
}


@every_row(("sites", "markup", "address"), ADDRESSES.values())
def test_each_form_of_a_picture_element_gives_the_address_of_the_picture(sites, markup, address):
    assert pictures(article(f"<p>{markup}</p>")) == [(address, None)]
    assert sites


@every_row(
    ("one", "other"),
    [
        ("https://a.cn/1.jpg", "https://a.cn/1.jpg?w=640&h=480"),
        ("https://a.cn/1.jpg", "http://a.cn/1.jpg"),
        ("https://a.cn/1-300x200.jpg", "https://a.cn/1.jpg"),
        ("https://a.cn/1.jpg?x-oss-process=image/resize,w_400", "https://a.cn/1.jpg?imageView2/2/w/640"),
        ("https://a.cn/1.jpg!w640", "https://a.cn/1.jpg@800w_1e"),
    ],
)
def test_one_picture_in_two_sizes_is_kept_once(one, other):
    assert distinct([Media(one), Media(other, "image", BRIDGE)]) == (Media(one, "image", BRIDGE),)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.cn/1.jpg", "https://a.cn/2.jpg"),
        ("https://a.cn/i?id=1&w=640", "https://a.cn/i?id=2&w=640"),
        ("https://a.cn/1.jpg", "https://b.cn/1.jpg"),
    ],
)
def test_pictures_at_different_addresses_are_both_kept(one, other):
    assert distinct([Media(one), Media(other)]) == (Media(one), Media(other))


def test_a_picture_in_a_figure_round_the_text_is_not_repeated():
    """www.vox.com, www.nikkei.com: a figure in the text, and the same one for who runs no script."""
    shown = f"<figure>{image('1')}<noscript>{image('1')}</noscript><figcaption>{ENGLISH[0]}</figcaption></figure>"
    html = f"<html><head>{HEAD}</head><body><article>{shown}<div>{between(image('2'))}</div></article></body></html>"
    assert pictures(read(html)) == [("/1.jpg", ENGLISH[0]), ("/2.jpg", None)]


def test_the_caption_of_a_figure_round_the_text_keeps_its_words_apart():
    """www.nj.com, www.golem.de: what is shown and who took it stand in elements of their own."""
    told = f"<figcaption><span>{ENGLISH[0]}</span><p>Getty Images</p></figcaption>"
    shown = f"<figure>{image('1')}{told}</figure>"
    html = f"<html><head>{HEAD}</head><body><article>{shown}<div>{between('')}</div></article></body></html>"
    assert pictures(read(html)) == [("/1.jpg", f"{ENGLISH[0]} Getty Images")]


@given(st.text(min_size=1))
def test_any_address_has_the_same_picture_key_over_http_and_https(text):
    assert same_picture(f"https://a.cn/{text}") == same_picture(f"http://a.cn/{text}")


PIECES = st.sampled_from(
    [
        "<img src=/1.jpg>",
        "<p>▲甲</p>",
        "<p>▼乙</p>",
        "<p class=caption>丙</p>",
        "<p>图为丁</p>",
        "<p>戊，己。</p>",
        "<table><tr><td>庚<td>辛<tr><td>壬<td>癸</table>",
    ]
)


@given(st.lists(PIECES, max_size=12))
def test_no_word_is_lost_between_captions_and_lines(pieces):
    """The words of each caption are kept with its picture; every other line stays a line of its own."""
    blocks = read_lines(parse_markup(f"<div>{''.join(pieces)}</div>".encode()).body)
    told = captioned(blocks)
    assert len(told) == len(blocks)
    assert [block.text for block in told if block.kind == "text"] == [
        block.text for block, after in zip(blocks, told, strict=True) if after.kind == "text"
    ]
    for before, after in zip(blocks, told, strict=True):
        if after.kind == "caption" and before.kind == "text":
            assert any(before.text.lstrip("▲▼") in block.text for block in told if block.kind == "image")
