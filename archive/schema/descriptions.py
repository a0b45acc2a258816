"""The descriptions of tables and columns, in English and Chinese."""

from typing import Literal

from archive.properties import Pair, columns

Language = Literal["en", "zh"]

_MOMENT = ("UTC, fixed width, so that text order is time order", "UTC，定宽，文本次序即时间次序")

TABLES: dict[str, Pair] = {
    "articles": ("One row a work, as it was last seen.", "每篇文章一行，为最近所见。"),
    "sources": ("The publishers that are watched.", "所监测的发布者。"),
    "crawls": ("Every run over a source.", "对某个来源的每一次采集。"),
    "captures": (
        "One retrieval at one moment; the bytes lie in WARC files. An address has a row for each visit: to count "
        "addresses, count(distinct urlkey).",
        "某一时刻的一次抓取；原始字节存于 WARC 文件。同一网址每访问一次即有一行：统计网址请用 count(distinct urlkey)。",
    ),
    "revisions": (
        "Each text that an article was seen in, in order; one that came back is there twice.",
        "文章先后出现过的每一种文本；恢复原状的再列一次。",
    ),
    "changes": ("One row for each property that a revision changed.", "每个版本改动的每一项各一行。"),
    "events": (
        "What happened: new and edited follow from the revisions, each other row is a ledger line. What came back "
        "keeps its row of kind removed: removed_articles lists what is gone now.",
        "发生的事：新增与修改由版本得出，其余每行是账本中的一行。后来恢复的文章仍留有 removed 一行：现在已消失的见 "
        "removed_articles。",
    ),
    "probes": (
        "Every visit that did not simply find its article: the evidence of what is judged gone.",
        "每一次没有直接找到文章的访问：判定消失的依据。",
    ),
    "keywords": ("Tags, as the sites give them.", "各网站所标的关键词。"),
    "people": ("Speakers, authors and editors.", "主讲人、作者与编辑。"),
    "article_people": ("Who spoke, wrote or edited.", "谁主讲、写作或编辑。"),
    "article_keywords": ("What an article is filed under.", "文章所属的关键词。"),
    "related_links": ("What the page offered to read next; not part of the body.", "页面推荐的相关阅读，不属正文。"),
    "article_media": ("Pictures and attachments, as links.", "图片与附件的链接。"),
    "addresses": (
        "One row an address. An article may have many, so this counts no articles.",
        "每个网址一行；一篇文章可有多个网址，故不可用来统计篇数。",
    ),
    "coverage": ("Every slot of the schedule and what became of it.", "日程中的每个时段及其结果。"),
    "field_coverage": (
        "How many pages of a crawl had each property: a loss shows that a site was redesigned.",
        "一次采集中有各项内容的页数：骤减说明网站改版。",
    ),
    "crawl_robots": (
        "By which robots.txt a crawl went: the capture, and what it came to.",
        "每次采集所依的 robots.txt：存档页及其结论。",
    ),
    "health": ("What the last check of each rule said.", "各项健康检查最近的结果。"),
    "reparses": (
        "Runs in which a newer parser read the stored captures again.",
        "用新版解析程序重读已存网页的各次运行。",
    ),
    "reparsed_captures": ("What those runs read, and what had been said of it before.", "各次重读的网页及此前的判断。"),
    "latest_articles": ("Newest first.", "最新文章。"),
    "latest_changes": ("What changed, latest first.", "最近的变动。"),
    "removed_articles": (
        "What publishers do not show now, as several visits confirmed. What came back is not here; events has every "
        "removal.",
        "经多次访问确认、发布者现在不提供的文章。已恢复的不在此列；历次消失见 events。",
    ),
    "authors": (
        "One row a name: how many articles it signs as author, the first and the last. Speakers: speakers_by_year.",
        "每个姓名一行：署名作者的篇数及首末日期。主讲人见 speakers_by_year。",
    ),
    "articles_fts": (
        "No index: it says how to ask the index in SQL, article_words match terms('…').",
        "并非索引，只说明如何用 SQL 检索：article_words match terms('…')。",
    ),
    "revisions_fts": (
        "No index: it says how to ask for earlier texts in SQL, revision_words match terms('…').",
        "并非索引，只说明如何用 SQL 检索先前文本：revision_words match terms('…')。",
    ),
    "speakers_by_year": ("How often each speaker appeared.", "每年各主讲人的篇数。"),
    "articles_by_month": ("Counts by source and month.", "各来源逐月篇数。"),
    "keywords_by_articles": ("Keywords by number of articles.", "各关键词的篇数。"),
    "revision_captures": ("All the captures that show a revision.", "显示某个版本的全部抓取。"),
}

