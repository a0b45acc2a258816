"""Text between headline and tail is read from any boxes; text beside it is left out. The pages are our own."""

import pytest
from support.handmade import read
from support.tables import every_row

LINES = [
    f"第{n}段：长三角的江与海，把几座城市连成一片，也把产业、人才和服务连成一片，这是看得见的变化。"
    for n in range(1, 9)
]
CONSENT = (
    "我们和合作伙伴使用Cookie来保存和读取设备上的信息，用于个性化广告和内容、广告和内容的衡量、受众研究以及服务开发。"
)
AUTHOR = "王小青，江海大学教授，长期研究城市治理，著有《江与海》《城市与人》等书，曾获江海市社会科学优秀成果一等奖。"
OTHER = "另一篇文章的摘要，说的是另外一座城市的事情，那里的江与海也连成一片，居民都说好，欢迎大家前去看看。"
TITLE = "<title>江与海的连接</title>"
HEAD = '<h1>江与海的连接</h1><p class="time">2024-04-13 10:00 来源：江海网</p>'


def p(*lines: str) -> str:
    return "".join(f"<p>{line}</p>" for line in lines)


# A text in several boxes: pages of local media and universities (TRS, Founder), 澎湃号, long reads with pictures.
@every_row(
    "boxes",
    [
        f"<div class=content>{p(*LINES[:6])}</div><div class=extra>{p(*LINES[6:])}</div>",
        f"<div><div class=content>{p(*LINES[:6])}</div></div><div class=b><div class=extra>{p(*LINES[6:])}</div></div>",
        f"<div class=content>{p(*LINES[:6])}</div>{p(*LINES[6:])}",
        f"<div class=content>{p(*LINES[:7])}</div>{p(LINES[7])}",
        f"<div class=TRS_Editor>{p(*LINES[:6])}</div><div class=TRS_Editor>{p(*LINES[6:])}</div>",
        f"<div class=TRS_Editor>{p(*LINES[:6])}</div><div class=more>{p(*LINES[6:])}</div>",
        f"<div class=before>{p(*LINES[:2])}</div><div id=zoom>{p(*LINES[2:])}</div>",
        f"<div class=x>{p(*LINES[:2])}</div><div class=content>{p(*LINES[2:])}</div>",
        f"<div class=content>{p(*LINES[:6])}</div><figure><img src=1.jpg></figure>"
        f"<div class=rest>{p(*LINES[6:])}</div>",
        f"<section class=one>{p(*LINES[:5])}</section><section class=two>{p(*LINES[5:7])}</section>"
        f"<section class=three>{p(LINES[7])}</section>",
    ],
)
@every_row(
    "tail",
    [
        "",
        f"<div class=related>{p(*[OTHER] * 2)}</div>",
        f"<div class=box><h2>推荐阅读</h2>{p(*[OTHER] * 2)}</div>",
        f"<div class=comments>{p(*[OTHER] * 2)}</div>",
        f"<div class=author-card>{p(*[AUTHOR] * 2)}</div>",
        f"<aside>{p(*[OTHER] * 2)}</aside>",
        f"<div class=list><div><a href=/1>另一篇文章的标题</a><p>{OTHER}</p></div>"
        f"<div><a href=/2>又一篇文章的标题</a><p>{OTHER}</p></div></div>",
    ],
)
def test_a_text_in_several_boxes_is_read_as_far_as_its_tail(boxes, tail):
    assert read(f"{TITLE}<div class=wrap>{HEAD}{boxes}{tail}</div>").paragraphs == tuple(LINES)


NEVER = [
    '<div id="onetrust-consent-sdk">{}</div>',
    '<div role="dialog" aria-modal="true">{}</div>',
    "<dialog open>{}</dialog>",
    "<aside>{}</aside>",
    '<div id="didomi-host"><div class="didomi-notice-text">{}</div></div>',
    '<div class="qc-cmp2-container">{}</div>',
    '<section class="cookie_banner">{}</section>',
    '<div class="gdpr-modal"><div class="content">{}</div></div>',
    '<div class="cookie-consent" id="consent">{}</div>',
    '<div class="cookie-law-info-bar">{}</div>',
    '<div class="fc-consent-root"><div class="content">{}</div></div>',
    '<div id="cookieconsent">{}</div>',
    '<div class="sidebar">{}</div>',
    '<div class="side-bar">{}</div>',
    '<div class="col-4 side_column">{}</div>',
    '<div role="complementary">{}</div>',
    '<div class="author-box">{}</div>',
    '<div class="about-author">{}</div>',
    '<div class="post-author-bio"><div class="content">{}</div></div>',
]


