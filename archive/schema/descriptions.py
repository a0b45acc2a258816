"""The descriptions of tables and columns, in English and Chinese."""

from typing import Literal

from archive.properties import Pair, columns

Language = Literal["en", "zh"]

_MOMENT = ("UTC at a fixed width, so sorting the text sorts by time", "UTC，长度固定，按文本排序即按时间排序")

TABLES: dict[str, Pair] = {
    "articles": ("One row per article, in its latest version.", "每篇文章一行，为最新版本。"),
    "sources": ("The sites that are crawled.", "所采集的网站。"),
    "crawls": ("One row per run over a source.", "每行是对一个来源的一次采集。"),
    "captures": (
        "What one address returned at one moment. The bytes are in WARC files. An address has a row for each visit: "
        "to count addresses, use count(distinct urlkey).",
        "某一时刻从一个网址取回的快照，原始字节存于 WARC 文件。同一网址每访问一次就有一行，"
        "统计网址请用 count(distinct urlkey)。",
    ),
    "revisions": (
        "The versions of each article, in order. A text that came back is listed twice.",
        "文章的各个版本，按先后排列；改回原文的再列一次。",
    ),
    "changes": ("One row for each property that a version changed.", "每行是一个版本改动的一项内容。"),
    "events": (
        "What happened. Rows of kind new and edited follow from the versions; every other row is a line of a ledger. "
        "An article that came back keeps its row of kind removed: see removed_articles for what is missing now.",
        "发生的变动。新增和修改由版本得出，其余每行对应账本中的一行。后来恢复的文章仍保留 removed 一行，"
        "目前已消失的见 removed_articles。",
    ),
    "probes": (
        "Visits that did not find their article: the evidence for every removal.",
        "没有找到文章的各次访问，是认定消失的依据。",
    ),
    "keywords": ("Keywords as the sites give them.", "各网站标注的关键词。"),
    "people": ("Speakers, authors and editors.", "主讲人、作者与编辑。"),
    "article_people": ("Who spoke, wrote or edited each article.", "各篇文章的主讲人、作者和编辑。"),
    "article_keywords": ("The keywords of each article.", "各篇文章的关键词。"),
    "related_links": (
        "Related articles listed on the page. They are not part of the body.",
        "原网页列出的相关文章，不属于正文。",
    ),
    "article_media": ("Pictures and attachments, as links.", "图片与附件的链接。"),
    "keys": ("Every key that names or named an article.", "文章现用和曾用的全部键名。"),
    "acts": ("Merges, splits, corrections and their undoing.", "合并、拆分、更正及其撤销。"),
    "corrections": (
        "What the operator says about properties of articles, beside what their pages say. Of each property of an "
        "article the last row counts.",
        "运营者对文章各项信息的更正，与页面原有内容并列。同一文章同一项以最后一行为准。",
    ),
    "addresses": (
        "One row per address. An article may have several: do not count articles here.",
        "每个网址一行；一篇文章可能有多个网址，不能用来统计篇数。",
    ),
    "coverage": ("Every slot of the schedule and its outcome.", "日程中的每个采集时段及其结果。"),
    "field_coverage": (
        "How many pages of a crawl had each property. A sudden drop means that the site changed its layout.",
        "一次采集中含有各项内容的页数；骤减说明网站改版。",
    ),
    "crawl_robots": (
        "The robots.txt that each crawl followed: its capture and its result.",
        "每次采集依据的 robots.txt：快照和结论。",
    ),
    "health": ("The latest result of each health rule.", "各检查项最近的结果。"),
    "reparses": (
        "Runs in which a newer parser read the stored captures again.",
        "用新版解析程序重新解析快照的各次运行。",
    ),
    "reparsed_captures": (
        "The captures that those runs read, with the verdict before.",
        "各次重新解析的快照及此前的判断。",
    ),
    "latest_articles": ("The newest articles first.", "最新的文章在前。"),
    "latest_changes": ("The latest changes first.", "最近的变动在前。"),
    "removed_articles": (
        "Articles that their publishers no longer show, confirmed by repeated visits. Restored articles are not "
        "listed; events has every removal.",
        "经多次访问确认、原网站不再提供的文章。已恢复的不在其中；历次消失见 events。",
    ),
    "authors": (
        "One row per author: number of articles, first and last date. For speakers see speakers_by_year.",
        "每位作者一行：篇数、最早和最近的日期。主讲人见 speakers_by_year。",
    ),
    "articles_fts": (
        "Not an index. To search in SQL, use article_words match terms('…').",
        "不是索引。用 SQL 搜索请写 article_words match terms('…')。",
    ),
    "revisions_fts": (
        "Not an index. To search earlier versions in SQL, use revision_words match terms('…').",
        "不是索引。用 SQL 搜索旧版本请写 revision_words match terms('…')。",
    ),
    "speakers_by_year": ("Articles per speaker and year.", "各主讲人每年的篇数。"),
    "articles_by_month": ("Articles per source and month.", "各来源每月的篇数。"),
    "keywords_by_articles": ("Articles per keyword.", "各关键词的篇数。"),
    "revision_captures": ("The captures that show each version.", "各个版本分别见于哪些快照。"),
}

