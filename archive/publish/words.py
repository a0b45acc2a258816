"""The words of the interface in Chinese and English, and which of the two a reader gets."""

from typing import Literal

from datasette.utils.asgi import Request

from archive.publish.table_words import TABLE_MESSAGES
from archive.publish.terms import TERMS

Ui = Literal["zh", "en"]
COOKIE = "thinker_ui"
SET_ASIDE = "thinker_ui"  # in the scope of a request whose `?ui=` was taken out of its address
TAGS: dict[Ui, str] = {"zh": "zh-Hans", "en": "en"}

# name: (Chinese, English)
_MESSAGES: dict[str, tuple[str, str]] = {
    "site": ("思想者档案", "Thinker Archive"),
    "purpose": (
        "保存“思想者”栏目及相关政策网站的每一篇文章、每一个版本和每一次消失。",
        "Keeps every article of the “Thinker” (思想者) column and related policy sites, "
        "every version, and every disappearance.",
    ),
    "skip": ("跳到正文", "Skip to content"),
    "search": ("搜索", "Search"),
    "search_n": ("搜索 {n} 篇文章", "Search {n} articles"),
    "changes": ("变动", "Changes"),
    "removed": ("已消失", "Removed"),
    "status": ("状态", "Status"),
    "tables": ("数据", "Data"),
    "other_ui": ("English", "中文"),
    "latest": ("最新文章", "Latest articles"),
    "newest": ("回到最新", "Back to the newest"),
    "older": ("更早的文章", "Older articles"),
    "older_events": ("更早", "Older"),
    "changed_this_week": ("本周修改", "Changed this week"),
    "nothing_changed": ("过去七天没有发现修改。", "No edit was seen in the past seven days."),
    "nothing_yet": (
        "还没有文章。运行 thinker crawl 开始采集。",
        "No articles yet. Run thinker crawl to collect some.",
    ),
    "nothing_removed": ("没有发现消失的文章。", "No article is known to have disappeared."),
    "nothing_happened": ("没有记录。", "Nothing is recorded."),
    "removed_intro": (
        "原网站已不再提供或不再列出、但本档案保存着文本的文章；每一篇都按其来源所定的访问次数确认。",
        "Articles that their publishers no longer show or list, whose text is kept here. Each is confirmed by as many "
        "visits as its source asks for.",
    ),
    "unconfirmed": ("首次缺失，尚未确认", "First missed, not confirmed"),
    "unconfirmed_intro": (
        "最近一次访问时不在，次数还不足以认定为消失。",
        "They were not there at the last visit, which is not yet enough to call them gone.",
    ),
    "gone_this_week": ("本周消失或受限", "Disappeared or restricted this week"),
    "happened": ("已确认的变动", "What happened"),
    "came_back": (
        "这篇文章曾在原网站上无法读到，后来恢复：",
        "This article could not be read on its site for a while, and came back:",
    ),
    "listed_again": (
        "这篇文章曾从列表撤下，后来重新列出：",
        "This article was struck from the lists for a while, and listed again:",
    ),
    "last_listed": ("最后列出", "last listed"),
    "first_unlisted": ("首次未列", "first not listed"),
    "was_missing": ("此前", "Before that, "),
    "evidence": ("采集记录", "capture"),
    "witness": ("同站对照", "another article then"),
    "not_listed": ("列表中已无", "no longer listed"),
    "changes_intro": (
        "每次新增、修改、消失与恢复，最近的在前。",
        "Every arrival, edit, disappearance and return, latest first.",
    ),
    "show_all": ("全部", "All"),
    "without_new": ("不含新增", "Without new articles"),
    "times_beijing": ("时间均为北京时间（UTC+8）。", "All times are Beijing time (UTC+8)."),
    "zone_assumed": (
        "网页没有写明时区，发布时间按来源所在地计。",
        "The page names no zone for its date: that of its publisher is assumed.",
    ),
    "zone_given": ("发布时间的时区由网页写明。", "The page itself names the zone of its date."),
    # marks between words: each language has its own
    "colon": ("：", ": "),
    "comma": ("，", ", "),
    "listed": ("、", ", "),
    "then": ("", " "),  # between two sentences
    "published": ("发布", "Published"),
    "speaker": ("主讲", "Speaker"),
    "authors": ("作者", "Authors"),
    "editors": ("编辑", "Editors"),
    "column": ("栏目", "Column"),
    "keywords": ("关键词", "Keywords"),
    "source": ("来源", "Source"),
    "original": ("原文", "Original"),
    "biography": ("人物简介", "Biography"),
    "reprint": ("转载说明", "Reprint notice"),
    "related": ("页面所列相关文章", "Related articles listed on the page"),
    "media": ("图片与附件", "Pictures and attachments"),
    "versions": ("版本", "Versions"),
    "versions_n": ("{n} 个版本", "{n} versions"),
    "version_n": ("第 {n} 版", "Version {n}"),
    "version_of": (
        "这是第 {n} 版（共 {total} 版），采集于 {at}。",
        "This is version {n} of {total}, captured {at}.",
    ),
    "to_current": ("看当前版本", "See the current version"),
    "current": ("当前", "current"),
    "other_reading": ("另一解析", "Other reading"),
    "same_but_for_form": ("仅标点或格式不同", "Only punctuation or form differs"),
    "other_reading_of": (
        "这是另一版解析程序从采集于 {at} 的网页读出的文本，不是网站的修改。",
        "What another parser read from the page captured {at}: no edit by the site.",
    ),
    "cosmetic_of": (
        "采集于 {at}，与前一版仅标点或格式不同。",
        "Captured {at}; only punctuation or form differs from the version before.",
    ),
    "read_by": ("解析程序 {n}", "Read by parser {n}"),
    "diff_of_readings": ("两种文本之比较", "Two texts compared"),
    "first_version": ("首次采集", "First captured"),
    "compare": ("比较", "Compare"),
    "captures_n": ("共采集 {n} 次", "Captures: {n}"),
    "seen_between": ("首次见于 {first}，最近见于 {last}", "First seen {first}, last seen {last}"),
    "last_seen": ("最后见于", "last seen"),
    "first_missed": ("首次缺失", "first missed"),
    "raw": ("本页数据（JSON）", "This page as JSON"),
    "diff_title": ("第 {n} 版与第 {m} 版之比较", "Version {n} compared with version {m}"),
    "diff_same": ("两个版本没有差别。", "The two versions do not differ."),
    "diff_legend": ("删去的文字", "deleted text"),
    "diff_legend_new": ("新增的文字", "inserted text"),
    "diff_none": ("（无）", "(none)"),
    "folded_n": ("{n} 段未变", "{n} unchanged paragraphs"),
    "swap": ("交换前后", "Swap sides"),
    "by_reparse": ("重新解析所得，不是网站的修改", "found by a better parser, not an edit by the site"),
    "by_operator": ("由管理者更正", "corrected by the operator"),
    "by_import": ("导入", "imported"),
    "query": ("检索词", "Words to search for"),
    "with_superseded": ("也查旧版本", "Also in superseded versions"),
    "only_gone": ("只查已消失的文字", "Only in text that is gone"),
    "hits_n": ("找到 {n} 篇", "Articles found: {n}"),
    "hits_of": ("找到 {n} 篇，显示前 {shown} 篇", "Articles found: {n}; the newest {shown} are shown"),
    "hits_more": ("显示前 {n} 篇", "First {n} articles"),
    "found_only_in": ("仅见于{name}", "Only in {name}"),
    "more_hits": ("显示更多", "Show more"),
    "no_hits": ("没有文章含有这些词。", "No article contains these words."),
    "no_hits_why": (
        "汉字按原文逐字匹配，可以是任意长度；西文与数字按整词匹配，词尾加 * 匹配开头。"
        "空格与标点分开的各项都必须出现；引号内作为一个整体。",
        "Chinese matches exactly as written, at any length; Latin words and numbers match as whole words, "
        "and word* matches a beginning. Terms separated by blanks or punctuation must all occur; "
        "quotes keep a phrase together.",
    ),
    "no_hits_try": ("试试更少或更短的词", "Try fewer or shorter words"),
    "no_hits_ever": ("也在旧版本里找", "Look in superseded versions too"),
    "search_slow": (
        "检索超时：请用更长或更少见的词。",
        "That search took too long: try a longer or rarer word.",
    ),
    "ok": ("正常", "OK"),
    "not_ok": ("有问题", "Needs attention"),
    "rules": ("健康检查", "Health rules"),
    "daily_head": ("每日总摘要", "Daily head"),
    "daily_head_told": (
        "全部记录链末端的一个 SHA-256。把它抄存在别处，日后即可证明此前的记录没有被改动。",
        "One SHA-256 over the ends of all ledger chains. Noted somewhere else, it proves later that nothing "
        "before it was changed.",
    ),
    "no_rules": ("还没有做过检查。", "Nothing has been checked yet."),
    "sources": ("来源", "Sources"),
    "last_crawl": ("最近采集", "Last crawl"),
    "finish_reason": ("结果", "Result"),
    "articles": ("文章", "Articles"),
    "captures": ("采集", "Captures"),
    "revisions": ("版本", "Versions"),
    "new": ("新增", "New"),
    "edited": ("修改", "Edited"),
    "errors": ("错误", "Errors"),
    "never": ("从未", "never"),
    "running": ("进行中", "running"),
    "tombstone": (
        "这篇文章已应要求从本档案撤下，文字不再公开。",
        "This article was withdrawn from the archive on request; its text is no longer shown.",
    ),
    "not_found": ("没有这一页", "Not found"),
    "to_front": ("回到首页", "To the front page"),
    "not_found_why": (
        "这个地址没有内容：可能是抄错了，或者本站不提供。",
        "There is nothing at this address: it may be misspelt, or the site does not offer it.",
    ),
    "bad_request": ("请求有误", "The request cannot be carried out"),
    "bad_request_why": (
        "地址中的某个参数或 SQL 语句有误。",
        "A parameter of the address, or the SQL, is not right.",
    ),
    "forbidden": ("不提供", "Not offered here"),
    "forbidden_why": (
        "本站不向读者提供这项功能。",
        "This site does not offer this to its readers.",
    ),
    "only_read": ("本档案只供阅读", "This archive is read-only"),
    "only_read_why": ("只接受 GET 与 HEAD 请求。", "Only GET and HEAD are answered."),
    "sql_slow": ("查询超时", "The query took too long"),
    "sql_slow_why": (
        "一次查询最多运行一秒：请缩小范围、加上 limit，或少统计一些列。",
        "A query may run for one second: ask for less, add a limit, or count fewer columns.",
    ),
    "too_busy": ("服务器正忙", "The server is busy"),
    "too_busy_why": ("同时进行的查询太多，请稍后再试。", "Too many queries are running: try again in a moment."),
    "broken": ("服务器出错", "Something went wrong here"),
    "broken_why": (
        "错误已记入服务器日志，与读者的操作无关。",
        "The error is noted in the server's log; it is not your doing.",
    ),
    "no_article": ("档案中没有这篇文章：", "The archive has no such article: "),
}
ALL = _MESSAGES | TERMS | TABLE_MESSAGES