# Tables for the machinery only, listed last.
_BOOK_KEEPING: Pair = ("Book-keeping: ", "内部用表：")
BOOK_KEEPING: dict[str, Pair] = {
    "_sqlite_migrations": ("which steps of the schema were applied.", "已执行的数据库结构变更。"),
    "applied": ("up to where files and ledgers have been entered.", "各文件与账本已录入到何处。"),
    "article_words": (
        "the search index of articles. The rowid is search_id; ask it by match terms('…').",
        "文章的检索索引。rowid 即 search_id；以 match terms('…') 查询。",
    ),
    "change_records": ("what changes is made of.", "视图 changes 的底表。"),
    "damage": ("what of the files could not be read.", "文件中无法读取的部分。"),
    "failing_lists": ("lists that fail now, and since when.", "目前读取失败的列表及起始时间。"),
    "frontier": ("addresses that wait, and when each is due.", "待采集的网址及到期时间。"),
    "listed": ("what stood in each list when it was last read.", "各列表最近一次读取时的内容。"),
    "lists": ("the lists that were read.", "读取过的列表。"),
    "related_records": ("what related_links is made of.", "视图 related_links 的底表。"),
    "revision_records": ("what revisions is made of.", "视图 revisions 的底表。"),
    "revision_words": (
        "the search index of earlier texts. The rowid is state_id; ask it by match terms('…').",
        "先前文本的检索索引。rowid 即 state_id；以 match terms('…') 查询。",
    ),
    "rules": ("by which rules the rows were derived.", "各行所依规则的编号。"),
    "sightings": ("which capture showed which state.", "哪次抓取显示了哪种文本。"),
    "state_texts": ("the texts that were superseded.", "已被取代的文本。"),
    "states": ("each distinct text of an article by its digest.", "文章的每种文本及其摘要。"),
    "undeclared_hosts": ("hosts that lists named and nobody declared.", "列表提到而未声明的主机。"),
    "warc_ranges": ("the bytes that the ledger commits to.", "账本所担保的字节范围。"),
    "warc_records": ("where each record lies in the files.", "每条记录在文件中的位置。"),
}