# Tables for the machinery only, listed last.
_BOOK_KEEPING: Pair = ("Internal: ", "内部用表：")
BOOK_KEEPING: dict[str, Pair] = {
    "_sqlite_migrations": ("changes of the schema that were applied.", "已执行的数据库结构变更。"),
    "applied": ("how much of each file and ledger is in the database.", "各文件和账本已录入到哪里。"),
    "article_words": (
        "the search index of articles. The rowid is search_id; search with match terms('…').",
        "文章的搜索索引。rowid 即 search_id，用 match terms('…') 查询。",
    ),
    "change_records": ("the table behind the view changes.", "视图 changes 的底表。"),
    "damage": ("parts of the files that cannot be read.", "文件中无法读取的部分。"),
    "joins": ("keys that an act made one article.", "哪些键名经某项处理归为同一篇文章。"),
    "other_conversions": (
        "further records of a text, one for each key of the article.",
        "同一文本的其他记录，文章的每个键名各一条。",
    ),
    "hidden_keys": ("keys of withdrawn articles, and the act.", "已停止公开的文章的键名及相应处理。"),
    "hidden_texts": (
        "digests of the texts and bytes of withdrawn articles: other articles with one of them are hidden too.",
        "已停止公开的文章的文本和原始数据的摘要值：与其相同的其他文章也不公开。",
    ),
    "failing_lists": ("lists that fail now, and since when.", "目前无法读取的列表及起始时间。"),
    "frontier": ("addresses that wait to be crawled, and when each is due.", "待采网址及到期时间。"),
    "listed": ("the content of each list when it was last read.", "各列表最近一次读取时的内容。"),
    "lists": ("the lists that were read.", "读取过的列表。"),
    "plain_addresses": (
        "addresses of articles, by what they are without the parameters that their source drops.",
        "文章网址去掉来源所忽略的参数之后的形式。",
    ),
    "plain_reach": ("the last capture whose address is in plain_addresses.", "plain_addresses 已收录到哪份快照。"),
    "related_records": ("the table behind the view related_links.", "视图 related_links 的底表。"),
    "revision_records": ("the table behind the view revisions.", "视图 revisions 的底表。"),
    "revision_words": (
        "the search index of earlier versions. The rowid is state_id; search with match terms('…').",
        "旧版本的搜索索引。rowid 即 state_id，用 match terms('…') 查询。",
    ),
    "rules": ("numbers of the rules that the rows follow.", "各行所依据的规则的编号。"),
    "shared_addresses": (
        "addresses that several sources have, until one article stands there.",
        "几个来源共有的网址，合并为一篇文章后移出。",
    ),
    "sightings": ("which capture showed which text.", "哪份快照显示了哪种文本。"),
    "state_texts": ("the texts of earlier versions.", "旧版本的文本。"),
    "states": ("each distinct text of an article, by its digest.", "文章的每种文本及其摘要值。"),
    "undeclared_hosts": (
        "hosts that appear in lists but are not declared by any source.",
        "列表中出现、但没有来源声明的主机。",
    ),
    "warc_ranges": ("the byte ranges that the ledger vouches for.", "账本记有校验值的字节范围。"),
    "warc_records": ("the place of each record in the files.", "每条记录在文件中的位置。"),
}