class Words:
    """The table read in one language: `words["search"]`, and `words("hits_n", n=3)` with values filled in."""

    def __init__(self, ui: Ui) -> None:
        self.ui: Ui = ui
        self.lang = TAGS[ui]
        self._column = 0 if ui == "zh" else 1

    def __getitem__(self, name: str) -> str:
        """The message; a name that the table lacks stands for itself, so that no page fails on it."""
        return ALL[name][self._column] if name in ALL else name.replace("_", " ")

    def __call__(self, message: str, /, **values: object) -> str:
        shown = {key: f"{value:,}" if isinstance(value, int) else value for key, value in values.items()}
        return self[message].format(**shown)


def chosen(request: Request) -> Ui | None:
    """The language that this request asks for by `?ui=`, which is set aside where Datasette would misread it."""
    return _UIS.get(request.scope.get(SET_ASIDE) or request.args.get("ui"))


def ui_of(request: Request) -> Ui:
    """Asked for, remembered, or the browser's first that we have (RFC 9110 §12.5.4); else Chinese."""
    remembered = request.cookies.get(COOKIE)
    preferred = [part.strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")]
    candidates = (chosen(request), remembered, *preferred)
    return next((_UIS[candidate] for candidate in candidates if candidate in _UIS), "zh")


_UIS: dict[str | None, Ui] = {"zh": "zh", "en": "en"}
