"""Articles of WeChat accounts: account, author, moment, identity, and a text without what asks to follow and like."""

import pytest
from support.handmade import PROSE, page, paragraphs, read
from support.tables import every_row

from parsers import Article, Gone, ParseError, parse
from parsers.urls import urlkey

SHORT = "https://mp.weixin.qq.com/s/Ab3dEf-hIjKlMnOpQrStUv"
LONG = "https://mp.weixin.qq.com/s?__biz=MzI2MzEwNTY3OQ==&mid=2648978231&idx=1&sn=dd091611fcf1aa0c2aef9655f13e7731"
TITLE = "江与海的连接"
# The scripts of pages before 2021, before 2023 and since.
OLD = """<script>var nickname = "江海日报"; var ct = "1713020460"; var biz = "MzI2MzEwNTY3OQ=="||"";
var mid = "2648978231"||""; var idx = "1"||""; var msg_title = "江与海的连接";</script>"""
MIDDLE = """<script>var biz = ""||"MzI2MzEwNTY3OQ=="; var mid = "" || "2648978231"|| ""; var idx = "1" || "";
var nickname = htmlDecode("江海日报"); var oriCreateTime = '1713020460';
var createTime = '2024-04-13 23:01';</script>"""
NEW = """<script>window.cgiDataNew = {bizuin: JsDecode('MzI2MzEwNTY3OQ=='), nick_name: JsDecode('江海日报'),
mid: '2648978231' * 1, idx: '1' * 1,
ori_create_time: '1713020460' * 1, create_time: JsDecode('2024-04-13 23:01')};</script>"""
META = """<div id="meta_content" class="rich_media_meta_list"><span id="copyright_logo">原创</span>
<span class="rich_media_meta rich_media_meta_text"><span id="js_author_name" class="">张立文</span></span>
<span class="rich_media_meta rich_media_meta_nickname" id="profileBt"><a href="javascript:void(0);" id="js_name">
 江海日报 </a><div id="js_profile_qrcode" style="display:none;"><strong class="profile_nickname">江海日报</strong>
<p><label>微信号</label><span>jianghairibao</span></p><p><label>功能介绍</label><span>江海的事，我们来说。</span></p></div></span>
<em id="publish_time" class="rich_media_meta rich_media_meta_text"></em></div>"""
FOOT = """<div class="rich_media_tool"><a id="js_view_source">阅读原文</a><div>阅读</div><div>在看</div></div>
<div id="js_pc_qr_code"><p>微信扫一扫<br>关注该公众号</p></div>"""


def weixin(inside: str, scripts: str = OLD, meta: str = META) -> str:
    return f"""<html><head><meta property="og:title" content="{TITLE}"><title></title>
    <meta property="og:image" content="https://mmbiz.qpic.cn/mmbiz_jpg/a0/0?wx_fmt=jpeg"></head><body>
    <div id="img-content" class="rich_media_wrp"><h1 class="rich_media_title" id="activity-name">{TITLE}</h1>{meta}
    <div class="rich_media_content" id="js_content" style="visibility: hidden; opacity: 0;">{inside}
    </div></div>{FOOT}{scripts}</body></html>"""


def nested(line: str, depth: int = 5) -> str:
    """A line as the editors that accounts use wrap it: sections in sections, spans in spans."""
    opening, closing = "<section style='margin: 0'>" * depth, "</section>" * depth
    return f"{opening}<p><span><span>{line}</span></span></p>{closing}"


@every_row("scripts", [OLD, MIDDLE, NEW])
@every_row("url", [SHORT, f"{LONG}&chksm=f2506ed7&scene=27#wechat_redirect", "https://news.example.cn/copy/1.html"])
def test_a_wechat_article_gives_account_author_moment_and_text(scripts, url):
    article = read(weixin(paragraphs(PROSE), scripts), url)
    assert (article.headline, article.source_line, article.authors) == (TITLE, "江海日报", ("张立文",))
    assert article.date_published is not None
    assert (article.date_published.isoformat(), article.zone_assumed) == ("2024-04-13T23:01:00+08:00", False)
    assert article.paragraphs == tuple(PROSE)
    assert (article.biography, article.reprint_notice, article.standfirst) == (None, None, None)


@every_row(
    "script",
    [
        "var ct = 1713020460;",
        "window.ct = '1713020460';",
        "let ct = '1713020460'; const nickname = '江海日报';",
        'window.page = {"createTime": "2024-04-13 23:01", "nickname": "江海日报"};',
        "var createTime = '1713020460';",
    ],
)
def test_the_moment_is_read_from_scripts_of_other_forms(script):
    article = read(weixin(paragraphs(PROSE), f"<script>{script}</script>"), SHORT)
    assert article.source_line == "江海日报"
    assert article.date_published is not None
    assert article.date_published.isoformat() == "2024-04-13T23:01:00+08:00"


