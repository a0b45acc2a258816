"""The sentences of the page of help; its glossary stands in archive/publish/messages/glossary.py."""

from archive.publish.messages.message import Messages

# A search to type, and the name of the message that explains it.
SEARCH_EXAMPLES = (
    ("城市治理", "help_han"),
    ("人", "help_one_han"),
    ("城市 治理", "help_and"),
    ("governance", "help_word"),
    ("govern*", "help_beginning"),
    ('"public service"', "help_quotes"),
    ("城市 -金融", "help_minus"),
    ("养老 OR 旧改", "help_or"),
    ("(养老 OR 旧改) 社区", "help_group"),
    ("标题：改革", "help_field"),
    ('speaker:"林知远"', "help_names"),
)
SECTIONS: dict[str, tuple[str, ...]] = {
    "help_search": ("help_searched", "help_signs", "help_ever", "help_filters", "help_order"),
    "help_history": ("help_strip", "help_versions", "help_form", "help_states", "help_unsure", "help_hatched"),
    "help_cite": ("help_citation", "help_cite_files"),
}

HELP: Messages = {
    "help": ("帮助", "Help"),
    "help_search": ("怎样搜索", "How to search"),
    "help_type": ("输入", "Type"),
    "help_finds": ("含义", "Meaning"),
    "help_han": ("汉字逐字匹配，字数不限", "Chinese characters match one by one, at any length"),
    "help_one_han": ("一个字也能查", "A single character is enough"),
    "help_and": (
        "空格表示“并且”：两个词都要出现，先后不限，不必相邻",
        "A space means AND: both terms must occur, in any order and anywhere",
    ),
    "help_word": ("西文单词和数字按整词匹配", "Latin words and numbers match as whole words"),
    "help_beginning": (
        "词尾加星号“*”，匹配以此开头的词",
        "An asterisk matches every word that begins with the letters before it",
    ),
    "help_quotes": ("直引号内的词连在一起，次序不变", "Straight quotes keep the words together and in order"),
    "help_minus": (
        "减号排除其后的词；减号写在开头或空格之后，并紧接该词",
        "A minus at the beginning or after a space excludes the word that follows it directly",
    ),
    "help_or": (
        "大写的 OR 表示“或者”，前后留空格，两边有一个即可；空格先于 OR",
        "OR in capitals, with a space on each side: either is enough. A space binds more closely than OR",
    ),
    "help_group": ("括号把几个词合成一组，前面也可加减号", "Parentheses make a group, which may follow a minus"),
    "help_field": (
        "只查标题和副题，也可写 title；冒号不分全角半角",
        "Only in the headline and subtitle; title: means the same",
    ),
    "help_names": (
        "只查主讲人。另有作者 author（含主讲人）、来源 source（页面注明的稿件来源；要限定网站，请用筛选）、"
        "栏目 column、标签 tag、正文 body",
        "Only the speaker. Likewise author: (speakers too), source: (as the page credits it; to choose a site, use the "
        "filter), column:, tag: and body:",
    ),
    "help_searched": (
        "不限定范围时，查标题、副题、正文、主讲人和关键词，已消失的文章也在内。不分大小写、全角半角和繁体简体；"
        "要区分繁简和全角半角，请选“按原样写法查”。",
        "Without a field, search covers the headline, subtitle, body, speaker and keywords, of removed articles too. "
        "Case, character width, and traditional or simplified writing do not matter. “Exactly as written” tells widths "
        "and ways of writing apart.",
    ),
    "help_signs": (
        "其他标点只起空格的作用。不认得的范围按普通词查，落单的括号、OR 和减号不起作用，搜索页会说明。",
        "Any other sign only separates words. A word that is no field is searched as a word. A stray parenthesis, OR "
        "or minus is ignored. The search page says so.",
    ),
    "help_ever": (
        "平常只查文章现在的版本。选“包括历次旧版本”，旧版本也一并查找；选“只查已删改的文字”，"
        "只找文章曾经有、现在没有的文字。",
        "A search reads what articles say now. “Include earlier versions” also reads the versions before. "
        "“Only text that was later removed” finds what an article said once and no longer says.",
    ),
    "help_filters": (
        "结果可按来源、栏目、标签、主讲人、年份、状态、语言和日期筛选。同一项可选几个值，文章有其中一个即可；不同项须同时符合。"
        "须同时有两个标签时，请在搜索框中写“标签：甲 标签：乙”。点某项筛选的 × 即可取消。",
        "Narrow the results by source, column, tag, speaker, year, state, language or date. Of several values in one "
        "group an article needs one; it must match every group. For articles with two tags at once, type "
        "“tag:one tag:two” into the search box. Select the × of a filter to remove it.",
    ),
    "help_order": (
        "默认最新在前，也可选最早在前或按相关度排列。相关度用 BM25 算法，标题中的词按五倍计；查旧版本时不用相关度。",
        "The newest come first. You can choose the oldest first, or relevance (BM25, where a word in the headline "
        "counts five times). Relevance does not apply to earlier versions.",
    ),
    "help_history": ("怎样看文章的历史", "How to read an article’s history"),
    "help_strip": (
        "标题下的时间线标出首次见到、历次修改、消失和恢复的时间，点其中一点可看当时的版本。",
        "The line below the headline shows when the article was first seen, edited, missing and restored. Select a "
        "point to see that version.",
    ),
    "help_versions": (
        "正文之后列出全部版本。点“对比”，可看与前一版相比删去和增加的文字。",
        "All versions are listed below the text. “Compare” shows what was deleted and inserted since the version "
        "before.",
    ),
    "help_form": (
        "“仅标点或格式”不算修改，不编版本号；“重新解析”是解析程序改进所致，也不是网站的修改。",
        "A change of “punctuation or form only” gets no version number. “Reparsed” means that a better parser read "
        "the same page: the site edited nothing.",
    ),
    "help_states": (
        "文章旁的标签说明它在原网站上的情况；没有标签的仍可正常打开。",
        "A label beside an article says what became of it on its site. An article without a label is still there.",
    ),
    "help_unsure": (
        "“待确认”不是“已消失”。一次打不开，可能只是网站故障；要网站明确返回“页面不存在”，同站其他文"
        "章当时能正常打开，并经多次核实，才认定为已消失。",
        "“Not confirmed” does not mean “removed”. One failed visit may be a fault of the site. "
        "We call an article removed only after repeated visits fail while other pages of the same site still load.",
    ),
    "help_hatched": (
        "图表和日历中的斜线表示没有收录或没有安排采集，情况不明，不等于零。",
        "Hatched months and days in charts and calendars were not archived, or no crawl was scheduled. "
        "Nothing is known of them: do not read them as zero.",
    ),
    "help_cite": ("怎样引用", "How to cite"),
    "help_citation": (
        "文章页的“引用”栏给出现成的引文。引文指向一个确定的版本，其中的永久链接和摘要值永远不变，"
        "网站以后再改，读者看到的仍是您引用的文本。",
        "“Cite” on an article’s page gives a ready reference. It names one version by its permalink and its digest. "
        "Both stay the same, so your readers see the text that you cited even if the site edits it later.",
    ),
    "help_cite_files": (
        "引文可下载为 GB/T 7714、BibTeX、RIS 和 CSL-JSON 格式，Zotero 可直接读取文章页。",
        "The reference is available as GB/T 7714, BibTeX, RIS and CSL-JSON. Zotero reads it from the page.",
    ),
    "help_glossary": ("用语", "Glossary"),
    "help_where": ("见于", "Where"),
}
