"""Personal names, distinguished from institutions, places and phrases."""

import re

from parsers.text import HAN

SURNAMES = frozenset(
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常傅萧阎赖洪阮青温康施文牛樊葛邢安齐易乔伍庞颜"
    "倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒司柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧阳管柴蒙鲍华喻祁"
    "蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商"
    "刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海"
    "阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊阿乌母裘亓修邰赫杭况那"
    "宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由习"
    "張陳楊黃趙吳孫馬鄭謝許韓馮鄧蕭葉蔣餘蘇盧鐘陸賈鄒閆龍賀顧龔邵萬錢嚴湯莊聶魯歐關蘭寧紀單畢羅劉鍾魏呂"
)
DOUBLE_SURNAMES = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "司徒",
    "令狐",
    "夏侯",
    "端木",
    "歐陽",
    "司馬",
)

# Ends of offices, publishers and places: 上海市委, 商务部, 复旦大学.
_HOUSES = """
    部 委 局 厅 廳 署 院 校 社 报 報 网 網 省 市 县 區 区 州 镇 乡 村 办 办公室 处 科 所 司 军 银行 大学
    集团 公司 协会 学会 委员会 联合国 政府 中心 智库 基金 论坛 会议 大会 两会 组织 联盟 平台 机构 部门
    频道 专线 发言人 使馆 台 组 队 厂 店 馆 园 港 机场 铁路 地铁 高铁 央行 证监会 专家 学者 记者 网友
    代表 委员 市民 教授 院士
"""
_INSTITUTION_ENDS = tuple(_HOUSES.split())
# Endings that are also common in given names (李军, 王国, 张台): they count only without a surname in front.
_AMBIGUOUS_END = frozenset("军司台州村区园港科处所")
_PHRASE = re.compile(
    r"[的了在是和与及为何怎谁哪什么吗呢把被让看谈论说问写读给从到对不没有将要会能可这那第一二三四五六七八九十年月日"
    r"个们上下中大小新]"
)
_PLACES_AND_RUBRICS = """
    上海 北京 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东
    海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门 长三角 珠三角 京津冀
    大湾区 粤港澳 东北 西北 西南 华东 华北 华南 华中 广州 深圳 杭州 南京 苏州 成都 武汉 西安 宁波 合肥
    无锡 常州 温州 嘉兴 湖州 绍兴 金华 台州 丽水 衢州 舟山 徐州 扬州 镇江 泰州 南通 盐城 连云港 淮安
    宿迁 芜湖 安庆 黄山 马鞍山 石家庄 沈阳 大连 哈尔滨 长春 济南 青岛 郑州 洛阳 太原 长沙 南昌 福州 厦门
    贵阳 昆明 兰州 银川 乌鲁木齐 拉萨 海口 三亚 益阳 南宁 桂林 唐山 秦皇岛 邯郸 雄安 张江 临港 浦东 浦西
    浦江 黄浦 徐汇 长宁 静安 普陀 虹口 杨浦 宝山 闵行 嘉定 金山 松江 青浦 奉贤 崇明 曹杨 安吉 余村 江南
    台北 臺北 新北 桃園 桃园 台中 臺中 台南 臺南 高雄 基隆 新竹 苗栗 彰化 南投 嘉義 嘉义 屏東 屏东 宜蘭 宜兰 花蓮 花莲
    台東 臺東 澎湖 金門 江北 江海 华为 小米 茅台 海尔 格力 万科 万达 平安 中国 美国 英国 法国 德国 日本 韩国 印度 俄罗斯
    乌克兰 以色列 伊朗 伊拉克 叙利亚 埃及 巴西 古巴 巴黎 加拿大 意大利 西班牙 葡萄牙 安哥拉 安卓 欧盟
    欧洲 非洲 亚洲 拉美 东盟 北约 联合国 全球 世界 国际 中方 美方 欧方 外媒 专家 学者 记者 网友 高考
    高铁 高温 任务 方案 时评 时政 时事 评论 解读 解放 解析 文化 文明 文旅 文艺 文学 白皮书 金融 黄金
    石油 车企 游客 党员 常委 应急 安全 和平 平台 经济 和谐 成绩 成果 单位 司法 司机 连续 连线 连载
    冷空气 冷知识 项目 路况 元宵 元旦 关注 关于 关键 何时 何以 何为 何谓 国家 国庆 国台办 边境 边疆 东方
    洪水 洪涝 洪灾 洪峰 洪流 洪荒 常态 常识 常规 常年 常住 常见 常用 常务 常说 常设
    东部 江湖 温馨提示 明天 今天 昨天 明年 今年 来源 来信 平时 计划 计算 支持 支部 信息 信心 智慧 富裕
    利好 利率 公告 公益 公示 公安 居民 居家 干部 干货 元首 展望 展览 展会 衡量 植树 隆重 印象 花絮 强国
    权威 海外 海关 海报 区域 满意 相关 相信 初心 门票 云端 容量 都市 普法 普通 原因 原创 原来 南方 储能
    乐观 官方 明确 查处 封面 谈判 全国 全文 全面 全景 桂冠 应对 宗旨 卫生 卫星 米兰 党建 党史 党委 景区
    景点 麦田 简介 简讯 简报 车展 古镇 吉祥 农业 农村 农民 时间 时代 解码 房价 房产 管理 路透 游戏 盛会
    祝贺 祝福 祝愿 成长 成功 苗头 季度 单日 毕业 梅雨 童话 纪实 纪念 纪录片 舒适 尚未 包括 左右 关系 申报 申请 章程
    安排 易错 康复 温度 武器 万象 史料 史上 龙头 雷达 方法 方向 白领 石化 范围 陆续 任命 丁香 叶子 程序
    杜绝 余额 于是 田野 曾经 许多 高峰 高手 何处 马上 黄河 长江 周末 周报 周刊 吴语 林业 罗马 宋代 唐代
    汉代 明代 清代 元代 习语 习语品读 金句 金砖 钟声 和音 仲音 国纪平 任仲平 宣言 新华 新时代 思想者
    沪上 申城 社论 编者按 编者 导语 提要 核心 商讯 问题 前言 结语 摘要 关键词 副题 引题 主题 标题 题记 话题
    观点 视点 焦点 热点 重点 亮点 看点 提示 注意 通知 通报
"""
NOT_NAMES = frozenset(_PLACES_AND_RUBRICS.split())
# Cities that open as names do; their headlines (黄石：…) are many.
_CITIES = """
    安康 安阳 安顺 安溪 白城 白山 白银 包头 毕节 常德 常熟 池州 崇左 楚雄 达州 丹东 丹阳 东莞 东营 东台 东阳
    房山 丰台 奉化 富阳 甘孜 甘南 高邮 高密 巩义 广元 贵港 哈密 海东 海宁 海盐 海安 海淀 和田 贺州 衡阳 衡水
    怀化 黄石 黄冈 惠州 吉安 江门 江阴 江宁 江都 江津 焦作 金昌 晋城 晋中 荆州 荆门 乐山 乐清 柳州 龙岩 龙港
    龙游 龙泉 娄底 吕梁 梅州 宁德 宁海 平凉 平湖 平顶山 平阳 曲靖 曲阜 邵阳 石河子 石嘴山 石狮 宿州 随州 滕州
    万州 文山 乌海 武威 信阳 项城 萧山 邢台 许昌 宣城 阳江 阳泉 伊春 伊宁 伊犁 应城 余姚 余杭 玉溪 玉林 玉树
    岳阳 云浮 张家口 张家界 张家港 张掖 章丘 周口 诸暨 诸城 邹城 昌吉 昌都 成华 都江堰 恩施 方城 景德镇 明光
    钟祥 钟楼 左云 顺义 井冈山 牟平 柯桥 路桥 温岭 仙居 常山 武进 武清
"""
NOT_NAMES |= frozenset(_CITIES.split())
_CHINESE_NAME = re.compile(rf"[{HAN}]{{2,4}}")
_BLANK_IN_NAME = re.compile(rf"(?<=^[{HAN}]) (?=[{HAN}]$)")  # 阮 青
_FOREIGN_NAME = re.compile(rf"(?=.{{4,20}}$)[{HAN}]{{1,8}}(?:[·・•‧][{HAN}]{{1,8}}){{1,3}}")

