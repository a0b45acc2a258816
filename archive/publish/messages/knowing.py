"""Messages of the pages about the archive: its data, its method, its known gaps."""

from archive.publish.messages.message import Messages

KNOWING: Messages = {
    "data_about": (
        "供程序使用：常用查询、数据表、下载文件和接口。",
        "Use this archive in your own tools: ready-made queries, tables, downloads and an API.",
    ),
    "views_and_tables": ("视图与数据表", "Views and tables"),
    "no_own_sql": ("本站不运行读者自写的 SQL。", "This site does not run SQL written by readers."),
    "downloads": ("下载", "Downloads"),
    "file": ("文件", "File"),
    "size": ("字节", "Bytes"),
    "no_digest": ("未计算", "not computed"),
    "no_files": ("暂无整库下载。", "There are no bulk downloads."),
    "metadata_told": (
        "各月文章的元数据（不含正文），请求时生成；响应头给出字节数和 SHA-256（Repr-Digest）。",
        "The metadata of each month’s articles, without their texts. Files are made on request; the response "
        "headers give size and SHA-256 (Repr-Digest).",
    ),
    "not_offered": (
        "本站不提供整个数据库、WARC 快照文件和全文的整体下载；文章可逐篇阅读，也可取 JSON。",
        "Not offered here: the whole database, the WARC captures and bulk texts. Each article is available as a "
        "page and as JSON.",
    ),
    "api": ("接口", "API"),
    "api_told": (
        "任何页面的网址加 .json，即得到该页的全部数据。以下是本档案库的真实网址及其结果（有删节）。",
        "Add .json to the address of any page to get all of its data. These are real addresses of this archive, "
        "with shortened results.",
    ),
    "method": ("方法", "Method"),
    "method_kept": (
        "先原样保存，再提取正文：每次响应都按收到的字节写入 WARC 文件，存到磁盘之后才解析；解析程序改进后，"
        "可以重读旧页。",
        "Keep first, then interpret. Each response is written to a WARC file exactly as it arrived, and is on disk "
        "before it is parsed. A better parser can read old pages again.",
    ),
    "method_versions": (
        "只有文章内容与已有版本不同，才成为新版本；只差标点或格式的另行标明，重新解析所得不算网站的修改。",
        "Only a difference in content makes a version. Differences in punctuation or form are marked. What a better "
        "parser finds is not an edit by the site.",
    ),
    "method_gone": (
        "一次打不开不算消失。要网站明确返回“页面不存在”，同站其他文章当时能正常打开，并经多次核实，才认定为已消失。",
        "We call an article removed only after repeated visits fail while other pages of the same site still load.",
    ),
    "method_chain": (
        "每项判断都写入以摘要值相连的账本，任何人不用本程序也能核验。",
        "Every verdict is written to a ledger chained by digests. Anyone can check it without this program.",
    ),
    "coverage": ("采集情况", "Coverage"),
    "coverage_told": (
        "最近 28 天（UTC）各来源的采集时段，一天有多次时显示最差的一次。斜线表示当天没有安排采集，情况不明。",
        "The slots of each source in the last 28 days (UTC). A day with several slots shows the worst. Hatched: no "
        "visit was scheduled, so nothing is known.",
    ),
    "no_coverage": (
        "最近 28 天没有按日程采集的记录，因此无法说明哪些日子采集过。",
        "No scheduled crawl is recorded in the last 28 days, so their coverage is not known.",
    ),
    "slot_done": ("按时", "on time"),
    "slot_late": ("延迟", "late"),
    "slot_missed": ("错过", "missed"),
    "slot_failed": ("失败", "failed"),
    "slot_none": ("没有安排", "not scheduled"),
    "not_known": ("已知的缺漏", "Known gaps"),
    "not_known_of": ("档案库现有文章 {n} 篇，已知的缺漏有：", "The archive has {n} articles. These gaps are known:"),
    "unknown_unverified": ("导入后尚未与原网站核对的文章", "articles imported, not yet checked on the site"),
    "unknown_not_confirmed": ("缺失待确认或暂时无法访问的文章", "articles missing or unreachable, to be confirmed"),
    "unknown_undated": ("没有发布日期的文章", "articles without a date"),
    "unknown_bodiless": ("没有正文的文章", "articles without a body"),
    "unknown_gaps": ("采集中断的次数", "gaps in crawling"),
    "unknown_losses": ("存档受损的次数", "losses of stored data"),
    "rights": ("权利说明与停止收录", "Rights and opting out"),
    "rights_told": (
        "文章的权利归原作者和发布者；每页都注明来源和原文网址，供研究与引用。",
        "Texts belong to their authors and publishers. Each page names its source and original address, for "
        "research and citation.",
    ),
    "site_shows_excerpt": (
        "本站只刊登文章的节选，全文请看原网页。",
        "This site shows only excerpts of the texts. Read the whole at their original addresses.",
    ),
    "site_shows_metadata": (
        "本站不刊登正文，只有标题、作者、日期等信息，全文请看原网页。",
        "This site shows no texts, only headlines, people, dates and the like. Read the texts at their original "
        "addresses.",
    ),
    "site_shows_some": (
        "部分来源的文章在本站只有节选，或没有正文，全文请看原网页。",
        "Of some sources this site shows only excerpts, or no texts. Read the whole at their original addresses.",
    ),
    "texts_of_source": ("各来源刊登的范围", "What is shown of each source"),
    "text_full": ("全文", "whole texts"),
    "text_excerpt": ("节选", "excerpts"),
    "text_metadata": ("不含正文", "no texts"),
    "opt_out": (
        "采集遵守爬虫协议（robots.txt）和来源设定的访问间隔。发布者或当事人可以要求停止采集或停止公开文章；"
        "停止公开后文字不再显示，只注明已停止公开。",
        "Crawls obey robots.txt and pause between requests. Publishers and the people concerned may ask us to stop "
        "crawling or to withdraw an article. Its text is then no longer shown, and a note says that it was "
        "withdrawn.",
    ),
    "contact": ("联系", "Contact"),
    "contact_for": (
        "文字有误、缺少文章、状态不对，或有其他问题，请联系管理员",
        "To report a wrong text, a missing article or a wrong state, or to ask anything else, reach the operator",
    ),
    "no_contact": ("管理员没有留下联系方式。", "The operator has given no contact."),
    "project": ("项目说明", "About the project"),
}