COLUMNS: dict[str, dict[str, Pair]] = {
    "articles": {
        "key": ("permanent name, used in /a/KEY", "永久名称，用于 /a/KEY"),
        "search_id": ("order of publication: the rowid in article_words", "发布次序，即 article_words 的 rowid"),
        "url": ("as fetched", "采集时的网址"),
        **{column.name: column.meaning for column in columns() if column.meaning},
        "first_seen_at": _MOMENT,
        "last_seen_at": _MOMENT,
        "first_missed_at": ("since when it has been missing; empty while it is there", "何时起缺失；在线时为空"),
        "unjudged_since": (
            "since when it has not answered while nothing could vouch for its site; empty while it is there",
            "何时起没有应答而无从佐证其网站正常；在线时为空",
        ),
        "state": (
            "live, unvisited (imported, never asked for online), unreachable, soft_gone (not yet confirmed), "
            "redirected, delisted, removed, restricted, withdrawn",
            "live 在线、unvisited 未在线核实、unreachable 无法访问、soft_gone 缺失待确认、redirected 已转向、"
            "delisted 已从列表撤下、removed 已消失、restricted 限制访问、withdrawn 已撤下",
        ),
        "revisions": (
            "how many versions the site showed: the first and every substantive edit",
            "网站出示过的版本数：首版与每次实质修改",
        ),
        "shown_at": ("since when it has read so", "何时起为现在的文本"),
        "content_digest": (
            "SHA-256 of the normalised properties; its first 12 digits name the version",
            "规范化内容的 SHA-256；前 12 位用作版本名",
        ),
        "details": ("JSON of the properties that have no column", "没有单独成列的各项，JSON"),
        "body_text": (
            "paragraphs joined by a newline, without headings where the source is a declared one",
            "各段以换行相连；已声明的来源不含小标题",
        ),
    },
    "crawls": {
        "key": ("permanent name of the run", "这次采集的永久名称"),
        "due_at": ("the slot of the schedule it served", "所属的日程时段"),
        "finish_reason": ("finished, or why not; empty while it runs", "finished 或中止原因；进行中为空"),
        "revisits": ("captures whose bytes were known", "内容与已存相同的抓取"),
        "errors": ("pages that could not be fetched or understood", "未能取得或解析的页面"),
    },
    "captures": {
        "urlkey": ("identity of the address (SURT form)", "网址的规范形式（SURT）"),
        "record_type": (
            "response, revisit (same bytes as before) or resource",
            "response、revisit（与此前字节相同）或 resource",
        ),
        "captured_at": (
            "when the page was captured; with dating = unknown, when it was received",
            "采集时间；dating 为 unknown 时是收到时间",
        ),
        "dating": (
            "stated, or unknown: a saved page of which nobody says when it was captured",
            "stated 有采集时间；unknown 存页采集时间不明",
        ),
        "payload_digest": ("digest of the body as received", "所收内容的摘要"),
        "truncated": (
            "why the body is only a part: disconnect, unspecified (its coding ends too early), length or time; such a "
            "capture shows nothing and is tried again",
            "内容只有一部分的原因：disconnect 断线、unspecified 编码提前结束、length 过长、time 超时；"
            "此类抓取不作结论，会再试",
        ),
        "refers_to": ("the capture that a revisit repeats", "revisit 所重复的抓取"),
        "parse_error": ("why no article was read from it", "未读出文章的原因"),
        "verdict": (
            "article, or why it shows none: not_article, gone, restricted, blocked, layout (it waits: the layout is "
            "new), incomplete, crashed (the parser failed), quarantined; empty for lists and revisits",
            "article，或为何不是：not_article 非文章、gone 已消失、restricted 受限、blocked 被拦截、"
            "layout 版式新、待处理、incomplete 不完整、crashed 解析失败、quarantined 隔离；列表与 revisit 为空",
        ),
        "kind": (
            "article, page (a further page of an article), hop (a redirect that was followed), list or robots (its "
            "rules)",
            "article 文章、page 文章的后续页、hop 经过的转向、list 列表、robots 采集规则",
        ),
        "listed_section": (
            "the category under which a feed first named the address",
            "订阅源最初列出该网址时所标的类别",
        ),
        "pages": ("of an article's first page: how many pages it was read from", "文章首页：全文共几页"),
    },
    "revisions": {
        "number": (
            "1, 2, … of the first text and each substantive edit by the site; empty for cosmetic differences and for "
            "what another parser read",
            "首版与网站每次实质修改的序号；仅格式不同或由另一解析程序读出的为空",
        ),
        "parser_version": ("which parser read it so", "读出它的解析程序"),
        "position": ("place in the article's history, the others included", "在全部历史中的位置"),
        "run": (
            "rows of one run are readings of the same captures; below 0: of undated ones",
            "同一 run 的各行读自相同的抓取；小于 0 者日期不明",
        ),
        "dating": (
            "stated, or unknown: captured_at is when the text was received, and its place in the history is not known",
            "stated 有采集时间；unknown 日期不明，captured_at 是收到时间，在历史中的位置不得而知",
        ),
        "origin": (
            "site, import, reparse or operator: only site counts as an edit by the publisher",
            "site、import、reparse 或 operator：只有 site 算发布者的修改",
        ),
        "significance": (
            "substantive, or cosmetic when only width, blanks, the shape of a mark, counters or the editor line differ",
            "substantive 实质；cosmetic 仅全半角、空白、标点写法、计数或编辑署名不同",
        ),
    },
    "events": {
        "at": _MOMENT,
        "recorded_at": _MOMENT,
        "digest": (
            "of the ledger line that tells of it, empty where a revisit has none; previous_digest chains it",
            "所记账本行的摘要，revisit 无行则空；previous_digest 连成链",
        ),
    },
    "probes": {
        "at": _MOMENT,
        "outcome": (
            "gone, redirected, restricted, unreachable; found, answered (something else, or its headline, stands "
            "there), listed",
            "gone、redirected、restricted、unreachable；found、answered（有别的内容，或其标题仍在）、listed",
        ),
        "counted": (
            "yes, or why not: no_witness, seeds_failed, too_soon, unreachable, answered (it was seen at another "
            "address), withdrawn",
            "yes，或为何不计：no_witness、seeds_failed、too_soon、unreachable、answered（在别的网址见到）、withdrawn",
        ),
        "capture_id": ("what stood in the article's place", "文章原处的内容"),
        "witness_id": ("another article of the host that answered about then", "同一主机当时有应答的另一篇文章"),
    },
    "field_coverage": {
        "pages": ("articles read in the crawl", "这次采集读出的文章"),
        "filled": ("how many of them had the property", "其中有此项的篇数"),
    },
    "crawl_robots": {
        "reading": (
            "rules, allows_all (it answers 4xx) or forbids_all (5xx, or unreadable)",
            "rules 有规则；allows_all 返回 4xx，全部允许；forbids_all 返回 5xx 或无法读取，全部禁止",
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
    """The descriptions of its columns, except for self-explanatory ones."""
    return {column: _in(language, pair) for column, pair in COLUMNS.get(name, {}).items()}


def _in(language: Language, pair: Pair) -> str:
    return pair[0] if language == "en" else pair[1]