_ENGLISH_NAME = re.compile(
    r"(?:(?:Mr|Ms|Mrs|Dr|Prof)\.? )?[A-Z][A-Za-z'’.-]*(?: (?:[A-Z][A-Za-z'’.-]*|de|van|von|bin|al)){0,2}"
)
_ACRONYM = re.compile(r"\b[A-Z]{3,}\b")
_ENGLISH_RUBRICS = """
    academy administration agency analysis and announcement april asia association august bank beijing
    book breaking brexit brief briefing bureau business center centre china chinese city college column
    comment commentary commission committee company conference congress corner council court culture
    daily december delta department dialogue dispatch district economy editorial editors education essay
    essays europe exclusive expert experts explained explainer exploration fact factbox february
    federation feature focus forum foundation friday from fund global government group guide headline
    headlines health history hong hospital how hubei in insight institute interview interpretation
    introduction investigation january japan journal july june kong language law league lesson lessons
    letter letters live media meeting minister ministry modernization monday money museum national news
    newspaper note notice november observation october office official on opening opinion opinions
    organization outlook overview pacific paper part party people perspective philosophy photos plan
    podcast police policy politics preview profile province quote railway reader readers recap
    reflection reform report reports republic research review road russia saturday scholar scholars
    school science section september series shanghai society special sports spotlight state states story
    strategy street studies study summary summit sunday survey taiwan technology the theory thinker
    thinkers thursday times tips to today topic trade transcript tuesday uk ukraine union united
    university update updated us video view viewpoint views war watch wednesday week weekly what when
    where which white who why world yangtze year years
"""
_NOT_ENGLISH_NAMES = frozenset(_ENGLISH_RUBRICS.split())
_HONORIFIC = re.compile(rf"(?<=[{HAN}]{{2}})(?:教授|院士|研究员|博士|先生|女士|老师)$")


