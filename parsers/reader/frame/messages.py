"""Messages in place of an article: it is gone, it is for members, the visitor is taken for a robot."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal

from parsers.reader.view.thresholds import (
    LATIN_SHARE,
    MAX_BESIDE_WORDS_CHARACTERS,
    MAX_CLAUSE_CHARACTERS,
    MAX_CLAUSE_HAN,
    MAX_STRAY_CHARACTERS,
    MIN_SENTENCE_HAN,
)
from parsers.text import CASELESS_HAN, HAN_CHARACTER, PAUSES, STOPS

Kind = Literal["blocked", "restricted", "gone"]

# Chinese: the subject of a message, and its fate.
_WHICH = (
    r"(?:该|此|本|这|这[篇个]|原有的?|当前|指定的?|相关的?|相应的?|你|您"
    r"|[你您]?所?(?:要|想要?|需要?|正在)?(?:访问|浏览|查看|请求|查找|寻找|找|打开|阅读)的?)"
)
_THING = (
    r"(?:页面?|网页|文章|内容|信息|新闻|稿件|资讯|文件|链接|帖子|主题|资源|地址|网址|作品|视频|图文|报道|活动|专题"
    r"|文档|公众号|[账帐]号|版块|板块|文)"
)
_WHO = r"(?:作者|发布者|发布方|管理员|编辑|平台|系统|网站)"
_FATE = (
    rf"(?:可能|也许|暂时?)?(?:正在|已经?)?(?:因(?:涉嫌)?(?:违规|违反.{{2,20}}?)|(?:因|由于).{{1,12}}原因)?被?{_WHO}?(?:自行)?"
    r"(?:删除|下线|下架|撤回|撤稿|撤下|移除|移动|移走|屏蔽|失效|过期|转移|审核|注销|不存在|不在|丢失|走丢|不见|飞走|不可用"
    r"|找不到|没有?找到|未找到|暂?时?无法(?:找到|访问|查看|打开|显示)|发送失败|迁移"
    r"|不再(?:提供|显示|展示|开放))了?"
)
_FATES = rf"{_FATE}(?:\s*(?:[、或]|或者|或是|并且?|且){_FATE})*"
_ONE = rf"(?:{_WHICH}{{0,2}}{_THING}{{1,2}})"
_SITE = r"(?:(?:本|该|此|当前)(?:网站|站点?|栏目|频道|论坛|平台))"
_CLOSED = r"已经?(?:于.{1,12})?(?:正式|永久|暂时)?(?:关闭|关停|停办|停运|停止(?:服务|运营|运行|访问|更新))了?"
_ENGLISH_ONE = (
    r"(?:(?:the|this|that|your)\s+)?(?:requested\s+)?"
    r"(?:page|article|story|content|post|item|document|resource|file|url|news|link)(?:\s+/\S*)?"
    r"(?:\s+(?:that\s+)?(?:you(?:'ve|'re|\s+have|\s+were|\s+are)?\s+(?:requested|looking\s+for|seeking|followed"
    r"|(?:trying|tried)\s+to\s+(?:reach|find|access))|(?:at|under)\s+this\s+address))?"
)
_ENGLISH_FATE = (
    r"(?:cannot|can't|can\s+not|could\s+not|couldn't)\s+be\s+(?:found|displayed|located|reached)"
    r"|(?:does\s+not|doesn't|no\s+longer)\s+exists?|(?:has|have)\s+expired|is\s+(?:gone|missing|(?:temporarily\s+)?unavailable)"
    r"|(?:is|was|are|has\s+been|have\s+been|might\s+have\s+been|may\s+have\s+been|may\s+be|might\s+be)"
    r"\s+(?:not\s+found|not\s+available|no\s+longer\s+(?:available|online|here)|removed|deleted|unavailable|taken\s+down"
    r"|withdrawn|retracted|expired|moved)"
)
GONE = re.compile(
    rf"""(?:
        {_ONE}?{_FATES} | {_SITE}{_CLOSED} | {_ONE}因(?:涉嫌)?违反.{{2,20}}
      | (?:没有?|未)找到{_ONE} | (?:找不到|无法(?:找到|访问|打开|显示)){_ONE} | {_THING}没有找到
      | (?:(?:http\s+|error\s+)*(?:404|410)(?:\s+error)?\s*[-:–—]?\s*)?
        (?:(?:page|file|article|story|content)\s+)?(?:not\s+found|gone|no\s+longer\s+available|(?:was\s+)?removed|deleted)
      | {_ENGLISH_ONE}\s+(?:{_ENGLISH_FATE})(?:\s+(?:or|and)\s+(?:{_ENGLISH_FATE}|moved|deleted|removed))*
        (?:\s+by\s+(?:its|the|their)\s+(?:authors?|publishers?|owners?|posters?|editors?|moderators?|administrators?))?
        (?:\s+(?:on|from|in)\s+(?:this|our|the)\s+(?:server|site|website|archives?))?
        (?:\s+and\s+there\s+is\s+no\s+forwarding\s+address)?
      | (?:we\s+)?(?:cannot|can't|could\s+not|couldn't|were\s+unable\s+to|can't\s+seem\s+to)\s+find\s+{_ENGLISH_ONE}
      | (?:it\s+looks\s+like\s+)?nothing\s+(?:was\s+)?found(?:\s+(?:here|at\s+this\s+location))?
      | the\s+(?:web\s+)?address\s+you\s+entered\s+is\s+not\s+.{{4,60}}
      | (?:it|or)\s+(?:{_ENGLISH_FATE})(?:\s+or\s+\w+)?
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_MEMBERS = r"(?:会员|付费用户|订阅用户|登录用户|注册用户|订户|vip)"
_ACT = r"(?:(?:本|此|该|当前)?操作)"
_READ = r"(?:查看|阅读|访问|浏览|观看|操作)"
RESTRICTED = re.compile(
    rf"""(?:
        (?:{_ONE}|全文)?(?:为|是|属于)?(?:仅限|仅对|只对|仅供|仅)?{_MEMBERS}
        (?:专享|专区|专属|独享|可见|开放|{_READ}|内容|文章)+
      | [你您]?(?:所[在属]的?用户组(?:\(.{{1,12}}\))?)?(?:暂时?|还)?
        (?:(?:没有|无|缺少)(?:足够的?)?权限|无权|(?<=[组)])(?:无法|不能))
        (?:进行|执行)?{_READ}?(?:{_ONE}|{_ACT})? | 权限不足
      | (?:{_ONE}|全文)(?:为|是|属于)付费(?:内容|阅读|文章)
      | (?:请|须|需要?|[你您](?:需要|还?没有|尚未|未))?先?(?:登[录陆]|开通{_MEMBERS}|订阅|付费|注册)(?:账号|帐号|系统)?
        (?:之?后)?(?:才?可以|才能|方可|即可|以|再|可)?(?:继续)?{_READ}?
        (?:全文|完整内容|更多内容|更多|{_ONE}|{_ACT})?
      | (?:for\s+)?(?:subscribers|members|registered\s+users)\s+only
      | (?:this|the)\s+(?:article|content|story|page|post)\s+is\s+(?:only\s+)?(?:available\s+|reserved\s+|exclusive\s+)?
        (?:exclusively\s+)?(?:for|to)\s+(?:\w+\s+){{0,2}}(?:subscribers|members|registered\s+users)(?:\s+only)?
      | (?:please\s+|you\s+(?:must|need\s+to|have\s+to)\s+)?(?:be\s+logged\s+in|log\s*in|sign\s*in|subscribe)
        (?:\s+(?:to|or)\s+[\w\s]{{1,60}})?
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_CHECK = r"(?:安全|人机|访问|滑动|身份|图形|行为)?(?:验证|校验)码?"
BLOCKED = re.compile(
    rf"""(?:
        (?:百度)?(?:安全|人机|访问|滑动)(?:验证|校验)(?:码)?(?:页面?|中)?
      | 请?(?:先|您)?(?:完成|通过|进行|点击|输入|填写)(?:下方|以下|下面的?|图中的?)?{_CHECK}
        (?:之?后)?(?:再|以|即可)?(?:继续)?(?:访问|浏览)?
      | 请?(?:输入|填写)(?:下方|下图|以下|下面的?|图中的?|图片中?的?)(?:字符|文字|数字|字母|答案|结果)
      | 请?(?:拖动|滑动|按住)滑块.{{0,20}}
      | [你您]?的?(?:访问|操作|请求)频率过高 | 正在验证[你您]是否[是为]真人
      | [你您]?的?(?:访问|操作|请求|点击)(?:次数|速度)?(?:过于|太过?|过)(?:频繁|快|多)了?
      | (?:系统)?(?:检测到)?[你您]?的?(?:网络环境|网络|ip|请求|访问|账号)(?:地址)?
        (?:存在|有|出现)?(?:异常|风险)(?:流量|行为|访问)?
      | [你您]?的?(?:当前)?(?:ip|请求|访问请求|访问)(?:地址)?(?:已经?)?被(?:网站管理员)?(?:设置)?(?:该?站点的?)?
        (?:安全策略)?(?:限制|封禁|拦截|阻断|禁止|拒绝)(?:访问)?
      | (?:由于)?[你您]访问的url有可能对网站造成安全威胁
      | 网站防火墙 | 访问(?:被|已被)(?:拒绝|拦截|阻断|限制)
      | (?:系统|服务器|网络)(?:繁忙|不给力|太忙了?)
      | just\s+a\s+moment(?:\s*\.\.\.)? | attention\s+required!?(?:\s*\|\s*cloudflare)?
      | access\s+(?:is\s+|has\s+been\s+)?denied
      | access\s+to\s+this\s+page\s+has\s+been\s+denied(?:\s+because.{{0,150}})?
      | you(?:r\s+(?:ip|access|request))?\s+(?:have|has)\s+been\s+(?:temporarily\s+)?(?:blocked|limited|rate\s+limited)
      | checking\s+(?:your\s+browser|if\s+the\s+site\s+connection\s+is\s+secure)(?:\s+before\s+accessing\s+\S+)?
      | enable\s+javascript\s+and\s+cookies\s+to\s+continue
      | are\s+you\s+(?:a\s+)?(?:robot|human)
      | (?:please\s+|we\s+need\s+to\s+)?(?:verify|confirm|prove|verifying)\s+(?:that\s+)?you\s+are\s+
        (?:a\s+human|human|not\s+a\s+(?:ro)?bot)(?:\s+by.{{0,60}})?
      | (?:we\s+(?:just\s+)?need\s+to\s+)?make\s+sure\s+(?:that\s+)?you(?:'re|\s+are)\s+not\s+a\s+(?:ro)?bot
      | (?:403\s+)?forbidden | you\s+(?:don't|do\s+not)\s+have\s+permission\s+to\s+access\s+.{{2,120}}
      | (?:50\d\s+)?(?:service\s+(?:temporarily\s+)?unavailable|bad\s+gateway|gateway\s+time-?out
        |internal\s+server\s+error)
      | one\s+moment | please\s+wait\s+while\s+your\s+request\s+is\s+.{{4,30}}
      | please\s+wait\s+while\s+we\s+(?:verify|check).{{0,60}} | pardon\s+our\s+interruption(?:\s*\.\.\.)?
      | (?:(?:http\s+|error\s+)*429\s*[-:]?\s*)?too\s+many\s+requests | rate\s+limit(?:\s+(?:exceeded|reached))?
      | you\s+have\s+(?:exceeded|reached)\s+the\s+rate\s+limit
      | (?:ro)?(?:bot|human|captcha)\s+(?:verification|challenge|check) | security\s+(?:check|challenge|verification)
      | (?:our\s+systems?|we)\s+(?:have|has)\s+detected\s+unusual\s+traffic.{{0,80}}
      | request\s+unsuccessful | incapsula\s+incident\s+id(?::?\s*[\d-]+)? | ddos\s+protection(?:\s+by\s+\S+)?
      | (?:please\s+)?(?:complete|solve|enter)\s+the\s+captcha(?:\s+below)?(?:\s+to\s+continue)?
    )""",
    re.IGNORECASE | re.VERBOSE,
)
MESSAGES: dict[Kind, re.Pattern[str]] = {"blocked": BLOCKED, "restricted": RESTRICTED, "gone": GONE}

# Other texts of such a page: the way back, possible causes, the blocker.
COMPANION = re.compile(
    r"首页|上一页|返回|刷新|重试|出了?[点些]?小?问题|迷路|稍后|跳转|秒|网址|地址|url|链接|页面|网页|浏览器|原因|搜索|检索|联系|反馈|客服|提示|出错|错误|检查"
    r"|版权|备案|主办|承办|协办|许可证|标识码|电话|邮编|邮箱|技术支持|今天是|icp|公网安备|举报|浏览其他|网络|验证|滑块|登[录陆]|会员|订阅|管理员|感谢[你您]|感谢.{0,8}(?:陪伴|支持|关注|理解)|如有(?:任何)?疑问|(?:不是|非|是否为?)机器人|看不清|换一[张个]|^(?:根据|按照?|应).{1,12}(?:决定|要求|规定)$|拦截|空间提供商|攻击|威胁|请求|阻断"
    r"|(?:home|front)\s?page|(?:to|go|return)\s+(?:the\s+)?home|^home$|go\s+back|back\s+to|search|contact|address|url|\blinks?\b|\b(?:this|the|that|your|previous)\s+page\b|browser|redirect|refresh|reload|again|later|error|http"
    r"|server|nginx|apache|cookie|javascript|cloudflare|ray\s+id|reference|incident|security|connection|robot|\bbots?\b|captcha"
    r"|automat|requests?\b|subscri|account|log\s*in|sign\s*in|website|mistake|\bip\b|location|changed|blocked|copyright|seconds"
    r"|speed|permission|unable\s+to\s+access|characters\s+you\s+see",
    re.IGNORECASE,
)
APOLOGY = re.compile(
    r"^(?:\W*(?:很?抱歉|对不起|很遗憾|不好意思|哎呀|糟糕|亲|温馨提示|提示信息?|提示|we(?:'re|\s+are)\s+sorry|sorry|oops|whoops|uh-?oh)"
    rf"(?:\b|(?<={CASELESS_HAN})))+[\s,，!！:：.~]*(?:but\s+)?(?:由于)?",
    re.IGNORECASE,
)
DENIAL = re.compile(r"不实|属实|谣言|辟谣|造谣|传言|假的|虚假|骗局|诈骗|伪造|摆拍|合成|旧闻|有误|失实")
# A message addresses the visitor; a report about a denied rumour addresses nobody.
ADDRESSED = re.compile(
    r"[您你]|请|我们(?:已|正|会|将)|看看|试试|试一[试次]|点击|轻触|下载|更多|不便|谅解|编辑部"
    r"|\b(?:you|your|we|us|our|let's|please|don't|something|try|maybe|perhaps)\b",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(rf"([{STOPS}\n]+|(?<!\.)\.(?:\s+|$))")
FULL_STOPS = {"。", "."}  # slogans and names lack them
CLAUSE_END = re.compile(rf"[{STOPS}{PAUSES}\n|]+|(?<!\.)\.(?:\s+|$)|\s[-–—]\s")
EDGES = " \t.…·~*“”\"'‘’()（）[]【】《》<>>»«"
LETTER = re.compile(r"[^\W\d_]")
LABELLED = re.compile(r"\s*[^\s:：，。]{2,10}[:：]")


@dataclass(frozen=True, slots=True)
class Message:
    """The kind of a message in an article's place, and its words."""

    kind: Kind
    words: str


def message_in(text: str) -> Message | None:
    """The first message in a headline or line if each of its clauses is a message, apologies apart; else None.

    >>> message_in("抱歉，您访问的页面不存在！")
    Message(kind='gone', words='您访问的页面不存在')
    """
    clauses = [clause for clause in _clauses(text) if LETTER.search(clause)]
    messages = [_message(clause) for clause in clauses]
    return messages[0] if messages and all(messages) else None


def message_of(headlines: Iterable[str], lines: Iterable[str]) -> Message | None:
    """The message that is a page's headline or its whole text; None if the page says more, or has no message.

    Of several kinds blocked goes first, then restricted, then gone. `lines` are the page's lines without links. A text
    that only quotes a message is an article. So is a text that reports first and then names the fate,
    违反广告法。相关网页已删除。, and a denial, however short: 网传停课不实。该视频已被删除。
    """
    headlines = [headline for headline in headlines if headline]
    headed = next(filter(None, map(message_in, headlines)), None)
    same = {_unspaced(headline) for headline in headlines}
    sentences = [sentence for line in lines if _unspaced(line) not in same for sentence in _sentences(line)]
    if _says_more(sentences, headed is not None):
        return None
    told = [*([headed] if headed else []), *(message for sentence in sentences if (message := sentence.message))]
    found = next((message for kind in MESSAGES for message in told if message.kind == kind), None)
    return None if found and found.kind == "gone" and not headed and _denies(sentences) else found


def _says_more(sentences: list[_Sentence], headed: bool) -> bool:
    """True if so much other text stands beside a message, above all before it, that an article quotes it.

    In sentences before the message that hold other text, words usual beside messages (返回首页) count as other text
    too; not if `headed`, that is if the headline is itself a message.
    """
    first = [] if headed else list(takewhile(lambda sentence: sentence.message is None, sentences))
    told_first = sum(sentence.company for sentence in first if sentence.stray)
    stray = sum(sentence.stray for sentence in sentences)
    return (
        told_first + stray > MAX_STRAY_CHARACTERS
        or sum(each.company for each in sentences) > MAX_BESIDE_WORDS_CHARACTERS
    )


def _denies(sentences: list[_Sentence]) -> bool:
    """True if a whole sentence before the message reports something, or one anywhere denies something."""
    first = takewhile(lambda sentence: sentence.message is None, sentences)
    return any(each.tells for each in first) or any(each.tells and each.denies for each in sentences)


class _Sentence:
    """A sentence: its message, and the weight of its clauses without a message.

    `company` weighs those that usually stand beside messages (返回首页), `stray` all others; a
    sentence with `stray` has no message. `closed`: a full stop ends it.
    """

    def __init__(self, text: str, closed: bool) -> None:
        clauses = [clause for clause in _clauses(text) if LETTER.search(clause)]
        messages = [(clause, _message(clause)) for clause in clauses]
        rest = [clause for clause, message in messages if message is None]
        if LABELLED.match(text) and _is_company(text.partition("：")[0].partition(":")[0]):
            rest = [" ".join(rest)[:MAX_CLAUSE_HAN]] if rest else []  # 地址：… belongs to the frame, for any address
        self.stray = sum(_weight(clause) for clause in rest if not _is_company(clause))
        self.company = sum(_weight(clause) for clause in rest if _is_company(clause))
        self.message = None if self.stray else next((message for _, message in messages if message), None)
        self.denies = DENIAL.search(text) is not None
        opens = bool(messages) and messages[0][1] is not None  # 链接已失效，活动已下线等 reports nothing else
        self.tells = closed and not opens and self.stray >= MIN_SENTENCE_HAN and not ADDRESSED.search(text)


def _sentences(line: str) -> list[_Sentence]:
    parts = SENTENCE_END.split(line)
    marks = [*parts[1::2], ""]
    told = zip(parts[::2], marks, strict=True)
    return [_Sentence(text, mark[:1] in FULL_STOPS) for text, mark in told]


def _clauses(text: str) -> list[str]:
    plain = APOLOGY.sub("", unicodedata.normalize("NFKC", text).replace("’", "'"))
    return [clause for part in CLAUSE_END.split(plain) if (clause := APOLOGY.sub("", part).strip(EDGES))]


def _message(clause: str) -> Message | None:
    if len(clause) > MAX_CLAUSE_CHARACTERS:
        return None
    return next((Message(kind, clause) for kind, rule in MESSAGES.items() if rule.fullmatch(clause)), None)


def _is_company(clause: str) -> bool:
    found = len(HAN_CHARACTER.findall(clause)) <= MAX_CLAUSE_HAN and COMPANION.search(clause) is not None
    return found and not DENIAL.search(clause)


def _weight(clause: str) -> float:
    han = len(HAN_CHARACTER.findall(clause))
    return han + LATIN_SHARE * (len(clause) - han)


def _unspaced(text: str) -> str:
    return "".join(text.split())
