"""The terms of the site, the commands and the docs: the page /help and docs/glossary.md show this table."""

from typing import NamedTuple, get_args

from archive.rules import PresenceState


class Term(NamedTuple):
    """A term in both languages, its meaning, and the places where it appears."""

    en: str
    zh: str
    meaning_en: str
    meaning_zh: str
    where: tuple[str, ...]  # pages by their paths, tables by their names, commands with `thinker `
    message: str = ""  # the site's message with this term

    @property
    def pages(self) -> tuple[str, ...]:
        """The paths in `where` that are pages, such as `/removed`: no tables, commands or paths with KEY."""
        return tuple(place for place in self.where if place.startswith("/") and "KEY" not in place)


GLOSSARY: tuple[Term, ...] = (
    Term(
        "archive", "档案库",
        "Everything that is kept: captures, ledger and database.",
        "保存下来的全部内容：快照、账本和数据库。",
        ("/about",),
    ),
    Term(
        "source", "来源",
        "A publisher's site, or a part of it, that is crawled.",
        "所采集的网站或网站的一部分。",
        ("/browse", "sources"), "source",
    ),
    Term(
        "article", "文章",
        "One work of a publisher, whatever its address and however often it is edited.",
        "发布者的一篇作品；网址变了、内容改了，仍是同一篇。",
        ("/a/KEY", "articles"), "articles",
    ),
    Term(
        "column", "栏目",
        "The regular column that an article belongs to, such as 思想者.",
        "文章所属的固定栏目，如“思想者”。",
        ("/browse", "articles"), "column",
    ),
    Term(
        "speaker", "主讲人",
        "The person who gave the talk or wrote the essay.",
        "演讲或文章的主讲人、署名人。",
        ("/browse", "people"), "speaker",
    ),
    Term(
        "keyword", "关键词",
        "A tag that the publisher gives an article.",
        "发布者给文章标注的关键词。",
        ("/browse", "keywords"), "keywords",
    ),
    Term(
        "phrase", "提法",
        "A wording whose first appearance and use over time can be charted.",
        "一种固定的说法；可查它何时首次出现、逐月有多少篇文章使用。",
        ("/phrase", "thinker phrase"), "phrase",
    ),
    Term(
        "crawl", "采集",
        "One run over a source.",
        "对一个来源的一次采集任务。",
        ("/status", "crawls", "thinker crawl"),
    ),
    Term(
        "capture", "快照",
        "What one address returned at one moment, kept byte for byte.",
        "某一时刻从一个网址取回的内容，按收到的字节原样保存。",
        ("/a/KEY/captures", "captures"), "captures",
    ),
    Term(
        "WARC", "WARC",
        "The file format (ISO 28500) that captures are kept in.",
        "保存快照的文件格式（ISO 28500）。",
        ("captures",),
    ),
    Term(
        "revisit", "内容未变的快照",
        "A capture with the same bytes as an earlier one, which it refers to.",
        "内容与此前某份快照逐字节相同，只记录引用，不重复保存。",
        ("/a/KEY/captures", "captures"),
    ),
    Term(
        "version (revision)", "版本",
        "One distinct text of an article. Commands and tables say revision.",
        "一篇文章的一种确定的文本。命令和数据表中称 revision。",
        ("/a/KEY", "revisions"), "versions",
    ),
    Term(
        "edit", "修改",
        "A change of the text by the publisher.",
        "发布者对文字内容的改动。",
        ("/changes", "changes"), "edited",
    ),
    Term(
        "form only (cosmetic)", "仅标点或格式",
        "Only character width, blanks, punctuation, counters or the editor line changed. It gets no version number.",
        "只改了全角半角、空格、标点写法、计数或编辑署名，不另编版本号。",
        ("/a/KEY", "revisions"), "cosmetic",
    ),
    Term(
        "earlier version", "旧版本",
        "A version that a later one replaced.",
        "已被后来的版本取代的版本。",
        ("/search", "/a/KEY"),
    ),
    Term(
        "reparsed", "重新解析",
        "A newer parser read a stored capture again. A difference that this finds is not an edit.",
        "用新版解析程序重读已存的快照；由此得出的差异不算网站的修改。",
        ("/a/KEY", "reparses", "thinker reparse"), "reparsed",
    ),
    Term(
        "permalink", "永久链接",
        "The address of one version. What it shows never changes.",
        "一个版本的网址，内容永远不变。",
        ("/a/KEY", "thinker show"),
    ),
    Term(
        "digest", "摘要值",
        "The SHA-256 of a version's text and data. Equal digests mean equal content.",
        "版本内容的 SHA-256 值；摘要值相同，内容即相同。",
        ("/a/KEY", "revisions"),
    ),
    Term(
        "TimeMap", "版本时间表",
        "The list of an article's versions by time, for Memento programs (RFC 7089).",
        "一篇文章各版本的时间表，供 Memento（RFC 7089）程序读取。",
        ("/a/KEY/timemap",), "timemap",
    ),
    Term(
        "change (event)", "变动",
        "Something that happened: new, edited, removed, restored and so on.",
        "发生的事：新增、修改、消失、恢复等。",
        ("/changes", "events", "thinker changes"), "changes",
    ),
    Term(
        "removed", "已消失",
        "The publisher's site no longer has it. Several visits confirmed this.",
        "原网站已不再提供，经多次访问确认。",
        ("/removed", "removed_articles"), "removed",
    ),
    Term(
        "delisted", "已从列表撤下",
        "No list of the site names it any more, but its address still works.",
        "原网站的列表已不再列出，但原网址仍能打开。",
        ("/removed", "articles"), "delisted",
    ),
    Term(
        "redirected", "已跳转",
        "Its address now leads to another page.",
        "原网址现在转到别的页面。",
        ("/removed", "articles"), "redirected",
    ),
    Term(
        "restricted", "限制访问",
        "Its address now asks for a login or a payment, or says that the law forbids the page (HTTP 451).",
        "原网址现在要求登录或付费，或说明因法律原因不能提供（HTTP 451）。",
        ("/removed", "articles"), "restricted",
    ),
    Term(
        "unreachable", "暂时无法访问",
        "Its address does not answer. This may be a fault of the site, so no verdict is given.",
        "原网址没有响应，可能是网站故障，不下结论。",
        ("/removed", "articles"), "unreachable",
    ),
    Term(
        "not confirmed", "待确认",
        "Missing at the last visit. Further visits must confirm it before it counts as removed. In data: soft_gone.",
        "最近一次访问时没有见到，须再次访问才能确认是否消失。数据中写作 soft_gone。",
        ("/removed", "articles"), "soft_gone",
    ),
    Term(
        "not checked", "尚未核对",
        "Imported from files. The publisher's site has not been asked for it.",
        "从文件导入，尚未与原网站核对。",
        ("/about", "articles"), "unvisited",
    ),
    Term(
        "restored", "恢复",
        "It was missing and came back.",
        "曾经消失，后来又出现。",
        ("/changes", "events"), "restored",
    ),
    Term(
        "withdrawn", "已停止公开",
        "The operator of this archive no longer shows it, on request.",
        "应要求，本档案库不再公开其文字。",
        ("/a/KEY", "articles"), "withdrawn",
    ),
    Term(
        "control page", "同时段对照页",
        "Another page of the same site that answered at about that time: the site was working. In data: witness.",
        "同一网站在同一时段能正常打开的另一页，说明网站当时没有故障。数据中写作 witness。",
        ("/removed", "probes"), "witness",
    ),
    Term(
        "probe", "核对记录",
        "A visit that did not simply find the article at its address, and whether it counts towards a removal.",
        "一次未能照常见到文章的访问，以及它是否计入消失的认定。",
        ("/a/KEY", "probes"),
    ),
    Term(
        "list", "列表",
        "A page, feed or sitemap of a source that names its articles.",
        "来源列出文章的列表页、订阅源（feed）或网站地图（sitemap）。",
        ("/status", "thinker sources"),
    ),
    Term(
        "slot", "采集时段",
        "A time at which the schedule asks for a crawl.",
        "日程安排的一次采集时间。",
        ("/status", "coverage", "thinker schedule list"), "slot",
    ),
    Term(
        "coverage", "采集情况",
        "Which slots were crawled, and which were not.",
        "哪些时段采集了，哪些没有。",
        ("/about", "coverage"), "coverage",
    ),
    Term(
        "gap", "采集中断",
        "A stretch of slots without a successful crawl.",
        "一段没有成功采集的时间。",
        ("/changes", "events"), "gap",
    ),
    Term(
        "hatched", "斜线",
        "In a chart or calendar: nothing was archived or no crawl was scheduled, so nothing is known. Not zero.",
        "图表或日历中表示没有收录或没有安排采集，情况不明，不等于零。",
        ("/", "/browse", "/about", "/phrase"),
    ),
    Term(
        "layout change (drift)", "页面改版",
        "The site changed its page layout. Pages whose text differs wait until the parser is adapted.",
        "网站更换了页面版式；正文有出入的页面暂不入库，待解析程序调整后处理。",
        ("/changes", "events"), "drift",
    ),
    Term(
        "parser", "解析程序",
        "The program that reads an article out of a page. Each version names the parser that read it.",
        "从网页中提取文章的程序；每个版本都注明由哪一版解析程序读出。",
        ("/a/KEY", "revisions", "thinker parse"),
    ),
    Term(
        "ledger", "账本",
        "What the archive decided, line by line. Each line holds the digest of the line before, "
        "so no line can be changed unnoticed.",
        "逐条记录各项判断，每条都含上一条的摘要值，任何改动都会被发现。",
        ("/about", "thinker verify"),
    ),
    Term(
        "daily head", "每日校验值",
        "One SHA-256 over the ends of all ledgers. A copy kept elsewhere proves later that nothing was changed.",
        "由全部账本末条算出的一个 SHA-256 值；抄存在别处，日后可证明此前的记录未被改动。",
        ("/status", "thinker status"), "daily_head",
    ),
    Term(
        "health rule", "检查项",
        "One check on the status page.",
        "状态页上的一项检查。",
        ("/status", "health", "thinker status"), "rules",
    ),
    Term(
        "ready-made query", "常用查询",
        "An SQL query that comes with the site. Readers may change it.",
        "网站自带的 SQL 查询，可以修改后再用。",
        ("/data",),
    ),
    Term(
        "feed", "订阅源",
        "A list for news readers (Atom or JSON Feed).",
        "供阅读器订阅的列表（Atom 或 JSON Feed）。",
        ("/changes", "/removed", "/search"),
    ),
    Term(
        "robots.txt", "爬虫协议（robots.txt）",
        "The file in which a site says what crawlers may read. The crawler obeys it.",
        "网站说明允许抓取哪些内容的文件；采集时遵守。",
        ("/about", "crawl_robots"),
    ),
)  # fmt: skip


def state_terms() -> tuple[Term, ...]:
    """The terms of the states that a badge shows beside an article, such as delisted; a live article has no badge."""
    return tuple(term for term in GLOSSARY if term.message in get_args(PresenceState))