COLUMNS: dict[str, dict[str, Pair]] = {
    "articles": {
        "key": ("permanent name, used in /a/KEY", "永久名称，用于 /a/KEY"),
        "search_id": ("order of publication: the rowid in article_words", "发布顺序，即 article_words 的 rowid"),
        "url": ("address as fetched", "采集时的网址"),
        **{column.name: column.meaning for column in columns() if column.meaning},
        "first_seen_at": _MOMENT,
        "last_seen_at": _MOMENT,
        "first_missed_at": ("since when it has been missing; empty while it is online", "从何时起缺失；在线时为空"),
        "unjudged_since": (
            "since when it has not answered and no control page showed that the site was working; empty while it is "
            "online",
            "从何时起没有响应，且没有对照页可以说明网站正常；在线时为空",
        ),
        "state": (
            "live, unvisited (imported, not checked on the site), unreachable, soft_gone (missing, not confirmed), "
            "redirected, delisted, removed, restricted, withdrawn",
            "live 在线、unvisited 尚未核对、unreachable 暂时无法访问、soft_gone 待确认、redirected 已跳转、"
            "delisted 已从列表撤下、removed 已消失、restricted 限制访问、withdrawn 已停止公开",
        ),
        "revisions": (
            "number of versions that the site showed: the first one and every edit of the text",
            "网站展示过的版本数：首版和每次文字修改",
        ),
        "shown_at": ("since when it has its current text", "从何时起为现在的文本"),
        "content_digest": (
            "SHA-256 of the normalised content; its first 12 digits name the version",
            "规范化内容的 SHA-256 摘要值；前 12 位用作版本名",
        ),
        "details": ("JSON of the properties that have no column of their own", "没有单独成列的各项内容，JSON 格式"),
        "body_text": (
            "paragraphs joined by line breaks; without headings, if the source is declared",
            "各段以换行符相连；已声明的来源不含小标题",
        ),
    },
    "crawls": {
        "key": ("permanent name of the run", "这次采集的永久名称"),
        "due_at": ("the slot that it was started for", "所属的采集时段"),
        "finish_reason": (
            "finished, or why it ended early; empty while it runs",
            "finished，或提前结束的原因；进行中为空",
        ),
        "revisits": ("captures with the same bytes as an earlier one", "内容与此前相同的快照"),
        "errors": ("pages that could not be fetched or parsed", "未能取得或解析的页面"),
        "is_single": (
            "1 if it fetched a single address only (`thinker fetch`); such a run covers nothing",
            "仅取单个网址（thinker fetch）为 1；这类采集不计入采集覆盖",
        ),
    },
    "captures": {
        "urlkey": ("normal form of the address (SURT)", "网址的规范形式（SURT）"),
        "record_type": (
            "response, revisit (same bytes as before) or resource",
            "response、revisit（与此前字节相同）或 resource",
        ),
        "captured_at": (
            "when the page was captured; if dating is unknown, when it was received",
            "采集时间；dating 为 unknown 时是收到时间",
        ),
        "dating": (
            "stated, or unknown: a saved page without a time of capture",
            "stated 有采集时间；unknown 采集时间不明",
        ),
        "payload_digest": ("digest of the body as received", "所收内容的摘要值"),
        "truncated": (
            "why the body is incomplete: disconnect, unspecified (its encoding ends too early), length or time; such a "
            "capture proves nothing and is tried again",
            "内容不完整的原因：disconnect 断线、unspecified 编码提前结束、length 过长、time 超时；"
            "此类快照不作依据，会再次采集",
        ),
        "refers_to": ("the earlier capture with the same bytes", "内容相同的此前快照"),
        "parse_error": ("why no article could be read from it", "没有读出文章的原因"),
        "verdict": (
            "article, or why it shows none: not_article, gone, restricted, blocked, layout (new layout, waits), "
            "incomplete, crashed (the parser failed), quarantined (waits for an upgrade); empty for lists and revisits",
            "article 是文章；否则为原因：not_article 不是文章、gone 已消失、restricted 限制访问、blocked 被拦截、"
            "layout 新版式待处理、incomplete 不完整、crashed 解析失败、quarantined 待程序升级；列表和 revisit 为空",
        ),
        "kind": (
            "article, page (a further page of an article), hop (a redirect that was followed), list or robots "
            "(robots.txt)",
            "article 文章、page 文章的后续页、hop 经过的跳转、list 列表、robots 爬虫协议",
        ),
        "listed_section": (
            "the category that a feed first gave this address",
            "订阅源最初列出该网址时标注的类别",
        ),
        "pages": ("for the first page of an article: its number of pages", "文章第一页：全文共几页"),
    },
    "revisions": {
        "number": (
            "1, 2, … for the first text and each edit of the text by the site; empty if only form differs or another "
            "parser read it",
            "首版和网站每次文字修改的序号；仅格式不同或由另一版解析程序读出的为空",
        ),
        "parser_version": ("the parser that read it", "读出它的解析程序版本"),
        "position": ("place in the whole history of the article", "在文章全部历史中的位置"),
        "run": (
            "rows with the same run come from the same captures; below 0: undated",
            "run 相同的各行读自相同的快照；小于 0 的日期不明",
        ),
        "dating": (
            "stated, or unknown: captured_at is when the text was received, and its place in the history is not known",
            "stated 有采集时间；unknown 日期不明，captured_at 是收到时间，在历史中的位置不详",
        ),
        "origin": (
            "site, import, reparse or operator: only site counts as an edit by the publisher",
            "site、import、reparse 或 operator；只有 site 算发布者的修改",
        ),
        "significance": (
            "substantive: the text changed; cosmetic: only character width, blanks, punctuation, counters or the "
            "editor line differ",
            "substantive 文字有改动；cosmetic 仅全角半角、空格、标点写法、计数或编辑署名不同",
        ),
    },
    "keys": {
        "key": ("a name that the article has or had; /a/KEY leads to it", "文章现用或曾用的名称，/a/KEY 均可打开"),
        "number": ("stands for the key in other tables", "其他表中代表此键名的编号"),
        "source": ("the source whose ledger made it", "由哪个来源的账本产生"),
        "state": (
            "if the article has several keys: the state that visits under this key found; else empty",
            "文章有多个键名时，用此键名访问所得的状态；否则为空",
        ),
    },
    "acts": {
        "at": _MOMENT,
        "recorded_at": _MOMENT,
        "digest": ("digest of the act's line in the ledger", "该项处理在账本中那一行的摘要值"),
        "chain": ("the ledger that has the line", "所在的账本"),
        "by": ("who acted; empty for the program within one source", "由谁处理；程序在同一来源内自行处理的为空"),
        "reason": ("why, as one word", "原因，一个词"),
        "note": ("SHA-256 of a note in ledger/notes", "ledger/notes 中附注的 SHA-256"),
        "undone_by": ("digest of the act that undid it", "撤销它的那项处理的摘要值"),
    },
    "corrections": {
        "key_number": (
            "the key that was named: keys.number leads to the article",
            "所指键名的编号，由 keys.number 可查到文章",
        ),
        "value": (
            "a list has one item a line; empty if there is nothing of the kind, or if its file is missing",
            "列表每行一项；空表示没有此项内容，或文件缺失",
        ),
        "value_digest": (
            "SHA-256 of the value, which is kept in ledger/values; empty if there is nothing of the kind",
            "ledger/values 中更正内容的 SHA-256；没有此项内容的为空",
        ),
        "at": _MOMENT,
        "act": ("digest of the act, as in acts", "所属处理的摘要值，见 acts"),
    },
    "events": {
        "at": _MOMENT,
        "recorded_at": _MOMENT,
        "digest": (
            "digest of the event's line in the ledger; empty if it has none; previous_digest links the chain",
            "该变动在账本中那一行的摘要值，没有则空；previous_digest 与上一行相连",
        ),
    },
    "probes": {
        "at": _MOMENT,
        "outcome": (
            "gone, redirected, restricted, unreachable; found, answered (other content, or the headline alone), listed",
            "gone 不存在、redirected 跳转、restricted 限制访问、unreachable 无响应；found 重新见到、"
            "answered 有别的内容或只有标题、listed 重新列出",
        ),
        "counted": (
            "yes, or why it does not count: no_witness (no control page), seeds_failed (a list failed), too_soon, "
            "unreachable, answered (seen at another address), withdrawn",
            "yes 计入；否则为原因：no_witness 没有对照页、seeds_failed 列表无法读取、too_soon 间隔太短、"
            "unreachable 无响应、answered 在别的网址见到、withdrawn 已停止公开",
        ),
        "capture_id": ("the capture of the article's address", "原网址的快照"),
        "witness_id": (
            "control page: another article of the host that answered at about the same time",
            "同时段对照页：同一主机当时能打开的另一篇文章",
        ),
    },
    "field_coverage": {
        "pages": ("articles read in the crawl", "这次采集读出的文章数"),
        "filled": ("how many of them had the property", "其中有此项内容的篇数"),
    },
    "crawl_robots": {
        "reading": (
            "rules, allows_all (it answers 4xx) or forbids_all (5xx, or unreadable)",
            "rules 按规则；allows_all 返回 4xx，全部允许；forbids_all 返回 5xx 或无法读取，全部禁止",
        ),
    },
}


def of_table(name: str, language: Language) -> str:
    """The description of a table or view; "" if it has none."""
    if name in TABLES:
        return _in(language, TABLES[name])
    whole = next((index for index in ("article_words", "revision_words") if name.startswith(f"{index}_")), "")
    told = (f"a part of {whole}.", f"{whole} 的一部分。") if whole else BOOK_KEEPING.get(name)
    return f"{_in(language, _BOOK_KEEPING)}{_in(language, told)}" if told else ""


def of_columns(name: str, language: Language) -> dict[str, str]:
    """By column, the descriptions of the columns of a table or view, except for self-explanatory ones."""
    return {column: _in(language, pair) for column, pair in COLUMNS.get(name, {}).items()}


def _in(language: Language, pair: Pair) -> str:
    return pair[0] if language == "en" else pair[1]