def chinese_person(text: str, *, strict: bool = True) -> str | None:
    """The name if ``text`` is one: 阮青, 欧阳娜娜, 卡尔·马克思; 阮青 also for 阮 青; None for anything else.

    With ``strict`` it must open with a known surname; without it (a line that says that a person follows) two to four
    characters that are not an office, a place or a phrase are enough. A name with a dot needs no surname. An honorific
    is cut off.
    """
    name = _HONORIFIC.sub("", _BLANK_IN_NAME.sub("", text.strip()))
    if _FOREIGN_NAME.fullmatch(name):
        return name
    if not _CHINESE_NAME.fullmatch(name) or name in NOT_NAMES:
        return None
    surnamed = name[0] in SURNAMES or name.startswith(DOUBLE_SURNAMES)
    if ends_as_institution(name, surnamed=surnamed) or (strict and not surnamed):
        return None
    if len(name) == 4 and not name.startswith(DOUBLE_SURNAMES) and _PHRASE.search(name[1:]):
        return None
    return name if len(name) < 4 or not strict or _plausible_four(name) else None


def english_person(text: str) -> str | None:
    """The name if ``text`` is one to three capitalised words that name no institution, place or rubric, else None."""
    name = text.strip()
    if not 1 < len(name) < 60 or _ACRONYM.search(name) or not _ENGLISH_NAME.fullmatch(name):
        return None
    words = re.split(r"[ -]", name.casefold())
    return None if any(word.strip(".'’") in _NOT_ENGLISH_NAMES for word in words) else name


def person(text: str, *, strict: bool = True) -> str | None:
    """The name if ``text`` is a bare person's name in Chinese or English, else None; strict as in `chinese_person`."""
    return chinese_person(text, strict=strict) or english_person(text)


def ends_as_institution(name: str, *, surnamed: bool = False) -> bool:
    """True if a name ends like an office, a publisher or a post.

    surnamed: it opens with a surname, so that 李军 gives False, although 军 ends offices too.
    """
    if surnamed and len(name) < 4 and name[-1] in _AMBIGUOUS_END:
        return False
    return name.endswith(_INSTITUTION_ENDS)


def _plausible_four(name: str) -> bool:
    """True if four characters are a name: a double surname, or two surnames in front (a married name)."""
    return name.startswith(DOUBLE_SURNAMES) or name[1] in SURNAMES
