"""Names that stand around a headline: running columns, site names and site channels."""

import re

_CHINESE_COLUMNS = """
    学林随笔 解放论坛 解放书单 朝花时文 朝花 读书周刊 解放周末 新闻视点 首席评论 首席观点 第一观点
    上观直击 上观学习 上观评论 上观专访 上观时评 海上记忆 原点 纵深 纵览 深度 深读 深观察 城事 伴公汀
    政情 世界观 夜读 夜光杯 文汇讲堂 文汇时评 理响中国 理论周刊 理论 理论前沿 理论茶座 学思践悟 学习
    学习进行时 党建 大家 视频 图集 组图 图解 一图读懂 独家 专访 对话 访谈 评论 社论 时评 锐评 短评 快评
    特稿 快讯 重磅 突发 观点 观察 观察家 解读 解码 述评 连载 直播 访谈录 思想汇 思想周刊 智库 上观智库
    上海发布 记者手记 记者观察 棱镜 调查 新知 新论 新闻分析 人民时评 人民论坛 仲音 钟声 和音
    求是网评论员 光明时评 光明论坛 亚运会 奥运会
"""
# Keyed by the casefolded name; the value is the column's own key if two languages name one column.
COLUMNS: dict[str, str | None] = {
    "思想者": "sixiangzhe",
    "thinker": "sixiangzhe",
    "thinkers": "sixiangzhe",
    "the thinker": "sixiangzhe",
    **dict.fromkeys(_CHINESE_COLUMNS.split()),
    **dict.fromkeys(
        (
            "xuelin essays",
            "first point of view",
            "first viewpoint",
            "in-depth",
            "in depth",
            "depth",
            "viewpoint",
            "opinion",
            "commentary",
            "editorial",
            "exclusive",
            "interview",
            "video",
            "observation",
        )
    ),
}

_CHINESE_SITES = """
    上观 上观新闻 上海观察 解放网 解放日报 解放日报·上观新闻 澎湃 澎湃新闻 半月谈 求是 求是网 人民网
    新华网 光明网 中新网 央视网 央视新闻 凤凰网 凤凰新闻 搜狐 搜狐新闻 腾讯网 腾讯新闻 新浪 新浪网
    新浪新闻 新浪财经 新浪科技 网易 网易新闻 网易财经 网易新闻中心 观察者网 环球网 环球时报 中央社
    国学院 理论网 宣讲家网 学习时报 人民日报 新华社 新华每日电讯 光明日报 经济日报 文汇报 文汇 新民晚报
    新京报 界面新闻 财新网 第一财经 和讯网 今日头条 百家号 中国新闻网 中国政府网 新闻中心 观点网
    网易订阅 凤凰网资讯 36氪 财新 虎嗅 证券之星 学习强国 21世纪经济报道 21财经 IT之家 CSDN博客 百家号 今晚报
    東方日報 聯合新聞網 中時新聞網 自由時報電子報
"""
SITES = frozenset(name.casefold() for name in _CHINESE_SITES.split()) | {
    "中央社 cna",
    "the paper",
    "caixin",
    "bbc news 中文",
    "china daily",
    "chinadaily.com.cn",
    "xinhua",
    "xinhuanet",
    "cgtn",
    "shine",
    "sixth tone",
    "global times",
    "people's daily online",
    "shanghai observer",
    "shangguan news",
    "bbc news",
    "reuters",
    "the guardian",
    "the new york times",
    "cnn",
    "ap news",
}

_CHANNEL_NAMES = """
    新闻 要闻 滚动 滚动新闻 时政 政治 政务 国内 国际 社会 财经 经济 金融 股票 证券 科技 文化 教育 体育
    娱乐 军事 健康 法治 法律 房产 汽车 旅游 历史 理论 观点 评论 能源 环保 生态 地方 港澳 台湾 传媒 书画
    时尚 健康生活 数码 互联网 产经 公司 生活 图片 首页 正文 资讯 文章 频道
"""
# A site's own sections: they stand between headline and site name and say nothing about the article.
CHANNELS = frozenset(_CHANNEL_NAMES.split())

_SITE = re.compile(
    r"[\w·.（）()]{2,16}(?:人民政府|网|網|网站|門戶網站|门户网站|在线|日报|晚报|时报|早报|晨报|都市报|新闻网|新聞網"
    r"|电视台|广播网|通讯社|通訊社|客户端|频道官网)"
)
# Topics that end like site names.
_NOT_A_SITE = re.compile(
    r"(?:联网|聯網|电网|管网|路网|水网|上网|上網|天网|内网|外网|官网|局域网|铁丝网|关系网|安全网|服务网|防护网"
    r"|监控网|触网|法网|人工智能网|看日报|看晚报)"
)
_CHANNEL = re.compile(r"[\w·]{1,10}(?:频道|頻道|栏目|专栏|专题|新闻|要闻|资讯|政务|动态|领导|中心|版)")


def is_site(name: str) -> bool:
    """True if ``name`` is a publisher's or web site's own name, as sites print it after a headline."""
    name = name.strip()
    if name.casefold() in SITES:
        return True
    return bool(_SITE.fullmatch(name)) and not _NOT_A_SITE.search(name)


def is_channel(name: str) -> bool:
    """True if ``name`` is a section of a site (财经, 教育频道) or a site itself, and so not about the article."""
    name = name.strip()
    return name in CHANNELS or bool(_CHANNEL.fullmatch(name)) or is_site(name)


def column_key(name: str | None) -> str | None:
    """The key of a column with names in two languages: ``sixiangzhe`` for 思想者 and Thinker; None for all others."""
    return COLUMNS.get(name.casefold()) if name else None


def is_column(name: str) -> bool:
    """True if ``name`` is the name of a known column (COLUMNS), in small or capital letters."""
    return name.strip().casefold() in COLUMNS
