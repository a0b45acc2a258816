"""Articles, tombstones, login pages and block pages in the frames that sites put round them: each is what it is."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.frames import FRAMES, MORE, OFFICIAL_FOOT
from support.handmade import read
from support.journeys import SOAK
from support.tables import every_row

from parsers import Blocked, Gone, NotAnArticle, ParseError, Restricted

FOLDER = Path(__file__).parent / "verdicts"
KINDS: dict[str, type[ParseError]] = {"gone": Gone, "restricted": Restricted, "blocked": Blocked}


def rows(name: str) -> list[list[str]]:
    with (FOLDER / name).open(encoding="utf-8") as table:
        return list(csv.reader(table, delimiter="\t", quoting=csv.QUOTE_NONE))


# The files by another hand were written by somebody who had read what is wanted, and none of the code.
BRIEFS = [
    row for name in ("briefs_zh", "briefs_en", "briefs_by_another_hand", "denials") for row in rows(f"{name}.tsv")
]
MESSAGES = [*rows("messages.tsv"), *rows("messages_by_another_hand.tsv")]


def framed(briefs: list[list[str]]) -> Iterator[list[str]]:
    """Yield each brief with a frame: in two frames by turns here, in all of them in `make soak`.

    A change of the reader that any brief shows in any frame also changes the digest of test_version, which reads all.
    """
    frames = list(FRAMES)
    for number, brief in enumerate(briefs):
        for further in range(len(frames)) if SOAK else (0, 3):
            yield [*brief, frames[(number + further) % len(frames)]]


@pytest.mark.soak
@pytest.mark.slow
@every_row(("headline", "text", "frame"), framed(BRIEFS))
def test_a_brief_about_something_removed_is_an_article(headline, text, frame):
    lines = text.split("|")
    shown = "".join(f"<p>{line}</p>" for line in lines)
    message = f"<h1>{headline}</h1><p class=time>2024-04-13 10:00</p><div class=text>{shown}</div>"
    article = read(f"<title>{headline}</title>{FRAMES[frame].format(message=message)}")
    assert (article.headline, article.body_text.split("\n")) == (headline, lines)


@every_row("frame", FRAMES)
@every_row(("kind", "title", "heading", "text"), MESSAGES)
def test_a_message_in_place_of_an_article_raises_the_error_of_its_kind(kind, title, heading, text, frame):
    heading = f"<h1>{heading}</h1>" if heading else ""
    message = heading + "".join(f"<p>{line}</p>" for line in text.split("|") if line)
    with pytest.raises(ParseError) as caught:
        read(f"<title>{title}</title>{FRAMES[frame].format(message=message)}")
    assert type(caught.value) is KINDS[kind]


@pytest.mark.parametrize(
    "html",
    [
        "<title>404</title><h1>404</h1>",
        "<title>江海网</title><h1>410</h1><p>404</p>",
    ],
)
def test_a_bare_number_is_no_message(html):
    with pytest.raises(NotAnArticle):
        read(html)


SHOWN = "<title>江与海的连接</title><h1>江与海的连接</h1>"
LONG = "".join(f"<p>第{n}段：长三角的江与海，把几座城市连成一片，也把产业、人才和服务连成一片。</p>" for n in range(9))
SHORT = "<p>这些年，通勤的列车开得更密，跨城办事跑得更少，这是看得见的变化，居民们也都说好。</p>"


@every_row(
    "hiding",
    ['<div hidden class="{}">', '<section class="{} hidden"><div>', '<div style="display: none"><div class="{}">'],
)
@every_row("name", ["content", "TRS_Editor"])
def test_a_hidden_box_never_wins_even_if_it_holds_more_text(hiding, name):
    article = read(f"{SHOWN}{hiding.format(name)}{LONG}</div></div></section><div class=x>{SHORT}</div>")
    assert article.body_text == SHORT[3:-4]


@pytest.mark.parametrize("box", ['<div id="js_content" style="visibility: hidden">', '<div hidden id="S:1a">'])
def test_a_box_that_a_script_shows_later_is_read(box):
    assert len(read(f"{SHOWN}<div>{box}{LONG}</div></div>").paragraphs) == 9


def test_the_next_box_is_read_if_the_densest_box_holds_no_sentence():
    head = '<div class="article-title"><span>江海观察思想周刊第四百期大字标题导读</span></div>'
    text = f'<div class="col--ads"><div class="list">{LONG}</div></div>'
    assert len(read(f"{SHOWN}{head}{text}").paragraphs) == 9


@pytest.mark.parametrize(
    "lines",
    [
        ["潮水退去之后", "沙上的字还在", "月亮照着旧船", "船等着一个人", "人等着一盏灯", "灯等着潮水来"],
        ["兹定于四月十三日上午九时在江海会议中心三楼召开居民代表会议请各位代表准时出席"],
    ],
)
def test_a_poem_or_a_notice_under_a_sure_headline_is_an_article(lines):
    shown = "".join(f"<p>{line}</p>" for line in lines)
    assert read(f"{SHOWN}<div class=text>{shown}</div>").paragraphs == tuple(lines)


POEM = ["潮水退去之后", "沙上的字还在", "月亮照着旧船", "船等着一个人", "人等着一盏灯", "灯等着潮水来"]
LINES = {
    "a ticker": ["11月20日 一号码头复航", "11月21日 南岸闸口检修", "11月22日 两艘驳船进港", "11月23日 疏浚船抵达"],
    "a ticker with years": ["2026-11-20 一号码头复航", "2026-11-21 南岸闸口检修", "2026-11-22 两艘驳船进港"],
    "a ticker with clocks": ["08:10 一号码头复航", "08:32 南岸闸口检修", "09:05 两艘驳船进港", "10:40 疏浚船抵达"],
    "ranks": ["1. 江海队 98分", "2. 南岸队 95分", "3. 码头队 90分", "4. 船工队 88分", "5. 闸口队 80分"],
    "scores": ["江海队 2:1 南岸一队", "江海队 0:0 南岸二队", "江海队 3:1 南岸三队", "江海队 1:1 南岸四队"],
    "a note": ["各位读者：", "因闸口检修，码头停运两天。", "夜航照常。", "特此通知。", "江海港务处"],
    "a note without sentences": ["一号码头", "停运两天", "夜航照常", "票款可退", "江海港务处"],
}


@every_row("frame", FRAMES)
@every_row("kind", LINES)
def test_short_lines_under_a_line_of_date_and_source_are_an_article(kind, frame):
    shown = "".join(f"<p>{line}</p>" for line in LINES[kind])
    message = f"<h1>码头记事</h1><p>2024-04-13 10:00 来源：江海日报</p><div class=text>{shown}</div>"
    article = read(f"<title>码头记事</title>{FRAMES[frame].format(message=message)}")
    assert (article.paragraphs, article.headline) == (tuple(LINES[kind]), "码头记事")
    assert (str(article.date_published), article.source_line) == ("2024-04-13 10:00:00+08:00", "江海日报")


def test_a_line_of_date_and_publisher_above_a_chronicle_is_no_text():
    days = tuple(f"2024年4月{day}日，江与海之间的第{day}座桥合龙，两岸的人都来看。" for day in range(1, 5))
    shown = "".join(f"<p>{line}</p>" for line in ("2024-04-13 10:00 江海日报 王小青", *days))
    assert read(f"{SHOWN}<div class=text>{shown}</div>").paragraphs == days


@every_row("frame", FRAMES)
def test_a_table_of_results_without_a_sentence_is_an_article(frame):
    rows = [("名次", "队伍", "得分"), *((str(n), f"江海{n}队", str(99 - n)) for n in range(1, 6))]
    shown = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    message = f"<h1>龙舟赛成绩</h1><p>2024-04-13 10:00 来源：江海日报</p><div><table border=1>{shown}</table></div>"
    article = read(f"<title>龙舟赛成绩</title>{FRAMES[frame].format(message=message)}")
    assert article.paragraphs == tuple(map("\t".join, rows))


def test_short_lines_that_are_links_are_no_article():
    shown = "".join(f'<p>11月{day}日 <a href="/a/{day}.html">码头记事之{day}</a></p>' for day in range(10, 20))
    with pytest.raises(NotAnArticle):
        read(f"{SHOWN}<p>2024-04-13 10:00 来源：江海日报</p><div>{shown}</div>")


FOOT = [
    "主办单位：江海市人民政府办公室",
    "地址：江海市滨江路410号 邮编：404100",
    "网站标识码：4100000404 江公网安备41000002000404号",
]


@pytest.mark.parametrize("foot", [FOOT, FOOT[2:], ["江ICP备410404号-1", "技术支持：江海网络公司"]])
def test_a_legal_foot_ends_a_body_even_after_short_lines(foot):
    shown = "".join(f"<p>{line}</p>" for line in POEM + foot)
    assert read(f"{SHOWN}<div class=text>{shown}</div>").paragraphs == tuple(POEM)


def test_an_address_that_no_registered_number_follows_is_of_the_notice():
    shown = "".join(f"<p>{line}</p>" for line in (*POEM, *FOOT[:2]))
    assert read(f"{SHOWN}<div class=text>{shown}</div>{OFFICIAL_FOOT}").paragraphs == (*POEM, *FOOT[:2])


@every_row("frame", FRAMES)
def test_a_sentence_about_a_registered_number_is_no_foot(frame):
    told = "江海省通信管理局昨日通报，江ICP备410404号等九个网站的备案已注销，涉事主体三年内不得再次申请。"
    shown = f"<h1>九个网站被注销备案</h1><div class=text><p>{told}</p></div>"
    html = f"<title>九个网站被注销备案</title>{FRAMES[frame].format(message=shown)}"
    assert read(html).paragraphs == (told,)


def test_a_headline_of_one_character_is_one():
    shown = "".join(f"<p>{line}</p>" for line in POEM)
    assert read(f"<title>灯</title><h1>灯</h1><div>{shown}</div>{MORE}</ul></div>").headline == "灯"


def test_an_apology_that_mentions_a_deleted_page_is_an_article():
    told = "我公司曾在网页宣传中使用绝对化的用语，违反广告法。该网页已删除。特此致歉，谢谢监督。"
    assert read(f"<title>致歉声明</title><h1>致歉声明</h1><div><p>{told}</p></div>").paragraphs == (told,)


@every_row("frame", FRAMES)
@every_row(
    "text",
    [
        "网传大桥垮塌不实。该视频已被删除。",
        "网传地铁涨价系谣言。该帖子已被平台删除。",
        "本校停课的消息是谣言。该文章已被删除。",
        "视频是摆拍。该视频已下架。",
        "经核实，视频内容不实。该视频已被发布者删除。",
        "此事系旧闻。相关视频已下架。",
        "票价没有上涨。相关报道已撤回。",
        "演出如期举行。该帖子已被管理员删除，已购票观众请联系客服。",
        "该视频已被删除。视频内容不实。",
    ],
)
def test_a_denial_too_short_for_an_article_is_not_gone(text, frame):
    message = f"<h1>情况说明</h1><div class=text><p>{text}</p></div>"
    with pytest.raises(NotAnArticle) as caught:
        read(f"<title>情况说明</title>{FRAMES[frame].format(message=message)}")
    assert type(caught.value) is NotAnArticle


def test_short_lines_without_a_heading_are_no_article():
    with pytest.raises(NotAnArticle):
        read(
            "<title>江海网</title><div><p>潮水退去之后</p><p>沙上的字还在</p><p>月亮照着旧船</p><p>船等着一个人</p></div>"
        )


def test_an_article_that_goes_on_to_name_others_is_no_list():
    links = "".join(f'<p><a href="/{n}">第{n}篇：江边的树与海边的灯，写得不长也不短</a></p>' for n in range(9))
    assert read(f"{SHOWN}<div class=text>{SHORT}{links}</div>").paragraphs[0] == SHORT[3:-4]


def test_a_firewall_speaks_inside_a_frame():
    with pytest.raises(Blocked):
        read('<iframe src="/_Incapsula_Resource">Request unsuccessful. Incapsula incident ID: 70300016-1913</iframe>')


def test_the_words_of_a_message_stand_apart_from_its_reason():
    with pytest.raises(Gone) as caught:
        read("<title>江海网</title><p>抱歉，您访问的页面不存在！</p>")
    assert (caught.value.reason, caught.value.words) == ("the page says that it is gone", "您访问的页面不存在")
