"""The sentences of the page of the API: what each address gives, and what each parameter means."""

from archive.publish.messages.message import Messages

_KINDS = {
    "person": ("某人", "a person"),
    "tag": ("某标签", "a tag"),
    "column": ("某栏目", "a column"),
    "source": ("某来源", "a source"),
    "day": ("某日", "a day"),
    "month": ("某月", "a month"),
    "year": ("某年", "a year"),
}
_LISTS = {"people": ("人物", "people"), "tags": ("标签", "tags"), "columns": ("栏目", "columns"),
          "sources": ("来源", "sources")}  # fmt: skip
_SITEMAPS = {"part": ("文章", "articles"), "people": ("人物", "people"), "tags": ("标签", "tags")}

# By `address_NAME`: what an address gives. By `parameter_NAME`: what a parameter does.
API: Messages = {
    "api_intro": (
        "以下是本站的全部网址。网址末尾加 .json 等后缀即得到数据，只读，不需要密钥。",
        "These are all addresses of this site. Add an ending such as .json for data. Everything is read-only, and no "
        "key is needed.",
    ),
    "api_machine": ("供程序读取的说明", "The same for programs"),
    "api_openapi": ("OpenAPI 3.1 说明，可生成客户端", "A description in OpenAPI 3.1, from which clients are generated"),
    "api_llms": ("供语言模型阅读的摘要", "A summary for language models"),
    "api_cors": (
        "其他网站的网页也可读取本站的 JSON、CSV 和订阅。",
        "Pages of other sites may read the JSON, CSV and feeds of this one.",
    ),
    "api_no_cors": (
        "本站没有用 `--public-url` 公开，其他网站的网页不能读取这里的数据。",
        "This site was not made public with `--public-url`: pages of other sites cannot read its data.",
    ),
    "api_errors": (
        "出错时，数据网址返回 JSON：error 为英文说明，error_zh 为中文说明。404 表示没有，410 表示已撤下，"
        "400 表示参数有误，503 表示超时，请稍后再试。",
        "An error at the address of data is JSON: error says why in English, error_zh in Chinese. 404 means not here, "
        "410 withdrawn, 400 a parameter that cannot be used, and 503 that it took too long: try again later.",
    ),
    "api_forms": ("形式", "Forms"),
    "api_parameters": ("参数", "Parameters"),
    "api_example": ("试一试", "Try it"),
    "api_answer": ("答案示例（虚构的文章，有删节）", "Example of an answer (made-up articles, shortened)"),
    "api_repeated": ("可重复", "may be repeated"),
    "api_values": ("取值", "one of"),
    "api_questions": ("常用查询", "Ready questions"),
    "api_questions_told": (
        "常用查询也有 JSON 和 CSV，参数写在网址里。",
        "Ready questions have JSON and CSV too, with their parameters in the address.",
    ),
    "api_group_words": ("搜索与提法", "Search and phrases"),
    "api_group_articles": ("文章与版本", "Articles and versions"),
    "api_group_lists": ("最新、修改与消失", "New, edited and removed"),
    "api_group_places": ("人物、标签、栏目、来源与时间", "People, tags, columns, sources and times"),
    "api_group_captures": ("抓取记录", "Captures"),
    "api_group_files": ("数据表与下载", "Tables and downloads"),
    "api_group_site": ("关于本站", "The site itself"),
    "address_front": ("最新文章、最近修改和消失", "the newest articles, the latest edits and disappearances"),
    "address_latest": ("最新文章的订阅", "the newest articles as a feed"),
    "address_changes": (
        "事件，最近在前：修改、消失、恢复等",
        "events, latest first: edits, removals and returns",
    ),
    "address_removed": ("已消失的文章", "articles that are gone from their site"),
    **{
        f"address_{kind}": (f"{zh}的文章与统计", f"the articles of {en}, with counts")
        for kind, (zh, en) in _KINDS.items()
    },
    **{
        f"address_{kind}_changes": (f"{zh}的文章的事件", f"the events of the articles of {en}")
        for kind, (zh, en) in _KINDS.items()
    },
    "address_search_files": (
        "搜索结果（含正文）的文件，最多 5,000 篇",
        "the articles found, with texts, as a file of up to 5,000",
    ),
    **{
        f"address_{kind}_files": (
            f"{zh}的文章（含正文）的文件，最多 5,000 篇",
            f"the articles of {en}, with texts, as a file",
        )
        for kind, (zh, en) in _KINDS.items()
    },
    "address_browse": ("人物、标签、栏目、来源和年份总览", "the first people, tags, columns, sources, and the years"),
    **{f"address_browse_{kind}": (f"全部{zh}", f"all {en}") for kind, (zh, en) in _LISTS.items()},
    "address_search": ("含有某些词的文章", "the articles with some words"),
    "address_search_changes": ("含有某些词的文章的事件", "the events of the articles with some words"),
    "address_phrase": (
        "提法的首次出现、每月次数和上下文",
        "first use, counts by month and context of phrases",
    ),
    "address_phrase_changes": ("含有某提法的文章的事件", "the events of the articles with a phrase"),
    "address_article": ("一篇文章的当前版本及其历史", "an article as it is now, with its history"),
    "address_version": ("文章的一个确定版本，及其引文", "one exact version of an article, and how to cite it"),
    "address_comparison": ("两个版本的差异", "how two versions differ"),
    "address_timemap": ("全部版本及其时刻（RFC 7089）", "all versions with their moments (RFC 7089)"),
    "address_timegate": ("转到某一时刻的版本（RFC 7089）", "leads to the version of a moment (RFC 7089)"),
    "address_captures": ("一篇文章的每次抓取", "every capture of an article"),
    "address_article_capture": ("文章一次抓取的原始字节", "the bytes of a capture of an article"),
    "address_capture": ("一次抓取的记录，以及怎样核对", "the record of one capture, and how to check it"),
    "address_capture_bytes": ("任一次抓取的原始字节", "the bytes of any capture"),
    "address_data": ("查询、数据表和下载文件", "questions, tables and files to download"),
    "address_month_file": ("一个月的文章元数据", "the metadata of a month’s articles"),
    "address_public_file": ("本站提供的文件", "a file that this site offers"),
    "address_table": ("数据表或视图中的行（Datasette）", "the rows of a table or view (Datasette)"),
    "address_ready": ("一个常用查询的答案（Datasette）", "the answer to a ready question (Datasette)"),
    "address_about": ("收录范围与已知缺漏", "what is covered, and what is not known"),
    "address_help": ("帮助与用语", "help and the glossary"),
    "address_status": ("运行情况", "how the archive is doing"),
    "address_health": ("健康检查", "a check of health"),
    "address_metrics": ("运行指标（OpenMetrics）", "metrics (OpenMetrics)"),
    "address_sitemap": ("站点地图索引", "the index of the sitemap"),
    **{
        f"address_sitemap_{kind}": (f"站点地图：{zh}", f"a part of the sitemap: {en}")
        for kind, (zh, en) in _SITEMAPS.items()
    },
    "address_robots": ("搜索引擎可读取的范围", "what search engines may read"),
    "address_api": ("本页", "this page"),
    "address_openapi": ("本站的 OpenAPI 3.1 说明", "this site in OpenAPI 3.1"),
    "address_llms": ("供语言模型阅读的摘要", "a summary for language models"),
    "parameter_ui": ("界面语言", "the language of the page"),
    "parameter_before": ("上一页的 older 或 next：由此继续", "older or next of the page before, to continue"),
    "parameter_limit": ("每页行数，作为数据最多 200", "rows per page, as data at most 200"),
    "parameter_limit_search": (
        "每页条数，最多 1,000；CSV 最多 5,000",
        "hits per page, at most 1,000, in CSV 5,000",
    ),
    "parameter_after": ("上一页的 further：由此继续", "further of the page before, to continue"),
    "parameter_after_timemap": ("此位置之后的版本", "versions after this place"),
    "parameter_q": ("搜索词，最多 500 字", "the words, at most 500 characters"),
    "parameter_q_phrase": ("提法，最多五个", "a phrase, up to five"),
    "parameter_phrase": ("文章前后含有此提法", "only events of articles with this exact phrase"),
    "parameter_since": ("从这一天起", "from this day on"),
    "parameter_until": ("到这一天为止", "up to this day"),
    "parameter_order": ("排序", "the order"),
    "parameter_ever": ("也查旧版本", "include earlier versions"),
    "parameter_gone": ("只查后来删去的文字", "only text that was later removed"),
    "parameter_exact": ("区分繁简和全角半角", "tell traditional and simplified, full and half width apart"),
    "parameter_source": ("只要此来源", "only this source"),
    "parameter_column": ("只要此栏目", "only this column"),
    "parameter_tag": ("只要此标签", "only this tag"),
    "parameter_speaker": ("只要此主讲人", "only this speaker"),
    "parameter_person": ("只要此人", "only this person"),
    "parameter_year": ("只要此年", "only this year"),
    "parameter_state": ("只要此状态", "only articles in this state"),
    "parameter_language": ("只要此语言，如 zh-Hans", "only this language, such as zh-Hans"),
    "parameter_kind": ("只要此类事件", "only events of this kind"),
    "parameter_significance": ("只要此类改动", "only edits of this significance"),
    "parameter_min_size": ("增删至少这么多字的修改", "only edits of at least so many characters"),
    "parameter_all": ("是否包括新文章", "with or without new articles"),
    "parameter_all_phrase": ("统计全部文章中的次数", "count occurrences in all articles"),
    "parameter_share": ("图中显示比例", "draw shares instead of numbers"),
    "parameter_of": ("上下文取第几个提法", "the number of the phrase whose lines are given"),
    "parameter_sort": ("上下文的排序", "the order of the lines"),
    "parameter_from": ("上下文从第几行起", "the number of the first line"),
    "parameter_in": ("只要此时期，如 2024-04", "only this period, such as 2024-04"),
    "parameter_role": ("只要此身份", "only articles with the person in this role"),
    "parameter_name": ("不能写在路径里的名称", "the name, if it cannot stand in a path"),
    "parameter_at": ("同一文本出现两次时，版本的时刻", "the moment of the version, if its text came twice"),
    "parameter_form": ("也显示仅形式的改动", "show changes of form too"),
    "parameter_deep": ("也检查规则和调度", "check the rules and the scheduler too"),
    "parameter__size": ("行数", "the number of rows"),
    "parameter__shape": ("行的写法", "how rows are written"),
    "parameter__next": ("上一页的 next：由此继续", "next of the page before: continues there"),
    "parameter__search": ("搜索词", "words to search for"),
    "parameter__sort": ("按此列排序", "the column to sort by"),
    "parameter__sort_desc": ("按此列倒序", "the column to sort by, in reverse"),
    "parameter__col": ("只要此列", "only this column"),
    "parameter_asked": ("查询的参数", "a parameter of the question"),
}
