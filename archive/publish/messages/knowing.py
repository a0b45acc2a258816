"""What the pages about the archive say: its data, its method, what it does not know."""

from archive.publish.messages.message import Messages

KNOWING: Messages = {
    "data_about": (
        "同一批内容供程序阅读：现成的问题、数据表、可下载的文件与接口。",
        "The same for programs: ready-made questions, tables, files to take away, and addresses to read.",
    ),
    "views_and_tables": ("视图与数据表", "Views and tables"),
    "no_own_sql": ("本站不向读者开放自写 SQL。", "This site does not run SQL written by its readers."),
    "downloads": ("下载", "Downloads"),
    "file": ("文件", "File"),
    "size": ("字节", "Bytes"),
    "no_digest": ("未计算", "not computed"),
    "no_files": ("管理者没有放出整体下载的文件。", "The operator offers no files to take away as they are."),
    "metadata_told": (
        "每月文章的元数据（不含正文），请求时生成；应答给出字节数与 SHA-256（Repr-Digest）。",
        "The metadata of each month's articles, without texts, made when asked for; "
        "the reply gives its size and its SHA-256 (Repr-Digest).",
    ),
    "not_offered": (
        "本站不提供整个数据库、WARC 原始采集档与全文的整体下载；文章正文逐篇可读，亦有 JSON。",
        "Not offered here: the database as a whole, the WARC captures and bulk texts. "
        "Each article can be read, and is JSON too.",
    ),
    "api": ("接口", "API"),
    "api_told": (
        "任何页面的地址加 .json 即为其全部数据。以下为本档案的真实地址与其所得（有删节）。",
        "Any page's address with .json is all of its data. These are real addresses of this archive, "
        "with what they give, shortened.",
    ),
    "method": ("方法", "Method"),
    "method_kept": (
        "先存字节，再作解析：每次应答原样写入 WARC 文件并同步到磁盘，然后才解析；解析程序改进后可以重读旧页。",
        "The bytes first: each response is written to a WARC file as it came, and synced, before anybody parses it, "
        "so that a better parser can read old pages again.",
    ),
    "method_versions": (
        "只有文章的某项内容与已知不同才成为新版本；只差标点或格式的另行标明，重新解析所得不算网站的修改。",
        "Only what differs makes a version; punctuation and form are told apart, and what a better parser finds "
        "is no edit by the site.",
    ),
    "method_gone": (
        "一次缺失不是消失：要有页面自身的答复和同站能答的对照，并经来源所定的次数确认。",
        "Missed once is not gone: it takes the page's own answer, a witness on the same site that answered, "
        "and as many visits as the source asks for.",
    ),
    "method_chain": (
        "每项判断写入以摘要相连的账本，任何人都可以不用本程序核验。",
        "Each judgement stands in a ledger chained by digests, which anybody can check without this program.",
    ),
    "coverage": ("采集日历", "Coverage"),
    "coverage_told": (
        "最近 28 天（UTC）各来源的采集时段，一天有多次时显示最差的一次。斜线为当天没有安排：没有看，不等于没有。",
        "The slots of each source in the last 28 days (UTC), the worst of a day shown. "
        "A stroke: none was due. Not having looked is not zero.",
    ),
    "no_coverage": (
        "近 28 天没有按日程采集的记录，因此不能说哪些日子看过、哪些没有。",
        "No slot of a schedule is recorded for these days, so that nothing can be said of which were covered.",
    ),
    "slot_done": ("按时", "done"),
    "slot_late": ("迟到", "late"),
    "slot_missed": ("错过", "missed"),
    "slot_failed": ("失败", "failed"),
    "slot_none": ("没有安排", "none due"),
    "not_known": ("所不知道的", "What is not known"),
    "not_known_of": ("档案现有 {n} 篇文章，其中：", "Of the {n} articles kept:"),
    "unknown_unverified": ("导入而从未在线核实", "imported, never asked for online"),
    "unknown_not_confirmed": ("最近一次未能见到，尚未确认", "not seen at the last visit, not confirmed gone"),
    "unknown_undated": ("没有发布日期", "without a date"),
    "unknown_bodiless": ("没有正文", "without a body"),
    "unknown_gaps": ("次采集中断", "gaps in collecting"),
    "unknown_losses": ("次存档受损", "losses of stored bytes"),
    "rights": ("权利与退出", "Rights and opting out"),
    "rights_told": (
        "文章的权利属于原作者与发布者；每页都注明来源与原文地址，供研究与引用。",
        "Texts belong to their authors and publishers; each page names its source and original address, "
        "for research and citation.",
    ),
    "opt_out": (
        "采集遵守 robots.txt 与来源所定的间隔。发布者或当事人可要求停止采集或撤下文章，"
        "撤下后文字不再公开，并注明已撤下。",
        "Collecting obeys robots.txt and pauses between requests. Publishers and persons concerned may ask to be left "
        "out or to have an article withdrawn: its text is shown no more, and a note says so.",
    ),
    "contact": ("联系", "Contact"),
    "no_contact": ("管理者没有留下联系方式。", "The operator has named no contact."),
    "project": ("项目说明", "About the project"),
}