@every_row("box", NEVER)
@every_row("said", [CONSENT, OTHER, AUTHOR])
@every_row("place", ["before", "behind", "inside"])
def test_a_box_beside_the_text_never_wins_even_if_it_holds_more_text(box, said, place):
    beside = box.format(p(*[said] * 12))
    before, inside, behind = (beside if place == where else "" for where in ("before", "inside", "behind"))
    html = f"{TITLE}{before}<div class=wrap>{HEAD}<div class=content>{p(*LINES[:3])}</div>{inside}</div>{behind}"
    assert read(html).paragraphs == tuple(LINES[:3])


@every_row("box", NEVER)
def test_a_box_beside_the_text_does_not_open_the_text(box):
    beside = box.format(p(CONSENT, AUTHOR, OTHER))
    html = f"{TITLE}<div class=wrap>{HEAD}{beside}<div class=content>{p(*LINES[:3])}</div></div>"
    assert read(html).paragraphs == tuple(LINES[:3])


@pytest.mark.parametrize("box", NEVER[1:3] + NEVER[7:8])
def test_a_dialog_that_holds_the_headline_is_read_as_the_text(box):
    assert read(f"{TITLE}{box.format(f'{HEAD}<div class=x>{p(*LINES)}</div>')}").paragraphs == tuple(LINES)


DATA = (
    "<table><tr><th>城市</th><th>人口</th></tr><tr><td>江城</td><td>120</td></tr>"
    "<tr><td>海城</td><td>95</td></tr></table>"
)
ROWS = ["城市\t人口", "江城\t120", "海城\t95"]


NAMES = "".join(f"<tr><td>{n}</td><td><a href=/{n}>江海的第{n}座城市</a></td><td>{n}0</td></tr>" for n in range(1, 6))
WEEKS = "".join(f"<tr>{''.join(f'<td>{7 * week + day}</td>' for day in range(1, 8))}</tr>" for week in range(4))


# Reports and yearbooks set their tables into boxes of their own, which hold no sentence.
@every_row(
    ("boxes", "lines"),
    [
        (f"<div class=a>{p(*LINES)}</div><div class=b>{DATA}</div>", [*LINES, *ROWS]),
        (f"<div class=a>{p(*LINES)}</div>{DATA}", [*LINES, *ROWS]),
        (f"<div class=b>{DATA}</div><div class=a>{p(*LINES)}</div>", [*ROWS, *LINES]),
        (
            f"<div class=a>{p(*LINES[:4])}</div><div class=b><div>{DATA}</div></div><div class=a>{p(*LINES[4:])}</div>"
            f"<div class=b>{DATA}</div>",
            [*LINES[:4], *ROWS, *LINES[4:], *ROWS],
        ),
        (f"<section>{p(*LINES)}</section><section class=b>{DATA}{DATA}</section>", [*LINES, *ROWS, *ROWS]),
        (
            f"<div><div class=a>{p(*LINES)}</div><div class=b><p>单位：万人</p>{DATA}</div></div>",
            [*LINES, "单位：万人", *ROWS],
        ),
        (f"<div><div class=b>{DATA}</div><div class=a>{p(*LINES)}</div></div>", [*ROWS, *LINES]),
        (f"<div><div><div class=a>{p(*LINES)}</div></div><div class=b>{DATA}</div></div>", [*LINES, *ROWS]),
    ],
)
@every_row(
    "tail",
    [
        "",
        f"<h3>相关阅读</h3><div>{DATA}</div>",
        f"<div class=related>{DATA}</div>",
        f"<div><table border=1>{NAMES}</table></div>",
        f"<div><table border=1>{WEEKS}</table></div>",
        f"<p><a href=/1>江与海的人口是多少</a></p><div>{DATA}</div>",
        f"</div><div>{DATA}",
    ],
)
def test_a_table_of_data_beside_the_text_is_kept_as_far_as_the_tail(boxes, lines, tail):
    assert read(f"{TITLE}<div class=wrap>{HEAD}{boxes}{tail}</div>").paragraphs == tuple(lines)


def test_a_table_whose_note_is_another_text_is_kept_between_the_parts_of_a_text():
    noted = f"<div class=b>{DATA * 3}<p>注：数据来自统计局的公报，单位是万人，是预计数。</p></div>"
    html = f"{TITLE}<div class=wrap>{HEAD}<div class=a>{p(*LINES[:4])}</div>{noted}<div class=a>{p(*LINES[4:])}</div>"
    shown = [*LINES[:4], *ROWS * 3, "注：数据来自统计局的公报，单位是万人，是预计数。", *LINES[4:]]
    assert read(html).paragraphs == tuple(shown)


@every_row("opened", ["<div>", "<div class=p{0}>", "<div><p>", "<section class=text><p>"])
def test_boxes_that_are_never_closed_keep_all_paragraphs(opened):
    lines = [f"第{n}段：江与海把几座城市连成一片，也把产业、人才连成一片。" for n in range(300)]
    boxes = "".join(opened.format(n) + line for n, line in enumerate(lines))
    assert read(f"{TITLE}<div class=wrap>{HEAD}{boxes}").paragraphs == tuple(lines)