def test_a_page_whose_scripts_say_nothing_has_the_account_and_author_that_it_shows():
    article = read(weixin(paragraphs(PROSE), ""), SHORT)
    assert (article.source_line, article.authors) == ("江海日报", ("张立文",))


def test_a_post_of_pictures_has_its_words():
    html = f"""<html><head><meta property="og:title" content="{TITLE}"><title></title></head><body>
    <div id="js_article" class="share_content_page"><h1 class="rich_media_title">{TITLE}</h1>
    <p class="share_notice" id="js_image_desc">{PROSE[0]}<br>{PROSE[1]}</p></div>{OLD}</body></html>"""
    article = read(html, SHORT)
    assert (article.headline, article.source_line, article.paragraphs) == (TITLE, "江海日报", tuple(PROSE[:2]))


def test_a_page_without_its_scripts_has_the_account_that_it_shows_and_the_time_that_it_shows():
    shown = META.replace("</em>", "2024-04-13 23:01</em>")
    article = read(weixin(paragraphs(PROSE), "<script>var biz = '';</script>", shown), SHORT)
    assert article.date_published is not None
    assert article.date_published.isoformat() == "2024-04-13T23:01:00+08:00"


@every_row(
    ("url", "scripts", "identity"),
    [
        (SHORT, OLD, "MzI2MzEwNTY3OQ-2648978231-1"),
        (SHORT, NEW, "MzI2MzEwNTY3OQ-2648978231-1"),
        (LONG, "", "MzI2MzEwNTY3OQ-2648978231-1"),
        (SHORT, "", "Ab3dEf-hIjKlMnOpQrStUv"),
        ("https://mp.weixin.qq.com/s?src=11&timestamp=1&signature=x", "", None),
    ],
)
def test_the_identity_comes_from_script_or_address_and_is_missing_without_both(url, scripts, identity):
    assert read(weixin(paragraphs(PROSE), scripts), url).identity == identity


@pytest.mark.parametrize(
    ("url", "same"),
    [
        (f"{LONG}&chksm=f2506ed7&scene=27&key=0a&uin=MTc1&pass_ticket=q%2B&devicetype=x&ascene=1#rd", LONG),
        (f"{LONG.replace('https', 'http')}&from=timeline&isappinstalled=0", LONG),
        (f"{SHORT}?poc_token=HG1&scene=1&clicktime=1", SHORT),
    ],
)
def test_tracking_parameters_do_not_change_the_urlkey(url, same):
    assert urlkey(url) == urlkey(same)


def test_addresses_of_different_articles_have_different_urlkeys():
    others = [
        LONG.replace("idx=1", "idx=2"),
        LONG.replace("mid=26", "mid=27"),
        LONG.replace("=dd", "=de"),
        SHORT,
        SHORT + "w",
    ]
    assert len({urlkey(url) for url in (LONG, *others)}) == 6


def test_nested_sections_with_pictures_quotes_and_lists_give_their_text():
    picture = '<img class="rich_pages" data-src="https://mmbiz.qpic.cn/mmbiz_png/a{}/640?wx_fmt=png" src="data:,">'
    html = f"""{nested(PROSE[0])}<section><section>{picture.format(1)}</section></section>{nested(PROSE[1])}
    <blockquote><p>江海不拒细流。</p></blockquote><ul><li><p>一是通勤的列车。</p></li><li><p>二是跨城的办事。</p></li></ul>
    <section powered-by="xiumi.us"><p><strong><span>看得见的变化</span></strong></p></section>{nested(PROSE[2])}
    <p>{picture.format(2)}</p><mp-common-profile data-nickname="江海日报"></mp-common-profile>"""
    article = read(weixin(html), SHORT)
    lines = ("江海不拒细流。", "一是通勤的列车。", "二是跨城的办事。")
    assert article.paragraphs == (*PROSE[:2], *lines, "看得见的变化", PROSE[2])
    assert article.headings == ("看得见的变化",)
    assert [item.url for item in article.media] == [
        f"https://mmbiz.qpic.cn/mmbiz_png/a{number}/640?wx_fmt=png" for number in (1, 2)
    ]


