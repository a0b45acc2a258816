"""Lines before and after a text that speak of the page are no text and hide no byline. Pages are our own."""

from support.handmade import HEAD, PROSE, paragraphs, read
from support.tables import every_row

SAID = "江水涨了，城市连成一片，这是看得见的变化。"
DATELINES = [
    (f"本报讯（记者张立文）{SAID}", "张立文"),
    (f"江海社江海4月13日电（记者张立文）{SAID}", "张立文"),
    (f"〔記者張立文／台北報導〕{SAID}", "張立文"),
    (f"江海日报讯（记者 张立文）{SAID}", "张立文"),
    (f"【江海日报】（记者张立文）{SAID}", "张立文"),
    (f"江海社江海4月13日电 (张立文){SAID}", "张立文"),
    (f"江海晚报记者张立文报道：{SAID}", "张立文"),
]


def body(*lines: str):
    return read(f"{HEAD}<div class=text>{paragraphs(list(lines))}</div>")


# 今日头条, 网易号 and 36氪 print these under the text, some accounts above it.
@every_row(
    "line",
    [
        "本文来自江海新闻APP",
        "本文来自微信公众号“江海观察”，作者：王小青",
        "信息来源于网络",
        "部分内容来自网络，侵删。",
        "题图来自视觉中国",
        "题图来自：江海图库",
        "推荐",
        "【推荐】",
        "全部评论（12）",
        "本文來自江海新聞APP",
        "本文首发于江海新闻客户端",
        "內容來自微信公眾號“江海觀察”",
        "資訊來源於網路",
        "資料來源於網路，侵刪",
        "（图文来源：网络）",
        "文图综合自网络",
        "題圖來自視覺中國",
        "题图来自Pexels，基于CC0协议",
        "封面圖源：江海圖庫",
        "首图：江海图库",
        "图片均来自网络",
        "推薦",
        "12則評論",
        "暂无评论",
    ],
)
@every_row("place", [0, len(PROSE)])
def test_a_line_about_the_page_is_no_text_and_no_source(line, place):
    article = body(*PROSE[:place], line, *PROSE[place:])
    assert (article.paragraphs, article.source_line) == (tuple(PROSE), None)


@every_row(
    "line",
    [
        "本文来自一位老人的口述。",
        "他的信息来自网络。",
        "信息来源于三个方面：江、海和人。",
        "题图来自江海，说的是海，也是江。",
        "推荐他的是一位老人。",
        "本文来自的那个年代，江水很清。",
        "资料来源于网络的时代，真假要靠自己判断。",
        "图片来自一位船工的相册。",
        "题图来自老人的家乡，那里也有江。",
        "评论家说，江是城市的镜子。",
        "来源/去向都说不清的泥沙，越积越多。",
        "编辑／出版业的未来",
        "视频来自网络，与本案无关。",
        "来自网络，也回到网络，他的故事感动了许多人。",
        "文章首发于江海新闻客户端，三天内有百万人读过。",
        "配图来自唐代的一幅壁画。",
        "图片：每张不小于两兆，须为本人拍摄的原创作品。",
        "来自：江海、东山、南湖三个区的代表参加了活动。",
        "讲述者是八十岁的老船工，他在江上漂了一辈子。",
        "主讲是市委党校的老师，每周六上午开课。",
    ],
)
def test_a_sentence_with_the_same_words_is_text(line):
    assert body(*PROSE, line).paragraphs == (*PROSE, line)


@every_row(
    "asks",
    [
        ["投票：你最喜欢哪座桥？"],
        ["下载江海客户端", "参与投票，赢取好礼！"],
        ["点击关注江海日报"],
        ["掃描二維碼，下載江海客戶端"],
    ],
)
@every_row(("dateline", "reporter"), DATELINES)
def test_requests_before_the_dateline_hide_neither_reporter_nor_opening(asks, dateline, reporter):
    article = body(*asks, dateline, *PROSE)
    assert (article.paragraphs, article.authors) == ((dateline, *PROSE), (reporter,))


@every_row(
    "opening",
    [
        "这里是江海最老的一条街，也是改造最难的一条街。",
        "民生关注：老旧小区加装电梯难在哪",
        "第三届江海文化节昨天开幕，共有三千人报名参加。",
        "二维码里看民生",
    ],
)
def test_a_line_with_a_word_of_requests_before_the_dateline_is_text(opening):
    assert body(opening, DATELINES[0][0], *PROSE).paragraphs[0] == opening


def test_a_text_that_opens_with_a_request_and_has_no_dateline_keeps_it():
    assert body("投票：你最喜欢哪座桥？", *PROSE).paragraphs == ("投票：你最喜欢哪座桥？", *PROSE)


@every_row(
    ("line", "source", "editors"),
    [
        ("来源丨江海日报", "江海日报", ()),
        ("來源／江海日報", "江海日報", ()),
        ("编辑|王小青", None, ("王小青",)),
        ("責編／王小青 校對／李一", None, ("王小青", "李一")),
    ],
)
def test_a_credit_with_a_bar_is_no_text_and_names_its_people(line, source, editors):
    article = body(*PROSE, line)
    assert (article.paragraphs, article.source_line, article.editors) == (tuple(PROSE), source, editors)


@every_row(
    ("line", "authors", "editors"),
    [
        ("编辑 王小青 校对 李一", (), ("王小青", "李一")),
        ("責任編輯 王小青 校對 李一", (), ("王小青", "李一")),
        ("（编辑 王小青 审核 李一）", (), ("王小青", "李一")),
        ("采写 王小青 摄影 李一", ("王小青",), ()),
        ("〔記者王小青／台北報導〕", ("王小青",), ()),
    ],
)
@every_row("place", [0, len(PROSE)])
def test_a_line_of_labels_and_names_without_colons_is_no_text_and_names_its_people(line, authors, editors, place):
    article = body(*PROSE[:place], line, *PROSE[place:])
    assert (article.paragraphs, article.authors, article.editors) == (tuple(PROSE), authors, editors)
