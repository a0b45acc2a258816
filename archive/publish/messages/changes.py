"""Messages of lists of events and of feeds."""

from archive.publish.messages.message import Messages

CHANGES: Messages = {
    "feed_of_this": ("订阅本页", "Subscribe to this page"),
    "person_feed": ("人物", "Person"),
    "tag_feed": ("关键词", "Keyword"),
    "day_feed": ("日期", "Day"),
    "year_feed": ("年份", "Year"),
    "at_beijing": ("{at}（北京时间）", "{at} (Beijing time)"),
    "by_kind": ("按种类筛选", "Filter by kind"),
    "filters": ("筛选", "Filter"),
    "all_kinds": ("全部变动", "All changes"),
    "all_but_new": ("新增以外的变动", "All but new articles"),
    "changes_feed": ("变动订阅", "Changes feed"),
    "changes_of": ("变动：", "Changes: "),
    "changes_of_query": (
        "这些文章的变动：新增、修改后出现或不再出现、消失",
        "Changes: new, brought or ended by an edit, removed",
    ),
    "changes_of_articles": (
        "文章按现在所属的栏目、关键词和人物归类，旧文章修改后也列在这里。撤回的文章不在其中。",
        "Articles count by the column, keywords and people that they have now, so an old article that was edited is "
        "here too. Withdrawn articles are not.",
    ),
    "changes_of_hits": (
        "按每次变动前后的原文判断是否有所查的词。",
        "Each entry is judged by the article’s text before and after it.",
    ),
    "page_cut": (
        "这一页只查看了部分变动，请继续查看更早的记录。",
        "This page looked at some of the changes only. See older entries.",
    ),
    "as_a_hit": ("（{change}）", " ({change})"),
    "hit_entered": ("开始有所查的词", "now has these words"),
    "hit_left": ("不再有所查的词", "no longer has these words"),
    "hit_stayed": ("仍有所查的词", "still has these words"),
    "words_first": ("请先输入要查的词。", "Enter the words to follow first."),
    "form_is_no_event": (
        "只改标点或格式的修改不列为变动，请看各篇文章的版本。",
        "An edit of punctuation or form alone is not listed here. See the versions of each article.",
    ),
    "readings_of_form": (
        "只有标点或格式差别的重新解析",
        "New readings of ours that differ in form alone",
    ),
    "min_size": ("改动字数不少于", "Characters changed, at least"),
    "more_filters": ("更多条件", "More filters"),
    "all_gone": ("全部", "All"),
    "every_source": ("全部来源", "All sources"),
    "from_day": ("自", "From"),
    "to_day": ("至", "To"),
    "clear_filters": ("清除筛选", "Clear the filters"),
    "watch_late": ("（补录于北京时间 {at}）", " (recorded late, at {at} Beijing time)"),
    "watch_capture": (
        "依据：{at} 的快照 {record}，账本行 {line}",
        "Evidence: capture {record} of {at}, ledger line {line}",
    ),
    "watch_line": ("依据：账本行 {line}", "Evidence: ledger line {line}"),
    "watch_no_line": ("依据：{at} 的快照 {record}", "Evidence: capture {record} of {at}"),
    "watch_digest_of": ("版本摘要：{digest}", "Version digest: {digest}"),
    "watch_withdrawn": (
        "曾通知过您的文章 {key} 已于北京时间 {at} 停止公开，内容不再显示。",
        "The article {key}, of which you got a message before, was withdrawn at {at} Beijing time. Nothing of it is "
        "shown any more.",
    ),
    "watch_red": ("需要处理", "Needs attention"),
    "watch_green": ("恢复正常", "In order again"),
    "watch_daily": ("{watch} 每日摘要：{n} 条", "{watch}: {n} entries of the day"),
    "watch_weekly": ("{watch} 每周摘要：{n} 条", "{watch}: {n} entries of the week"),
    "watch_daily_one": ("{watch} 每日摘要：1 条", "{watch}: 1 entry of the day"),
    "watch_weekly_one": ("{watch} 每周摘要：1 条", "{watch}: 1 entry of the week"),
    "watch_more_one": ("另有 1 条，见 {url}", "1 more entry: {url}"),
    "watch_more": ("另有 {n} 条，见 {url}", "{n} more entries: {url}"),
    "watch_sent_by": ("由关注 {watch} 发送：{asks}", "Sent by the watch {watch}: {asks}"),
    "watch_stop": (
        "暂停：thinker watch pause {watch} ；删除：thinker watch remove {watch}",
        "To stop it: thinker watch pause {watch} , or for good: thinker watch remove {watch}",
    ),
    "watch_stop_declared": (
        "暂停：thinker watch pause {watch} ；删除：从 thinker.toml 去掉 [watch.{watch}]",
        "To stop it: thinker watch pause {watch} , or for good: take [watch.{watch}] out of thinker.toml",
    ),
    "watch_every_text": ("全部文章", "every text"),
    "evidence_n": ("依据：{n} 次访问", "Evidence: {n} visits"),
    "evidence_one": ("依据：1 次访问", "Evidence: 1 visit"),
    "evidence_lists": ("依据：读取列表 {n} 次", "Evidence: lists read {n} times"),
    "nothing_fits": ("没有符合筛选条件的记录。", "No entries match these filters."),
    "nothing_standing": (
        "这一段时间消失的文章均已恢复，请继续查看更早的记录。",
        "Every article removed in this period came back. See older entries.",
    ),
}