@every_row(
    "line",
    [
        "点击上方“江海日报”关注我们",
        "点击蓝字，关注我们",
        "↑↑↑ 点击上方蓝字关注 江海日报",
        "点击下方名片，关注江海日报",
        "▲长按识别二维码，关注江海日报",
        "长按上方图片，识别图中二维码关注",
        "扫码关注江海日报公众号",
        "微信扫码进群",
        "点击文末“阅读原文”，查看全文",
        "点击左下角“阅读原文”报名",
        "觉得不错，点个在看吧↓↓↓",
        "点个“在看”",
        "点亮“在看”，让更多人看到",
        "分享、点赞、在看，一键三连",
        "点分享 点收藏 点点赞 点在看",
        "喜欢这篇文章，就点个赞和在看吧！",
        "阅读原文",
        "END",
        "— END —",
        "- THE END -",
        "来源丨江海日报",
        "编辑｜李一",
        "审核 / 王小青",
        "校对：王小青",
        "监制丨王小青",
        "监制：张三 编辑：李四 校对：王五",
        "一审：张三 二审：李四 三审：王五",
        "新媒体编辑：张三",
        "图文编辑丨张三",
        "文字：王五 图片：赵六",
        "戳“阅读原文”",
        "喜欢就点个赞吧",
        "求点赞",
        "你“在看”我吗？",
        "转发，让更多人知道！",
        "关注“江海日报”，获取更多资讯",
        "欢迎加入读者群",
        "记得设为星标",
        "将“江海日报”设为星标⭐",
        "微信号：jianghai",
        "投稿邮箱：a@example.cn",
        "（完）",
    ],
)
@every_row("first", [True, False])
def test_calls_to_follow_and_like_and_credits_are_left_out(line, first):
    lines = [nested(line), paragraphs(PROSE)] if first else [paragraphs(PROSE), nested(line)]
    assert read(weixin("".join(lines)), SHORT).paragraphs == tuple(PROSE)


@every_row(
    "line",
    [
        "为江海的建设者点赞",
        "他在看一本书，一本讲江与海的书。",
        "读者给这座桥点了赞，也给造桥的人点了赞。",
        "扫码点餐已经是这条街上的日常，老人也学会了。",
        "点击率不等于口碑，江与海的故事要慢慢讲。",
        "分享经济走进了园区，收藏与分享成了新的生意。",
        "来源于江、归于海的水，养活了三座城市的人。",
        "The endless river joins the sea.",
        "关注“一带一路”沿线的新变化",
        "转发的人多了，读的人却少了。",
        "审核：一道绕不过去的关，关系到三座城市的信用。",
        "高标准的星标企业落户江海",
        "微信：从聊天工具到生活方式",
        "策划一场江与海的展览",
    ],
)
def test_prose_with_the_same_words_stays(line):
    assert line in read(weixin(paragraphs([PROSE[0], line, *PROSE[1:]])), SHORT).paragraphs


@every_row("heading", ["往期推荐", "往期回顾", "往期精彩", "推荐阅读", "— 精彩推荐 —", "【往期精选】"])
def test_a_heading_of_recommended_articles_ends_the_text(heading):
    links = '<p><a href="https://mp.weixin.qq.com/s/x1">江与海，上一篇</a></p><p><a href="https://mp.weixin.qq.com/s/x2">下一篇</a></p>'
    article = read(weixin(f"{paragraphs(PROSE)}{nested(heading)}{links}<p>点个在看</p>"), SHORT)
    assert article.paragraphs == tuple(PROSE)


def test_credits_of_the_tail_go_where_credits_go():
    tail = "<p>来源：新华社</p><p>编辑丨李一</p><p>长按识别二维码关注我们</p>"
    article = read(weixin(f"{paragraphs(PROSE)}{tail}"), SHORT)
    assert (article.source_line, article.editors, article.paragraphs) == ("江海日报", ("李一",), tuple(PROSE))


@every_row(
    ("message", "error"),
    [
        ("该内容已被发布者删除", Gone),
        ("此内容因违规无法查看", Gone),
        ("此内容因涉嫌违反相关法律法规和政策发送失败", Gone),
        ("该公众号已迁移", Gone),
        ("链接已过期", Gone),
    ],
)
def test_a_message_in_place_of_an_article_means_that_it_is_gone(message, error):
    html = f"""<html><head><title></title></head><body><div class="weui-msg"><div class="weui-msg__text-area">
    <h2 class="weui-msg__title warn">{message}</h2></div></div><script>var a = "";</script></body></html>"""
    with pytest.raises(ParseError) as caught:
        read(html, SHORT)
    assert type(caught.value) is error


@pytest.mark.parametrize(
    "text", ["var ct = " * 20_000, 'var nickname = "' + "x" * 100_000, "mid: '" * 20_000, "\\x41" * 30_000]
)
def test_no_script_takes_long(text):
    article = parse(page(weixin(paragraphs(PROSE), f"<script>{text}</script>{OLD}"), SHORT))
    assert isinstance(article, Article)
